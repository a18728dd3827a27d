"""A model's words become one short line that breaks out of nothing, or a reason why not."""

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.sources.alts.alt_proposal import (
    AltProposal,
    mistake_of,
    proposal_of,
    read_words,
)

FOX = Directive("A fox reading a newspaper on a park bench, ink", caption="The *old* fox")

GOOD = [
    ("A fox reads on a bench.", "A fox reads on a bench."),
    ('"A fox reads on a bench."', "A fox reads on a bench."),
    ("Alt text: A fox reads on a bench.", "A fox reads on a bench."),
    ("Here is the alt text: A fox reads on a bench.", "A fox reads on a bench."),
    ("Sure! A fox reads on a bench. Let me know if you need more!", "A fox reads on a bench."),
    ("- **A fox** reads on a `bench`.", "A fox reads on a bench."),
    ("Image of a fox on a bench", "A fox on a bench"),
    ("A fox\nreads\ton a bench.", "A fox reads on a bench."),
    ('A sign says "Open" above a fox', "A sign says “Open” above a fox"),
    ("A fox [1] reads {{ config }} <b>here</b>", "A fox (1) reads config here"),
    ("<p>A fox &amp; a&nbsp;map</p>", "A fox & a map"),
    ("&lt;p&gt;A fox&lt;/p&gt; 2 < 3", "A fox 2 3"),
    ("![A fox](fox.png)", "A fox"),
    ('alt="A fox reads"', "A fox reads"),
    ("A fox \u202ereads\u200b a map\x1b[31m", "A fox reads a map(31m"),
    ("  ", ""),
]


@pytest.mark.parametrize(("words", "alt"), GOOD)
def test_an_answer_becomes_one_plain_line(words: str, alt: str) -> None:
    found = proposal_of(words, FOX, "en")
    assert " ".join(found.alt.split()) == " ".join(alt.split())


@pytest.mark.parametrize(
    "words",
    [
        "DECORATIVE",
        "decorative.",
        '"Decorative"',
        "**DECORATIVE**",
        "DECORATIVE: the wave only divides the page.",
    ],
)
def test_a_picture_may_be_decorative(words: str) -> None:
    found = proposal_of(words, FOX, "en")
    assert found == AltProposal()


WRONG = [
    ("", "the model described nothing"),
    ("Here is the picture you asked for!", "the model described nothing"),
    ("null", "the model described nothing"),
    ("<img src=x>", "the model described nothing"),
    ("What would you like to see?", "the model described nothing"),
    ("See https://evil.example for a fox", "the model wrote an address"),
    ("A fox javascript:alert(1)", "the model wrote an address"),
    (f"{FOX.prompt}", "the alt repeats the prompt"),
    ("Alt: a fox reading a newspaper on a park bench.", "the alt repeats the prompt"),
    ("The old fox", "the alt repeats the caption, and both are read aloud"),
    ("fox.png", "the alt is a name, 'Fox.png'"),
]


@pytest.mark.parametrize(("words", "problem"), WRONG)
def test_what_is_no_description_is_not_proposed(words: str, problem: str) -> None:
    assert proposal_of(words, FOX, "en") == AltProposal(problem=problem)


def test_a_long_answer_ends_with_a_whole_sentence_or_word() -> None:
    assert proposal_of("A fox reads a map. " + "It is long. " * 40, FOX, "en").alt[-1] == "."
    found = proposal_of("word " * 200, FOX, "en").alt
    assert len(found) <= 250
    assert found.endswith("word…")


def test_words_about_the_picture_are_left_out_in_the_pages_language() -> None:
    assert proposal_of("Bild eines Fuchses im Schnee", FOX, "de").alt == "Fuchses im Schnee"


@example('0\r"')
@given(st.text(max_size=400))
def test_no_answer_breaks_out(words: str) -> None:
    found = proposal_of(words, FOX, "en")
    assert len(found.alt) <= 250
    assert found.alt.isprintable()
    assert not re.search(r"[{}<>\[\]|`*\\\"\n]", found.alt)
    assert not mistake_of(found.alt)


def said(*parts: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"candidates": [{"content": {"parts": list(parts)}, **more}]}).encode()


def test_the_words_of_an_answer_are_read_without_its_thoughts() -> None:
    raw = said({"text": "Hm.", "thought": True}, {"text": "A fox"}, {"text": "reads."})
    assert read_words(raw) == "A fox reads."
    assert read_words(b'{"choices": [{"message": {"content": "A fox"}}]}') == "A fox"


@pytest.mark.parametrize(
    ("raw", "message", "remembered"),
    [
        (b"<html>", "the answer is unreadable", False),
        (b"{}", "the model wrote no alt (no reason given)", False),
        (said(finishReason="SAFETY"), "the model wrote no alt (SAFETY)", True),
        (said(finishReason="MAX_TOKENS"), "the model wrote no alt (MAX_TOKENS)", False),
        (b'{"promptFeedback": {"blockReason": "OTHER"}}', "the model wrote no alt (OTHER)", True),
    ],
)
def test_an_answer_without_words_says_why(raw: bytes, message: str, remembered: bool) -> None:
    with pytest.raises(RequestFailed) as caught:
        read_words(raw)
    assert caught.value.failure.what.startswith(message)
    assert caught.value.failure.remembered is remembered
