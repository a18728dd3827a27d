"""Cut a job's results into its items while they arrive, so that one item fills the memory at most.

In: pieces of bytes in any size. Out: the items' bytes, and of one that is larger than any answer
its beginning alone. A file has an item a line; a job without a file has them in a list inside the
job's JSON, which is left without them. No effects.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_ITEM_BYTES = 64 * 2**20 + 2**16
"""The largest answer, and the key beside it."""
_HEAD = 4096
_OUTSIDE = re.compile(rb'["{}\[\]]')
_INSIDE = re.compile(rb'["\\]')
_LIST_NAMES = (b"inlinedResponses", b"inlined_responses")


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one item."""

    raw: bytes
    is_cut: bool = False
    """Whether the item is too large, and `raw` its beginning."""


class _Gathered:
    """The bytes of an item that is not complete yet."""

    def __init__(self, most: int) -> None:
        self._most, self._parts, self._size, self._is_cut = most, list[bytes](), 0, False

    def add(self, part: bytes) -> None:
        if self._is_cut or not part:
            return
        self._parts.append(part)
        self._size += len(part)
        if self._size > self._most:
            self._parts, self._is_cut = [b"".join(self._parts)[:_HEAD]], True

    def take(self) -> Piece | None:
        piece = Piece(b"".join(self._parts), self._is_cut)
        self._parts, self._size, self._is_cut = [], 0, False
        return piece if piece.raw.strip() else None


class ResultLines:
    """A file of results: an item a line."""

    def __init__(self, most: int = MAX_ITEM_BYTES) -> None:
        self._line = _Gathered(most)

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """Take bytes of the file, and yield the lines that are complete with them."""
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            self._line.add(part)
            if (piece := self._line.take()) is not None:
                yield piece
        self._line.add(rest)

    def end(self) -> Iterator[Piece]:
        """Yield the last line, where the file does not end with a line break."""
        if (piece := self._line.take()) is not None:
            yield piece


class ListedItems:
    """The JSON of a job with its results in it: `rest` is the JSON without them."""

    def __init__(self, most: int = MAX_ITEM_BYTES) -> None:
        self._item = _Gathered(most)
        self._rest: list[bytes] = []
        self._rest_size = 0
        self._depth = 0
        self._list_depth = 0
        """The depth inside the list of items; 0 outside of it."""
        self._in_string = self._escaped = False
        self._string = b""
        """The beginning of the last string outside of items."""

    @property
    def rest(self) -> bytes:
        """The JSON without the items; its lists of items are empty."""
        return b"".join(self._rest)

    @property
    def rest_size(self) -> int:
        """How many bytes of the JSON are kept."""
        return self._rest_size

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """Take bytes of the JSON, and yield the items that are complete with them."""
        begin = at = 0
        while at < len(chunk):
            if self._escaped:
                self._escaped, at = False, at + 1
                continue
            found = (_INSIDE if self._in_string else _OUTSIDE).search(chunk, at)
            if found is None:
                break
            mark, at = found[0], found.end()
            if self._in_string or mark == b'"':
                self._string_mark(mark, chunk, found.start())
            elif mark in b"{[":
                if self._opens_list(mark):
                    self._keep(chunk[begin:at])
                    begin, self._list_depth = at, self._depth + 1
                elif self._is_between:
                    begin = found.start()  # what stands between two items is dropped
                self._depth += 1
            else:
                self._depth -= 1
                if self._list_depth and self._depth < self._list_depth:
                    begin, self._list_depth = found.start(), 0
                elif self._list_depth and self._depth == self._list_depth:
                    self._item.add(chunk[begin:at])
                    begin = at
                    if (piece := self._item.take()) is not None:
                        yield piece
        self._keep(chunk[begin:])

    @property
    def _is_between(self) -> bool:
        return self._list_depth > 0 and self._depth == self._list_depth

    def _keep(self, part: bytes) -> None:
        if self._is_between:
            return
        if self._list_depth:
            self._item.add(part)
            return
        self._rest.append(part)
        self._rest_size += len(part)
        if self._in_string:
            self._string = (self._string + part)[-64:]

    def _opens_list(self, mark: bytes) -> bool:
        return mark == b"[" and not self._list_depth and self._string in _LIST_NAMES

    def _string_mark(self, mark: bytes, chunk: bytes, at: int) -> None:
        if mark == b"\\":
            self._escaped = True
        elif self._in_string:
            self._in_string = False
            if not self._list_depth:
                tail = self._string + chunk[max(0, at - 64) : at]
                self._string = tail.rpartition(b'"')[2]
        else:
            self._in_string = True
            self._string = b""
