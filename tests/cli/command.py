"""The command line from source to result: words go in; words, a code and requests come out.

Every command runs inside this process, over a `Site`. After each, the key is looked for in all that
was said and in every file there is.
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

from mkdocs_gemini_images.cli import app
from mkdocs_gemini_images.emulator.request_log import LoggedRequest
from tests.integration.site import Site, begin_anew


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    said: str
    """What it wrote to its output."""
    noted: str
    """What it wrote beside that, for people: messages, questions and errors."""
    requests: tuple[LoggedRequest, ...]

    @property
    def text(self) -> str:
        return self.said + self.noted

    @property
    def prompts(self) -> list[str]:
        """What was asked for, the last turn's words of each request, sorted."""
        return sorted(entry.body["contents"][-1]["parts"][-1]["text"] for entry in self.requests)


def run(site: Site, command: str, *arguments: str, typed: str | None = None) -> Done:
    """Run a command over a site as it is written."""
    before = len(site.ledger)
    begin_anew()
    result = click.testing.CliRunner().invoke(
        app.main, [command, "-f", str(site.root / "mkdocs.yml"), *arguments], input=typed
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    done = Done(result.exit_code, result.stdout, result.stderr, tuple(site.ledger.entries[before:]))
    site.check_secrets([done.text])
    return done


def plan(site: Site) -> dict[str, Any]:
    """Give the plan of a site as a script reads it; its exit code is the one it names."""
    done = run(site, "plan", "--json")
    found: dict[str, Any] = json.loads(done.said)
    assert found["exit_code"] == done.code
    assert done.requests == ()
    return found


def drawn(site: Site, *names: str) -> Done:
    """Write a site and draw it, without being asked."""
    site.write()
    done = run(site, "draw", "--yes", *names)
    assert done.code == 0, done.text
    return done


def kept(root: Path) -> dict[str, tuple[bytes | None, int]]:
    """Give every file and folder below `root`, with its bytes and the time it was changed."""
    return {
        path.relative_to(root).as_posix(): (
            path.read_bytes() if path.is_file() else None, path.stat().st_mtime_ns
        )
        for path in sorted(root.rglob("*"))
    }  # fmt: skip


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Hold that nothing below `root` is written, made or taken away in this block."""
    gc.collect()  # what an earlier command in this process has open is closed before
    before = kept(root)
    yield
    after = kept(root)
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    assert not changed, changed


@contextmanager
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold that no socket is opened in this block."""

    def refuse(*arguments: object, **named: object) -> socket.socket:
        raise AssertionError("a socket was opened")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        yield
