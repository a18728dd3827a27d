"""The live preview over HTTP: it draws only on request, and sends each change of a picture."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.preview.serving import ROOT, Served, save_options, serve, wait_until

SAVES = int(os.environ.get("SAVES", "4"))
SLOW = fence("A town [emulate: slow]")
TAKES = "\ufeff# Café\r\n\r\n```gemini-image\r\nprompt: A café\r\nalt: A fox\r\n```\r\n\r\nEnd"
TWICE = '![A lynx](gemini: "A lynx")\n\n![A lynx](gemini: "A lynx")\n'
PAGES = {
    "saved.md": fence("A fox, version 0"),
    "command.md": fence("A heron", id="heron"),
    "wrong.md": fence("A fox [emulate: strange-error]"),
    "slow.md": SLOW,
    "takes.md": "",
    "twice.md": TWICE,
    "dark.md": fence("A house", dark="the same at night"),
    "named.md": '![A fox](img/fox.webp "gemini: A red fox")',
}
"""A page for each test that needs no site of its own."""
_SAVE_NUMBERS = itertools.count(1)


def index(here: Site) -> Path:
    return here.root / "docs" / "index.md"


def save(here: Site, served: Served, text: str, page: str = "index") -> None:
    """Save a page, and wait until the rebuilt one is served."""
    mark = f"saved {next(_SAVE_NUMBERS)} times"
    (here.root / "docs" / f"{page}.md").write_text(f"{text}\n\n{mark}\n")
    at = "/" if page == "index" else f"/{page}/"
    wait_until(lambda: mark in served.page(at))


def until_announced(
    following: Callable[[], dict[str, Any]], handle: str, state: str
) -> dict[str, Any]:
    """Return the first announcement that a picture is in a state."""
    while (said := following())["handle"] != handle or said["state"] != state:
        pass
    return said


@pytest.fixture(scope="module")
def here(site: MakeSite) -> Site:
    """Make a site with the pages that share a server, one of which shows an earlier picture."""
    theme = {"theme": {"name": "mkdocs", "color_mode": "auto"}}
    made = site({"named.md": '![A fox](img/fox.webp "gemini: A fox")'}, config=theme, retries=0)
    made.build()
    made.pages = {"index.md": "A page.", **PAGES}
    made.write()
    (made.root / "docs" / "takes.md").write_bytes(TAKES.encode())
    return made


@pytest.fixture(scope="module")
def served(here: Site) -> Iterator[Served]:
    with serve(here) as served:
        yield served


def test_no_save_sends_a_request(here: Site, served: Served) -> None:
    before, owned = len(here.ledger), here.owned
    for count in range(SAVES):
        save(here, served, fence(f"A fox, version {count}"), "saved")
        assert "placeholder" in served.page("/saved/")
    assert len(here.ledger) == before
    assert here.owned == owned


@pytest.mark.parametrize("host", ["mkdocs", "properdocs"])
def test_two_clicks_draw_one_picture_which_is_announced_and_served(
    site: MakeSite, host: str
) -> None:
    theme = {"theme": {"name": None, "custom_dir": "theme"}}
    here = site(fence("A fox in snow", id="fox", caption="A *fox*"), config=theme)
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    here.write()
    if host == "properdocs":
        (here.root / "mkdocs.yml").rename(here.root / "properdocs.yml")
    before = len(here.ledger)
    with serve(here, host=host) as served:
        (handle,) = served.handles()
        state = served.state(handle)
        assert (state["state"], state["prompt"], state["size"]) == (
            "not drawn", "A fox in snow", "512",
        )  # fmt: skip
        prices = {name: state["draw"][name] for name in ("usd", "at_most")}
        assert 0.045 < prices["usd"] < prices["at_most"] < 0.06
        assert state["draw"] == prices | {"requests": 1, "known": True, "take": 1}
        with served.listening() as following:
            assert served.press("draw", handle, state["draw"]["usd"]) == {}
            assert served.press("draw", handle, state["draw"]["usd"]) == {}  # a second click
            assert following()["state"] == "drawing"
            while (announced := following())["state"] != "in stock":
                assert announced["state"] == "drawing"
        shown = announced["shown"]
        assert shown["src"].startswith("assets/gemini/fox-")
        for uri, _ in shown["files"]:
            answer = served.ask("GET", f"/{uri}")
            assert (answer.status, answer.data[8:12]) == (200, b"WEBP")
        assert "placeholder" in served.page()  # no rebuild was needed
        save(here, served, index(here).read_text())
        assert shown["src"] in served.page()
        assert served.handles() == [handle]
    assert len(here.ledger) == before + 1
    assert len(here.owned) == 2


def test_a_picture_that_the_command_line_draws_is_announced(here: Site, served: Served) -> None:
    with served.listening() as following:
        (handle,) = served.handles("/command/")
        command = [sys.executable, "-m", "mkdocs_gemini_images", "draw", "--yes", "heron"]
        file = str(here.root / "mkdocs.yml")
        subprocess.run([*command, "-f", file], check=True, capture_output=True)
        until_announced(following, handle, "in stock")
    assert [each["id"] for each in here.sidecars if each.get("id") == "heron"] == ["heron"]


def test_a_refused_request_says_why(site: MakeSite) -> None:
    here = site(FOX)
    here.write()
    before = len(here.ledger)
    refusals: list[tuple[dict[str, object], float, str]] = [
        ({}, 0.01, "it would cost about $0.046 now"),
        ({"budget": 0.01}, 1.0, "more than budget"),
        ({"api_key": "", "base_url": "https://gateway.example"}, 1.0, "no API key"),
        ({"enabled": False}, 1.0, "switched off"),
    ]
    with serve(here) as served:
        for options, usd, why in refusals:
            save_options(here, served, **options)
            (handle,) = served.handles()
            assert why in served.press("draw", handle, usd)["complaint"]
            assert served.state(handle)["state"] == "not drawn"
    assert len(here.ledger) == before


def test_a_failure_is_announced_without_the_key_and_a_click_tries_again(
    here: Site, served: Served
) -> None:
    before = len(here.ledger)
    (handle,) = served.handles("/wrong/")
    for count in (1, 2):
        assert served.press("draw", handle) == {}
        why = served.until_state(handle, "failed")["why"]
        assert why == "the server answered with an error: Oh dear, ***; build again later"
        assert len(here.ledger) == before + count


def test_a_picture_that_arrives_during_a_rebuild_is_announced_after_it(
    here: Site, served: Served
) -> None:
    before = len(here.ledger)
    with served.listening() as following:
        (handle,) = served.handles("/slow/")
        assert served.press("draw", handle) == {}
        save(here, served, SLOW, "slow")
        assert served.state(handle)["state"] == "drawing"
        announced = until_announced(following, handle, "in stock")
        assert served.ask("GET", f"/{announced['shown']['src']}").status == 200
        save(here, served, SLOW, "slow")
        assert announced["shown"]["src"] in served.page("/slow/")
    assert len(here.ledger) == before + 1


def test_takes_are_drawn_shown_and_picked_into_the_markdown(here: Site, served: Served) -> None:
    before = len(here.ledger)
    (handle,) = served.handles("/takes/")
    served.press("draw", handle)
    served.until_state(handle, "in stock")
    for take in (2, 3):
        assert served.state(handle)["another"]["take"] == take
        assert served.press("take", handle, 0.05) == {}
    wait_until(lambda: served.state(handle)["takes"] == [1, 2, 3])
    sample = served.ask("GET", f"{ROOT}picture?handle={handle}&take=3", None, served.own)
    assert sample.kind == "image/webp"
    picked = served.pick(handle, 3)
    assert picked["written"] == ["takes.md"]
    expected = TAKES.replace("alt: A fox\r\n", "alt: A fox\r\ntake: 3\r\n")
    assert (here.root / "docs" / "takes.md").read_bytes() == expected.encode()
    wait_until(lambda: served.handles("/takes/") == [picked["handle"]])
    assert served.state(picked["handle"])["state"] == "in stock"
    assert "placeholder" not in served.page("/takes/")
    assert len(here.ledger) == before + 3


def test_a_pick_that_cannot_be_written_says_what_to_write(here: Site, served: Served) -> None:
    answer = served.pick(served.handles("/twice/")[0], 2)
    assert "twice.md: " in answer["complaint"]
    assert "take: 2" in answer["complaint"]
    assert (here.root / "docs" / "twice.md").read_text() == TWICE


def test_a_dirty_preview_keeps_the_pictures_of_pages_it_left_alone(site: MakeSite) -> None:
    here = site({"index.md": FOX, "other.md": fence("A heron")})
    here.write()
    with serve(here, "--dirty") as served:
        (handle,) = served.handles("/other/")
        save(here, served, fence("A badger"))
        served.press("draw", handle)
        assert served.until_state(handle, "in stock")["shown"]["placeholder"] is False
        (fresh,) = served.handles()
        assert served.state(fresh)["prompt"] == "A badger"


def test_the_emulator_draws_at_once_and_takes_are_free(site: MakeSite) -> None:
    here = site(FOX, base_url="emulator")
    here.write()
    with serve(here) as served:
        (handle,) = served.handles()
        state = served.state(handle)
        assert (state["state"], state["free"]) == ("in stock", True)
        assert served.press("take", handle, 0.0) == {}
        wait_until(lambda: served.state(handle)["takes"] == [1, 2])
    assert here.owned == []


def test_the_server_ends_while_a_page_listens_and_a_request_is_under_way(site: MakeSite) -> None:
    here = site(fence("A town [emulate: drip]"))  # four minutes
    here.write()
    with serve(here) as served, served.listening() as following:
        served.press("draw", served.handles()[0])
        assert following()["state"] == "drawing"
        served.end()  # waits for less than the four minutes


def test_without_live_reload_there_are_placeholders_that_say_what_to_do(site: MakeSite) -> None:
    here = site(FOX)
    here.write()
    with serve(here, "--no-livereload") as served:
        assert served.token == ""
        assert "__gemini" not in served.page()
        assert served.ask("GET", f"{ROOT}panel.js").status == 404
    assert "run gemini-images draw" in (here.root / "serve.log").read_text()


def test_a_named_file_is_drawn_anew_under_its_name(served: Served) -> None:
    (handle,) = served.handles("/named/")
    state = served.state(handle)
    assert (state["state"], state["shown"]["src"]) == ("earlier", "img/fox.webp")
    before = served.ask("GET", "/img/fox.webp").data
    served.press("draw", handle)
    announced = served.until_state(handle, "in stock")
    assert announced["shown"]["src"] == "img/fox.webp"
    assert announced["version"] != state["version"]
    wait_until(lambda: served.ask("GET", "/img/fox.webp").data not in (before, b""))


def test_a_drifted_picture_is_drawn_anew_when_asked(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    here.write(model="gemini-2.5-flash-image", size="1K")
    with serve(here) as served:
        (handle,) = served.handles()
        state = served.state(handle)
        assert (state["state"], state["another"]) == ("drifted", None)
        assert "model" in state["why"]
        served.press("draw", handle)
        served.until_state(handle, "in stock")


def _sources(state: dict[str, Any]) -> int:
    """Return how many different files the picture and its dark twin have."""
    shown = [state["shown"], state["dark"]]
    return len({each["src"] for each in shown if not each["placeholder"]})


def test_a_dark_twin_is_drawn_with_its_picture(here: Site, served: Served) -> None:
    before = len(here.ledger)
    (handle,) = served.handles("/dark/")
    assert served.state(handle)["draw"]["requests"] == 2
    served.press("draw", handle)
    wait_until(lambda: served.state(handle)["draw"] is None)
    wait_until(lambda: _sources(served.state(handle)) == 2)
    assert len(here.ledger) == before + 2
