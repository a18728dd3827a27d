"""The pages of a built site: their tags, and the files to which their addresses lead."""

import functools
import posixpath
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import ExifTags, Image


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


_PIECE = re.compile(
    r"""<!--.*?-->|<(script|style|title|textarea)\b.*?</\1>|<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL | re.IGNORECASE,
)
"""A comment, an element that has no others in it, or a tag."""


def tags(html: str, word: str = "") -> list[tuple[str, dict[str, str]]]:
    """List a page's tags with their attributes; with a word, those alone in whose text it stands.

    The others are not parsed, which is most of the time that a page takes.
    """
    parser = _Tags()
    if not word:
        parser.feed(html)
    for piece in _PIECE.finditer(html) if word in html and word else ():
        if word in piece[0]:
            parser.feed(piece[0])
    parser.close()
    return parser.found


def check_links(site: Path, base: str = "/", folder: str = "assets/gemini/") -> int:
    """Follow every address of ours on every page; give how many there were.

    `base` is the path under which the site is served, for addresses that begin with a slash.
    """
    count, sizes = 0, functools.cache(_sizes)
    for page in site.rglob("*.html"):
        text = page.read_text()
        for tag, attributes in tags(text, folder):
            for name, value in attributes.items():
                for url, width in _addresses(name, value):
                    if folder not in url:
                        continue
                    count += 1
                    target = _target(site, page, url, base)
                    assert target.is_file(), f"{page.name}: {url} is nowhere"
                    if target.suffix in (".webp", ".avif", ".jpg", ".png"):
                        _check_size(target.name, sizes(target), tag, name, attributes, width)
    return count


def _addresses(name: str, value: str) -> list[tuple[str, str]]:
    if name == "srcset":
        pairs = [candidate.split() for candidate in value.split(",")]
        return [(pair[0], pair[1] if len(pair) > 1 else "") for pair in pairs]
    return [(value, "")] if name in ("src", "href", "poster", "content") else []


def _target(site: Path, page: Path, url: str, base: str) -> Path:
    path = unquote(urlsplit(url).path)
    if path.startswith("/"):
        return site / posixpath.relpath(path, base or "/")
    return site / posixpath.normpath(page.parent.relative_to(site).as_posix() + "/" + path)


def _sizes(file: Path) -> tuple[int, int, bool]:
    """Return width and height of a picture, and whether it lies on its side in its file."""
    with Image.open(file) as image:
        return *image.size, image.getexif().get(ExifTags.Base.Orientation, 1) > 4


def _check_size(file: str, size: tuple[int, int, bool], tag: str, name: str,
                attributes: Mapping[str, str], width: str) -> None:  # fmt: skip
    """A width in `srcset` is the file's own, and an `<img>` has its picture's shape."""
    wide, high, lies = size
    if width:
        assert width == f"{wide}w", f"{file} is {wide} wide, not {width}"
    if tag == "img" and name == "src":
        shape = int(attributes["width"]) / int(attributes["height"])
        own = high / wide if lies else wide / high
        assert abs(shape / own - 1) < 0.02, attributes
