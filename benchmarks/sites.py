"""Generates sites: ordinary pages, and a picture in them as each plugin has it written.

In come numbers, out comes a folder with an `mkdocs.yml`, the same for the same numbers. Pages are
out of the navigation, which would otherwise be most of a large site: the rest of a build is small
then, and a plugin is held against the least there is.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Write = Callable[[int], str]
"""Writes picture number n into a page."""

# What themes have fetched from elsewhere, and Material's privacy would fetch in its turn.
_ALONE = {"mkdocs": {"highlightjs": False}, "material": {"font": False}}
_WORDS = (
    "A page of a manual says what a thing does, how it is set up and what may go wrong. It has a "
    "[link](index.md), some `code`, and *here and there* a word that **stands out**."
)


def ours(n: int) -> str:
    """Write a picture as this plugin has it: a fence and an image in turn."""
    if n % 2:
        return f'![Picture {n}](gemini: "A lighthouse in storm number {n}, watercolour")'
    words = f"prompt: A harbour in the fog of day {n}: ink drawing"
    return f"```gemini-image\n{words}\nalt: Picture {n}\n```"


def kroki(n: int) -> str:
    """Write a diagram for Kroki."""
    return f"```kroki-plantuml\n@startuml\nalice -> bob: message {n}\n@enduml\n```"


def remote(server: str) -> Write:
    """Write images that lie on a server, as Material's privacy plugin fetches them."""
    return lambda n: f"![Picture {n}]({server}/picture/{n}.png)"


def none(n: int) -> str:
    """Write nothing."""
    return ""


@dataclass(frozen=True)
class Site:
    """A folder from which a site is built."""

    root: Path
    pages: int
    pictures: int = 0
    """On all pages together, evenly."""
    write: Write = none
    distinct: int = 0
    """How many of the pictures differ; all, if it is 0."""
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    theme: str = "mkdocs"

    @property
    def config(self) -> Path:
        """Its `mkdocs.yml`."""
        return self.root / "mkdocs.yml"

    @property
    def docs(self) -> Path:
        """The folder of its pages."""
        return self.root / "docs"

    @property
    def stock(self) -> Path:
        """The pictures it owns."""
        return self.root / "gemini-images"

    def make(self) -> "Site":
        """Write the pages and the configuration, in place of whatever was there."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.docs.mkdir(parents=True)
        for page in range(self.pages):
            each = range(
                page * self.pictures // self.pages, (page + 1) * self.pictures // self.pages
            )
            (self.docs / self.name(page)).write_text(self.text(page, list(each)))
        self.configure()
        return self

    def configure(self, **plugins: Mapping[str, Any]) -> None:
        """Write the configuration, with other options of plugins if any are given."""
        written = [{name: dict(options)} for name, options in {**self.plugins, **plugins}.items()]
        config = {
            "site_name": "A site",
            "theme": {"name": self.theme, **_ALONE[self.theme]},
            "nav": [{"Home": "index.md"}],
            "validation": {"nav": {"omitted_files": "ignore"}},
            "markdown_extensions": ["attr_list", "fenced_code", "tables"],
            "plugins": written,
        }
        self.config.write_text(json.dumps(config, indent=1))  # JSON is YAML

    def name(self, page: int) -> str:
        """Name a page's file; the first is the start page."""
        return f"page-{page:05}.md" if page else "index.md"

    def text(self, page: int, pictures: list[int]) -> str:
        """Write a page of about 4 KB, with its pictures between the paragraphs."""
        lines = [f"# Page {page}", ""]
        for section in range(4):
            lines += [f"## Part {section} of page {page}", "", *[_WORDS, _WORDS, ""] * 2]
            lines += ["- one thing", "- another thing", "", "| a | b |", "| - | - |", "| 1 | 2 |"]
            lines += ["", "```python", f"print({page + section})", "```", ""]
        for number in pictures:
            lines += [self.write(number % (self.distinct or self.pictures)), ""]
        return "\n".join(lines)


def as_plain(site: Site, built: Path, root: Path) -> Site:
    """Give a site built with pictures once more, with the same files as plain `<img>`.

    `built` is the folder of the finished site: what stands in its pages is taken as it is.
    """
    plain = Site(root, site.pages, site.pictures, theme=site.theme)
    shutil.rmtree(root, ignore_errors=True)
    plain.docs.mkdir(parents=True)
    image = re.compile(r"<img[^>]*>")
    files = {
        path.relative_to(built)
        for pattern in ("*.webp", "*.avif", "*.svg", "*.png", "*.jpg")
        for path in built.rglob(pattern)
        if path.relative_to(built).parts[0] not in ("img", "css", "js")
    }
    for file in files:
        target = plain.docs / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built / file, target)
    for page in range(site.pages):
        source = Path(site.name(page))
        shown = built / (source.with_suffix("") / "index.html" if page else Path("index.html"))
        tags = image.findall(shown.read_text())
        # In raw HTML a page's own addresses are written from where it will stand.
        text = plain.text(page, [])
        (plain.docs / source).write_text("\n\n".join([text, *(f"<p>{tag}</p>" for tag in tags)]))
    plain.configure()
    return plain
