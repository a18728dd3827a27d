"""A directive becomes the same valid HTML in every context of Markdown.

`GOLDEN=write pytest tests/unit/markdown` writes the expected files: check their changes.
"""

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.hosts import MATERIAL, PLAIN

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = {"figure", "div", "p", "ul", "ol", "table", "blockquote", "details", "section"}
VOID = {"img", "br", "hr", "input"}


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.md")))
def test_a_page_has_its_expected_html(name: str) -> None:
    site = PLAIN if name.startswith("plain-") else MATERIAL
    source = (GOLDEN / f"{name}.md").read_text("utf-8")
    html, host = site.shown(source, AlbumHost(page="guide/page.md"))
    check_nesting(html)
    lines = [line for line in html.splitlines() if line]  # a theme's template may have empty ones
    page = "\n".join([*lines, *(f"<!-- {text} -->" for text in host.diagnostics), ""])
    path = GOLDEN / f"{name}.html"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(page, "utf-8")
    assert page == path.read_text("utf-8")


def check_nesting(html: str) -> None:
    """Fail where a tag is not closed in order, or a block stands in a paragraph."""
    reader = Nesting()
    reader.feed(html)
    reader.close()
    assert reader.open == []


class Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert not (tag in BLOCKS and "p" in self.open), f"<{tag}> in <p>"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
