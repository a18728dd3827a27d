"""Whatever an answer holds, the sidecar that is kept of it can be read again."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.image_format import MAX_PIXELS
from mkdocs_gemini_images.store.record import (
    MAX_SIDECAR_BYTES,
    Record,
    read_sidecar,
    readable,
    sidecar_bytes,
)
from tests.unit.pictures import png, record, step

PLAIN = record(step("A fox"), png())
HUGE = "x" * (MAX_SIDECAR_BYTES + 1)


def read_back(kept: Record) -> Record:
    return read_sidecar("KEY.json", sidecar_bytes(kept), kept.key)


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", 1e6), ("price", 1e300), ("price", math.inf), ("price", math.nan), ("price", -1.0),
        ("billed", {"picture": math.nan}), ("billed", {"picture": -0.1}), ("billed", {"": 0.1}),
        ("billed", {"picture": HUGE}), ("quoted", {"at_most": True}), ("quoted", {"x" * 41: 0.1}),
        ("tokens", {"image": math.inf}), ("tokens", {"image": HUGE}),
        ("tokens", {"image": 10**12}), ("tokens", {"image": 10**5000}), ("tokens", {"image": -1}),
        ("text", HUGE), ("text", "\ud83d\ude00"), ("turn", ({"thoughtSignature": HUGE},)),
        ("turn", ({"number": math.nan},)), ("turn", (deep(5000),)), ("grounding", {"a": HUGE}),
        ("grounding", {"a": [math.inf]}), ("grounding", {"a": "\ud83d\ude00"}),
        ("grounding", deep(5000)), ("alt", HUGE), ("backdrop", "<script>"), ("backdrop", HUGE),
        ("model_version", HUGE), ("response_id", HUGE), ("sent", (HUGE,)), ("id", HUGE),
    ],
)  # fmt: skip
def test_a_field_that_no_sidecar_can_hold_is_left_out_and_the_others_stay(
    field: str, value: Any
) -> None:
    hostile = PLAIN._replace(**{field: value})
    kept = readable(hostile)
    assert read_back(kept) == kept
    assert kept._replace(**{field: getattr(PLAIN, field)}) == PLAIN
    assert getattr(kept, field) in (None, "", (), {})


def test_the_items_of_a_bill_are_kept_and_no_sidecar_without_them_changes() -> None:
    billed = PLAIN._replace(billed={"picture": 0.03}, quoted={"expected": 0.03, "at_most": 0.06})
    assert read_back(billed) == billed
    assert b"billed" not in sidecar_bytes(PLAIN)


@pytest.mark.parametrize("wrong", ["lots", ["picture"], {"picture": "0.03"}, {"PICTURE": 0.03}])
def test_a_picture_does_not_need_a_bill_that_can_be_read(wrong: Any) -> None:
    value = json.loads(sidecar_bytes(PLAIN)) | {"billed": wrong, "quoted": wrong}
    assert read_sidecar("KEY.json", json.dumps(value).encode(), PLAIN.key) == PLAIN


def test_several_of_them_are_left_out_together_and_the_others_stay() -> None:
    plain = PLAIN._replace(alt="A fox", response_id="r-1", tokens={"image": 1290})
    kept = readable(plain._replace(text=HUGE, grounding={"a": HUGE}, price=math.nan))
    assert read_back(kept) == kept
    assert kept == plain._replace(text="", grounding={}, price=None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("width", MAX_PIXELS), ("height", MAX_PIXELS), ("tokens", {"image": 10**11}),
     ("price", 999_999.9), ("text", "\ud83d"), ("id", "ä" * 300),
     ("text", "\x00\u2028\x7f"), ("turn", (deep(90),)), ("grounding", {"": ""}),
     ("alt", "x" * 2**20)],
)  # fmt: skip
def test_what_a_sidecar_can_hold_is_kept_whole(field: str, value: Any) -> None:
    record = PLAIN._replace(**{field: value})
    assert readable(record) is record
    assert read_back(record) == record


@pytest.mark.parametrize(("field", "value"), [("width", 0), ("kind", "gif"), ("key", None)])
def test_a_record_that_cannot_do_without_a_bad_field_is_refused(field: str, value: Any) -> None:
    with pytest.raises(DiagnosticError, match="that a sidecar can hold"):
        readable(PLAIN._replace(**{field: value}))


texts = st.text(st.characters(codec=None), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
objects = st.dictionaries(texts, values, max_size=3)


@given(
    price=st.none() | st.floats(), text=texts, grounding=objects,
    turn=st.lists(objects, max_size=2), response_id=texts,
    tokens=st.dictionaries(texts, st.integers(), max_size=3),
    backdrop=texts, alt=texts, id=texts, width=st.integers(1, MAX_PIXELS),
)  # fmt: skip
def test_any_record_is_read_as_it_was_kept(turn: list[Any], **fields: Any) -> None:
    kept = readable(PLAIN._replace(turn=tuple(turn), **fields))
    assert read_back(kept) == kept
    assert (kept.key, kept.sha256, kept.width) == (PLAIN.key, PLAIN.sha256, fields["width"])
