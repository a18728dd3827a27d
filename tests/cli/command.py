"""Run commands over a `Site` inside this process, and return what they print and send.

After each command, all output and every file of the site are searched for the API key.
"""

import gc
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click.testing
import pytest

from mkdocs_gemini_images.cli import main
from mkdocs_gemini_images.emulator.request_log import LoggedRequest
from tests.integration.site import Site, begin_anew
from tests.unit.pictures import png

PICTURE = png(64, 36)


@dataclass(frozen=True)
class CommandResult:
    """The outcome of one command."""

    code: int
    stdout: str
    stderr: str
    """Messages, questions and errors."""
    requests: tuple[LoggedRequest, ...]

    @property
    def text(self) -> str:
        return self.stdout + self.stderr

    @property
    def prompts(self) -> list[str]:
        """The text of the last turn of each request, sorted."""
        return sorted(entry.body["contents"][-1]["parts"][-1]["text"] for entry in self.requests)


def run(site: Site, command: str, *arguments: str, typed: str | None = None) -> CommandResult:
    """Run a command over the site on disk; `typed` is its standard input."""
    before = len(site.ledger)
    begin_anew()
    result = click.testing.CliRunner().invoke(
        main.main, [command, "-f", str(site.root / "mkdocs.yml"), *arguments], input=typed
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    requests = tuple(site.ledger.entries[before:])
    done = CommandResult(result.exit_code, result.stdout, result.stderr, requests)
    site.check_secrets([done.text])
    return done


def plan(site: Site) -> dict[str, Any]:
    """Return the plan of a site as JSON, after checking that it names its own exit code."""
    done = run(site, "plan", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["exit_code"] == done.code
    assert done.requests == ()
    return found


def drawn(site: Site, *names: str) -> CommandResult:
    """Write a site and draw it with `--yes`."""
    site.write()
    done = run(site, "draw", "--yes", *names)
    assert done.code == 0, done.text
    return done


def kept(root: Path) -> dict[str, tuple[bytes | None, int]]:
    """Return every file and folder below `root`, with its bytes and its modification time."""
    return {
        path.relative_to(root).as_posix(): (
            path.read_bytes() if path.is_file() else None, path.stat().st_mtime_ns
        )
        for path in sorted(root.rglob("*"))
    }  # fmt: skip


def picture_file(site: Site, data: bytes = PICTURE, name: str = "mine.png") -> str:
    """Write a picture beside the site and return its path."""
    file = site.root.parent / f"{site.root.name}-{name}"
    file.write_bytes(data)
    return str(file)


def refusal(done: CommandResult) -> str:
    """Return the error message of a refused command."""
    assert done.code == 1
    assert done.stderr.count("Error: ") == 1
    assert done.requests == ()
    return " ".join(done.stderr.split())


def files_of_fox(site: Site) -> list[str]:
    """Return the names of the files of the fox's picture."""
    key = next(each["key"] for each in site.sidecars if each["id"] == "fox")
    return sorted(path.name for path in site.stock.glob(f"{key}*"))


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Assert that this block writes, creates and deletes nothing below `root`."""
    gc.collect()  # closes the files that an earlier command in this process has open
    before = kept(root)
    yield
    after = kept(root)
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    assert not changed, changed


@contextmanager
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Assert that this block opens no socket."""

    def refuse(*arguments: object, **named: object) -> socket.socket:
        raise AssertionError("a socket was opened")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        yield
