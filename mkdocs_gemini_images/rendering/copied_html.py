"""Put right what neighbours have copied out of pages before the barrier, or onto another page.

In goes a file of the built site: a print page, a feed, whatever holds the HTML of pages. What was
promised in it is replaced as on pages, also where JSON and XML have escaped it; a piece that could
not be escaped again as it was stays as it is. A `srcset` is made to fit the page it has come to:
who moves HTML knows of `src` alone. Reads and writes nothing but such files of the site.
"""

import html
import json
import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from mkdocs_gemini_images.rendering.corrections import Corrections

KINDS = (".html", ".json", ".xml")

# Without a way back, which a string of megabytes would keep for each of its characters.
_JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_XML_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_SRCSET = re.compile(r'(?<=\ssrcset=")[^"]+')
_RELATIVE = re.compile(r"(?:\.\./)*([^\s,#]+)")


def put_right(site: Path, corrections: Corrections | None, ours: Collection[str]) -> None:
    """Put right every file of a built site; `ours` are the files that moved HTML leads to."""
    for path in site.rglob("*"):
        # A link may lead to a file that is no part of the site.
        if path.suffix not in KINDS or path.is_symlink() or not path.is_file():
            continue
        text = before = path.read_bytes().decode("utf-8", "surrogateescape")
        if corrections is not None:
            text = corrected(text, path.suffix, corrections)
        if ours and path.suffix == ".html":
            text = rebased(text, path.relative_to(site).as_posix(), ours)
        if text != before:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))


def corrected(text: str, kind: str, corrections: Corrections) -> str:
    """Replace what was promised in a file of the given kind, one of `KINDS`."""
    if not corrections.concern(text):
        return text
    put_right = corrections.apply
    match kind:
        case ".json":
            return _JSON_STRING.sub(lambda it: _string(it[0], put_right), text)
        case ".xml":  # a feed has HTML in its text, or as it is in CDATA
            return _XML_TEXT.sub(lambda it: _text(it[0], put_right), put_right(text))
        case _:
            return put_right(text)


def rebased(page: str, uri: str, ours: Collection[str]) -> str:
    """Let each `srcset` of our files lead to them from the page at `uri`."""
    folder = posixpath.dirname(uri) or "."

    def address(found: re.Match[str]) -> str:
        file = unquote(found[1])
        return quote(posixpath.relpath(file, folder)) if file in ours else found[0]

    return _SRCSET.sub(lambda found: _RELATIVE.sub(address, found[0]), page)


def _string(piece: str, put_right: Callable[[str], str]) -> str:
    try:
        plain = json.loads(piece)
    except ValueError:
        return piece
    ways = (json.dumps, lambda text: json.dumps(text, ensure_ascii=False))
    return _escaped_again(piece, plain, put_right(plain), ways)


def _text(piece: str, put_right: Callable[[str], str]) -> str:
    plain = html.unescape(piece)
    ways = (_as_jinja, html.escape, lambda text: html.escape(text, quote=False))
    return _escaped_again(piece, plain, put_right(plain), ways)


def _as_jinja(text: str) -> str:
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _escaped_again(piece: str, plain: str, new: str, ways: Sequence[Callable[[str], str]]) -> str:
    """Escape a text in the way its piece was: nothing else in it may change."""
    if new == plain:
        return piece
    return next((escape(new) for escape in ways if escape(plain) == piece), piece)
