"""Find what is wrong in a stock's folder: pictures without sidecars, and what is none of ours.

In: the pairs of a folder, or its store. Out: diagnostics that name a file and say how it is mended.
Reads names and sidecars; reads pictures only where a sidecar is missing. Changes nothing.
"""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import SIDECAR
from mkdocs_gemini_images.store.pairs import LostSidecarError, Pairs, digest_of


def lost_sidecars(pairs: Pairs) -> dict[str, Diagnostic]:
    """Return what is wrong with each picture that has no sidecar, by its file's stem.

    A copy of a picture that has its sidecar is not lost.
    """
    found = pairs.entries()
    with_sidecar = {stem for stem, kind in found if kind == SIDECAR}
    alone = [entry for entry in found if entry[0] not in with_sidecar]
    owned = {record.sha256 for record in pairs.records()} if alone else set()
    lost: dict[str, Diagnostic] = {}
    for stem, kind in alone:
        try:
            pairs.at(stem)
        except LostSidecarError as error:
            if digest_of(pairs.folder / f"{stem}.{kind}") not in owned:
                (lost[stem],) = error.diagnostics
        except DiagnosticError:
            continue  # its sidecar has come meanwhile
    return lost


def foreign_entries(store: FolderStore) -> Iterator[Diagnostic]:
    """Yield what is wrong with the folder, except with pictures that `read` would check."""
    try:
        store.check_ready()
    except DiagnosticError as error:
        yield from error.diagnostics
    for stem, kind in store.pairs.entries():
        record = None
        try:
            record = store.pairs.at(stem)
        except DiagnosticError as error:
            if kind == SIDECAR:
                yield from error.diagnostics
        name = f".{kind}"
        if kind != SIDECAR and (record is None or record.picture.suffix != name):
            path = store.folder / f"{stem}{name}"
            yield from _not_regular(path, stat.S_ISREG, "a picture or nothing")
    yield from _not_regular(store.notes.folder, stat.S_ISDIR, "a folder of notes or nothing")


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
        yield Diagnostic(f"{expected} in {where}", got, "delete it: this plugin did not write it")
