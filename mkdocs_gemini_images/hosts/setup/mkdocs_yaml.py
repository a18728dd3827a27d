"""Set up an `mkdocs.yml` or a `properdocs.yml`, text to text.

In: the text, what is wanted, and the configurations that the file inherits from. Out: the text with
the plugin, or for Zensical the Markdown extension, and what pages need. What is there already stays
as it is. Pure.
"""

from collections.abc import Sequence

import yaml

from mkdocs_gemini_images.core.diagnostics import last_of
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION
from mkdocs_gemini_images.hosts.setup.wishes import PLUGIN, STYLE_SHEET, Wishes, is_met
from mkdocs_gemini_images.hosts.setup.yaml_document import (
    YamlDocument,
    names,
    read_yaml,
    scalar_texts,
)
from mkdocs_gemini_images.hosts.setup.yaml_insertion import Entry, by_hand, with_entry
from mkdocs_gemini_images.hosts.setup.zensical_defaults import default_extensions

_DEEPEST = 50
"""Levels of a `nav` that are looked at."""


def set_up_yaml(name: str, text: str, wishes: Wishes, parents: Sequence[YamlDocument] = ()) -> str:
    """Return the text of a configuration, set up; `parents` are what it inherits, nearest first.

    Raises `DiagnosticError` with each change that is to be made by hand.
    """
    draft = _Draft(read_yaml(name, text), parents)
    if wishes.zensical:
        defaults = [{each: to} if to else each for each, to in default_extensions().items()]
        entries = [
            ("markdown_extensions", Entry(EXTENSION, options=wishes.options()), defaults),
            ("markdown_extensions", Entry("attr_list"), ()),
            ("markdown_extensions", Entry("pymdownx.superfences"), ()),
            ("extra_css", Entry(STYLE_SHEET), ()),
        ]
    else:
        # MkDocs reads fences by itself; `pymdownx.superfences` would change other code blocks.
        entries = [
            ("plugins", Entry(PLUGIN, options=wishes.options()), ["search"]),
            ("markdown_extensions", Entry("attr_list"), ()),
        ]
    last_of(
        *(lambda each=each: draft.add(*each) for each in entries),
        lambda: draft.add_page(wishes),
    )
    return draft.document.text


def _last_quotes(nav: yaml.Node | None) -> tuple[str, str]:
    """Return the quotes around the last title and the last page of a `nav`; empty without them."""
    title: yaml.Node | None = None
    page = nav
    for _ in range(_DEEPEST):  # an alias may lead in a circle
        if isinstance(page, yaml.MappingNode) and page.value:
            title, page = page.value[-1]
        elif isinstance(page, yaml.SequenceNode) and page.value:
            page = page.value[-1]
    styles = (getattr(each, "style", None) for each in (title, page))
    first, second = (style if style in ("'", '"') else "" for style in styles)
    return first, second


class _Draft:
    """A configuration that changes entry by entry."""

    def __init__(self, document: YamlDocument, parents: Sequence[YamlDocument]) -> None:
        self.document = document
        self._parents = parents

    def add(self, key: str, entry: Entry, first: Sequence[object]) -> None:
        """Add an entry unless what it is for is there. Raises `DiagnosticError`."""
        if not is_met(entry.name, self._listed(key)):
            self._put(key, entry, first)

    def add_page(self, wishes: Wishes) -> None:
        """Add the example page to a `nav` that lists pages. Raises `DiagnosticError`."""
        nav = self._seen("nav")
        pages = [] if nav is None else [each for each in scalar_texts(nav) if each]
        if wishes.page and pages and wishes.page not in pages:
            quotes = _last_quotes(nav)
            title, page = (
                f"{q}{t}{q}" for q, t in zip(quotes, (wishes.title, wishes.page), strict=True)
            )
            self._put("nav", Entry(title, page), ())

    def _seen(self, key: str) -> yaml.Node | None:
        """Return the value of a key as the host sees it, also from a merge or a parent."""
        found = (each.seen(key) for each in (self.document, *self._parents))
        return next((value for value in found if value is not None), None)

    def _listed(self, key: str) -> list[str]:
        """List the names of a key: the host joins mappings, and a list replaces what is above."""
        found: list[str] = []
        for each in (self.document, *self._parents):
            value = each.seen(key)
            if value is None:
                continue
            if found and not isinstance(value, yaml.MappingNode):
                break
            found += names(value)
            if not isinstance(value, yaml.MappingNode):
                break
        return found

    def _put(self, key: str, entry: Entry, first: Sequence[object]) -> None:
        parent = next((each for each in self._parents if each.seen(key) is not None), None)
        if parent is not None and self.document.seen(key) is None:
            where = parent.line(parent.seen(key) or parent.root)
            said = f"{where}: {self.document.name} inherits {key} from here"
            raise by_hand(said, key, entry)
        self.document = with_entry(self.document, key, entry, first)
