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

from mkdocs_gemini_images.config.encoding import EncodingOptions
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.variant_cache import Cache
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


@dataclass(frozen=True, slots=True)
class PublishJob:
    """The files of one picture: site paths, and what is in each."""

    stem: str
    record: Record
    files: tuple[tuple[str, Variant], ...]


class Publisher:
    """Publishes the pictures of one build below `site`, its output folder."""

    def __init__(
        self,
        site: Path,
        encoding: EncodingOptions,
        stock: Store,
        cache: Cache,
        ready: HardlinkCache,
    ) -> None:
        self._site = site
        self._encoding = encoding
        self._stock = stock
        self._cache = cache
        self._ready = ready
        self._threads: DaemonThreads | None = None
        self._begun: set[str] = set()
        self._running: list[tuple[str, Future[Diagnostic | None]]] = []

    def start(self, job: PublishJob) -> None:
        """Publish a picture's files: at once where they were published before, else in threads.

        Editions of one picture may share files, as a named file's and a plain one's do.
        """
        lacking = [
            (uri, variant)
            for uri, variant in job.files
            if uri not in self._begun and not self._stands(job, uri)
        ]
        self._begun.update(uri for uri, _ in job.files)
        if lacking:
            if self._threads is None:
                self._threads = DaemonThreads(
                    os.cpu_count() or 2, lower_priority=True, at_end=self._cache.close
                )
            running = self._threads.submit(self._make, job, lacking)
            self._running.append((job.stem, running))

    def made(self, job: PublishJob, uri: str) -> bytes | Diagnostic:
        """Make one file of a picture, or take it from the cache, without publishing it."""
        variant = dict(job.files)[uri]
        cached = self._cache.get(_cached(job, uri))
        if cached is not None:
            return cached
        made = self._made(job, [(uri, variant)])
        if isinstance(made, Diagnostic):
            return made
        self._cache.put(_cached(job, uri), made[0])
        return made[0]

    def finish(self) -> dict[str, Diagnostic]:
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
        return {stem: diagnostic for stem, diagnostic in results if diagnostic is not None}

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

    def _stands(self, job: PublishJob, uri: str) -> bool:
        """Whether a file of our naming is in the site, or was published before and now is."""
        name, target = _kept(job, uri), f"{self._site}{os.sep}{uri}"
        if not name:
            return False
        try:
            return self._ready.publish(name, target) or Path(target).exists()
        except FileNotFoundError:  # the first file in its folder
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            return self._ready.publish(name, target)

    def _make(self, job: PublishJob, files: list[tuple[str, Variant]]) -> Diagnostic | None:
        """Write files as the cache has them, and encode the others."""
        lacking = []
        for uri, variant in files:
            # The stock has originals already.
            cached = variant.format != "original" and self._cache.get(_cached(job, uri))
            if cached:
                self.write(uri, cached, keep=_kept(job, uri))
            else:
                lacking.append((uri, variant))
        made = self._made(job, lacking) if lacking else []
        if isinstance(made, Diagnostic):
            return made
        for (uri, variant), data in zip(lacking, made, strict=True):
            if variant.format == "original":
                self.write(uri, data)
            else:
                self.write(uri, data, keep=_kept(job, uri))
                self._cache.put(_cached(job, uri), data)
        return None

    def _made(self, job: PublishJob, files: list[tuple[str, Variant]]) -> list[bytes] | Diagnostic:
        return _encoded(job.record, [variant for _, variant in files], self._encoding, self._stock)


def thumbnails(
    records: Iterable[Record], stock: Store, *, most: int = 640
) -> dict[str, bytes | Diagnostic]:
    """Make one small WebP of each picture by its key, at most so many pixels wide and high."""
    threads = DaemonThreads(os.cpu_count() or 2)
    encoding = EncodingOptions(quality=70)
    running = {}
    for record in records:
        scale = min(1.0, most / max(record.width, record.height))
        width, height = (max(1, round(side * scale)) for side in (record.width, record.height))
        small = [Variant(width, width, height, "webp")]
        running[record.key] = threads.submit(_encoded, record, small, encoding, stock)
    found = {key: each.result() for key, each in running.items()}
    threads.shutdown()
    return {key: made if isinstance(made, Diagnostic) else made[0] for key, made in found.items()}


def _encoded(
    record: Record, variants: Sequence[Variant], encoding: EncodingOptions, stock: Store
) -> list[bytes] | Diagnostic:
    """Encode files of a picture from its original, which is checked, with its provenance."""
    from mkdocs_gemini_images.imaging.encoder import (
        encode,  # Pillow, only where something is encoded
    )

    try:
        original = stock.read(record)
    except DiagnosticError as error:
        return error.diagnostics[0]
    made = [variant for variant in variants if variant.format != "original"]
    if not made:
        return [original for _ in variants]
    xmp = metadata.packet(record, *before(record, stock))
    encoded = encode(original, made, encoding, xmp)
    if isinstance(encoded, str):
        name = record.file_name
        return Diagnostic(f"a picture in {name}", encoded, f"git checkout -- {name}")
    files = iter(encoded)
    return [original if variant.format == "original" else next(files) for variant in variants]


def before(record: Record, stock: Store) -> Iterator[Record]:
    """Find the steps before a picture in its conversation, as far as they are in stock."""
    # A key is the digest of its request, so that no step can come before itself.
    while isinstance(key := record.request.get("after"), str):
        try:
            found = stock.find(key)
        except DiagnosticError:
            return
        if found is None:
            return
        record = found
        yield record


def _kept(job: PublishJob, uri: str) -> str:
    """Name a published file, where its name is of our making and never stands for other bytes."""
    return _cached(job, uri) if job.stem in uri else ""


def _cached(job: PublishJob, uri: str) -> str:
    """Name a file in the cache: the original it was made from, and how."""
    record, name = job.record, uri.rsplit("/", 1)[-1]
    return f"{record.sha256[:16]}-{record.width}x{record.height}-{job.stem}-{name}"
