"""Rules for text alternatives, and the check of a directive's alt against them.

In go a directive and the language of its page; out come the rules that its alt breaks, each with a
`Diagnostic`. The rules compare the alt with what a linter does not have: prompt, caption, name and
earlier picture. They report only texts that cannot be a description; a decorative picture (an empty
alt) breaks none. Pure.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.alt_weights import Rule
from mkdocs_gemini_images.directives.directive import FILE_KINDS, Directive

MAX_ALT_LENGTH = 250
"""Characters: about two full sentences. A screen reader reads an alt at once and cannot go back in
it; longer text belongs in the caption or on the page."""

_COPY_RATIO = 0.85
"""The share of common words, in their order, from which one text counts as a copy of another. A
prompt of nine words without its last two ("ink drawing") is a copy; one of seven words without its
last two is not, nor is a description in other words."""

_WORD = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+"
"""A word; a character in scripts without spaces between words."""
_ASCII_WORD = "[a-z0-9]+"
"""The same in a text of ASCII: the other pattern takes milliseconds to compile."""
_MAX_TOKENS = 120
"""Words that are compared: texts of few different words take a time of their cube."""
_MAX_CHARACTERS = 4000

_MARKUP = r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?|<[^<>]+>|\{[^{}]*\}"

_REDUNDANT = {
    "en": r"^(?:an? |the )?(?:image|picture|photo|photograph|graphic) (?:of|showing)\b",
    "de": r"^(?:ein |eine |das )?(?:bild|foto|fotografie|abbildung|grafik) "
    r"(?:von|vom|des|der|eines|einer)\b",
    "fr": r"^(?:une |l['’])?(?:image|photo|photographie) (?:(?:de|du|des|montrant)\b|d['’])",
    "es": r"^(?:una |la )?(?:imagen|foto|fotografía) (?:de|del)\b",
    "it": r"^(?:una |la |un['’]|l['’])?(?:immagine|foto|fotografia) (?:(?:di|del\w*)\b|d['’])",
    "pt": r"^(?:uma |a )?(?:imagem|foto|fotografia) (?:de|do|da|dos|das)\b",
    "nl": r"^(?:een |de )?(?:afbeelding|foto|plaatje) van\b",
    "sv": r"^(?:en |ett )?(?:bild|foto) (?:av|på)\b",
    "pl": r"^(?:zdjęcie|obrazek|fotografia)\b(?= \w)",
    "ru": r"^(?:изображение|фото|фотография|картинка)\b(?= \w)",
    "ja": r"^(?:画像|写真)[::]|の(?:画像|写真)(?=[。.]?$)",
    "zh": r"^一?[张張幅](?:图片|圖片|照片)|的(?:图片|圖片|照片)(?=[。.]?$)",
    "ko": r"의 (?:이미지|사진)(?=[.]?$)",
}
"""Patterns of words by which an alt says that it stands for a picture, by language."""


_PLACEHOLDERS = {
    "", "todo", "tbd", "fixme", "xxx", "alt", "alt text", "none", "null", "n/a", "decorative",
    "decoration", "placeholder", "image", "picture", "photo", "description",
}  # fmt: skip
"""Texts that stand for an alt that is to be written, or for none."""


def breaches(directive: Directive, language: str = "") -> Iterator[tuple[Rule, Diagnostic]]:
    """Yield the rules that a directive's alt breaks, except `older`, which needs the picture.

    `language` is the code of the page's language, such as `de` or `pt-BR`; English words are
    recognized on every page.
    """
    alt = directive.alt
    if alt is None:
        fix = 'describe what the picture tells, or write alt: "" if it is decorative'
        yield "missing", Diagnostic.sentence("the alt is missing", fix)
    elif (alt := folded(alt)) and alt.casefold().strip(" .!:") in _PLACEHOLDERS:
        fix = 'describe what the picture tells, or write alt: "" if it is decorative'
        yield "missing", Diagnostic.sentence(f"the alt says nothing, {quoted(alt)}", fix, at="alt")
    elif alt:
        if _is_copy(alt, directive.prompt):
            fix = "describe what is visible"
            yield "prompt", Diagnostic.sentence("the alt repeats the prompt", fix, at="alt")
        if _is_file_name(alt, directive):
            said, fix = f"the alt is a name, {quoted(alt)}", "describe what is visible"
            yield "file", Diagnostic.sentence(said, fix, at="alt")
        if directive.caption and _is_copy(alt, re.sub(_MARKUP, r" \1 ", directive.caption)):
            fix = 'say what the caption does not, or write alt: "" if it says all'
            said = "the alt repeats the caption, and both are read aloud"
            yield "caption", Diagnostic.sentence(said, fix, at="alt")
        if words := redundant_words(alt, language):
            said = f"the alt says {quoted(words)}, which a screen reader says itself"
            yield "redundant", Diagnostic.sentence(said, "leave it out", at="alt")
        if len(alt) > MAX_ALT_LENGTH:
            said = f"the alt has {len(alt)} characters, {MAX_ALT_LENGTH} at most"
            fix = "say the rest in the caption or in the text"
            yield "long", Diagnostic.sentence(said, fix, at="alt")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, by which texts are equal apart from case and punctuation."""
    return tuple(_tokens(text))


def older(alt: str, key: str) -> Diagnostic:
    """Return the diagnostic for an alt that was written for an earlier picture, that of `key`."""
    said = f"the alt {quoted(alt)} was written for an earlier picture"
    fix = f"correct the alt; if it still fits, prune the earlier picture ({key[:12]}…)"
    return Diagnostic.sentence(said, fix, at="alt")


def _tokens(text: str) -> list[str]:
    # Combining marks take normalization a time that grows with the square of their number.
    plain = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS]).casefold()
    return re.findall(_ASCII_WORD if plain.isascii() else _WORD, plain)[:_MAX_TOKENS]


def _is_copy(alt: str, other: str) -> bool:
    """Return whether two texts differ in at most about one word in seven."""
    words, others = _tokens(alt), _tokens(other)
    if not words or not others:
        return False
    if 2 * min(len(words), len(others)) / (len(words) + len(others)) < _COPY_RATIO:
        return False
    from difflib import SequenceMatcher  # most texts differ in length

    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.quick_ratio() >= _COPY_RATIO and matcher.ratio() >= _COPY_RATIO


def _is_file_name(alt: str, directive: Directive) -> bool:
    """Return whether an alt is a file name, or the id or file name of the directive."""
    text = alt.casefold()
    if " " not in text and posixpath.splitext(text)[1] in _IMAGE_SUFFIXES:
        return True
    file = posixpath.basename(directive.file.casefold())
    return text in {directive.id.casefold(), file, posixpath.splitext(file)[0]} - {""}


_IMAGE_SUFFIXES = {*FILE_KINDS, ".gif", ".svg", ".tif", ".tiff", ".bmp", ".heic"}


def redundant_words(alt: str, language: str) -> str:
    """Return the words by which an alt says that it stands for a picture; "" if it has none."""
    for pattern in _redundant(language):
        if match := pattern.search(alt):
            return match[0].strip()
    return ""


@lru_cache(maxsize=64)  # asked for with each picture
def _redundant(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of redundant words on a page in a language."""
    primary = re.split(r"[-_]", language.lower())[0]
    codes = [each for each in dict.fromkeys(("en", primary)) if each in _REDUNDANT]
    return tuple(re.compile(_REDUNDANT[each], re.IGNORECASE) for each in codes)
