"""What is wrong with a built site: one sentence for each finding, none when all is well.

In go the folder of a site that was built with a neighbour and us, the same site built without us,
and how many pictures its pages are to show. Addresses are followed to files, and files are opened;
pages are read as text, so that it does not matter what a neighbour has made of their markup.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

from PIL import Image

from tests.integration.built_pages import check_links, tags

FOLDER = "assets/gemini/"
_TEXTS = {".html", ".json", ".xml", ".txt", ".md", ".js", ".css", ".svg", ".yml"}
# What Markdown, our fences and our barrier put into a page for a moment.
_LEFT_OVER = re.compile(r"\x02|\x03|wzxhzdk|data-gemini-[\w-]*|\bfile://|\bsrc=\"gemini:")
_PICTURE = re.compile(r"<(?:img|source)\b[^>]*>")
_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)


def findings(
    site: Path,
    alone: Path,
    pictures: Mapping[str, int],
    *,
    base: str,
    secret: str,
    example: str,
) -> Iterator[str]:
    """List what is wrong with the pages and texts of a site that is served under `base`."""
    texts = _texts(site)
    yield from _missing(texts, pictures)
    yield from _unsound(site, texts, base)
    for name, text in texts.items():
        if secret in text:
            yield f"{name} tells a prompt: {_around(text, text.index(secret))}"
        if (left := _LEFT_OVER.search(text)) is not None:
            yield f"{name} has {left[0]!r}: {_around(text, left.start())}"
        for address in sorted(set(re.findall(rf"{FOLDER}[\w.-]+\.\w+", text))):
            if not [*site.rglob(address)]:
                yield f"{name}: {address} is nowhere"
    before = _texts(alone)
    for name in sorted(before.keys() - texts.keys()):
        yield f"{name} is there without us only"
    for name in sorted(before.keys() & texts.keys()):
        if _others(texts[name]) != _others(before[name]):
            yield f"{name}: other pictures are {_others(texts[name])}, not {_others(before[name])}"
        if _shown(texts[name], example) != _shown(before[name], example):
            yield f"{name}: the example differs"
    if not any(example in text for text in texts.values()):
        yield "the example is not shown"
    for picture in alone.rglob("images/*.png"):
        same = site / picture.relative_to(alone)
        if not same.is_file() or same.read_bytes() != picture.read_bytes():
            yield f"{same.relative_to(site)}: another file"


def in_pdf(file: Path, pictures: int, *, secret: str) -> Iterator[str]:
    """List what is wrong with a PDF of the whole site."""
    from pypdf import PdfReader

    pages = PdfReader(file).pages
    text = "\n".join(page.extract_text() for page in pages)
    shown = {image.name for page in pages for image in page.images}
    if secret in text:
        yield f"{file.name} tells a prompt: {_around(text, text.index(secret))}"
    if len(shown) < pictures:
        yield f"{file.name} has {len(shown)} pictures, not {pictures}"


def ours(html: str) -> list[dict[str, str]]:
    """List the attributes of our pictures in a page."""
    return [
        attributes
        for tag, attributes in tags(html)
        if tag == "img" and FOLDER in attributes.get("src", "") + attributes.get("srcset", "")
    ]


def _texts(site: Path) -> dict[str, str]:
    paths = (path for path in site.rglob("*") if path.suffix in _TEXTS and path.is_file())
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(paths)}


def _missing(texts: Mapping[str, str], pictures: Mapping[str, int]) -> Iterator[str]:
    for page, expected in pictures.items():
        if page not in texts:
            yield f"{page} is not there"
        elif (found := len(ours(texts[page]))) != expected:
            yield f"{page} has {found} pictures, not {expected}"


def _unsound(site: Path, texts: Mapping[str, str], base: str) -> Iterator[str]:
    try:
        check_links(site, base)
    except (AssertionError, KeyError, ValueError) as wrong:
        yield f"an address: {wrong!r}"
    for name, text in texts.items():
        # Feeds have pages in them, escaped in the way of XML or JSON.
        plain = text if name.endswith(".html") else unescape(text.replace('\\"', '"'))
        for image in ours(plain):
            yield from (f"{name}: {wrong}" for wrong in _unsized(site, image))


def _unsized(site: Path, image: Mapping[str, str]) -> Iterator[str]:
    """An image says the size of its largest file, which says where it comes from."""
    lacking = {"alt", "width", "height", "srcset"} - image.keys()
    if lacking:
        yield f"{image.get('src')} lacks {', '.join(sorted(lacking))}"
        return
    largest = image["srcset"].split(",")[-1].split()[0]
    found = next(site.rglob(largest.rsplit("/")[-1]), None)
    if found is None:
        yield f"{largest} is nowhere"
        return
    with Image.open(found) as picture:
        if (image["width"], image["height"]) != tuple(map(str, picture.size)):
            yield f"{largest} is {picture.size}, not {image['width']}×{image['height']}"
        if "digitalsourcetype/" not in str(picture.info):
            yield f"{largest} does not say where it comes from"


def _others(html: str) -> list[str]:
    return [tag for tag in _PICTURE.findall(html) if "gemini" not in tag]


def _shown(html: str, example: str) -> list[str]:
    return [code for code in _CODE.findall(html) if example in code]


def _around(text: str, at: int) -> str:
    return repr(unescape(text[max(0, at - 60) : at + 60]))
