"""Conversations are sent again as received, or start with the previous picture."""

import base64
import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.gemini.answers.answer import by_digest
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, Turn
from mkdocs_gemini_images.generation.conversation import MAX_TURN_BYTES, kept_turn, restored, turns
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, PicturePart, UriPart, key
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import jpeg, png, proven, record, step

DATA = png()
OTHER = jpeg(5, 5)
SIGNED: dict[str, Any] = {"thoughtSignature": "c2lnbmVk"}


def part(data: bytes = DATA, name: str = "inlineData", **more: Any) -> dict[str, Any]:
    return {name: {"mimeType": "image/png", "data": base64.b64encode(data).decode()}, **more}


def jpeg_part() -> dict[str, Any]:
    data = base64.b64encode(OTHER).decode()
    return {"inlineData": {"mimeType": "image/jpeg", "data": data}, **SIGNED}


def stocked(*pairs: tuple[ImageRequest, bytes, tuple[Any, ...]]) -> Any:
    """Return what reads from a store with these requests, pictures and kept turns."""
    found = {key(each): (record(each, data, turn=turn), data) for each, data, turn in pairs}

    def read(name: str) -> tuple[Record, bytes]:
        if name not in found:
            expected = "the picture it builds on"
            raise DiagnosticError(Diagnostic(expected, "none in stock", "draw that one first"))
        return found[name]

    return read


def load(part: FilePart) -> Inline:
    if part.path == "gone.png":
        raise DiagnosticError(Diagnostic("a file", "none", "check its path"))
    return Inline(proven(OTHER), OTHER)


def keep(parts: tuple[Any, ...], data: bytes) -> tuple[Any, ...]:
    """Return what is kept of a turn whose picture is `data`."""
    return kept_turn(by_digest(parts), sha256(data).hexdigest())


FIRST = step("A fox")
EDIT = step("A hat", after=FIRST)
LAST = step("A red hat", after=EDIT)
TURN = ({"text": "Here", **SIGNED}, part(**SIGNED))


@pytest.mark.parametrize(
    "parts",
    [
        (part(**SIGNED),),
        ({"text": "Hm", "thought": True}, {"text": "Here", **SIGNED}, part(**SIGNED)),
        (part(thought=True), part(**SIGNED)),
        (part(thought=True, thoughtSignature="c2ln"), {"text": "Here"}, part(**SIGNED)),
        ({"inline_data": {"mime_type": "image/png", "data": base64.b64encode(DATA).decode()},
          "thought_signature": "c2ln"}, {"text": "\ud83d"}),
        (part(**SIGNED), {"executableCode": {"code": "1"}, "list": [1, {"a": None}]}),
    ],
    ids=["signed", "thoughts", "the same draft", "a signed draft", "snake_case", "more"],
)  # fmt: skip
def test_a_turn_is_kept_without_its_picture_and_restored_exactly(parts: tuple[Any, ...]) -> None:
    turn = keep(parts, DATA)
    assert base64.b64encode(DATA).decode() not in json.dumps(turn)
    stored = tuple(json.loads(json.dumps(turn)))
    assert restored(record(FIRST, DATA, turn=stored), DATA) == parts


@pytest.mark.parametrize(
    "parts",
    [
        (part(),),
        (part(thoughtSignature=""),),
        (part(thoughtSignature=" "),),
        (part(thoughtSignature=None),),
        (part(**SIGNED), part()),
        ({"text": "Here", "thoughtSignature": ""}, part(**SIGNED)),
        (part(thought=True, **SIGNED),),
        ({"text": f"![](data:image/png;base64,{base64.b64encode(DATA).decode()})", **SIGNED},),
        ({"text": "Here"},),
        (),
    ],
)
def test_a_turn_without_its_signatures_is_not_sent_again(parts: tuple[Any, ...]) -> None:
    look = stocked((FIRST, DATA, keep(parts, DATA)))
    assert turns(EDIT, {}, look, load) == [Turn("A hat", (Inline(proven(DATA), DATA),))]


@pytest.mark.parametrize("declared", ["image/jpg", "image/jpeg", "application/octet-stream", None])
def test_a_picture_is_sent_again_with_its_own_type(declared: str | None) -> None:
    sent = {"inlineData": {"mimeType": declared, "data": base64.b64encode(DATA).decode()}, **SIGNED}
    turn = restored(record(FIRST, DATA, turn=keep((sent,), DATA)), DATA)
    assert turn == (part(**SIGNED),)


odd = st.dictionaries(
    st.sampled_from(["text", "thought", "x"]), st.text() | st.booleans(), max_size=3
)
picture = st.dictionaries(st.sampled_from(["x", "text"]), st.text(),
                          max_size=2).map(lambda more: {**part(), **more, **SIGNED})  # fmt: skip


@given(st.lists(odd | picture, max_size=4), st.integers(0, 4))
def test_any_turn_with_this_picture_comes_back_as_it_was(
    others: list[dict[str, Any]], at: int
) -> None:
    parts = (*others[:at], part(**SIGNED), *others[at:])
    assert restored(record(FIRST, DATA, turn=keep(parts, DATA)), DATA) == parts


