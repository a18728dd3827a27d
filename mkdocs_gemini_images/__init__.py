"""Declarative illustrations for MkDocs, drawn once by Gemini's image models and owned for ever."""

__version__ = "0.1.0"
