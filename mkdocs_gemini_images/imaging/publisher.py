"""Write the image files that pages refer to into the built site.

A file that an earlier build has published is linked from the hardlink cache. The other files are
made in threads while the build goes on: copied from the variant cache, or encoded from the original
in the store, with provenance metadata. An original whose bytes differ from its sidecar is not
published; `finish` returns its diagnostic. Everything written here can be made again.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import held_files
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.focal_points import FocalPoints
from mkdocs_gemini_images.imaging.kept_pixels import PROVEN
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mkdocs_gemini_images.core.daemon_threads import DaemonThreads

_AS_IT_IS = b"as it is"
"""What the cache holds for an original that is published untouched."""


class PublishJob(NamedTuple):
    """The files of one image: their paths in the site, and the variant that each holds."""

    stem: str
    record: Record
    files: tuple[tuple[str, Variant], ...]


class Publisher:
    """Publishes the images of one build below `site`, its output folder."""

    def __init__(
        self,
        site: Path,
        encoding: EncodingOptions,
        store: Store,
        cache: VariantCache,
        links: HardlinkCache,
    ) -> None:
        self._site = site
        self._encoding = encoding
        self._store = store
        self._cache = cache
        self._links = links
        self._threads: DaemonThreads | None = None
        self._begun: set[str] = set()
        self._running: list[tuple[str, Future[None]]] = []
        self._writing = threading.Lock()
        self._is_stopped = False

    @cached_property
    def focal_points(self) -> FocalPoints:
        """What finds the point that stands out in a picture."""
        return FocalPoints(self._store, self._cache)

    def start(self, job: PublishJob) -> None:
        """Publish the files of an image: link those published before, make others in threads.

        Two jobs for one image may share files: those of a named file and of a plain one do.
        """
        missing = [
            (uri, variant)
            for uri, variant in job.files
            if uri not in self._begun and not self._is_published(job, uri)
        ]
        self._begun.update(uri for uri, _ in job.files)
        if missing:
            if self._threads is None:
                from mkdocs_gemini_images.core.daemon_threads import DaemonThreads

                self._threads = DaemonThreads(
                    os.cpu_count() or 2, lower_priority=True, at_end=self._cache.close
                )
            running = self._threads.submit(self._make, job, missing)
            self._running.append((job.stem, running))

    def made(self, job: PublishJob, uri: str) -> bytes:
        """Return one file of an image, from the cache or newly made, without publishing it.

        Raises `DiagnosticError`.
        """
        if (cached := self._cache.get(_cached(job, uri))) is not None:
            return cached
        (data,) = self._encode(job, [(uri, dict(job.files)[uri])])
        self._cache.put(_cached(job, uri), data)
        return data

    def finish(self) -> dict[str, Diagnostic]:
        """Wait for all files; return a diagnostic for each stem whose files cannot be made."""
        running, self._running = self._running, []
        self._begun.clear()
        threads, self._threads = self._threads, None
        failures: dict[str, Diagnostic] = {}
        try:
            for stem, each in running:
                try:
                    each.result()
                except DiagnosticError as error:
                    failures[stem] = error.diagnostics[0]
        except BaseException:  # such as Ctrl-C: what is still being encoded is abandoned
            if threads is not None:
                threads.shutdown()
            raise
        if threads is not None:
            threads.shutdown(wait=True)  # all files are made: the threads only close the cache
        PROVEN.clear()
        self._links.sweep()
        return failures

    def stop(self) -> None:
        """Write nothing more into the site, whose folder the host is about to remove.

        Files that threads are still making are left out.
        """
        with self._writing:
            self._is_stopped = True

    def write(self, uri: str, data: bytes, *, keep: str = "") -> None:
        """Write one file into the site, atomically. `keep` is its name in the hardlink cache.

        Raises `DiagnosticError` where another program holds that file, and `OSError`.
        """
        with self._writing:
            if not self._is_stopped:
                self._write(uri, data, keep)

    def _write(self, uri: str, data: bytes, keep: str) -> None:
        target = self._site / uri
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
        # Another build, or another thread of a live preview, may be writing the same file.
        by = f"{os.getpid()}-{threading.get_ident()}"
        beside = target.with_name(f".{target.name[:40]}.{by}.part")  # at most 255 bytes
        try:
            beside.write_bytes(data)
            if keep:
                self._links.keep(keep, beside)
            held_files.replace(beside, target)
        except OSError as error:  # such as a full disk, of which this may free a part
            with suppress(OSError):  # the error above matters more
                held_files.remove(beside)
            if not held_files.is_held(error):
                raise
            _write_in_place(target, uri, data)

    def withdraw(self, uri: str) -> None:
        """Remove a file from the site before another gets its name."""
        held_files.remove(self._site / uri)

    def _is_published(self, job: PublishJob, uri: str) -> bool:
        """Return whether a file is in the site already, or after linking it from the cache.

        A publisher that is stopped has no file to make.
        """
        if job.stem not in uri:
            return False  # a named file keeps its name when its bytes change, and a link its bytes
        name, target = _cached(job, uri), f"{self._site}{os.sep}{uri}"
        with self._writing:
            if self._is_stopped:
                return True
            try:
                return self._links.publish(name, target) or Path(target).exists()
            except FileNotFoundError:  # the first file in its folder
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                return self._links.publish(name, target)

    def _make(self, job: PublishJob, files: list[tuple[str, Variant]]) -> None:
        """Write files from the cache, and encode the others. Raises `DiagnosticError`."""
        missing = []
        for uri, variant in files:
            name = _cached(job, uri)
            if cached := variant.format != "original" and self._cache.get(name):
                self.write(uri, cached, keep=name if job.stem in uri else "")
            else:
                missing.append((uri, variant))
        with PROVEN.being_encoded():
            made = self._encode(job, missing) if missing else []
        for (uri, variant), data in zip(missing, made, strict=True):
            if variant.format == "original":
                self.write(uri, data)
                continue
            name = _cached(job, uri)
            self.write(uri, data, keep=name if job.stem in uri else "")
            self._cache.put(name, data)

    def _encode(self, job: PublishJob, files: list[tuple[str, Variant]]) -> list[bytes]:
        variants = [variant for _, variant in files]
        made = [variant for variant in variants if variant.format != "original"]
        original = b"" if len(made) == len(variants) else self._original(job.record)
        found = _encoded_files(job.record, made, self._encoding, self._store) if made else []
        encoded = iter(found)
        return [original if variant.format == "original" else next(encoded) for variant in variants]

    def _original(self, record: Record) -> bytes:
        """Return an original as it is published: its own bytes, or encoded anew.

        The cache holds no originals, which the store has, but what has come of each. Raises
        `DiagnosticError`.
        """
        name = f"{record.sha256}-{record.width}x{record.height}-original"
        data, known = self._store.read(record), self._cache.get(name)
        if known is None:
            from mkdocs_gemini_images.imaging.encoder import original

            try:
                published = original(data, record.kind, record.photo_size)
            except ImageError as error:
                raise unpublishable(record, error) from error
            known = _AS_IT_IS if published is data else published
            self._cache.put(name, known)
        return data if known == _AS_IT_IS else known


def _write_in_place(target: Path, uri: str, data: bytes) -> None:
    """Write a file to which another program lets no other be renamed; it can be made again.

    Raises `DiagnosticError` where that program holds the file itself, and `OSError`.
    """
    try:
        target.write_bytes(data)
    except OSError as error:
        if not held_files.is_held(error):
            raise
        said = f"another program holds {uri} in the site ({error.strerror})"
        fix = "close what has it open, and build again"
        raise DiagnosticError(Diagnostic.sentence(said, fix)) from error


def _encoded_files(
    record: Record, variants: Sequence[Variant], encoding: EncodingOptions, store: Store
) -> list[bytes]:
    """Return files of an image, made of its original, with provenance metadata.

    Raises `DiagnosticError` when the original is damaged or missing.
    """
    # Imports Pillow, which a build that encodes nothing does not need.
    from mkdocs_gemini_images.imaging.encoder import encode, encode_pixels
    from mkdocs_gemini_images.imaging.large_images import one_large_image_at_a_time

    pixels = PROVEN.take(record.sha256) if record.photo_size is None else None
    xmp = metadata.packet(record, *before(record, store))
    try:
        if pixels is not None:
            return encode_pixels(pixels, variants, encoding, xmp)
        with one_large_image_at_a_time(record.width * record.height):
            return encode(store.read(record), variants, encoding, xmp, record.photo_size)
    except ImageError as error:
        raise unpublishable(record, error) from error


def unpublishable(record: Record, error: ImageError) -> DiagnosticError:
    """Return the error for a picture whose files cannot be made, with what to do."""
    from mkdocs_gemini_images.imaging.encoder import EncodingError

    name = record.file_name
    if isinstance(error, EncodingError):
        fix = "give the option formats others, or widths smaller ones"
        said = f"the files of {name} cannot be encoded ({error})"
        return DiagnosticError(Diagnostic.sentence(said, fix))
    said, fix = f"the picture in {name} is damaged ({error})", f"git checkout -- {name}"
    return DiagnosticError(Diagnostic.sentence(said, fix))


def before(record: Record, store: Store) -> Iterator[Record]:
    """Yield the earlier steps of the conversation that made an image, the last one first.

    Ends at the first step that the store does not have.
    """
    # A key is the digest of its request, which names the key before: there is no cycle.
    while isinstance(key := record.request.get("after"), str):
        try:
            earlier = store.find(key)
        except DiagnosticError:
            return
        if earlier is None:
            return
        yield (record := earlier)


def _cached(job: PublishJob, uri: str) -> str:
    """Return a file's name in the variant cache, made of its original's digest and its variant."""
    record, name = job.record, uri.rsplit("/", 1)[-1]
    return f"{record.sha256[:16]}-{record.width}x{record.height}-{job.stem}-{name}"
