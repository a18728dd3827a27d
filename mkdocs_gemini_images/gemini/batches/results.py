"""Sort the items of a job's results: each request gets one answer at most, and none a stranger's.

In: the items in the order of their arrival. Out: the answers, handed on at once, so that they are
kept before the next one is read; what was said to the other requests comes at the end, since an
answer may follow an error. No effects beside those of the function that takes the answers.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from mkdocs_gemini_images.gemini.batches.item import ItemAnswer, read_item, too_large
from mkdocs_gemini_images.gemini.batches.result_pieces import MAX_ITEM_BYTES, Piece
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed

Take = Callable[[ItemAnswer], None]
_HELD_BYTES = MAX_ITEM_BYTES
"""What all errors and broken items may take that are held until the end."""


@dataclass(frozen=True, slots=True)
class ResultsRead:
    """What was in a job's results."""

    missing: frozenset[str]
    """The keys to which nothing was said."""
    strange: int = 0
    """How many items had no key that was asked for."""
    repeated: int = 0
    """How many answers came a second time."""


class AllAnswered(Exception):
    """Raised where each request has its answer, and the rest need not arrive."""


class Sorter:
    """The items of one job; `take` is given each request's answer."""

    def __init__(self, keys: Collection[str], take: Take) -> None:
        self._keys, self._take = frozenset(keys), take
        self._answered: set[str] = set()
        self._held: dict[str, ItemAnswer] = {}
        self._held_bytes = 0
        self._seen = self._strange = self._repeated = 0

    def add(self, pieces: Iterable[Piece]) -> None:
        """Take the next items.

        Raises `AllAnswered`, `RequestFailed` where there are many more items than requests, and
        what `take` raises.
        """
        for piece in pieces:
            self._seen += 1
            if self._seen > 4 * len(self._keys) + 100:
                many = f"its results have more than {self._seen - 1} lines"
                raise RequestFailed(Failure(f"{many} for {len(self._keys)} requests"))
            self._add(piece)
            if len(self._answered) == len(self._keys):
                raise AllAnswered

    def end(self) -> ResultsRead:
        """Hand on what was said to requests without an answer, and return what there was."""
        for key, held in self._held.items():
            if key not in self._answered:
                self._take(held)
        missing = self._keys - self._answered - self._held.keys()
        return ResultsRead(missing, self._strange, self._repeated)

    def _add(self, piece: Piece) -> None:
        item = read_item(piece.raw, self._keys)
        if item.key not in self._keys:
            self._strange += 1
        elif item.key in self._answered:
            self._repeated += 1
        elif item.is_answer:
            self._answered.add(item.key)
            self._take(ItemAnswer(item.key, piece.raw))
        elif piece.is_cut:
            self._held.setdefault(item.key, too_large(item.key, piece.raw))
        elif item.key not in self._held:
            raw = item.error or piece.raw
            self._held_bytes += len(raw)
            room = self._held_bytes <= _HELD_BYTES
            self._held[item.key] = ItemAnswer(item.key, raw if room else raw[:4096])
