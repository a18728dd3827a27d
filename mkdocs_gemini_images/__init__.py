"""Declarative illustrations for MkDocs, drawn once by Gemini's image models and then kept."""

__version__ = "0.1.0"
