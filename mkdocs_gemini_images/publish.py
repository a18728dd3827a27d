"""Write the files that pages point at into the built site.

A file that is in the variants cache is written as it is; another is encoded from the original in
stock, in threads, beside whatever else goes on. An original whose bytes are not what its sidecar
says is published by nobody: its complaint comes back instead. Everything here can be made again.
"""

import os
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.cache import Cache
from mkdocs_gemini_images.complaint import Complaint
from mkdocs_gemini_images.stock import Record, Stock
from mkdocs_gemini_images.threads import DaemonThreads
from mkdocs_gemini_images.variant import Recipe, Variant


@dataclass(frozen=True, slots=True)
class Edition:
    """The files of one picture: site paths, and what is in each."""

    stem: str
    record: Record
    files: tuple[tuple[str, Variant], ...]


class Press:
    """Publishes the pictures of one build below `site`, its output folder."""

    def __init__(self, site: Path, recipe: Recipe, stock: Stock, cache: Cache) -> None:
        self._site = site
        self._recipe = recipe
        self._stock = stock
        self._cache = cache
        self._threads: DaemonThreads | None = None
        self._running: dict[str, Future[Complaint | None]] = {}

    def start(self, edition: Edition) -> None:
        """Publish a picture's files: at once from the cache, or soon from its original."""
        if edition.stem in self._running:
            return
        lacking = []
        for uri, variant in edition.files:
            if (self._site / uri).exists():
                continue  # names never stand for other bytes
            data = self._cache.get(_cached(edition, uri))
            if data is None:
                lacking.append((uri, variant))
            else:
                self.write(uri, data)
        if lacking:
            if self._threads is None:
                self._threads = DaemonThreads(os.cpu_count() or 2)
            self._running[edition.stem] = self._threads.submit(self._encode, edition, lacking)

    def made(self, edition: Edition, uri: str) -> bytes | Complaint:
        """Make one file of a picture, or take it from the cache, without publishing it."""
        variant = dict(edition.files)[uri]
        cached = self._cache.get(_cached(edition, uri))
        if cached is not None:
            return cached
        made = self._made(edition, [(uri, variant)])
        if isinstance(made, Complaint):
            return made
        self._cache.put(_cached(edition, uri), made[0])
        return made[0]

    def finish(self) -> dict[str, Complaint]:
        """Wait for all files, and give the complaints about originals by their stems."""
        complaints = {}
        for stem, running in self._running.items():
            if (complaint := running.result()) is not None:
                complaints[stem] = complaint
        self._running.clear()
        if self._threads is not None:
            self._threads.shutdown()
            self._threads = None
        return complaints

    def write(self, uri: str, data: bytes) -> None:
        """Write one file into the site: whole, or not at all."""
        target = self._site / uri
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.part")
        beside.write_bytes(data)
        beside.replace(target)

    def _encode(self, edition: Edition, files: list[tuple[str, Variant]]) -> Complaint | None:
        made = self._made(edition, files)
        if isinstance(made, Complaint):
            return made
        for (uri, _), data in zip(files, made, strict=True):
            self.write(uri, data)
            self._cache.put(_cached(edition, uri), data)
        return None

    def _made(
        self, edition: Edition, files: list[tuple[str, Variant]]
    ) -> list[bytes] | Complaint:
        from mkdocs_gemini_images.encode import encode  # Pillow, only where something is encoded

        original = self._stock.read(edition.record)
        if isinstance(original, Complaint):
            return original
        encoded = encode(original, [variant for _, variant in files], self._recipe)
        if isinstance(encoded, str):
            name = edition.record.file_name
            return Complaint(f"a picture in {name}", encoded, f"git checkout -- {name}")
        return encoded


def _cached(edition: Edition, uri: str) -> str:
    """Name a file in the cache: the original it was made from, and how."""
    return f"{edition.record.sha256[:16]}/{edition.stem}/{uri.rsplit('/', 1)[-1]}"
