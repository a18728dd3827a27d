"""Write the files that pages point at into the built site.

A file that was published before is linked. Others are made in threads, beside whatever else goes
on: written as the variants cache has them, or encoded from the original in stock, saying where they
come from. An original whose bytes are not what its sidecar says is published by nobody: its
complaint comes back instead. Everything here can be made again.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Complaint
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.hardlink_cache import Ready
from mkdocs_gemini_images.imaging.variant_cache import Cache
from mkdocs_gemini_images.imaging.variants import Recipe, Variant
from mkdocs_gemini_images.store.folder import Pictures, Record


@dataclass(frozen=True, slots=True)
class Edition:
    """The files of one picture: site paths, and what is in each."""

    stem: str
    record: Record
    files: tuple[tuple[str, Variant], ...]


class Press:
    """Publishes the pictures of one build below `site`, its output folder."""

    def __init__(
        self, site: Path, recipe: Recipe, stock: Pictures, cache: Cache, ready: Ready
    ) -> None:
        self._site = site
        self._recipe = recipe
        self._stock = stock
        self._cache = cache
        self._ready = ready
        self._threads: DaemonThreads | None = None
        self._begun: set[str] = set()
        self._running: list[tuple[str, Future[Complaint | None]]] = []

    def start(self, edition: Edition) -> None:
        """Publish a picture's files: at once where they were published before, else in threads.

        Editions of one picture may share files, as a named file's and a plain one's do.
        """
        lacking = [
            (uri, variant)
            for uri, variant in edition.files
            if uri not in self._begun and not self._stands(edition, uri)
        ]
        self._begun.update(uri for uri, _ in edition.files)
        if lacking:
            if self._threads is None:
                self._threads = DaemonThreads(
                    os.cpu_count() or 2, give_way=True, at_end=self._cache.close
                )
            running = self._threads.submit(self._make, edition, lacking)
            self._running.append((edition.stem, running))

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
        running, self._running = self._running, []
        self._begun.clear()
        threads, self._threads = self._threads, None
        try:
            results = [(stem, each.result()) for stem, each in running]
        except BaseException:  # such as Ctrl-C: nobody waits for what is still being encoded
            if threads is not None:
                threads.shutdown()
            raise
        if threads is not None:
            threads.shutdown(wait=True)  # their work is done: they only close the cache
        self._ready.sweep()
        return {stem: complaint for stem, complaint in results if complaint is not None}

    def write(self, uri: str, data: bytes, *, keep: str = "") -> None:
        """Write one file into the site: whole, or not at all. `keep` is its name for next time."""
        target = self._site / uri
        target.parent.mkdir(parents=True, exist_ok=True)
        # Another build may be writing the same file into the same site, in live preview even here.
        beside = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.part")
        beside.write_bytes(data)
        if keep:
            self._ready.keep(keep, beside)
        beside.replace(target)

    def withdraw(self, uri: str) -> None:
        """Take a file out of the site, where another is to have its name."""
        (self._site / uri).unlink(missing_ok=True)

    def _stands(self, edition: Edition, uri: str) -> bool:
        """Whether a file of our naming is in the site, or was published before and now is."""
        name, target = _kept(edition, uri), f"{self._site}{os.sep}{uri}"
        if not name:
            return False
        try:
            return self._ready.publish(name, target) or Path(target).exists()
        except FileNotFoundError:  # the first file in its folder
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            return self._ready.publish(name, target)

    def _make(self, edition: Edition, files: list[tuple[str, Variant]]) -> Complaint | None:
        """Write files as the cache has them, and encode the others."""
        lacking = []
        for uri, variant in files:
            # The stock has originals already.
            cached = variant.format != "original" and self._cache.get(_cached(edition, uri))
            if cached:
                self.write(uri, cached, keep=_kept(edition, uri))
            else:
                lacking.append((uri, variant))
        made = self._made(edition, lacking) if lacking else []
        if isinstance(made, Complaint):
            return made
        for (uri, variant), data in zip(lacking, made, strict=True):
            if variant.format == "original":
                self.write(uri, data)
            else:
                self.write(uri, data, keep=_kept(edition, uri))
                self._cache.put(_cached(edition, uri), data)
        return None

    def _made(self, edition: Edition, files: list[tuple[str, Variant]]) -> list[bytes] | Complaint:
        return _encoded(
            edition.record, [variant for _, variant in files], self._recipe, self._stock
        )


def thumbnails(
    records: Iterable[Record], stock: Pictures, *, most: int = 640
) -> dict[str, bytes | Complaint]:
    """Make one small WebP of each picture by its key, at most so many pixels wide and high."""
    threads = DaemonThreads(os.cpu_count() or 2)
    recipe = Recipe(quality=70)
    running = {}
    for record in records:
        scale = min(1.0, most / max(record.width, record.height))
        width, height = (max(1, round(side * scale)) for side in (record.width, record.height))
        small = [Variant(width, width, height, "webp")]
        running[record.key] = threads.submit(_encoded, record, small, recipe, stock)
    found = {key: each.result() for key, each in running.items()}
    threads.shutdown()
    return {key: made if isinstance(made, Complaint) else made[0] for key, made in found.items()}


def _encoded(
    record: Record, variants: Sequence[Variant], recipe: Recipe, stock: Pictures
) -> list[bytes] | Complaint:
    """Encode files of a picture from its original, which is checked, with its provenance."""
    from mkdocs_gemini_images.imaging.encoder import (
        encode,  # Pillow, only where something is encoded
    )

    original = stock.read(record)
    if isinstance(original, Complaint):
        return original
    made = [variant for variant in variants if variant.format != "original"]
    if not made:
        return [original for _ in variants]
    xmp = metadata.packet(record, *before(record, stock))
    encoded = encode(original, made, recipe, xmp)
    if isinstance(encoded, str):
        name = record.file_name
        return Complaint(f"a picture in {name}", encoded, f"git checkout -- {name}")
    files = iter(encoded)
    return [original if variant.format == "original" else next(files) for variant in variants]


def before(record: Record, stock: Pictures) -> Iterator[Record]:
    """Find the steps before a picture in its conversation, as far as they are in stock."""
    # A key is the digest of its request, so that no step can come before itself.
    while isinstance(key := record.request.get("after"), str):
        found = stock.find(key)
        if not isinstance(found, Record):
            return
        record = found
        yield record


def _kept(edition: Edition, uri: str) -> str:
    """Name a published file, where its name is of our making and never stands for other bytes."""
    return _cached(edition, uri) if edition.stem in uri else ""


def _cached(edition: Edition, uri: str) -> str:
    """Name a file in the cache: the original it was made from, and how."""
    record, name = edition.record, uri.rsplit("/", 1)[-1]
    return f"{record.sha256[:16]}-{record.width}x{record.height}-{edition.stem}-{name}"
