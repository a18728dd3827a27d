"""A reader of the gallery's HTML page, and cards to render on one."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from mkdocs_gemini_images.reports.contact_sheet import GalleryCard
from tests.unit.pictures import webp

THUMBNAIL = webp(48, 27)


def card(prompt: str = "A fox", **more: object) -> GalleryCard:
    """Return the card of a picture in stock, with some fields changed."""
    fields: dict[str, object] = {
        "state": "in stock", "prompt": prompt, "alt": "An alt", "model": "gemini-nano-banana-2.1",
        "size": "1K", "width": 1376, "height": 768, "price": 0.0336,
        "time": "2026-11-22T10:00:00Z", "places": ("index.md:3",), "thumbnail": THUMBNAIL,
    }  # fmt: skip
    return GalleryCard(**(fields | more))  # type: ignore[arg-type]


@dataclass
class Element:
    """One HTML element: its attributes, its text and its descendants."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def all(self, tag: str, kind: str = "") -> list["Element"]:
        """Return the descendants with a tag and a class."""
        return [each for each in self.inside if each.tag == tag and each.has(kind)]

    def has(self, kind: str) -> bool:
        """Return whether the element has a class."""
        return not kind or kind in self.attributes.get("class", "").split()


class _Reader(HTMLParser):
    EMPTY = ("meta", "img", "input", "br")

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        for each in self.open:
            each.inside.append(made)
        if tag not in self.EMPTY:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag == "option" and self.open[-1].tag != "option":
            return
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.text += data


def read(html: str) -> Element:
    """Parse a page; assert that every element is closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def words(element: Element) -> str:
    """Return an element's text with its white space folded."""
    return " ".join(element.text.split())
