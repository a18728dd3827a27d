"""Small copies of the pictures of a stock, by key: to look through, and to show to a text model.

In go records and their store; out come small WebPs, or what is wrong with an original. Each
original is read and held against its digest. Effect: with a cache, a small copy is made once.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.publisher import before, unpublishable
from mkdocs_gemini_images.imaging.variants import ENCODER_VERSION, fitting
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """Small files of images by their keys, and a diagnostic for each image that has none."""

    files: Mapping[str, bytes]
    failures: Mapping[str, Diagnostic]


def thumbnails(
    records: Iterable[Record],
    store: Store,
    *,
    max_side: int = 640,
    cache: VariantCache | None = None,
) -> Thumbnails:
    """Return one small WebP of each image, at most `max_side` pixels wide and high."""
    at_end = None if cache is None else cache.close
    threads = DaemonThreads(os.cpu_count() or 2, at_end=at_end)
    running = {
        record.key: threads.submit(_thumbnail, record, store, max_side, cache) for record in records
    }
    files: dict[str, bytes] = {}
    failures: dict[str, Diagnostic] = {}
    for key, each in running.items():
        try:
            files[key] = each.result()
        except DiagnosticError as error:
            failures[key] = error.diagnostics[0]
    threads.shutdown(wait=cache is not None)
    return Thumbnails(files, failures)


def _thumbnail(record: Record, store: Store, max_side: int, cache: VariantCache | None) -> bytes:
    """Return a small copy with provenance metadata. Raises `DiagnosticError`."""
    # Imports Pillow, which most commands do not need.
    from mkdocs_gemini_images.imaging.encoder import small_copy

    data, xmp = store.read(record), metadata.packet(record, *before(record, store))
    size, photo = fitting(record.width, record.height, max_side), record.photo_size
    made_of = [record.sha256, size, photo, _QUALITY, ENCODER_VERSION, xmp.decode()]
    name = f"{digest(made_of)}-small"
    small = None if cache is None else cache.get(name)
    if small is None:
        try:
            small = small_copy(data, size, _QUALITY, xmp, photo)
        except ImageError as error:
            raise unpublishable(record, error) from error
        if cache is not None:
            cache.put(name, small)
    return small