@pytest.mark.parametrize(
    "parts",
    [(part(OTHER, thought=True), part()), (part(OTHER),), ({"inlineData": {}},),
     ({"inlineData": {"data": 7}},), ({"inlineData": {"data": "ä"}},),
     ({"text": "x" * (MAX_TURN_BYTES + 1)}, part())],
    ids=["a draft", "another picture", "empty", "a number", "no base64", "too long"],
)  # fmt: skip
def test_a_turn_that_cannot_be_restored_is_not_kept(parts: tuple[Any, ...]) -> None:
    assert keep(parts, DATA) == ()
    assert restored(record(FIRST, DATA), DATA) is None


def test_a_turn_of_another_picture_is_not_restored() -> None:
    assert restored(record(FIRST, OTHER, turn=keep(TURN, DATA)), OTHER) is None


def test_base64_in_another_alphabet_is_the_same_picture() -> None:
    blob = {"mimeType": "image/png", "data": base64.urlsafe_b64encode(DATA).decode().rstrip("=")}
    turn = keep(({"inlineData": blob, **SIGNED},), DATA)
    assert restored(record(FIRST, DATA, turn=turn), DATA) == (part(**SIGNED),)


def test_a_first_step_is_one_turn_with_its_references() -> None:
    asked = step(
        "A fox", parts=(FilePart("a.png", "f" * 64), UriPart("gs://b/c.png"), PicturePart("keeper"))
    )
    found = turns(asked, {"keeper": key(FIRST)}, stocked((FIRST, DATA, ())), load)
    assert found == [
        Turn(
            "A fox",
            (
                Inline(proven(OTHER), OTHER),
                FileUri("gs://b/c.png", "image/png"),
                Inline(proven(DATA), DATA),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("part", "mime_type"),
    [(UriPart("https://x.example/A.JPG?size=1.png#x"), "image/jpeg"),
     (UriPart("gs://b/c", "image/webp"), "image/webp"),
     (UriPart("gs://b/c.png", "image/heic"), "image/heic")],
)  # fmt: skip
def test_the_type_of_an_address_is_its_authors_or_its_ending(part: UriPart, mime_type: str) -> None:
    asked = step("A fox", parts=(part,))
    assert turns(asked, {}, stocked(), load) == [
        Turn("A fox", (FileUri(part.uri, mime_type),))
    ]  # fmt: skip


@pytest.mark.parametrize("uri", ["gs://b/c", "https://x.example/fox?f=a.png", "https://a/b.gif"])
def test_the_type_of_an_address_without_ending_is_asked_for(uri: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        turns(step("A fox", parts=(UriPart(uri),)), {}, stocked(), load)
    assert str(raised.value) == (
        f"the type of the picture at '{uri}' is not known: "
        f"write it behind the address: {uri} type image/png"
    )


def test_an_edit_follows_the_models_own_turn() -> None:
    look = stocked((FIRST, DATA, keep(TURN, DATA)))
    assert turns(EDIT, {}, look, load) == [Turn("A fox"), Turn(model=TURN), Turn("A hat")]


def test_two_edits_follow_two_turns() -> None:
    second = (jpeg_part(),)
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
    look = stocked((FIRST, DATA, ()), (EDIT, OTHER, keep((jpeg_part(),), OTHER)))
    assert turns(LAST, {}, look, load) == [
        Turn("A hat", (Inline(proven(DATA), DATA),)), Turn(model=(jpeg_part(),)), Turn("A red hat"),
    ]  # fmt: skip


def test_without_history_a_step_is_the_picture_before_it_with_the_instruction() -> None:
    look = stocked((FIRST, DATA, keep(TURN, DATA)), (EDIT, OTHER, keep((jpeg_part(),), OTHER)))
    assert turns(LAST, {}, look, load, history=False) == [
        Turn("A red hat", (Inline(proven(OTHER), OTHER),))
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [(EDIT, "expected the picture it builds on, got none in stock: draw that one first"),
     (step(parts=(PicturePart("keeper"),)),
      "expected the picture it builds on, got none in stock: draw that one first"),
     (step(parts=(FilePart("gone.png", "f" * 64),)), "expected a file, got none: check its path")],
    ids=["before", "another's", "a file"],
)  # fmt: skip
def test_a_picture_that_a_conversation_lacks_raises_its_diagnostic(
    asked: ImageRequest, said: str
) -> None:
    with pytest.raises(DiagnosticError) as raised:
        turns(asked, {"keeper": "a" * 64}, stocked(), load)
    assert str(raised.value) == said


def test_a_record_keeps_its_turn_through_json() -> None:
    whole = record(FIRST, DATA, turn=keep(TURN, DATA))
    again = Record(**(json.loads(json.dumps({"turn": whole.turn})) | {
        name: getattr(whole, name)
        for name in ("key", "sha256", "kind", "width", "height", "author_digest", "request")
    }))  # fmt: skip
    assert restored(again, DATA) == TURN
