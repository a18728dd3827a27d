"""Find records by what their directives said, in memory: by the author's options, or by an id."""

from bisect import insort
from collections.abc import Iterable

from mkdocs_gemini_images.store.record import Record


class RecordIndex:
    """Records by the digest of the author's options and by id, each list from old to new."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._by_author_digest: dict[str, list[Record]] = {}
        self._by_id: dict[str, list[Record]] = {}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Add a record."""
        if record.author_digest:
            _insert(self._by_author_digest, record.author_digest, record)
        if record.id:
            _insert(self._by_id, record.id, record)

    def newest_of_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return next(reversed(self._by_author_digest.get(author_digest, [])), None)

    def newest_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return next(reversed(self.named(id)), None)

    def named(self, id: str) -> list[Record]:
        """Return the records that were drawn for a directive's id."""
        return self._by_id.get(id, [])


def _insert(index: dict[str, list[Record]], name: str, record: Record) -> None:
    insort(index.setdefault(name, []), record, key=lambda each: (each.time, each.key))
