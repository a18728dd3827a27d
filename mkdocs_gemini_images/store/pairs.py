"""The files of pictures in a folder: a pair for each, the picture and its sidecar.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it is the sidecar. In
the cache, names have the first digits of the key alone (pair_names.py). Both are created and never
replaced, the sidecar last, so a pair is complete once its sidecar is there, processes that put the
same key at once keep one pair, and branches that each add pictures merge without conflict. Bytes
are checked against their digest whenever they are read. Damage is an error that names the file,
never a reason to buy again; so is a picture without its sidecar. A repository may bring anything in
place of these files: only regular files of bounded size are read.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.store import pair_names
from mkdocs_gemini_images.store.record import (
    DIGEST,
    LFS_POINTER,
    MAX_SIDECAR_BYTES,
    Record,
    check_picture,
    read_sidecar,
    sidecar_bytes,
)

MAX_PICTURE_BYTES = 256 * 2**20
"""More than the largest picture has (`image_format.MAX_PIXELS`) with four bytes a pixel."""
_BETWEEN = 1.0
"""Seconds that a process may need between the two names of a pair, which it gives at once."""


class LostSidecarError(DiagnosticError):
    """Raised for a picture that is there without its sidecar; `adopt` writes it anew."""


class Pairs:
    """The pairs in a folder; new ones have `digits` of their keys in their names."""

    def __init__(self, folder: Path, digits: int) -> None:
        self.folder = folder
        self._digits = digits

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read, and
        `LostSidecarError` when the picture is there alone.
        """
        if not DIGEST.fullmatch(key):
            return None  # a sidecar may name anything as the step before it
        stem, record = self._look(key)
        if record is None:
            record = self._awaited(stem)
        return record if record is not None and record.key == key else None

    def at(self, stem: str) -> Record | None:
        """Return the record of the pair of that name, whatever its key, or None.

        Raises as `find` does.
        """
        return self._read(stem) or self._awaited(stem)

    def entries(self) -> list[tuple[str, str]]:
        """Return stem and kind of each file that has the name of a sidecar or a picture."""
        return pair_names.entries(self.folder, self._digits)

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their names.

        Of two pairs of one key, of which another version has put one, `find` returns the same.
        """
        stems = [stem for stem, kind in self.entries() if kind == pair_names.SIDECAR]
        there = frozenset(stems)
        for stem in stems:
            record = None
            with suppress(DiagnosticError):
                record = self.at(stem)
            if record is not None and (stem == record.key or record.key not in there):
                yield record

    def files(self, record: Record) -> tuple[Path, Path]:
        """Return the paths of a record's sidecar and of its picture, there or to be."""
        stem = record.key[: self._digits]
        if stem != record.key:
            with suppress(DiagnosticError):
                stem, _ = self._look(record.key)
        return self.folder / f"{stem}.json", self.folder / f"{stem}{record.picture.suffix}"

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be read.
        """
        sidecar, path = self.files(record)
        name = f"{self.folder.name}/{path.name}"
        restore = f"restore it (git checkout -- {name})"
        try:
            data = regular_files.read(path, MAX_PICTURE_BYTES)
        except FileNotFoundError as error:
            said = f"the picture {name} is missing beside its sidecar"
            raise DiagnosticError(Diagnostic.sentence(said, restore)) from error
        except OSError as error:
            raise _unreadable(name, error) from error
        if data.startswith(LFS_POINTER):
            said = f"{name} is a Git LFS pointer"
            raise DiagnosticError(Diagnostic.sentence(said, "run git lfs pull"))
        if sha256(data).hexdigest() != record.sha256:
            said = f"{name} has other bytes than were drawn (sha256 {record.sha256[:12]}…)"
            fix = f"{restore}; it is not drawn again by itself"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        fix = f"restore the sidecar (git checkout -- {self.folder.name}/{sidecar.name})"
        check_picture(data, record, name, fix)
        return data

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture, and return the record that is kept under its key: the first of all.

        A pair whose one file is missing is completed when the other is of these very bytes. Raises
        `DiagnosticError` when another picture is there without its sidecar, or the sidecar is
        damaged, and `OSError` when the picture cannot be kept.
        """
        stem, kept = self._look(record.key)
        if kept is None:
            return self._create(stem, record, data)
        picture = self.folder / f"{stem}{kept.picture.suffix}"
        if kept.sha256 == record.sha256 and not os.path.lexists(picture):
            with suppress(FileExistsError):
                atomic_files.create((picture, data))
        return kept

    def _create(self, stem: str, record: Record, data: bytes) -> Record:
        """Create a pair, and return its record or that of the process that was first.

        Raises `DiagnosticError` and `OSError`.
        """
        picture = self.folder / f"{stem}{record.picture.suffix}"
        sidecar = (self.folder / f"{stem}.json", sidecar_bytes(record))
        there = self._picture_of(stem)
        with suppress(FileExistsError):
            if there is None:
                atomic_files.create((picture, data), sidecar)
                return record
            if there == picture and digest_of(there) == record.sha256:
                atomic_files.create(sidecar)
                return record
        kept = self.at(stem)
        if kept is None:
            raise OSError(errno.EBUSY, "files come and go while a picture is put", str(picture))
        if kept.kind != record.kind and digest_of(picture) == record.sha256:
            held_files.remove(picture)  # of another kind than the first one, and created here
        if kept.key != record.key:  # another key begins alike, and was first
            return self._create(record.key, record, data)
        return kept

    def remove(self, record: Record) -> None:
        """Remove a pair. Raises `OSError`."""
        # The sidecar goes first: a picture that is left alone is seen, and is whole.
        for file in self.files(record):
            held_files.remove(file)

    def sweep(self, key: str) -> None:
        """Remove what killed processes have left of a picture that they put; none may put it now.

        Raises `OSError`.
        """
        for name in {key[: self._digits], key}:
            atomic_files.sweep(self.folder, name)

    def _look(self, key: str) -> tuple[str, Record | None]:
        """Return the name of a key's pair, there or to be, and the record in its sidecar, if any.

        Raises `DiagnosticError`.
        """
        stem = key[: self._digits]
        if stem == key or pair_names.is_taken(self.folder, key):
            return key, self._read(key)
        record = self._read(stem)
        return (stem, record) if record is None or record.key == key else (key, None)

    def _awaited(self, stem: str) -> Record | None:
        """Return the record of a picture that has just come, once its sidecar has come as well.

        Raises `DiagnosticError`, and `LostSidecarError` when the picture stays alone.
        """
        if (picture := self._picture_of(stem)) is None:
            return None
        while (record := self._read(stem)) is None:
            if not os.path.lexists(picture):
                return None
            if not _is_new(picture):
                raise LostSidecarError(self._lost(picture))
            time.sleep(_BETWEEN / 100)
        return record

    def _read(self, stem: str) -> Record | None:
        """Return the record in a sidecar, or None without one. Raises `DiagnosticError`."""
        name = f"{stem}.json"
        raw = self._bytes(name)
        while raw == b"" and _is_new(self.folder / name):  # its name is taken before its bytes come
            time.sleep(_BETWEEN / 100)
            raw = self._bytes(name)
        return None if raw is None else read_sidecar(name, raw, stem)

    def _bytes(self, name: str) -> bytes | None:
        """Return the bytes of a sidecar, or None without one. Raises `DiagnosticError`."""
        try:
            return regular_files.read(f"{self.folder}/{name}", MAX_SIDECAR_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(name, error) from error

    def _picture_of(self, stem: str) -> Path | None:
        """Return the path of the picture of that name, of whatever kind, or None without one."""
        for kind in pair_names.PICTURES:
            path = f"{self.folder}/{stem}.{kind}"
            if os.path.lexists(path):
                return Path(path)
        return None

    def _lost(self, picture: Path) -> Diagnostic:
        where = f"{self.folder.name}/{picture.name}"
        sidecar = f"{self.folder.name}/{picture.stem}.json"
        fix = (
            f"restore it (git checkout -- {sidecar}), or write a new one "
            f"(gemini-images adopt ID {where}); the picture is not drawn again"
        )
        return Diagnostic.sentence(f"the sidecar of {where} is missing beside it", fix)


def digest_of(picture: Path) -> str:
    """Return the digest of a file's bytes; empty where it cannot be read."""
    with suppress(OSError):
        return sha256(regular_files.read(picture, MAX_PICTURE_BYTES)).hexdigest()
    return ""


def _is_new(path: Path) -> bool:
    """Return whether a file got its name so lately that what belongs to it may be under way."""
    try:
        return abs(time.time() - path.lstat().st_ctime) < _BETWEEN
    except FileNotFoundError:
        return False


def _unreadable(name: str, error: OSError) -> DiagnosticError:
    fix = "correct its permissions"
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.EFBIG, errno.EISDIR, errno.ENXIO):
        fix = "this plugin did not write it: delete it, and restore the file, if Git had one"
    return DiagnosticError(Diagnostic.sentence(f"{name} is not read ({error.strerror})", fix))
