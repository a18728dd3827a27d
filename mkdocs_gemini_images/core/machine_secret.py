"""The secret of this user on this machine, by which the machine knows what it has written itself.

Thirty-two random bytes in the user's state folder, readable by that user alone: a place that no
repository and no cache of a project brings along. Where there is no such place (a home that is
read-only, or lies in the project, as in some containers), there is no secret, and nothing can be
proven. Effects: makes the file when it is first needed.
"""

import hmac
import os
import secrets
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core import git_index
from mkdocs_gemini_images.core.files import held_files, regular_files
from mkdocs_gemini_images.core.files.disk_sync import sync_file

_SIZE = 32
_NAME = "journal-secret"


def proof(text: str, project: Path, *, make: bool = False) -> str:
    """Return what proves that this machine has written `text`; empty where it cannot prove that.

    `project` is the folder of the site, which the secret must not lie in. `make` makes a secret
    where there is none.
    """
    folder = _folder()
    if folder is None or _brought_along(folder, project):
        return ""
    secret = _read(folder / _NAME)
    if secret is None and make:
        with suppress(OSError):  # as on a read-only home: then there is no proof
            _make(folder)
        secret = _read(folder / _NAME)
    if secret is None:
        return ""
    return hmac.new(secret, text.encode("utf-8", "backslashreplace"), sha256).hexdigest()


def is_proven(text: str, given: str, project: Path) -> bool:
    """Return whether `given` is the proof that this machine has written `text`."""
    expected = proof(text, project)
    return bool(expected) and given.isascii() and hmac.compare_digest(expected, given)


def _folder() -> Path | None:
    """Return the user's state folder for this package, or None where a user has none."""
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    try:
        state = Path(named) if named else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return state / "mkdocs-gemini-images" if state.is_absolute() else None


def _brought_along(folder: Path, project: Path) -> bool:
    """Return whether a folder lies in the project, or in the repository that the project is in.

    So does one that Git tracks a file of: the project may be a submodule of its repository.
    """
    at, real = Path(os.path.realpath(project)), Path(os.path.realpath(folder))
    top = next((each for each in (at, *at.parents) if git_index.has_repository(each)), at)
    return real.is_relative_to(top) or git_index.tracked_file(real) is not None


def _read(file: Path) -> bytes | None:
    """Return the secret, unless others could have read or written it."""
    try:
        found = file.lstat()
        secret = regular_files.read(file, _SIZE)
    except OSError:
        return None
    if os.name != "nt" and (found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077):
        return None
    return secret if len(secret) == _SIZE else None


def _make(folder: Path) -> None:
    """Write a new secret, unless another process has been first. Raises `OSError`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = folder / f".{secrets.token_hex(8)}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
            file.flush()
            sync_file(file.fileno())
        with suppress(FileExistsError):
            held_files.link(temporary, folder / _NAME)
    finally:
        held_files.remove(temporary)
