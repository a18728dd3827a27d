"""A conversation is sent again as it was, or begun anew with its last picture."""

import base64
import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.gemini.codec import FileUri, Inline, Turn, by_digest
from mkdocs_gemini_images.generation.conversation import MAX_TURN_BYTES, kept, restored, turns
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, PicturePart, UriPart, key
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import jpeg, png, proven, record, step

DATA = png()
OTHER = jpeg(5, 5)
SIGNED: dict[str, Any] = {"thoughtSignature": "c2lnbmVk"}


def part(data: bytes = DATA, name: str = "inlineData", **more: Any) -> dict[str, Any]:
    return {name: {"mimeType": "image/png", "data": base64.b64encode(data).decode()}, **more}


def stocked(*pairs: tuple[ImageRequest, bytes, tuple[Any, ...]]) -> Any:
    """Look up in a stock of these steps, pictures and kept turns."""
    found = {key(each): (record(each, data, turn=turn), data) for each, data, turn in pairs}
    missing = Diagnostic("the picture it builds on", "none in stock", "draw that one first")
    return lambda name: found.get(name, missing)


def load(part: FilePart) -> Inline:
    if part.path == "gone.png":
        raise DiagnosticError(Diagnostic("a file", "none", "check its path"))
    return Inline(proven(OTHER), OTHER)


def keep(parts: tuple[Any, ...], data: bytes) -> tuple[Any, ...]:
    """Keep a turn in which this picture is in stock."""
    return kept(by_digest(parts), sha256(data).hexdigest())


FIRST = step("A fox")
EDIT = step("A hat", after=FIRST)
LAST = step("A red hat", after=EDIT)
TURN = ({"text": "Here", **SIGNED}, part(**SIGNED))


@pytest.mark.parametrize(
    "parts",
    [
        (part(),),
        (part(**SIGNED),),
        ({"text": "Hm", "thought": True}, {"text": "Here", **SIGNED}, part(**SIGNED)),
        (part(thought=True), part(**SIGNED)),
        (part(name="inline_data"), {"text": "\ud83d"}),
        ({"text": f"![](data:image/png;base64,{base64.b64encode(DATA).decode()})"},),
        (part(), {"executableCode": {"code": "1"}, "list": [1, {"a": None}]}),
    ],
    ids=["picture", "signed", "thoughts", "the same draft", "snake_case", "markdown", "more"],
)
def test_a_turn_is_kept_without_its_picture_and_restored_exactly(parts: tuple[Any, ...]) -> None:
    turn = keep(parts, DATA)
    assert base64.b64encode(DATA).decode() not in json.dumps(turn) or "text" in parts[0]
    stored = tuple(json.loads(json.dumps(turn)))
    assert restored(record(FIRST, DATA, turn=stored), DATA) == parts


odd = st.dictionaries(
    st.sampled_from(["text", "thought", "x"]), st.text() | st.booleans(), max_size=3
)
picture = st.dictionaries(st.sampled_from(["thoughtSignature", "thought", "text"]), st.text(),
                          max_size=2).map(lambda more: {**part(), **more})  # fmt: skip


@given(st.lists(odd | picture, min_size=1, max_size=5).map(tuple))
def test_any_turn_with_this_picture_comes_back_as_it_was(parts: tuple[Any, ...]) -> None:
    assert restored(record(FIRST, DATA, turn=keep(parts, DATA)), DATA) == parts


@pytest.mark.parametrize(
    "parts",
    [(part(OTHER, thought=True), part()), (part(OTHER),), ({"inlineData": {}},),
     ({"inlineData": {"data": 7}},), ({"inlineData": {"data": "ä"}},),
     ({"text": "x" * (MAX_TURN_BYTES + 1)}, part())],
    ids=["a draft", "another picture", "empty", "a number", "no base64", "too long"],
)  # fmt: skip
def test_a_turn_that_cannot_be_made_whole_again_is_not_keep(parts: tuple[Any, ...]) -> None:
    assert keep(parts, DATA) == ()
    assert restored(record(FIRST, DATA), DATA) is None


def test_a_turn_of_another_picture_is_not_restored() -> None:
    assert restored(record(FIRST, OTHER, turn=keep(TURN, DATA)), OTHER) is None


def test_base64_in_another_alphabet_is_the_same_picture() -> None:
    blob = {"mimeType": "image/png", "data": base64.urlsafe_b64encode(DATA).decode().rstrip("=")}
    assert restored(record(FIRST, DATA, turn=keep(({"inlineData": blob},), DATA)), DATA) == (
        part(),
    )


def test_a_first_step_is_one_turn_with_its_references() -> None:
    asked = step(
        "A fox", parts=(FilePart("a.png", "f" * 64), UriPart("gs://b/c"), PicturePart("keeper"))
    )
    found = turns(asked, {"keeper": key(FIRST)}, stocked((FIRST, DATA, ())), load)
    assert found == [
        Turn(
            "A fox", (Inline(proven(OTHER), OTHER), FileUri("gs://b/c"), Inline(proven(DATA), DATA))
        )
    ]


def test_an_edit_follows_the_models_own_turn() -> None:
    look = stocked((FIRST, DATA, keep(TURN, DATA)))
    assert turns(EDIT, {}, look, load) == [Turn("A fox"), Turn(model=TURN), Turn("A hat")]


def test_two_edits_follow_two_turns() -> None:
    second = (part(OTHER),)
    look = stocked((FIRST, DATA, keep(TURN, DATA)), (EDIT, OTHER, keep(second, OTHER)))
    assert turns(LAST, {}, look, load) == [
        Turn("A fox"), Turn(model=TURN), Turn("A hat"), Turn(model=second), Turn("A red hat"),
    ]  # fmt: skip


def test_without_a_kept_turn_the_previous_picture_is_part_of_the_question() -> None:
    assert turns(EDIT, {}, stocked((FIRST, DATA, ())), load) == [
        Turn("A hat", (Inline(proven(DATA), DATA),))
    ]


def test_a_gap_in_the_middle_begins_the_conversation_anew_there() -> None:
    look = stocked((FIRST, DATA, keep(TURN, DATA)), (EDIT, OTHER, ()))
    assert turns(LAST, {}, look, load) == [Turn("A red hat", (Inline(proven(OTHER), OTHER),))]
    look = stocked((FIRST, DATA, ()), (EDIT, OTHER, keep((part(OTHER),), OTHER)))
    assert turns(LAST, {}, look, load) == [
        Turn("A hat", (Inline(proven(DATA), DATA),)), Turn(model=(part(OTHER),)), Turn("A red hat"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [(EDIT, "expected the picture it builds on, got none in stock: draw that one first"),
     (step(parts=(PicturePart("keeper"),)),
      "expected the picture it builds on, got none in stock: draw that one first"),
     (step(parts=(FilePart("gone.png", "f" * 64),)), "expected a file, got none: check its path")],
    ids=["before", "another's", "a file"],
)  # fmt: skip
def test_what_a_conversation_lacks_is_said(asked: ImageRequest, said: str) -> None:
    assert str(turns(asked, {"keeper": "a" * 64}, stocked(), load)) == said


def test_a_record_keeps_its_turn_through_json() -> None:
    whole = record(FIRST, DATA, turn=keep(TURN, DATA))
    again = Record(**(json.loads(json.dumps({"turn": whole.turn})) | {
        name: getattr(whole, name)
        for name in ("key", "sha256", "kind", "width", "height", "author_digest", "request")
    }))  # fmt: skip
    assert restored(again, DATA) == TURN
