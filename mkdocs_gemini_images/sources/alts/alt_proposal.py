"""Make the proposal of an alt from a text model's answer.

In go the bytes of an answer, or its words, and the directive; out comes an `AltProposal`: one short
line without anything that acts upon a terminal, Markdown, HTML or a template, or the reason why
there is none. Pure.
"""

import html
import re
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import message_of, single_line
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.directives.alt_rules import MAX_ALT_LENGTH
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers import framings
from mkdocs_gemini_images.gemini.answers.envelopes import as_object, get, read_content
from mkdocs_gemini_images.gemini.answers.framings import UnreadableError
from mkdocs_gemini_images.gemini.answers.picture_parts import is_thought
from mkdocs_gemini_images.gemini.endings import CONTENT
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.sources.alts.alt_drafts import draft_of_alt
from mkdocs_gemini_images.sources.alts.question import DECORATIVE

MAX_WORDS = 2000
"""Characters of an answer that are kept and read."""

_LABEL = re.compile(
    r"^(?:(?:the|der|le|el|il) )?(?:(?:suggested|proposed) )?(?:alt(?:ernativ[eo]?)?(?:[ -]?text)?|"
    r"description|beschreibung|caption|texte alternatif|texto alternativo|testo alternativo|"
    r"代替テキスト|替代文本)\s*[:：=]\s*",
    re.I,
)
_MARKS = re.compile(r"^(?:[-*+>#]+|\d+[.)])\s+")
_DROPPED = dict.fromkeys(map(ord, "{}<>|`*\\^~\ufffd"), "") | {ord("["): "(", ord("]"): ")"}
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--.{0,300}?-->")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^():]*\)")
"""A Markdown image or link without a scheme, of which the words stay."""
_NOTHING = re.compile(r"(?:none|null|nil|n/?a|empty)\.?", re.I)
_ADDRESS = re.compile(r"\w+://|\bwww\.|\b(?:data|javascript|mailto):\S", re.I)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
_QUOTES = re.compile(r"\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class AltProposal:
    """What the model proposes for one alt."""

    alt: str = ""
    """One line; empty for a decorative picture."""
    problem: str = ""
    """Why there is no proposal, or empty."""


def read_words(raw: bytes) -> str:
    """Return the words of an answer that came with status 200.

    Raises `RequestFailed` where it has none.
    """
    try:
        content = read_content(framings.documents(framings.in_utf8(raw)))
    except UnreadableError as error:
        raise RequestFailed(
            failure_reasons.refused_answer(f"the answer is unreadable: {error}")
        ) from None
    turn = next(iter(content.turns.values()), None)
    parts = [] if turn is None else turn.parts
    words = [str(get(part, "text") or "") for part in parts if not is_thought(part)]
    if text := single_line(" ".join(words)[:MAX_WORDS]):
        return text
    block = message_of(get(as_object(content.fields.get("promptFeedback")), "blockReason"))
    reason = block or message_of(None if turn is None else turn.finish_reason)
    reason = message_of(content.error) or reason or "no reason given"
    refused = bool(block or CONTENT.search(reason.upper()))
    said = f"the model wrote no alt ({reason})"
    raise RequestFailed(Failure(said, billed="yes", remembered=refused))


def proposal_of(words: str, directive: Directive, language: str) -> AltProposal:
    """Return the proposal in a model's words, for a directive on a page in a language."""
    text = single_line(words[:MAX_WORDS])
    if re.fullmatch(rf"\W*{DECORATIVE}\W*", text, re.I) or re.match(rf"\W*{DECORATIVE}\b", text):
        return AltProposal()
    text = single_line(_without_markup(text).translate(_DROPPED))
    text = _LABEL.sub("", _MARKS.sub("", _unquoted(text)))
    text = _unquoted(_LABEL.sub("", draft_of_alt(_unquoted(text))))
    text = text[:1].upper() + text[1:]
    if not text or _NOTHING.fullmatch(text):
        return AltProposal(problem="the model described nothing")
    if _ADDRESS.search(text):
        return AltProposal(problem="the model wrote an address")
    text = _shortened(_QUOTES.sub("“\\1”", text).replace('"', "").strip())
    if said := alt_rules.redundant_words(text, language):
        text = text[len(said) :].strip() if text.lower().startswith(said.lower()) else text
        text = text[:1].upper() + text[1:]
    broken = next(alt_rules.breaches(directive._replace(alt=text), language), None)
    return AltProposal(text) if broken is None else AltProposal(problem=broken[1].got)


def mistake_of(alt: str) -> str:
    """Return why an alt that an author has typed cannot be written, or an empty text."""
    if single_line(alt) != alt or "\ufffd" in alt:
        return "it has a character that is not shown"
    return "" if len(alt) <= MAX_ALT_LENGTH else f"it has more than {MAX_ALT_LENGTH} characters"


def _without_markup(text: str) -> str:
    """Return the words of a text that may have HTML, entities and Markdown's brackets."""
    return _LINK.sub(r"\1", _ELEMENT.sub(" ", html.unescape(text)))


def _unquoted(text: str) -> str:
    for pair in ('""', "''", "“”", "‘’", "«»", "„“", "「」"):
        if len(text) > 2 and text[0] == pair[0] and text[-1] == pair[1]:
            return text[1:-1].strip()
    return text


def _shortened(text: str) -> str:
    """Return as many whole sentences as an alt may have, or else as many words."""
    if len(text) <= MAX_ALT_LENGTH:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > MAX_ALT_LENGTH:
            break
        kept = longer
    cut = text[: MAX_ALT_LENGTH - 1].rpartition(" ")[0] or text[: MAX_ALT_LENGTH - 1]
    return kept or f"{cut.rstrip(',;:')}…"
