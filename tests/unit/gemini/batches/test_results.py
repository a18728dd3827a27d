"""Each request of a job gets its own answer and no other, whatever the results hold."""

import json
from contextlib import suppress
from typing import Any

import pytest

from mkdocs_gemini_images.gemini.answers.answer import read_answer
from mkdocs_gemini_images.gemini.batches.item import ItemAnswer
from mkdocs_gemini_images.gemini.batches.result_pieces import Piece
from mkdocs_gemini_images.gemini.batches.results import AllAnswered, ResultsRead, Sorter
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed


def answer(key: str, text: str = "a picture") -> Piece:
    return piece(key=key, response={"candidates": [{"content": {"parts": [{"text": text}]}}]})


def piece(**value: Any) -> Piece:
    return Piece(json.dumps(value).encode())


def sorted_(*pieces: Piece, keys: tuple[str, ...] = ("a", "b")) -> tuple[list[str], ResultsRead]:
    """Return what was taken, as `key: words`, and what there was."""
    taken: list[ItemAnswer] = []
    sorter = Sorter(keys, taken.append)
    with suppress(AllAnswered):
        sorter.add(pieces)
    read = sorter.end()
    return [f"{each.key}: {words(each)}" for each in taken], read


def words(each: ItemAnswer) -> str:
    failure = each.failure or failure_of(each.raw)
    return failure.what


def failure_of(raw: bytes) -> Failure:
    with pytest.raises(RequestFailed) as caught:
        read_answer(raw)
    return caught.value.failure


def test_answers_are_taken_in_any_order_under_their_keys() -> None:
    taken, read = sorted_(answer("b", "of b"), piece(metadata={"key": "a"}, response={"x": 1}))
    assert [each[:2] for each in taken] == ["b:", "a:"]
    assert "of b" in taken[0]
    assert read == ResultsRead(frozenset())


def test_reading_ends_when_each_request_has_its_answer() -> None:
    sorter = Sorter(("a",), lambda each: None)
    with pytest.raises(AllAnswered):
        sorter.add([answer("a"), answer("never read")])


def test_a_key_that_none_asked_for_is_counted_and_not_taken() -> None:
    taken, read = sorted_(answer("c"), piece(response={"x": 1}), piece(key=7, response={}))
    assert taken == []
    assert read == ResultsRead(frozenset({"a", "b"}), strange=3)


def test_the_first_of_two_answers_counts() -> None:
    taken, read = sorted_(answer("a", "first"), answer("a", "second"))
    assert len(taken) == 1
    assert "first" in taken[0]
    assert read == ResultsRead(frozenset({"b"}), repeated=1)


def test_an_answer_counts_before_an_error_of_the_same_request() -> None:
    error = piece(key="a", error={"code": 13, "message": "it broke"})
    assert len(sorted_(error, answer("a"), error)[0]) == 1
    taken, read = sorted_(error, error)
    assert taken == ["a: HTTP 500: it broke; build again later"]
    assert read.missing == {"b"}


@pytest.mark.parametrize("name", ["error", "status"])
def test_the_number_of_an_error_is_one_of_google_rpc(name: str) -> None:
    taken, _ = sorted_(piece(key="a", **{name: {"code": 3, "message": "no such ratio"}}))
    assert taken == ["a: HTTP 400: no such ratio; correct what the server complains about"]


def test_a_broken_line_is_known_by_its_key_and_may_be_read_later() -> None:
    broken = Piece(answer("a").raw[:-20])
    taken: list[ItemAnswer] = []
    sorter = Sorter(("a", "b"), taken.append)
    sorter.add([broken, answer("b")])
    assert sorter.end() == ResultsRead(frozenset())
    assert [each.key for each in taken] == ["b", "a"]
    assert taken[1].raw == broken.raw
    assert failure_of(broken.raw).billed == "yes"


@pytest.mark.parametrize(
    "raw",
    [b"", b"nonsense", b"[1]", b"null", b"{" * 100_000, b'{"key":"a","key":"b","response":{}}',
     b'{"response":{"text":"\\"key\\":\\"a\\""}', b"\xff\xfe"],
)  # fmt: skip
def test_what_has_no_key_of_its_own_is_given_to_none(raw: bytes) -> None:
    assert sorted_(Piece(raw))[1] == ResultsRead(frozenset({"a", "b"}), strange=1)


def test_an_item_without_end_is_a_failure_of_its_request() -> None:
    cut = Piece(b'{"key":"a","response":{"x":"' + b"A" * 4000, is_cut=True)
    taken, read = sorted_(cut, answer("b"))
    assert taken[1:] == ["a: the answer is larger than 64 MB"]
    assert read.missing == frozenset()


def test_results_with_far_more_lines_than_requests_are_given_up() -> None:
    sorter = Sorter(("a",), lambda each: None)
    with pytest.raises(RequestFailed, match="more than 104 lines for 1 requests"):
        sorter.add(piece(key="x", response={}) for _ in range(1000))
