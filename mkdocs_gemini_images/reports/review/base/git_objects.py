"""Read commits, trees and blobs of a Git repository, without a checkout and without the network.

In: a folder inside a working tree, and names of revisions. Out: commits, the entries of a tree,
the bytes of blobs. A repository may be a stranger's, whose configuration names programs: only
commands are run that need none of them, hooks, file monitors and transports are switched off, and
what a partial clone lacks is not fetched.
"""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, message_of, quoted
from mkdocs_gemini_images.core.git_index import has_repository

_OPTIONS = (
    "--no-pager", "--no-replace-objects", "--literal-pathspecs", "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip
_PLACES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
)  # fmt: skip
"""What Git sets for a hook, and what would lead it to another repository."""
_SECONDS = 120
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PIECE = 2**20
FILE, LINK = "100", "120"
"""How the mode of an entry begins that is a regular file, and that of a symbolic link."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a tree."""

    mode: str
    blob: str
    """The name of its object."""


class Repository:
    """A repository with its working tree, at whose top Git is run."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def commit(self, revision: str) -> str:
        """Return the commit that a revision names; empty where there is none."""
        named = self._asked(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        ).strip()
        return named if _COMMIT.fullmatch(named) else ""

    def merge_base(self, one: str, other: str) -> str:
        """Return the newest commit that two commits have in common; empty where there is none."""
        return self._asked("merge-base", one, other).strip()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone ends before the repository's first commit."""
        return self._asked("rev-parse", "--is-shallow-repository").strip() == "true"

    @property
    def common_folder(self) -> Path:
        """Git's own folder, which all working trees of the repository share."""
        return self.top / self._asked("rev-parse", "--git-common-dir").strip()

    def remote_url(self) -> str:
        """Return the address of the remote `origin`; empty without one."""
        return self._asked("config", "--local", "--get", "remote.origin.url").strip()

    def tree(self, commit: str) -> dict[str, TreeEntry]:
        """Return the entries of a commit's tree by their paths, below all folders.

        Raises `DiagnosticError`.
        """
        listed = self._asked("ls-tree", "-r", "-z", "--full-tree", commit, must=True)
        entries = {}
        for line in listed.split("\0"):
            facts, _, path = line.partition("\t")
            if path:
                mode, _, blob = facts.split(" ", 2)
                entries[path] = TreeEntry(mode, blob)
        return entries

    def _asked(self, *arguments: str, must: bool = False) -> str:
        """Return what a command prints; empty when it fails, unless it `must` not.

        Raises `DiagnosticError` when there is no Git, or it does not trust the repository.
        """
        try:
            done = subprocess.run(  # noqa: S603
                command(self.top, *arguments),
                capture_output=True, timeout=_SECONDS, check=False, env=environment(),
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise _no_git() from error
        except subprocess.TimeoutExpired as error:
            said = f"Git has not answered in {_SECONDS} s"
            raise DiagnosticError(Diagnostic.sentence(said, "try git fsck")) from error
        if done.returncode == 0:
            return os.fsdecode(done.stdout)
        words = message_of(os.fsdecode(done.stderr))
        if "dubious ownership" in words:
            said = f"Git does not read {self.top}, which belongs to another user"
            fix = f"git config --global --add safe.directory {self.top}"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        if must:
            said = f"Git cannot read the tree of a commit ({words or 'no reason given'})"
            raise DiagnosticError(Diagnostic.sentence(said, "try git fsck, or clone it again"))
        return ""


def find_repository(folder: Path) -> Repository:
    """Return the repository whose working tree has a folder.

    Git is run at its top alone: below, it would take committed files named `HEAD`, `config`,
    `objects` and `refs` for a repository. Raises `DiagnosticError` where there is none.
    """
    real = folder.resolve()
    for each in (real, *real.parents):
        if has_repository(each):
            return Repository(each)
    said = f"{real} is in no Git repository, and a review compares with a commit"
    raise DiagnosticError(Diagnostic.sentence(said, "run it in a clone of the site's repository"))


class Blobs:
    """The bytes of blobs, from one running `git cat-file`. May be used from any thread."""

    def __init__(self, repository: Repository) -> None:
        self._lock = threading.Lock()
        try:
            self._git = subprocess.Popen(  # noqa: S603
                command(repository.top, "cat-file", "--batch"), stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
            )  # fmt: skip
        except FileNotFoundError as error:
            raise _no_git() from error

    def __enter__(self) -> "Blobs":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._git.stdin, self._git.stdout):
            if pipe is not None:
                pipe.close()
        self._git.kill()
        self._git.wait()

    def read(self, blob: str, name: str, most: int) -> bytes:
        """Return the bytes of a blob, which messages call `name`.

        Raises `DiagnosticError` when Git does not have it, or it has more than `most` bytes.
        """
        with self._lock:
            typed, printed = self._git.stdin, self._git.stdout
            if typed is None or printed is None:
                raise AssertionError("the pipes are open")
            try:
                typed.write(f"{blob}\n".encode())
                typed.flush()
                answer = printed.readline().split()
            except OSError:
                answer = []
            if len(answer) != 3 or answer[1] != b"blob":
                said = f"Git does not have {name}, as in a partial clone"
                fix = "fetch it (git fetch --refetch --no-filter), or clone without --filter"
                raise DiagnosticError(Diagnostic.sentence(said, fix))
            size = int(answer[2])
            data = b"".join(_pieces(printed, size, keep=size <= most))
            printed.read(1)  # the end of its line
        if size > most:
            said = f"{name} has {size / 2**20:,.0f} MB and is not read"
            raise DiagnosticError(
                Diagnostic.sentence(said, "this plugin did not write it: delete it")
            )
        return data


def _pieces(printed: IO[bytes], size: int, *, keep: bool) -> Iterator[bytes]:
    while size:
        piece = printed.read(min(size, _PIECE))
        if not piece:
            said = "Git has stopped in the middle of a file"
            raise DiagnosticError(Diagnostic.sentence(said, "try git fsck, or clone it again"))
        size -= len(piece)
        if keep:
            yield piece


def command(top: Path, *arguments: str) -> list[str]:
    """Return the command line of a git command at the top of a working tree."""
    return ["git", "-C", str(top), *_OPTIONS, *arguments]


def environment() -> dict[str, str]:
    """Return the environment of a git command: it fetches nothing, and shows no question."""
    kept = {name: value for name, value in os.environ.items() if name not in _PLACES}
    return kept | {
        "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C",
    }  # fmt: skip


def no_such_revision(revision: str, *, shallow: bool) -> DiagnosticError:
    """Return the error for a revision that the clone does not have."""
    said = f"there is no commit {quoted(revision)} in this clone"
    fix = "name one that git log shows (--base REF), or fetch it (git fetch origin)"
    if shallow:
        said += ", which is shallow"
        fix = "git fetch --unshallow; in a job, fetch-depth: 0 or GIT_DEPTH: 0"
    return DiagnosticError(Diagnostic.sentence(said, fix))


def _no_git() -> DiagnosticError:
    said = "Git is not installed, and a review compares with a commit"
    return DiagnosticError(Diagnostic.sentence(said, "install git"))
