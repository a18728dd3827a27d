"""Interrupted and parallel builds: answers are kept, and no image is paid for twice.

Each build here is a process of its own, which a test interrupts or kills.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.site import QUICK, Site, fence
from tests.warm_process import Process, started

QUICK_ONES = fence("A fox in snow") + fence("A heron at noon")
SLOW_ONES = fence("A town [emulate: slow]") + fence("A river [emulate: slow]")
"""Answers that take two seconds."""
ENDLESS_ONES = SLOW_ONES.replace("slow", "drip")
"""Answers that take four minutes, which is far longer than `HANG`."""
EDITED_ONES = ENDLESS_ONES.replace("prompt: A river", "edits: [Make it night]\nprompt: A river")
"""The same, and an edit of the second picture, which is not sent before that has come."""
HANG = 60.0
"""Seconds after which a test fails because a process hangs."""
LONG_GRACE = """
from mkdocs_gemini_images.core import event_loop
assert "grace" in event_loop.run.__kwdefaults__
event_loop.run.__kwdefaults__["grace"] = 240.0
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Site]:
    """A site of two quick images and two slow ones, and a server with its own request log."""
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger)) as url:
        pages = {"index.md": QUICK_ONES + SLOW_ONES}
        yield Site(tmp_path, pages, {**QUICK, "base_url": url}, {}, ledger)


BUILD = "from mkdocs.__main__ import cli\ncli(['build'])"
DRAW = "from mkdocs_gemini_images.cli.main import main\nmain(['draw', '--yes', 'index.md'])"


def begin(here: Site, code: str = "", command: str = BUILD) -> Process:
    """Start a build or another command in a new process, which runs `code` first."""
    here.write()
    return started(f"{code}\n{command}", folder=here.root, merged=True)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition. Raises `TimeoutError` when it does not hold in `HANG` seconds."""
    for _ in range(int(HANG / 0.01)):
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError


def end(process: Process, number: int) -> str:
    """Send a signal, wait for the end of the process, and return its output."""
    process.send_signal(number)
    return process.communicate(timeout=HANG)[0]


def arrived(here: Site, count: int) -> Callable[[], bool]:
    """Return whether `count` of the four images are in stock, and the rest is under way."""
    return lambda: (
        len(list(here.stock.glob("*.json"))) == count
        and len(here.ledger) == 4
        and len(list(here.journal.glob("*.intent"))) == 4 - count
    )


@pytest.mark.parametrize("command", [BUILD, DRAW], ids=["build", "draw"])
def test_ctrl_c_ends_a_build_before_slow_answers_and_keeps_those_that_came(
    here: Site, command: str
) -> None:
    here.pages["index.md"] = QUICK_ONES + EDITED_ONES
    process = begin(here, command=command)
    wait_until(arrived(here, 2))
    said = end(process, signal.SIGINT)
    assert process.returncode != 0
    assert ("gemini-images draw --yes index.md continues" in said) == (command == DRAW)
    assert said.count("Traceback") <= 1, "the interrupt itself, and nothing of ours"
    assert "never retrieved" not in said
    assert said.count("2 pictures drawn for $0.09, and kept, before the build was stopped") == 1
    assert "2 requests under way when the build was stopped; about $0.09 may have been" in said
    assert "destroyed" not in said
    assert len(here.owned) == 4
    here.pages["index.md"] = here.pages["index.md"].replace(" [emulate: drip]", "")
    rest = here.build()
    assert sorted(rest.prompts) == ["A river", "A town", "Make it night"]
    assert "may have been billed" in rest.text


def test_a_second_ctrl_c_ends_the_time_that_the_first_leaves_for_answers(here: Site) -> None:
    here.pages["index.md"] = QUICK_ONES + ENDLESS_ONES
    process = begin(here, LONG_GRACE)
    wait_until(arrived(here, 2))
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert process.poll() is None, "the first one leaves four minutes"
    end(process, signal.SIGINT)
    assert process.returncode != 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_build_leaves_what_came_and_says_what_may_have_been_billed(
    here: Site, number: int
) -> None:
    process = begin(here)
    wait_until(arrived(here, 2))
    end(process, number)
    assert len(list(here.journal.glob("*.intent"))) == 2
    here.pages["index.md"] = here.pages["index.md"].replace("slow", "ok")
    rest = here.build()
    assert len(rest.requests) == 2
    said = [text for text in rest.infos if "may have been billed" in text]
    assert len(said) == 2
    assert list(here.journal.glob("*.*")) == []
    assert "may have been billed" not in here.build().text, "it is said once"


DIE_AFTER_ARRIVAL = """
import os
from mkdocs_gemini_images.generation.journal.entry import JournalEntry as Entry
arrived = Entry.arrived
def last_words(entry):
    arrived(entry)
    os.kill(os.getpid(), 9)
