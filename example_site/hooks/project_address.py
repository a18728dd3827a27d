"""Gives the manual its own address and that of its sources, as `pyproject.toml` states them.

In: `[project.urls]`. Out: `site_url`, `repo_url` and `repo_name`. Where the project lives is said
there and nowhere else.
"""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set the addresses."""
    urls = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["urls"]
    config.site_url = urls["Documentation"]
    config.repo_url = urls["Repository"]
    config.repo_name = urlsplit(urls["Repository"]).path.strip("/")
    return config
