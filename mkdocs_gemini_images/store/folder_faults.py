"""Find what is wrong in a stock's folder: pictures without sidecars, and what is none of ours.

In: a folder, and the store that reads it. Out: diagnostics that name a file and say how it is
mended. Reads names and sidecars; reads pictures only where a sidecar is missing. Changes nothing.
"""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.store.folder import FolderStore, LostSidecarError, digest_of, entries


def lost_sidecars(store: FolderStore) -> dict[str, Diagnostic]:
    """Return what is wrong with each picture that has no sidecar, by key.

    A copy of a picture that has its sidecar is not lost.
    """
    found = entries(store.folder)
    with_sidecar = {key for key, kind in found if kind == "json"}
    alone = [entry for entry in found if entry[0] not in with_sidecar]
    owned = {record.sha256 for record in store.records()} if alone else set()
    lost: dict[str, Diagnostic] = {}
    for key, kind in alone:
        try:
            store.find(key)
        except LostSidecarError as error:
            if digest_of(store.folder / f"{key}.{kind}") not in owned:
                (lost[key],) = error.diagnostics
        except DiagnosticError:
            continue  # its sidecar has come meanwhile
    return lost


def foreign_entries(store: FolderStore) -> Iterator[Diagnostic]:
    """Yield what is wrong with the folder, except with pictures that `read` would check."""
    try:
        store.check_ready()
    except DiagnosticError as error:
        yield from error.diagnostics
    for key, kind in entries(store.folder):
        record = None
        try:
            record = store.find(key)
        except DiagnosticError as error:
            if kind == "json":
                yield from error.diagnostics
        name = f"{key}.{kind}"
        if kind != "json" and (record is None or record.file_name != name):
            yield from _not_regular(store.folder / name, stat.S_ISREG, "a picture or nothing")
    yield from _not_regular(store.folder / "files", stat.S_ISDIR, "a folder of notes or nothing")


def _not_regular(
    path: Path, is_right: Callable[[int], bool], expected: str
) -> Iterator[Diagnostic]:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not is_right(mode):
        where = f"{path.parent.name}/{path.name}"
        got = "a link" if stat.S_ISLNK(mode) else "something else"
        yield Diagnostic(f"{expected} in {where}", got, "delete it: it is none of ours")
