"""The sets of Markdown extensions that sites have, and one conversion with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from mkdocs_gemini_images.extension import GeminiImagesExtension
from tests.unit.markdown.host import AlbumHost

_COMMON = ("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_MATERIAL = (
    *_COMMON,
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption",
    "pymdownx.blocks.details",
    "pymdownx.blocks.tab",
    "pymdownx.details",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.snippets",
    "pymdownx.superfences",
)


@dataclass(frozen=True)
class Site:
    """One set of extensions, with their options."""

    extensions: Sequence[str]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def _without_ours(self) -> Markdown:
        """One for all texts: to make one takes as long as to convert a short text."""
        return self._with()

    def _with(self, *ours: Extension) -> Markdown:
        return Markdown(extensions=[*self.extensions, *ours], extension_configs=self.options)

    def convert(self, text: str, *ours: Extension) -> str:
        return (self._with(*ours) if ours else self._without_ours.reset()).convert(text)

    def shown(self, text: str, host: AlbumHost | None = None) -> tuple[str, AlbumHost]:
        host = host or AlbumHost()
        return self.convert(text, GeminiImagesExtension(host)), host


_HIGHLIGHT: Mapping[str, Any] = {"anchor_linenums": True, "line_spans": "__span"}
_TABBED: Mapping[str, Any] = {"alternate_style": True}

MATERIAL = Site(
    (*_MATERIAL, "pymdownx.tabbed"),
    {"pymdownx.highlight": _HIGHLIGHT, "pymdownx.tabbed": _TABBED},
)
PLAIN = Site((*_COMMON, "fenced_code"))

SITES = {
    "superfences": MATERIAL,
    "superfences without pygments": Site(
        (*_COMMON, "pymdownx.highlight", "pymdownx.superfences"),
        {"pymdownx.highlight": {"use_pygments": False}},
    ),
    "superfences with preserve_tabs": Site(
        _MATERIAL, {"pymdownx.superfences": {"preserve_tabs": True}}
    ),
    "superfences with relaxed_headers": Site(
        _MATERIAL, {"pymdownx.superfences": {"relaxed_headers": True}}
    ),
    "fenced_code": PLAIN,
    "fenced_code and codehilite": Site((*_COMMON, "codehilite", "fenced_code")),
}