Entry.arrived = last_words
"""


def test_an_answer_that_came_before_a_kill_is_adopted_without_a_request(here: Site) -> None:
    here.pages["index.md"] = fence("A fox in snow")
    process = begin(here, DIE_AFTER_ARRIVAL)
    process.communicate(timeout=HANG)
    assert process.returncode == -signal.SIGKILL
    assert (len(here.ledger), here.owned) == (1, [])
    rest = here.build()
    assert rest.requests == ()
    assert rest.loud == ()
    assert "1 that had arrived earlier" in rest.closing
    assert "(commit 2 files in gemini-images/)" in rest.closing
    assert len(rest.pictures) == 2
    assert list(here.journal.glob("*.*")) == []


def test_what_the_emulator_drew_is_not_adopted_as_paid(here: Site) -> None:
    here.pages["index.md"] = fence("A fox in snow")
    here.options["base_url"], url = "emulator", here.options["base_url"]
    begin(here, DIE_AFTER_ARRIVAL).communicate(timeout=HANG)
    here.pages["index.md"] += fence("A heron at noon")
    real = here.build(base_url=url)
    assert len(real.requests) == 2
    assert [sidecar["request"].get("emulated") for sidecar in here.sidecars] == [None, None]
    assert len(here.build().requests) == 0


def test_what_was_paid_is_not_adopted_by_the_emulator(here: Site) -> None:
    here.pages["index.md"] = fence("A fox in snow")
    begin(here, DIE_AFTER_ARRIVAL).communicate(timeout=HANG)
    here.build(base_url="emulator")
    real = here.build()
    assert real.requests == ()
    assert len(here.owned) == 2


@pytest.mark.parametrize(
    ("step", "count"),
    [("fsync", 1), ("fsync", 2), ("fsync", 3), ("replace", 1), ("replace", 2), ("replace", 3),
     ("unlink", 1), ("unlink", 2)],
)  # fmt: skip
def test_whenever_it_is_killed_nothing_is_paid_twice_without_a_word(
    here: Site, step: str, count: int
) -> None:
    """Die at the n-th such call after the answer came; the next build knows of it."""
    here.pages["index.md"] = fence("A fox in snow")
    code = f"""
import os, pathlib
from mkdocs_gemini_images.core.files import atomic_files as durable
from mkdocs_gemini_images.generation.journal.entry import JournalEntry as Entry
left = [{count}]
def mortal(real):
    def call(*args, **named):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), 9)
        return real(*args, **named)
    return call
begin = Entry.sink
def sink(entry, chunk):
    if not hasattr(os, "mortal"):
        os.mortal = True
        os.fsync = mortal(os.fsync) if {step!r} == "fsync" else os.fsync
        for name in ("open", "replace", "unlink"):
            if name == {step!r}:
                setattr(pathlib.Path, name, mortal(getattr(pathlib.Path, name)))
    begin(entry, chunk)
Entry.sink = sink
"""
    process = begin(here, code)
    process.communicate(timeout=HANG)
    rest = here.build()
    assert len(rest.requests) <= 1
    if rest.requests:
        assert "may have been billed" in rest.text
    assert len(rest.pictures) == 2
    assert len(here.sidecars) == 1


def test_two_builds_at_once_buy_once(here: Site) -> None:
    here.pages["index.md"] = fence("A town [emulate: slow]") + QUICK_ONES
    both = [begin(here, f"import time; time.sleep({wait})") for wait in (0, 0.1)]
    said = [process.communicate(timeout=HANG)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(here.ledger) == 3
    assert len(here.owned) == 6


def test_a_killed_build_keeps_no_lock(here: Site) -> None:
    process = begin(here)
    wait_until(arrived(here, 2))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    here.pages["index.md"] = QUICK_ONES + fence("A cat")
    assert len(here.build().requests) == 1


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"frozen": True}, id="frozen"),
        pytest.param({"max_new": 0}, id="walled"),
    ],
)
def test_an_answer_that_came_is_adopted_also_by_a_build_that_may_not_buy(
    here: Site, options: dict[str, Any]
) -> None:
    here.pages["index.md"] = fence("A fox in snow")
    begin(here, DIE_AFTER_ARRIVAL).communicate(timeout=HANG)
    rest = here.build(**options)
    assert rest.requests == ()
    assert len(rest.pictures) == 2
