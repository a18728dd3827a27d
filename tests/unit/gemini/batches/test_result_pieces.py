"""Results are cut into items however they arrive, and an item without end fills no memory."""

import json
from random import Random
from typing import Any

from mkdocs_gemini_images.gemini.batches.result_pieces import ListedItems, Piece, ResultLines

ITEMS = [
    {"response": {"text": 'a ]}"{ \\" b'}, "metadata": {"key": "k1"}},
    {"error": {"code": 3, "details": [[], {}]}, "metadata": {"key": "k2"}},
    {"metadata": {"key": "k3"}, "response": {"inlinedResponses": [1, {"a": 2}]}},
]
JOB = {
    "name": "batches/x",
    "metadata": {"output": {"inlinedResponses": {"inlinedResponses": ITEMS}}, "state": "S"},
    "response": {"inlinedResponses": {"inlinedResponses": ITEMS}},
    "done": True,
    "other": [1, [2], "inlinedResponses"],
}


def chunks(raw: bytes, random: Random) -> list[bytes]:
    cuts = sorted(random.randrange(len(raw)) for _ in range(random.randrange(60)))
    return [raw[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]


def test_the_items_of_a_list_are_found_wherever_the_bytes_are_cut() -> None:
    empty: dict[str, Any] = {"inlinedResponses": {"inlinedResponses": []}}
    for seed in range(300):
        random = Random(seed)
        raw = json.dumps(JOB, indent=random.choice((None, 2))).encode()
        items = ListedItems()
        found = [piece for chunk in chunks(raw, random) for piece in items.feed(chunk)]
        assert [json.loads(piece.raw) for piece in found] == ITEMS * 2
        rest = json.loads(items.rest)
        assert (rest["metadata"]["output"], rest["response"]) == (empty, empty)
        assert rest["other"] == JOB["other"]


def test_the_lines_of_a_file_are_found_wherever_the_bytes_are_cut() -> None:
    raw = b"first\r\n\n  \nsecond line\nlast"
    for seed in range(100):
        lines = ResultLines()
        found = [p for chunk in chunks(raw, Random(seed)) for p in lines.feed(chunk)]
        found += lines.end()
        assert [piece.raw.strip() for piece in found] == [b"first", b"second line", b"last"]


def test_a_line_that_is_too_long_keeps_its_beginning_alone() -> None:
    lines = ResultLines(most=10_000)
    found = [p for _ in range(1000) for p in lines.feed(b"x" * 1000)]
    assert found == []
    assert [*lines.feed(b"\nshort\n")] == [Piece(b"x" * 4096, is_cut=True), Piece(b"short")]


def test_an_item_of_a_list_that_is_too_long_keeps_its_beginning_alone() -> None:
    items = ListedItems(most=1000)
    head = b'{"inlinedResponses":[{"key":"a","response":"'
    found = [*items.feed(head)]
    for _ in range(100):
        found += items.feed(b"x" * 1000)
    found += items.feed(b'"},{"key":"b"}],"name":"n"}')
    assert [piece.is_cut for piece in found] == [True, False]
    assert found[1].raw == b'{"key":"b"}'
    assert json.loads(items.rest) == {"inlinedResponses": [], "name": "n"}


def test_a_string_without_end_outside_of_items_is_counted() -> None:
    items = ListedItems()
    assert [*items.feed(b'{"name":"' + b"x" * 100_000)] == []
    assert items.rest_size > 100_000
