"""The pictures that a site owns, kept in a folder: one pair of files per picture.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it is the sidecar.
It is written last and never changed, so a pair is complete once its sidecar is there, and branches
that each add pictures merge without conflict. Bytes are checked against their digest whenever they
are read; damage is an error that names the file, never a reason to buy again. A repository may
bring anything in place of these files: only regular files of bounded size are read, and a folder
that is a link out of the site's folder is never written to.
"""

import errno
import json
import os
import re
import stat
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files, regular_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.store.record import (
    DIGEST,
    LFS_POINTER,
    MAX_SIDECAR_BYTES,
    SIDECAR_VERSION,
    Record,
    check_picture,
    read_sidecar,
    sidecar_bytes,
)

MAX_PICTURE_BYTES = 256 * 2**20
"""More than the largest picture has (`image_format.MAX_PIXELS`) with four bytes a pixel."""
_ENTRY = re.compile(r"([0-9a-f]{64})\.(json|png|jpg|webp)")
_MAX_NOTE_BYTES = 4096


class FolderStore:
    """A folder of pairs. A look-up by key reads one small file; other look-ups use an index.

    `root` is the folder of `mkdocs.yml` where the stock is named as a folder below it.
    """

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder
        self._root = root
        self._index: dict[str, list[Record]] | None = None

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read.
        """
        if not DIGEST.fullmatch(key):
            return None  # a sidecar may name anything as the step before it
        name = f"{key}.json"
        try:
            raw = regular_files.read(f"{self.folder}/{name}", MAX_SIDECAR_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(name, error) from error
        return read_sidecar(name, raw, key)

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return self._newest(f"wish:{author_digest}")

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return self._newest(f"id:{id}") if id else None

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id, once another look-up has built the index."""
        return (self._index or {}).get(f"id:{id}", [])

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
            expected = f"the picture {name} beside its sidecar"
            raise DiagnosticError(Diagnostic(expected, "no such file", restore)) from error
        except OSError as error:
            raise _unreadable(name, error) from error
        if data.startswith(LFS_POINTER):
            expected = f"a picture in {name}"
            raise DiagnosticError(Diagnostic(expected, "a Git LFS pointer", "run git lfs pull"))
        if sha256(data).hexdigest() != record.sha256:
            expected = f"{name} as it was drawn (sha256 {record.sha256[:12]}…)"
            fix = f"{restore}; it is not drawn again by itself"
            raise DiagnosticError(Diagnostic(expected, "other bytes", fix))
        sidecar = f"git checkout -- {self.folder.name}/{record.key}.json"
        check_picture(data, record, name, f"restore the sidecar ({sidecar})")
        return data

    def check_ready(self) -> None:
        """Raise `DiagnosticError` where the folder is a link out of the site's folder."""
        try:
            self.check_place()
        except OSError as error:
            target = os.path.realpath(self.folder)
            raise DiagnosticError(
                Diagnostic(
                    f"the stock in {self.folder}",
                    f"{error.strerror}: {target}",
                    "a repository may bring such a link; name that folder itself as stock: in "
                    "mkdocs.yml, or delete the link",
                )
            ) from error

    def check_place(self) -> None:
        """Raise `OSError` where the folder is a link out of the site's folder, before a write."""
        if self._root is None or not _is_below(self._root, self.folder, os.path.abspath):
            return  # named in mkdocs.yml as a folder elsewhere
        if not _is_below(self._root, self.folder, os.path.realpath):
            reason = "a link out of the folder of mkdocs.yml"
            raise OSError(errno.ELOOP, reason, str(self.folder))

    def unsynced(self) -> None:
        """Return None: a folder holds its pictures itself, and its owner commits them."""

    def put(self, record: Record, data: bytes) -> None:
        """Keep a picture; one that is there already stays as it is.

        Raises `OSError` when the picture cannot be kept.
        """
        self.check_place()
        sidecar = self.folder / f"{record.key}.json"
        if sidecar.exists():
            return
        atomic_files.write(self.path(record), data)
        atomic_files.write(sidecar, sidecar_bytes(record))
        if self._index is not None:
            self._add(self._index, record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        Raises `OSError`.
        """
        self.check_place()
        note = self._note(data)
        regular_files.check_folder(self.folder, note.parent)
        text = json.dumps({"v": SIDECAR_VERSION, "key": record.key})
        atomic_files.write(note, f"{text}\n".encode())

    def knows_file(self, data: bytes) -> bool:
        """Return whether a note says that a file with these bytes was made from a picture.

        A stranger may have written the note.
        """
        name = self._note(data).relative_to(self.folder).as_posix()
        try:
            note = read_json(regular_files.read_below(self.folder, name, _MAX_NOTE_BYTES))
        except (OSError, ValueError):
            return False
        return isinstance(note, dict) and DIGEST.fullmatch(str(note.get("key"))) is not None

    def _note(self, data: bytes) -> Path:
        return self.folder / "files" / f"{sha256(data).hexdigest()}.json"

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their keys."""
        for key, kind in self._entries():
            if kind == "json":
                record = None
                with suppress(DiagnosticError):
                    record = self.find(key)
                if record is not None:
                    yield record

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the folder, except with pictures that `read` would check."""
        try:
            self.check_ready()
        except DiagnosticError as error:
            yield from error.diagnostics
        for key, kind in self._entries():
            record = None
            try:
                record = self.find(key)
            except DiagnosticError as error:
                if kind == "json":
                    yield from error.diagnostics
            name = f"{key}.{kind}"
            if kind != "json" and (record is None or record.file_name != name):
                yield from self._not_regular(name, stat.S_ISREG, "a picture or nothing")
        yield from self._not_regular("files", stat.S_ISDIR, "a folder of notes or nothing")

    def _not_regular(
        self, name: str, is_right: Callable[[int], bool], expected: str
    ) -> Iterator[Diagnostic]:
        try:
            mode = (self.folder / name).lstat().st_mode
        except OSError:
            return
        if not is_right(mode):
            where = f"{self.folder.name}/{name}"
            got = "a link" if stat.S_ISLNK(mode) else "something else"
            yield Diagnostic(f"{expected} in {where}", got, "delete it: it is none of ours")

    def _entries(self) -> list[tuple[str, str]]:
        """Return key and kind of each entry that has the name of a sidecar or a picture."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 (names alone, of many)
        except OSError:
            return []
        return sorted((found[1], found[2]) for name in names if (found := _ENTRY.fullmatch(name)))

    def _newest(self, name: str) -> Record | None:
        if self._index is None:
            index: dict[str, list[Record]] = {}
            for record in self.records():
                self._add(index, record)
            self._index = index
        return next(reversed(self._index.get(name, [])), None)

    @staticmethod
    def _add(index: dict[str, list[Record]], record: Record) -> None:
        if record.author_digest:
            insort(index.setdefault(f"wish:{record.author_digest}", []), record, key=_age)
        if record.id:
            insort(index.setdefault(f"id:{record.id}", []), record, key=_age)


def _age(record: Record) -> tuple[str, str]:
    return record.time, record.key


def _is_below(root: Path, folder: Path, whole: Callable[[Path], str]) -> bool:
    return Path(whole(folder)).is_relative_to(whole(root))


def _unreadable(name: str, error: OSError) -> DiagnosticError:
    fix = "mend its permissions"
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.EFBIG, errno.EISDIR, errno.ENXIO):
        fix = "it is none of ours: delete it, and restore ours, if Git had one"
    return DiagnosticError(Diagnostic(f"to read {name}", str(error.strerror), fix))
