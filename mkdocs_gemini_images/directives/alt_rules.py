"""What a text alternative should not be, as far as a machine can tell.

In come a directive and the language of its page; out come the rules that its alt breaks, each with
a complaint. Judged is what linters cannot know: prompt, caption, name and earlier picture. Whether
an alt is good is for people; so only what is surely no description is named, and a picture that is
decorative (an empty alt) is never complained about. What a breach leads to is its owner's choice.
Pure.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.directives.directive import FILE_KINDS, Directive, folded

Rule = Literal["missing", "prompt", "file", "caption", "redundant", "long", "older"]
Weight = Literal["error", "warn", "off"]

RULES: tuple[Rule, ...] = get_args(Rule)
WEIGHTS: tuple[Weight, ...] = get_args(Weight)

MOST = 250
"""Characters: two full sentences. A screen reader reads an alt in one go, without a way back; what
needs more belongs into the caption or the text."""

NEAR = 0.85
"""The share of words, in their order, that two texts have in common when one is a copy. A prompt of
nine words without its last two ("ink drawing") is; one of seven without its last two, and any
description in words of its own, is not."""

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+")
"""A word; in scripts that write none apart, a character."""
_MOST_TOKENS = 400

_MARKUP = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?|<[^<>]+>|\{[^{}]*\}")

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
"""How an alt says that it stands for a picture, in the languages that we have words for."""


def read_rules(written: Mapping[Any, Any]) -> tuple[dict[Rule, Weight], list[Diagnostic]]:
    """Read the owner's choices over `warn` for every rule, and say what is wrong with them."""
    rules: dict[Rule, Weight] = dict.fromkeys(RULES, "warn")
    diagnostics = []
    for name, value in written.items():
        rule = next((each for each in RULES if each == name), None)
        # YAML 1.1 reads off as false.
        weight = next((each for each in WEIGHTS if each == (value is not False and value)), None)
        weight = "off" if value is False else weight
        if rule is None:
            fix = did_you_mean(str(name), RULES)
            diagnostics.append(Diagnostic("a rule in alt_rules", quoted(str(name)), fix))
        elif weight is None:
            fix = did_you_mean(str(value), WEIGHTS)
            expected = f"alt_rules: {rule} as {', '.join(WEIGHTS)}"
            diagnostics.append(Diagnostic(expected, quoted(str(value)), fix))
        elif rule == "older" and weight == "error":
            fix = "an error draws nothing, and this rule looks at what has been drawn"
            diagnostics.append(Diagnostic("alt_rules: older as warn or off", "'error'", fix))
        else:
            rules[rule] = weight
    return rules, diagnostics


def breaches(directive: Directive, language: str = "") -> Iterator[tuple[Rule, Diagnostic]]:
    """Yield the rules that a directive's alt breaks, but `older`, which takes a picture to tell.

    `language` is the page's, such as `de` or `pt-BR`; English words are known on every page.
    """
    alt = directive.alt
    if alt is None:
        fix = 'describe what the picture tells, or write alt: "" if it is decorative'
        yield "missing", Diagnostic("alt: ...", "none", fix)
    elif alt := folded(alt):
        if _is_near(alt, directive.prompt):
            fix = "say what the picture tells; a prompt says how to draw it"
            yield "prompt", Diagnostic(_WORDS, f"the prompt's, {quoted(alt)}", fix)
        if _is_name(alt, directive):
            fix = "say what the picture tells"
            yield "file", Diagnostic("an alt that describes", f"a name, {quoted(alt)}", fix)
        if directive.caption and _is_near(alt, _MARKUP.sub(r" \1 ", directive.caption)):
            fix = 'say what the caption does not, or write alt: "" if it says all: it is read twice'
            yield "caption", Diagnostic(_WORDS, f"the caption's, {quoted(alt)}", fix)
        if said := _redundant(alt, language):
            fix = "leave it out: a screen reader says so itself"
            yield "redundant", Diagnostic("an alt that says what is seen", quoted(said), fix)
        if len(alt) > MOST:
            fix = "say the rest in the caption or in the text"
            yield "long", Diagnostic(f"an alt of up to {MOST} characters", str(len(alt)), fix)


def is_same(alt: str, other: str) -> bool:
    """Whether two texts say the same, apart from case and punctuation."""
    return bool(alt) and _tokens(alt) == _tokens(other)


def older(alt: str, key: str) -> Diagnostic:
    """Complain about an alt that was written for an earlier picture, the one of `key`."""
    got = f"{quoted(alt)}, which described an earlier one"
    fix = f"look at the picture and mend it; if it still fits, prune the earlier one ({key[:12]}…)"
    return Diagnostic("an alt for the picture that is shown", got, fix)


_WORDS = "an alt in words of its own"


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    return found[:_MOST_TOKENS]


def _is_near(alt: str, other: str) -> bool:
    """Whether one text is the other, give or take a word in seven."""
    words, others = _tokens(alt), _tokens(other)
    if not words or not others:
        return False
    if 2 * min(len(words), len(others)) / (len(words) + len(others)) < NEAR:
        return False
    from difflib import SequenceMatcher  # most are of another length

    return SequenceMatcher(None, words, others, autojunk=False).ratio() >= NEAR


def _is_name(alt: str, directive: Directive) -> bool:
    """Whether an alt is a file's name, or the directive's own."""
    text = alt.casefold()
    if " " not in text and posixpath.splitext(text)[1] in _FILES:
        return True
    file = posixpath.basename(directive.file.casefold())
    return text in {directive.id.casefold(), file, posixpath.splitext(file)[0]} - {""}


_FILES = {*FILE_KINDS, ".gif", ".svg", ".tif", ".tiff", ".bmp", ".heic"}


def _redundant(alt: str, language: str) -> str:
    """Give the words by which an alt says that it stands for a picture, if it does."""
    spoken = re.split(r"[-_]", language.lower())[0]
    for each in dict.fromkeys(("en", spoken)):
        pattern = _REDUNDANT.get(each)
        if pattern and (found := re.search(pattern, alt, re.IGNORECASE)):
            return found[0].strip()
    return ""
