"""The pictures that a site owns, kept in a folder: one pair of files per picture.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it is the sidecar.
Both are created and never replaced, the sidecar last, so a pair is complete once its sidecar is
there, processes that put the same key at once keep one pair, and branches that each add pictures
merge without conflict. Bytes are checked against their digest whenever they are read. Damage is an
error that names the file, never a reason to buy again; so is a picture without its sidecar. A
repository may bring anything in place of these files: only regular files of bounded size are read,
and a folder that is a link out of the site's folder is never written to.
"""

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.store import file_notes
from mkdocs_gemini_images.store.record import (
    DIGEST,
    LFS_POINTER,
    MAX_SIDECAR_BYTES,
    Record,
    check_picture,
    read_sidecar,
    sidecar_bytes,
)
from mkdocs_gemini_images.store.record_index import RecordIndex

MAX_PICTURE_BYTES = 256 * 2**20
"""More than the largest picture has (`image_format.MAX_PIXELS`) with four bytes a pixel."""
_ENTRY = re.compile(r"([0-9a-f]{64})\.(json|png|jpg|webp)")
_SUFFIXES = ("png", "jpg", "webp")
_BETWEEN = 1.0
"""Seconds that a process may need between the two names of a pair, which it gives at once."""


class LostSidecarError(DiagnosticError):
    """Raised for a picture that is there without its sidecar; `adopt` writes it anew."""


