"""Git repositories for tests of reviews, made by a person without settings of their own."""

import os
import subprocess
from pathlib import Path


def git(root: Path, *arguments: str, typed: bytes = b"") -> str:
    """Run a git command in a repository."""
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        env=environment, input=typed, check=True, capture_output=True,
    )  # fmt: skip
    return done.stdout.decode().strip()


def repository(root: Path, files: dict[str, bytes] | None = None) -> Path:
    """Make a repository with one commit on `main`."""
    root.mkdir(exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    commit(root, files or {"a.md": b"A\n"})
    return root


def commit(root: Path, files: dict[str, bytes]) -> str:
    """Commit files as they are, and return the commit."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")
    return git(root, "rev-parse", "HEAD")
