"""A text model of the emulator answers with words of the page, always the same, or a fault."""

import json

import pytest

from mkdocs_gemini_images.emulator.answers.word_answers import answer, read_query
from mkdocs_gemini_images.emulator.protocol.errors import RequestRefused
from mkdocs_gemini_images.emulator.protocol.protojson import parse_json, read_message
from mkdocs_gemini_images.sources.alts.question import AltQuestion, write_question
from mkdocs_gemini_images.sources.alts.section import Section
from tests.unit.pictures import png

MODEL = "gemini-3.1-flash-lite"


def said(section: Section, picture: bytes = b"no picture", scenario: str = "ok") -> str:
    body = write_question(AltQuestion("ab" * 32, section), picture)
    query = read_query(read_message("GenerateContentRequest", parse_json(body)))
    value, bill = answer(query, query.scenario or scenario, MODEL)
    assert json.loads(json.dumps(value)) == value
    assert 0 < sum(bill.values()) < 0.01
    parts = value["candidates"][0]["content"]["parts"]
    return parts[0]["text"] if parts else ""


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("A lighthouse by the sea at dusk", "A lighthouse by the sea at dusk in "),
        ("The owl", "An owl in "),
        ("Nothing that is known", "A scene in "),
        ("", "A scene in "),
    ],
)
def test_the_words_are_those_of_the_page(heading: str, words: str) -> None:
    first = said(Section(heading), png(8, 8))
    assert first.startswith(words)
    assert first.endswith(" tones")
    assert said(Section(heading), png(8, 8)) == first


def test_a_tag_on_the_page_chooses_the_answer() -> None:
    assert said(Section("x [emulate: decorative]")) == "DECORATIVE"
    assert said(Section("x [emulate: nothing]")) == ""
    for name in ("bad-request", "no-such-scenario"):
        with pytest.raises(RequestRefused):
            said(Section("x"), scenario=name)


def test_a_request_without_parts_is_refused() -> None:
    with pytest.raises(RequestRefused):
        read_query({})