class FolderStore:
    """A folder of pairs. A look-up by key reads one small file; other look-ups use an index.

    `root` is the folder of `mkdocs.yml` where the stock is named as a folder below it.
    """

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder
        self._root = root
        self._index: RecordIndex | None = None

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read, and
        `LostSidecarError` when the picture is there alone.
        """
        if not DIGEST.fullmatch(key):
            return None  # a sidecar may name anything as the step before it
        record = self._read(key)
        if record is None and (picture := self._picture_of(key)) is not None:
            record = self._await_sidecar(key, picture)
        return record

    def _await_sidecar(self, key: str, picture: Path) -> Record | None:
        """Return the record of a picture that has just come, once its sidecar has come as well.

        Raises `DiagnosticError`, and `LostSidecarError` when the picture stays alone.
        """
        while (record := self._read(key)) is None:
            if not os.path.lexists(picture):
                return None
            if not _is_new(picture):
                raise LostSidecarError(self._lost(picture))
            time.sleep(_BETWEEN / 100)
        return record

    def _read(self, key: str) -> Record | None:
        """Return the record in a sidecar, or None without one. Raises `DiagnosticError`."""
        name = f"{key}.json"
        raw = self._bytes(name)
        while raw == b"" and _is_new(self.folder / name):  # its name is taken before its bytes come
            time.sleep(_BETWEEN / 100)
            raw = self._bytes(name)
        return None if raw is None else read_sidecar(name, raw, key)

    def _bytes(self, name: str) -> bytes | None:
        """Return the bytes of a sidecar, or None without one. Raises `DiagnosticError`."""
        try:
            return regular_files.read(f"{self.folder}/{name}", MAX_SIDECAR_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(name, error) from error

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return self._indexed().newest_of_author_digest(author_digest)

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return self._indexed().newest_named(id) if id else None

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id, once another look-up has built the index."""
        return [] if self._index is None else self._index.named(id)

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture."""
        return self.folder / record.file_name

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be read.
        """
        path = self.path(record)
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
        sidecar = f"git checkout -- {self.folder.name}/{record.key}.json"
        check_picture(data, record, name, f"restore the sidecar ({sidecar})")
        return data

    def lost(self) -> dict[str, Diagnostic]:
        """Return what is wrong with each picture that has no sidecar, by key."""
        from mkdocs_gemini_images.store.folder_faults import lost_sidecars

        return lost_sidecars(self)

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the folder, except with pictures that `read` would check."""
        from mkdocs_gemini_images.store.folder_faults import foreign_entries

        return foreign_entries(self)

    def check_ready(self) -> None:
        """Raise `DiagnosticError` where the folder is a link out of the site's folder.

        Forgets the index: another process may have put pictures since the first look-up.
        """
        self._index = None
        try:
            self.check_place()
        except OSError as error:
            target = os.path.realpath(self.folder)
            raise DiagnosticError(
                Diagnostic.sentence(
                    f"the stock {self.folder} is not read ({error.strerror}: {target})",
                    "a repository may bring such a link; name that folder itself in the option "
                    "stock, or delete the link",
                )
            ) from error

    def check_place(self) -> None:
        """Raise `OSError` where the folder is a link out of the site's folder, before a write."""
        if self._root is not None:
            regular_files.check_inside(self._root, self.folder)

    def unsynced(self) -> None:
        """Return None: a folder holds its pictures itself, and its owner commits them."""

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture, and return the record that is kept under its key: the first of all.

        A pair whose one file is missing is completed when the other is of these very bytes. Raises
        `DiagnosticError` when another picture is there without its sidecar, or the sidecar is
        damaged, and `OSError` when the picture cannot be kept.
        """
        self.check_place()
        kept = self._read(record.key)
        if kept is None:
            kept = self._create(record, data)
        elif kept.sha256 == record.sha256 and not os.path.lexists(self.path(kept)):
            with suppress(FileExistsError):
                atomic_files.create((self.path(kept), data))
        if (index := self._index) is not None:
            index.add(kept)
        return kept

    def _create(self, record: Record, data: bytes) -> Record:
        """Create a pair, and return its record or that of the process that was first.

        Raises `DiagnosticError` and `OSError`.
        """
        picture = self.path(record)
        sidecar = (self.folder / f"{record.key}.json", sidecar_bytes(record))
        there = self._picture_of(record.key)
        with suppress(FileExistsError):
            if there is None:
                atomic_files.create((picture, data), sidecar)
                return record
            if there == picture and digest_of(there) == record.sha256:
                atomic_files.create(sidecar)
                return record
        kept = self.find(record.key)
        if kept is None:
            raise OSError(errno.EBUSY, "files come and go while a picture is put", str(picture))
        if kept.file_name != record.file_name and digest_of(picture) == record.sha256:
            held_files.remove(picture)  # of another kind than the first one, and created here
        return kept

    def _picture_of(self, key: str) -> Path | None:
        """Return the path of a key's picture, of whatever kind, or None where there is none."""
        for suffix in _SUFFIXES:
            path = f"{self.folder}/{key}.{suffix}"
            if os.path.lexists(path):
                return Path(path)
        return None

    def _lost(self, picture: Path) -> Diagnostic:
        where = f"{self.folder.name}/{picture.name}"
        sidecar = f"{self.folder.name}/{picture.stem}.json"
        fix = (
            f"restore it (git checkout -- {sidecar}), or write it anew "
            f"(gemini-images adopt ID {where}); the picture is not drawn again"
        )
        return Diagnostic.sentence(f"the sidecar of {where} is missing beside it", fix)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        Raises `OSError`.
        """
        self.check_place()
        file_notes.write_note(self.folder, data, record.key)

    def knows_file(self, data: bytes) -> bool:
        """Return whether a note says that a file with these bytes was made from a picture.

        A stranger may have written the note.
        """
        return file_notes.has_note(self.folder, data)

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their keys."""
        for key, kind in entries(self.folder):
            if kind == "json":
                record = None
                with suppress(DiagnosticError):
                    record = self.find(key)
                if record is not None:
                    yield record

    def _indexed(self) -> RecordIndex:
        if (index := self._index) is None:
            index = self._index = RecordIndex(self.records())
        return index


def _is_new(path: Path) -> bool:
    """Return whether a file got its name so lately that what belongs to it may be under way."""
    try:
        return abs(time.time() - path.lstat().st_ctime) < _BETWEEN
    except FileNotFoundError:
        return False


def entries(folder: Path) -> list[tuple[str, str]]:
    """Return key and kind of each file that has the name of a sidecar or a picture."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 (names alone, of many)
    except OSError:
        return []
    return sorted((found[1], found[2]) for name in names if (found := _ENTRY.fullmatch(name)))


def digest_of(picture: Path) -> str:
    """Return the digest of a file's bytes; empty where it cannot be read."""
    with suppress(OSError):
        return sha256(regular_files.read(picture, MAX_PICTURE_BYTES)).hexdigest()
    return ""


def _unreadable(name: str, error: OSError) -> DiagnosticError:
    fix = "mend its permissions"
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.EFBIG, errno.EISDIR, errno.ENXIO):
        fix = "it is none of ours: delete it, and restore ours, if Git had one"
    return DiagnosticError(Diagnostic.sentence(f"{name} is not read ({error.strerror})", fix))
