"""JSON of strangers is a value or a `ValueError`, and no later function stumbles over it."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.untrusted_json import MAX_NESTING, read_json

SECRET = b"PASSWORD"


@pytest.mark.parametrize(
    "raw",
    [b"", SECRET, b'{"a": PASSWORD}', b'{"PASSWORD": 1, "PASSWORD": 2}', b"[" * 10**6,
     b'{"a":' * 10**5, b"[" * 500 + b"]" * 500, b"\xff\xfe\x00", b"\0" * 9, b'"\n"', b"1" * 5000,
     b'[{"b": {"c": 1, "c": 1}}]'],
)  # fmt: skip
def test_what_is_no_json_raises_without_a_word_of_it(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*PASSWORD)"):
        read_json(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_is_read_in_every_encoding_that_it_has(encoding: str) -> None:
    assert read_json('{"a": ["ü", 1.5]}'.encode(encoding)) == {"a": ["ü", 1.5]}


@pytest.mark.parametrize("levels", [1, MAX_NESTING - 1, MAX_NESTING, MAX_NESTING + 1, 300])
def test_nesting_ends_somewhere(levels: int) -> None:
    raw = b"[" * levels + b"]" * levels
    if levels < MAX_NESTING:
        deepcopy(read_json(raw))
    elif levels > MAX_NESTING:
        with pytest.raises(ValueError, match="nested too deeply"):
            read_json(raw)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_any_value_is_read_as_it_was_written(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value
