"""Read from a configuration where a site's pages and pictures lie, and which pages it shows. Pure.

In: the text of a configuration, and what it inherits. Out: `SiteFacts`.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pathspec import GitIgnoreSpec

from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION
from mkdocs_gemini_images.hosts.setup.wishes import PLUGIN
from mkdocs_gemini_images.hosts.setup.yaml_document import YamlDocument, names, option
from mkdocs_gemini_images.hosts.setup.zensical_toml import listed_extensions

STOCK = "gemini-images"
_LEFT_OUT = (".*", "/templates/")
"""What every host leaves out of a site."""
_HIDING = ("exclude_docs", "draft_docs")
_LISTING = (
    ("literate-nav", "nav_file", "SUMMARY.md"),
    ("awesome-nav", "filename", ".nav.yml"),
    ("awesome-pages", "filename", ".pages"),
)
"""Plugins that take the pages of a site from a file in its docs folder, and their option for it."""


@dataclass(frozen=True)
class SiteFacts:
    """What a configuration says about a site's folders."""

    docs: str
    """The docs folder; empty where it is not known."""
    stock: str = STOCK
    is_new: bool = True
    """Whether the site has neither the plugin nor the extension."""
    hidden: str = ""
    """Patterns, a line each, of files that the built site does not have."""
    listing: str = ""
    """The file in the docs folder that lists the pages, if there is one; empty for `nav`."""

    @cached_property
    def _hidden(self) -> GitIgnoreSpec:
        return GitIgnoreSpec.from_lines([*_LEFT_OUT, *self.hidden.splitlines()])

    def shows(self, page: str) -> bool:
        """Whether the built site has a page, by its path in the docs folder."""
        return not self._hidden.match_file(page)


def of_yaml(documents: Sequence[YamlDocument]) -> SiteFacts:
    """Return what an `mkdocs.yml` says; what it inherits from comes before it, the farthest first.

    Patterns that Git would refuse raise `ValueError`.
    """
    docs, stock, is_new, listing = "docs", "", True, ""
    hidden = dict.fromkeys(_HIDING, "")
    for document in documents:
        if document.seen("docs_dir") is not None:
            docs = document.word("docs_dir")
        hidden |= {each: document.word(each) for each in _HIDING if document.seen(each) is not None}
        for key, entry in (("plugins", PLUGIN), ("markdown_extensions", EXTENSION)):
            stock = option(document.seen(key), entry, "stock") or stock
            is_new = is_new and entry not in names(document.seen(key))
        plugins = document.seen("plugins")
        for entry, key, default in _LISTING:
            if entry in names(plugins):
                listing = option(plugins, entry, key) or default
        if document.seen("nav") is not None:
            listing = ""
    return SiteFacts(docs, stock or STOCK, is_new, "\n".join(hidden.values()), listing)


def of_toml(text: str) -> SiteFacts:
    """Return what a `zensical.toml` says; one that is no TOML is refused elsewhere."""
    try:
        project: Any = tomllib.loads(text).get("project", {})
        docs = project.get("docs_dir", "docs")
        listed = project.get("markdown_extensions", {})
        entries = listed if isinstance(listed, list) else [listed]
        tables = [each for each in entries if isinstance(each, dict) and EXTENSION in each]
        stock = tables[0][EXTENSION].get("stock", STOCK) if tables else STOCK
        hidden = "\n".join(str(project.get(each, "")) for each in _HIDING)
    except (ValueError, AttributeError, RecursionError):
        return SiteFacts("")
    return SiteFacts(str(docs), str(stock), EXTENSION not in listed_extensions(project), hidden)
