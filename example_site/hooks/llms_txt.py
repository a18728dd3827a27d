"""Writes the manual for language models: `llms.txt`, a list of its pages, and `llms-full.txt`, all.

In: the navigation and each page's Markdown, as the build has them. Out: two files in the site, in
the form that llmstxt.org describes: the name, one sentence, and a section for each part of the
navigation, whose pages are linked with their `description`. Pages outside of the navigation that
have a description, such as posts, come last.
"""

from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

NAMES = ("llms.txt", "llms-full.txt")

_sections: list[tuple[str, Page]] = []
"""The pages of the current build, each with its section; a build of the preview starts anew."""


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Announce both files, so that pages can link to them."""
    for name in NAMES:
        files.append(File.generated(config, name, content=""))


def on_nav(nav: Navigation, files: Files, **_: Any) -> None:
    """Keep the pages in the order of the navigation."""
    _sections[:] = _pages(nav.items, "Start")


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Fill both files, now that every page is rendered and no file is copied yet."""
    listed = {page.file.src_uri for _, page in _sections}
    others = [file.page for file in files.documentation_pages() if file.src_uri not in listed]
    found = [("More", page) for page in others if page and page.meta.get("description")]
    short = [f"# {config.site_name}", f"> {config.site_description}"]
    full = list(short)
    last = ""
    for section, page in [*_sections, *found]:
        address, said = page.canonical_url or page.url, page.meta.get("description")
        if section != last:
            short.append(f"\n## {section}\n")
            last = section
        short.append(f"- [{page.title}]({address})" + (f": {said}" if said else ""))
        full.append(f"\n<!-- {address} -->\n\n{(page.markdown or '').strip()}")
    for name, lines in zip(NAMES, (short, full), strict=True):
        file = files.get_file_from_path(name)
        if file is not None:
            file.content_string = "\n".join(lines) + "\n"


def _pages(items: list[Any], section: str) -> Iterator[tuple[str, Page]]:
    for item in items:
        if isinstance(item, Section):
            yield from _pages(item.children, item.title)
        elif isinstance(item, Page):
            yield section, item
