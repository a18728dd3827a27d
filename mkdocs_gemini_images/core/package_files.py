"""Paths of the templates and static files that the package contains."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
TEMPLATES = PACKAGE / "templates"
STATIC = PACKAGE / "static"
STYLE_SHEET = "gemini-images.css"
"""The name of the published style sheet, in `STATIC` and in a site's assets folder."""
