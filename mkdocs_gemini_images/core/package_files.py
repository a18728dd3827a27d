"""Where the package's own templates and static files lie."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
TEMPLATES = PACKAGE / "templates"
STATIC = PACKAGE / "static"
