"""Make small copies of many pictures one after the other, with few of them in memory at once.

In: records, each with a function that reads its picture. Out: a small WebP of each, or what is
wrong with it, in the same order.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from types import MappingProxyType

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.imaging.variants import fitting
from mkdocs_gemini_images.store.record import Record

StreamJob = tuple[Record, Callable[[Record], bytes]] | None
"""A picture and the function that reads it, which may raise `DiagnosticError`; or no picture."""


def small_pictures(
    jobs: Iterable[StreamJob], *, max_side: int, made: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[bytes | Diagnostic | None]:
    """Yield a small WebP of each picture, at most `max_side` pixels wide and high.

    A few are made ahead, in threads. `made` are small WebPs that there are already, by the digests
    of their originals: each is yielded as it is, also where it is larger.
    """
    threads = DaemonThreads(os.cpu_count() or 2)
    running: deque[Future[bytes] | None] = deque()
    try:
        for job in jobs:
            running.append(None if job is None else threads.submit(_small, *job, max_side, made))
            if len(running) > 2 * (os.cpu_count() or 2):
                yield _made(running.popleft())
        while running:
            yield _made(running.popleft())
    finally:
        threads.shutdown()


def _made(each: Future[bytes] | None) -> bytes | Diagnostic | None:
    try:
        return None if each is None else each.result()
    except DiagnosticError as error:
        return error.diagnostics[0]


def _small(
    record: Record, read: Callable[[Record], bytes], max_side: int, made: Mapping[str, bytes]
) -> bytes:
    if (small := made.get(record.sha256)) is not None:
        return small
    # Imports Pillow, which most commands do not need.
    from mkdocs_gemini_images.imaging.encoder import small_copy

    size = fitting(record.width, record.height, max_side)
    try:
        return small_copy(read(record), size, 75, photo=record.photo_size)
    except ImageError as error:
        said = f"the picture {record.file_name} is damaged ({error})"
        raise DiagnosticError(Diagnostic.sentence(said, "restore it with git checkout")) from error
