"""The question at the terminal of `mkdocs serve`, for a press beyond the session's limits."""

import threading
from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.preview.serving import Served, wait_until
from tests.preview.terminal import Terminal, serve_in_terminal
from tests.preview.test_session_limits import bills, foxes

WAITING = "waiting for your answer in the terminal"


def test_a_press_beyond_the_limits_is_drawn_when_the_author_agrees(site: MakeSite) -> None:
    here = site({"index.md": foxes(3)}, max_new=1)
    here.write()
    before = len(here.ledger)
    with serve_in_terminal(here) as (served, terminal):
        first, second, third = served.handles()
        served.press("draw", first)
        served.until_state(first, "in stock")
        assert "a press asks you in the terminal" in served.state(second)["notice"]

        # The answer comes at once, and the state says what the picture waits for.
        assert served.press("draw", second) == {}
        question = terminal.until_asked()
        assert question.startswith("gemini-images: index.md: draw 'A fox, number 1' with ")
        assert (
            "1 request, about $0.046, at most $0.058, though 1 request after 1 before is more than"
            in question
        )
        state = served.state(second)
        assert (state["state"], state["asking"], state["notice"]) == ("not drawn", True, WAITING)
        assert len(bills(here, before)) == 1

        # While the question is open, pages are served, and presses beyond say what they wait for.
        assert "A picture" in served.page()
        assert served.press("draw", second) == {"complaint": WAITING}
        for _ in range(20):
            assert served.press("draw", third)["complaint"].startswith(WAITING)
        assert WAITING in served.state(third)["notice"]
        assert len(terminal.questions) == 1

        terminal.type("y\n")
        served.until_state(second, "in stock")
        assert served.state(second)["asking"] is False
        assert len(bills(here, before)) == 2

        # One yes is for one press: the next one is asked about again.
        served.press("draw", third)
        assert "after 2 before" in terminal.until_asked(2)
        terminal.type("n\n")
        assert "not agree" in served.until_state(third, "failed")["why"]
    assert len(bills(here, before)) == 2


ANSWERS = ["\n", "no\n", "yep\n", "Y es\n", "\x04", "y" * 2000 + "\n"]
STEERING = "A fox \x1b[2J\x1b]0;gone\x07 \u202e[y/N]y"


@pytest.fixture(scope="module")
def here(site: MakeSite) -> Site:
    """Make a site whose every press is beyond the limits."""
    made = site({"index.md": foxes(3 + len(ANSWERS)), "steering.md": fence(STEERING)}, max_new=0)
    made.write()
    return made


@pytest.fixture(scope="module")
def asking(here: Site) -> Iterator[tuple[Served, Terminal]]:
    with serve_in_terminal(here) as (served, terminal):
        yield served, terminal


def test_anything_but_yes_draws_nothing(here: Site, asking: tuple[Served, Terminal]) -> None:
    served, terminal = asking
    before = len(here.ledger)
    for answer, handle in zip(ANSWERS, served.handles(), strict=False):
        asked = len(terminal.questions)
        served.press("draw", handle)
        terminal.until_asked(asked + 1)
        terminal.type(answer)
        assert "not agree" in served.until_state(handle, "failed")["why"], answer
    assert len(here.ledger) == before


def test_what_was_typed_before_the_question_is_no_answer(
    here: Site, asking: tuple[Served, Terminal]
) -> None:
    served, terminal = asking
    before, asked = len(here.ledger), len(terminal.questions)
    handle = served.handles()[-1]
    terminal.type("y\ny\ny\n")
    served.press("draw", handle)
    terminal.until_asked(asked + 1)
    assert served.state(handle)["asking"] is True
    terminal.type("n\n")
    served.until_state(handle, "failed")
    assert len(here.ledger) == before


def test_a_rebuild_does_not_wait_for_the_answer(
    here: Site, asking: tuple[Served, Terminal]
) -> None:
    served, terminal = asking
    asked = len(terminal.questions)
    handle = served.handles()[-2]
    served.press("draw", handle)
    terminal.until_asked(asked + 1)
    (here.root / "docs" / "index.md").write_text(f"{here.pages['index.md']}\n\nsaved\n")
    wait_until(lambda: "saved" in served.page())
    assert served.state(handle)["asking"] is True
    terminal.type("y\n")
    served.until_state(handle, "in stock")


def test_words_of_a_prompt_do_not_control_the_terminal(asking: tuple[Served, Terminal]) -> None:
    served, terminal = asking
    seen = len(terminal.text)
    (handle,) = served.handles("/steering/")
    served.press("draw", handle)
    wait_until(lambda: "Type y and Enter" in terminal.text[seen:])
    question = terminal.text[seen:].split("gemini-images: steering.md")[1]
    assert not {"\x1b", "\x07", "\u202e"} & set(question)
    terminal.type("n\n")
    served.until_state(handle, "failed")


def test_presses_within_the_limits_are_drawn_while_a_question_is_open(site: MakeSite) -> None:
    dear = fence("A town", size="2K", model="gemini-3.1-flash-image")
    here = site(dear + foxes(2), budget=0.11, max_new=100)
    here.write()
    with serve_in_terminal(here) as (served, terminal):
        town, *rest = served.handles()
        assert served.state(town)["draw"]["usd"] > 0.1
        served.press("draw", town)
        terminal.until_asked()
        for handle in rest:
            assert served.press("draw", handle) == {}
            served.until_state(handle, "in stock")
        assert served.state(town)["asking"] is True
        # Each line of the log is whole: none begins in the line of the question.
        drawn = [line for line in terminal.text.split("\n") if " drawn for " in line]
        assert len(drawn) == 2
        assert all(line.startswith("INFO") for line in drawn)
        assert terminal.questions[0].endswith("[y/N]")


def test_an_interrupt_ends_the_server_while_a_question_is_open(site: MakeSite) -> None:
    here = site(foxes(1), max_new=0)
    here.write()
    before = len(here.ledger)
    with serve_in_terminal(here) as (served, terminal):
        served.press("draw", served.handles()[0])
        terminal.until_asked()
        terminal.type("\x03")
        served.process.wait(40)
        assert "Shutting down" in terminal.text
    assert len(here.ledger) == before


def test_many_tabs_at_once_open_one_question(site: MakeSite) -> None:
    here = site(foxes(8), max_new=0)
    here.write()
    before = len(here.ledger)
    with serve_in_terminal(here) as (served, terminal):
        handles = served.handles()
        threads = [
            threading.Thread(target=served.press, args=("draw", handle)) for handle in handles
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        terminal.until_asked()
        terminal.type("y\n")
        wait_until(lambda: len(here.owned) == 2)
        assert len(terminal.questions) == 1
    assert len(bills(here, before)) == 1


def test_a_preview_in_the_background_is_not_stopped_by_a_question(site: MakeSite) -> None:
    here = site(foxes(1), max_new=0)
    here.write()
    with serve_in_terminal(here, place="background") as (served, terminal):
        (handle,) = served.handles()
        terminal.type("y\n")
        assert "gemini-images draw asks" in served.press("draw", handle)["complaint"]
        assert served.state(handle)["state"] == "not drawn"
        assert terminal.questions == []
    assert here.owned == []
