"""Find the pictures of a store that could not be published.

In: records, and the store that has their originals. Out: what is wrong, by key. Writes nothing.
"""

import os
from collections.abc import Iterable

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.imaging.publisher import unpublishable
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


def damaged_pictures(records: Iterable[Record], store: Store) -> dict[str, Diagnostic]:
    """Return a diagnostic for each picture that could not be published, by key.

    Each picture is read and compared with its digest, and all of its pixels are decoded.
    """
    from mkdocs_gemini_images.imaging.encoder import backdrop

    def prove(record: Record) -> None:
        data = store.read(record)
        try:
            backdrop(data)
        except ImageError as error:
            raise unpublishable(record, error) from error

    threads = DaemonThreads(os.cpu_count() or 2)
    running = {record.key: threads.submit(prove, record) for record in records}
    found: dict[str, Diagnostic] = {}
    for key, each in running.items():
        try:
            each.result()
        except DiagnosticError as error:
            found[key] = error.diagnostics[0]
    threads.shutdown()
    return found
