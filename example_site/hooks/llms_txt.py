"""Writes the manual for language models: `llms.txt`, a list of its pages, and `llms-full.txt`, all.

In: the navigation and each page's Markdown, as the build has them. Out: two files in the site, in
the form that llmstxt.org describes: the name, one sentence, and a section for each part of the
navigation, whose pages are linked with their `description`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

_read: list[tuple[str, Page]] = []
"""The pages of the current build, each with its section; a build of the preview starts anew."""


def on_nav(nav: Navigation, **_: Any) -> None:
    """Keep the pages in the order of the navigation."""
    _read[:] = _pages(nav.items, "Manual")


def on_post_build(config: MkDocsConfig) -> None:
    """Write both files."""
    lines = [f"# {config.site_name}", f"> {config.site_description}"]
    whole = list(lines)
    last = ""
    for section, page in _read:
        if page.markdown is None:
            continue
        address = page.canonical_url or page.url
        if section != last:
            lines.append(f"\n## {section}\n")
            last = section
        said = page.meta.get("description")
        lines.append(f"- [{page.title}]({address})" + (f": {said}" if said else ""))
        whole.append(f"\n<!-- {address} -->\n\n{page.markdown.strip()}")
    site = Path(config.site_dir)
    (site / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (site / "llms-full.txt").write_text("\n".join(whole) + "\n", encoding="utf-8")


def _pages(items: list[Any], section: str) -> Iterator[tuple[str, Page]]:
    for item in items:
        if isinstance(item, Section):
            yield from _pages(item.children, item.title)
        elif isinstance(item, Page):
            yield section, item
