"""Every command that README and manual quote runs, over one site from its set-up to its way out.

Each has a line in `STORY` with its exit code, in an order in which the site can have what they
name.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import click.testing
import pytest

from mkdocs_gemini_images.cli import main
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.site import CANARY, begin_anew, fence
from tests.unit.pictures import png

ROOT = Path(__file__).parents[2]
STORY = {
    "--version": 0,
    "init": 1,  # there is no terminal to ask on
    "init --yes": 0,
    "adopt": 2,  # the words of a table, without what they need
    "pick": 2,
    "adopt press ~/press.png": 0,
    "plan": 2,
    "plan --json": 2,
    "plan --markdown": 2,
    "plan --out plan.json": 2,
    "draw harbour": 0,
    "draw lost": 0,
    "draw harbour guide/install.md": 0,
    "draw harbour --takes 3": 0,
    "draw --batch": 0,
    "draw --batch --wait": 0,
    "draw --plan plan.json": 0,
    'draw --plan "$RUNNER_TEMP/plan.json"': 0,
    "draw": 0,
    "draw --yes": 0,
    "draw --drifted": 0,
    "draw --drifted guide/install.md": 0,
    "check": 0,
    "sync": 1,  # the stock is a folder: commit it
    "pick harbour 2": 0,
    "pick index.md:12 2": 0,
    "pick harbour 7": 1,  # it is not in stock
    "alt guide/install.md": 0,
    "alt": 0,
    "alt --write": 0,
    "accept": 0,
    "gallery": 0,
    "costs": 0,
    "costs --by page --since 2026-11-01": 0,
    "review": 3,  # pictures have changed
    "review --base origin/main --html review.html": 3,
    "prune": 0,
    "prune -f mkdocs.yml -f mkdocs.fr.yml": 0,
    "prune --delete": 0,
    "doctor": 0,
    "emulator --scenarios": 0,
    "eject": 1,  # what is in mkdocs.yml is left to the author
}
SERVERS = (
    "emulator",
    "emulator --port 8787",
    'emulator --scenario "overloaded*2" --scenario ok --latency 3',
    "emulator --batch-delay 60 --scenario batch-item-errors",
)
ELSEWHERE = {"serve", "mcp"}
"""What the tests of the live preview and of assistants run."""
FORMS = {"adopt ID FILE"}
"""What stands for the names of a reader's own site."""

LINES = 11 * "\n"
"""What puts the harbour on line 12, which is quoted."""
HARBOUR = fence("A harbour", id="harbour", aspect_ratio="1:1").strip()
PAGES = {
    "index.md": f'# Birds{LINES}{HARBOUR}\n\n![A bird](gemini: "A heron")\n',
    "guide/install.md": '![x](gemini: "A map")\n',
    "press.md": fence("A press", id="press"),
}


def quoted() -> Iterator[str]:
    for path in (ROOT / "README.md", *(ROOT / "example_site/docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?:\$ |run: |entry: |`)gemini-images ([^`\n]*)", text):
            yield re.split(r" [#|<>&]| \|\|", line)[0].strip()


def test_every_quoted_command_is_in_the_story() -> None:
    assert set(quoted()) - {""} == {*STORY, *SERVERS, *ELSEWHERE, *FORMS}


def test_a_quoted_server_serves_until_it_is_interrupted() -> None:
    commands = [
        [sys.executable, "-m", "mkdocs_gemini_images", *shlex.split(line), "--port", "0"]
        for line in SERVERS
    ]
    running = [subprocess.Popen(each, stdout=subprocess.PIPE, text=True) for each in commands]
    for process in running:
        assert process.stdout is not None
        address = re.search(r"listens on http://(127\.0\.0\.1:\d+)", process.stdout.readline())
        assert address is not None
        connection = HTTPConnection(address[1])
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert [each.returncode for each in running] == [0] * len(SERVERS)


@pytest.fixture
def birds(tmp_path: Path, server: tuple[str, RequestLog], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site in a repository, as its author has it before the set-up."""
    root = tmp_path / "birds"
    for name, text in PAGES.items():
        (root / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / name).write_text(text)
    config = (
        "site_name: Birds\nplugins:\n  - search\n  - gemini-images:\n"
        f"      base_url: {server[0]}\n      model: gemini-3.1-flash-image\n      size: 512\n"
        "      widths: [64]\n"
        "      pictures:\n        lost: { prompt: A robot, alt: A robot that is lost }\n"
    )
    for name in ("mkdocs.yml", "mkdocs.fr.yml"):
        (root / name).write_text(config)
    (root / ".gitignore").write_text("gallery.html\nreview.html\nplan.json\n")
    (tmp_path / "press.png").write_bytes(png(64, 36))
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RUNNER_TEMP", str(root))
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (
        ["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Birds"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):  # fmt: skip
        subprocess.run(["git", *who, *words], check=True)
    return root


def test_every_quoted_command_runs(birds: Path) -> None:
    ended, said = {}, {}
    for line in STORY:
        begin_anew()
        words = [str(Path(os.path.expandvars(word)).expanduser()) for word in shlex.split(line)]
        done = click.testing.CliRunner().invoke(main.main, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise AssertionError(line) from done.exception
        assert CANARY not in done.output
        ended[line] = done.exit_code
        said[line] = done.output
    differ = [line for line in STORY if ended[line] != STORY[line]]
    assert not differ, [(line, ended[line], said[line]) for line in differ]
    assert (birds / "review.html").is_file()
