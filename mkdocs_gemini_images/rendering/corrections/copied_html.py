"""Corrects figures in HTML that other plugins copied out of pages, such as feeds and print pages.

In: the folder of a built site, and the corrections of its pages. Effects: changed HTML, JSON and
XML files, also where the HTML in them is escaped; a text whose escaping cannot be reproduced
exactly does not change. `srcset` and `data-src` get addresses relative to the page that they were
copied to: plugins that copy HTML adapt only `src`.
"""

import html
import json
import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from mkdocs_gemini_images.core.files import held_files
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.lightbox_links import around_pictures
from mkdocs_gemini_images.rendering.unique_ids import with_unique_ids

KINDS = (".html", ".json", ".xml")

# Possessive quantifiers: backtracking would need memory for each character of a long string. One
# without an end extends to the end of the text, so that no text is read twice.
_JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_XML_TEXT = re.compile(r"(?<=>)[^<>]++(?=<)")
_ADDRESSES = re.compile(r'(?:(?<=\ssrcset=")|(?<=\sdata-src="))[^"]+')
_RELATIVE = re.compile(r"(?:\.\./)*([^\s,#]+)")


def correct_copies(site: Path, corrections: Corrections | None, own_files: Collection[str]) -> None:
    """Correct every file of a built site.

    `own_files` are the addresses of the plugin's files, to which copied attributes must lead; with
    them, pages may have been copied before a lightbox's link was put around a whole `<picture>`.
    """
    for path in site.rglob("*"):
        # A symbolic link may lead to a file outside the site.
        if path.suffix not in KINDS or path.is_symlink() or not path.is_file():
            continue
        text = before = path.read_bytes().decode("utf-8", "surrogateescape")
        if corrections is not None and corrections.concern(text):
            text = corrected(text, path.suffix, corrections)
        if own_files and path.suffix == ".html":
            text = rebased(text, path.relative_to(site).as_posix(), own_files)
            text = with_unique_ids(around_pictures(text))
        if text != before:
            held_files.write(path, text.encode("utf-8", "surrogateescape"))


def corrected(text: str, kind: str, corrections: Corrections) -> str:
    """Return the corrected text of a file with the suffix `kind`, one of `KINDS`."""
    correct = corrections.apply
    match kind:
        case ".json":
            return _JSON_STRING.sub(lambda found: _json_string(found[0], correct), text)
        case ".xml":  # a feed has HTML escaped in its text, or unescaped in CDATA
            return _XML_TEXT.sub(lambda found: _xml_text(found[0], correct), correct(text))
        case _:
            return correct(text)


def rebased(page: str, uri: str, own_files: Collection[str]) -> str:
    """Return a page with `srcset` and `data-src` of `own_files` relative to the page's `uri`."""
    folder = posixpath.dirname(uri) or "."

    def address(found: re.Match[str]) -> str:
        file = unquote(found[1])
        return quote(posixpath.relpath(file, folder)) if file in own_files else found[0]

    return _ADDRESSES.sub(lambda found: _RELATIVE.sub(address, found[0]), page)


def _json_string(piece: str, correct: Callable[[str], str]) -> str:
    try:
        plain = json.loads(piece)
    except ValueError:
        return piece
    escapings = (json.dumps, lambda text: json.dumps(text, ensure_ascii=False))
    return _escaped_again(piece, plain, correct(plain), escapings)


def _xml_text(piece: str, correct: Callable[[str], str]) -> str:
    plain = html.unescape(piece)
    escapings = (_as_jinja, html.escape, lambda text: html.escape(text, quote=False))
    return _escaped_again(piece, plain, correct(plain), escapings)


def _as_jinja(text: str) -> str:
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _escaped_again(
    piece: str, plain: str, new: str, escapings: Sequence[Callable[[str], str]]
) -> str:
    """Return `new`, escaped as `piece` is; or `piece`, where no escaping of `plain` gives it."""
    if new == plain:
        return piece
    return next((escape(new) for escape in escapings if escape(plain) == piece), piece)
