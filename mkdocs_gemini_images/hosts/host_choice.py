"""Choose the host that reads a site's configuration, and the configuration of a folder.

In: files. Out: names of hosts and files. A `zensical.toml` is Zensical's. An `mkdocs.yml` is read
by MkDocs or ProperDocs, unless only Zensical can show pictures with it: it has Zensical's theme, or
lists the Markdown extension without the plugin. One that lists neither is Zensical's where it has
the theme Material and only Zensical, which brings that theme, is installed.
"""

import tomllib
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION

TOML = "zensical.toml"
MKDOCS_FILES = ("properdocs.yml", "properdocs.yaml", "mkdocs.yml", "mkdocs.yaml")
LARGEST = 2**20
"""Bytes of a configuration that is looked at: those of sites are far smaller."""
_PLUGIN = "gemini-images"


def is_zensicals(file: Path) -> bool:
    """Whether Zensical reads a configuration file, and not MkDocs or ProperDocs."""
    if file.suffix == ".toml":
        return True
    if find_spec("zensical") is None:
        return False
    config = _yaml(file)
    if "INHERIT" in config:
        return False
    theme = config.get("theme")
    named = (theme, theme.get("name") if isinstance(theme, dict) else "")
    if "zensical" in named:
        return True
    if _PLUGIN in _names(config.get("plugins")):
        return False
    listed = EXTENSION in _names(config.get("markdown_extensions"))
    return listed or ("material" in named and find_spec("material") is None)


def configuration_in(folder: Path) -> tuple[Path | None, str]:
    """Return the configuration of a folder, or None for the one that MkDocs finds by itself.

    The text says which file is read, where there are several.
    """
    toml = folder / TOML
    others = [name for name in MKDOCS_FILES if (folder / name).is_file()]
    if not others:
        return (toml if toml.is_file() else None), ""
    first = folder / others[0]
    if toml.is_file():
        if _lists_extension(toml):
            return toml, f"{TOML} is read, not {others[0]}; -f {others[0]} chooses that"
        why = f"since {TOML} does not list {EXTENSION}; -f {TOML} chooses that"
        return first, f"{others[0]} is read, {why}"
    # MkDocs, where it is installed as well, would not find `properdocs.yml` by itself.
    named = first.stem == "properdocs" or is_zensicals(first)
    return (first if named else None), ""


def _lists_extension(toml: Path) -> bool:
    """Whether a `zensical.toml` lists the Markdown extension; a broken one counts as if it did."""
    try:
        config = tomllib.loads(toml.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    project = config.get("project", config)
    return isinstance(project, dict) and EXTENSION in _names(project.get("markdown_extensions"))


def _names(listed: Any) -> Collection[Any]:
    """Return the names in a list of extensions or plugins, each alone or with options."""
    if isinstance(listed, dict):
        return listed.keys()
    entries = listed if isinstance(listed, list) else []
    return [name for each in entries for name in (each if isinstance(each, dict) else [each])]


# It reads a file whose tags, such as `!ENV` and `!!python/name`, it does not know. Where PyYAML has
# the reader in C, that takes a tenth of the time.
_PlainLoader: Any = type("_PlainLoader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
_PlainLoader.add_constructor(None, lambda loader, node: None)


def _yaml(file: Path) -> dict[Any, Any]:
    """Return a YAML mapping; empty for a file that has none, since its host says what is wrong.

    A file of more than `LARGEST` bytes, which takes seconds to parse, counts as one without.
    """
    try:
        data = regular_files.read(file, LARGEST, follow=True)
        found = yaml.load(data, Loader=_PlainLoader)  # noqa: S506 (a safe one)
    except (OSError, yaml.YAMLError, ValueError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
