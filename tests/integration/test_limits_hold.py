"""Whatever a server does, no more is bought than `max_new` and `budget` allow, repeats included."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.commands.build import build
from mkdocs.config import load_config

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.settings import Settings
from tests.cli.command import run
from tests.crash.scene import Scene
from tests.integration.client.hostile import (
    Answer,
    error,
    hostile,
    http,
    png,
    raw,
    reply,
    reset,
)
from tests.integration.conftest import MakeSite
from tests.integration.site import begin_anew, fence

PRICE = 0.045
"""USD of one picture of the scene, by the table."""

GOOD = http(reply(png(688, 384)))  # of the size that is asked for
CUT = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
BILLED: dict[str, Answer] = {
    "good": GOOD,
    "cut": CUT,
    "reset": reset(b""),
    "gateway": error("x", "502 Bad Gateway"),
    "late": error("x", "504 Gateway Timeout"),
    "no picture": http(b'{"promptFeedback": {"blockReason": "SAFETY"}}'),
    "no JSON": http(b"<html>"),
}
"""Answers after which a model has drawn, or may have."""
FREE: dict[str, Answer] = {
    "busy": error({"message": "busy"}, "503 Service Unavailable", Retry_After="0"),
    "too many": error({"message": "wait"}, "429 Too Many Requests", Retry_After="0"),
    "broken": error({"message": "oh"}, "500 Internal Server Error", Retry_After="0"),
    "refused": error({"message": "no"}, "400 Bad Request"),
}
"""Errors before anything is drawn."""


class Script:
    """Answers that follow a script, over and over, and counts those that are or may be billed."""

    def __init__(self, names: list[str]) -> None:
        self.billed = 0
        self._names = names
        self._next = 0
        self._lock = Lock()

    def __call__(self, connection: object) -> None:
        with self._lock:
            name = self._names[self._next % len(self._names)]
            self._next += 1
            self.billed += name in BILLED
        ({**BILLED, **FREE}[name])(connection)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LimitedScene(Scene):
    """A scene with limits of its own."""

    limits: SpendingLimits = SpendingLimits()  # noqa: RUF009 (frozen)

    def settings(self, *, frozen: bool = False, retries: int = 2) -> Settings:
        return super().settings(frozen=frozen, retries=retries)._replace(limits=self.limits)


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(st.sampled_from([*BILLED, *FREE]), min_size=1, max_size=8),
    pictures=st.integers(1, 5),
    more=st.integers(-1, 3),
    money=st.integers(-1, 3),
    retries=st.integers(0, 3),
)
def test_for_any_script_of_a_server_no_more_is_bought_than_the_limits_allow(
    names: list[str], pictures: int, more: int, money: int, retries: int
) -> None:
    max_new, most = pictures + more, pictures + money
    script = Script(names)
    with tempfile.TemporaryDirectory() as folder, hostile(None, script) as server:
        limits = SpendingLimits(max_new=max_new, budget=most * PRICE)
        scene = LimitedScene(Path(folder), server.url, limits=limits)
        scene.build([f"Picture {number}" for number in range(pictures)], retries=retries)
    assert script.billed <= max(0, max_new)
    assert script.billed <= max(0, most)


@pytest.mark.parametrize(("pictures", "max_new", "sent"), [(10, 10, 10), (8, 10, 10), (3, 10, 6)])
def test_a_build_whose_every_answer_is_cut_sends_max_new_requests(
    site: MakeSite, pictures: int, max_new: int, sent: int
) -> None:
    page = "".join(fence(f"Picture {number}") for number in range(pictures))
    with hostile(None, CUT) as server:
        built = site(page, base_url=server.url, max_new=max_new).build()
        assert len(server.requests) == sent
    assert len(built.warnings) == pictures
    assert "may have been billed" in built.text


def test_a_server_that_is_busy_does_not_use_the_limit_up(site: MakeSite) -> None:
    page = fence("A fox") + fence("A heron")
    busy = FREE["busy"]
    with hostile(None, busy, busy, busy, GOOD) as server:
        built = site(page, base_url=server.url, max_new=2, concurrency=1).build()
        assert len(server.requests) == 5
    assert built.loud == ()


def test_the_builds_of_one_command_count_what_the_others_repeated(site: MakeSite) -> None:
    """As with one build per language: three pictures and three repeats leave four requests."""
    page = "".join(fence(f"Picture {number}") for number in range(3))
    with hostile(None, CUT) as server:
        here = site(page, base_url=server.url)
        begin_anew()
        config = load_config(str(here.write()))
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        assert len(server.requests) == 6
        here.pages["index.md"] = "".join(fence(f"Another {number}") for number in range(5))
        here.write()
        build(config)
        assert len(server.requests) == 6, "five are more than the four that are left"
        here.pages["index.md"] = "".join(fence(f"Another {number}") for number in range(3))
        here.write()
        build(config)
        assert len(server.requests) == 10, "three, and one of them repeated"


def test_a_command_beyond_the_limits_sends_what_was_agreed_to_and_repeats_nothing(
    site: MakeSite,
) -> None:
    page = "".join(fence(f"Picture {number}") for number in range(4))
    with hostile(None, CUT) as server:
        here = site(page, base_url=server.url, max_new=3)
        here.write()
        done = run(here, "draw", "--yes")
        assert len(server.requests) == 4
    assert done.code == 1


def test_the_first_of_two_sites_repeats_nothing_at_the_cost_of_the_second(site: MakeSite) -> None:
    """One command for both: four and five pictures within ten requests leave one repeat."""
    with hostile(None, CUT) as server:
        here = site("".join(fence(f"One {n}") for n in range(4)), base_url=server.url)
        here.write()
        second = here.root / "mkdocs.de.yml"
        first = (here.root / "mkdocs.yml").read_text()
        second.write_text(first.replace("{", '{"docs_dir": "de",', 1))
        (here.root / "de").mkdir()
        (here.root / "de" / "index.md").write_text("".join(fence(f"Two {n}") for n in range(5)))
        run(here, "draw", "-f", str(second))
        asked = [each.prompt for each in server.requests]
    assert len(asked) == 10
    assert {each for each in asked if each.startswith("Two")} == {f"Two {n}" for n in range(5)}
