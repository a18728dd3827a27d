"""The Jinja2 environments: one for figures, which a theme can override, one for our own pages."""
