"""The doctor: what is in order and what is not, without a picture's price and without the key."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.reports.doctor import Finding, examine, listed_models
from mkdocs_gemini_images.store.folder import FolderStore
from tests.cli.command import Done, drawn, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, FOX, Site
from tests.unit.pictures import png, record, step

TODAY = date(2026, 11, 22)


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(FOX, model="gemini-nano-banana-2.1", size="1K")  # its end is not known
    made.write()
    return made


def bad(done: Done) -> list[str]:
    """Give what the doctor finds bad; the code says whether there is anything."""
    found = [line[6:] for line in done.said.splitlines() if line.startswith("BAD")]
    assert done.code == (1 if found else 0), done.text
    return found


def test_a_site_in_order_is_told_so_and_nothing_is_written(here: Site) -> None:
    drawn(here)
    with untouched(here.root):
        done = run(here, "doctor")
    assert bad(done) == []
    for words in (
        "127.0.0.1 takes the key and serves ", "model gemini-nano-banana-2.1, size 1K, $0.",
        "1 picture in ", "which cost $0.0", "at most 10 pictures for at most $2.00", "mkdocs 1.6",
    ):  # fmt: skip
        assert words in done.said
    assert all("generateContent" not in str(entry) for entry in done.requests)


@pytest.mark.parametrize("gateway", [True, False])
def test_a_key_that_is_refused_is_bad(here: Site, gateway: bool) -> None:
    auth = "bearer" if gateway else "api-key"
    with serve_in_thread(create_app(keys={"another"}, gateway=gateway)) as url:
        here.write(base_url=url, auth=auth)
        found = bad(run(here, "doctor"))
    assert len(found) == 1
    assert "127.0.0.1 does not list its models" in found[0]


def test_a_server_that_is_down_is_bad(here: Site) -> None:
    here.write(base_url="http://127.0.0.1:9")
    found = bad(run(here, "doctor"))
    assert len(found) == 1
    assert "127.0.0.1 does not list its models" in found[0]


def test_a_model_that_the_server_has_not_is_bad(here: Site) -> None:
    here.write(model="gemini-3.1-flash-imag")
    found = bad(run(here, "doctor"))
    assert len(found) == 1
    words = "the server has no model 'gemini-3.1-flash-imag': did you mean 'gemini-"
    assert found[0].startswith(words)


def test_damaged_pictures_and_sidecars_are_bad(here: Site) -> None:
    drawn(here)
    sidecar = next(here.stock.glob("*.json"))
    picture = next(here.stock.glob("*.jpg"))
    whole = picture.read_bytes()
    for damage, words in (
        (whole[:-9], "other bytes"),
        (b"version https://git-lfs.github.com/spec/v1\n", "run git lfs pull"),
    ):
        picture.write_bytes(damage)
        (found,) = bad(run(here, "doctor"))
        assert picture.name in found
        assert words in found
    picture.write_bytes(whole)
    sidecar.write_text("{")
    (found,) = bad(run(here, "doctor"))
    assert sidecar.name in found


def test_without_a_key_nothing_is_asked(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    done = run(here, "doctor")
    assert bad(done) == []
    assert "no API key for 127.0.0.1: set GEMINI_API_KEY or GOOGLE_API_KEY" in done.said


def test_the_emulator_is_noted(here: Site) -> None:
    here.write(base_url="emulator")
    done = run(here, "doctor")
    assert bad(done) == []
    assert "take base_url: emulator out" in done.said


Answer = tuple[int, bytes]


@contextmanager
def answering(answer: Callable[[http.server.BaseHTTPRequestHandler], Answer]) -> Iterator[str]:
    """Run a server that gives one answer to everybody."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body = answer(self)
            self.send_response(code)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _repeat(request: http.server.BaseHTTPRequestHandler) -> Answer:
    message = f"bad key: {request.headers['Authorization']}"
    return 400, json.dumps({"error": {"code": 400, "message": message}}).encode()


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (_repeat, False),
        (lambda request: (200, b"no json"), False),
        (lambda request: (200, b"[]"), False),
        (lambda request: (200, b"\xff\xfe"), False),
        (lambda request: (302, b""), False),
        (lambda request: (500, b"<html>" * 99), False),
        (lambda request: (200, b"{}"), True),
        (lambda request: (200, b'{"models": [7, {"name": 7}, {}]}'), True),
        (lambda request: (200, b'{"data": [{"id": "gemini-nano-banana-2.1"}]}'), True),
    ],
)  # fmt: skip
def test_a_strange_server_is_told_of_and_never_the_key(
    here: Site, answer: Callable[[http.server.BaseHTTPRequestHandler], Answer], ok: bool
) -> None:
    with answering(answer) as url:
        here.write(base_url=url)
        found = bad(run(here, "doctor"))
    assert (found == []) == ok
    assert CANARY not in "".join(found)


# What is looked at, as a table


def looked(tmp_path: Path, served: list[str] | str = "", *records: str, today: date = TODAY,
           **more: Any) -> list[Finding]:  # fmt: skip
    """Examine a set-up; `records` are the models of the pictures in stock."""
    settings = Settings(
        root=tmp_path, stock=tmp_path / "stock", cache=tmp_path / "cache", docs="docs",
        server=Server(key=Secret(CANARY)),
    )  # fmt: skip
    settings = replace(settings, **more)
    stock = FolderStore(settings.owned)
    for number, model in enumerate(records):
        drawn = step(f"A fox {number}", model=model)
        stock.put(record(drawn, png(), price=0.5), png())
    return list(examine(settings, stock, served or [], today))


def found(findings: list[Finding], state: str) -> str:
    return "\n".join(each.text for each in findings if each.state == state)


ENDING = next(model for model in catalogue.MODELS.values() if model.ends)


def test_a_models_end_is_a_note_before_and_bad_after(tmp_path: Path) -> None:
    assert ENDING.ends
    name = next(name for name, model in catalogue.MODELS.items() if model is ENDING)
    more: dict[str, Any] = {"defaults": ImageDefaults(model=name)}
    end = date.fromisoformat(ENDING.ends)
    before = looked(tmp_path, today=end.replace(year=end.year - 1), **more)
    assert f"is to stop serving {name} on {ENDING.ends}" in found(before, "note")
    assert found(before, "bad") == ""
    words = f"was to stop serving {name}"
    assert words in found(looked(tmp_path, today=end, **more), "bad")
    assert words in found(looked(tmp_path, [name], today=end, **more), "note"), "it still does"
    assert words in found(looked(tmp_path, today=end, server=EMULATOR, **more), "note")


def test_pictures_of_a_model_that_is_gone_stay(tmp_path: Path) -> None:
    assert ENDING.ends
    name = next(name for name, model in catalogue.MODELS.items() if model is ENDING)
    findings = looked(tmp_path, [], name, name, today=date(2099, 1, 1))
    assert f"2 pictures are by {name}, which draws no more; they stay" in found(findings, "note")
    assert "2 pictures in" in found(findings, "ok")
    assert "which cost $1.00" in found(findings, "ok")


@pytest.mark.parametrize(
    ("served", "more", "state", "words"),
    [
        ([], {"frozen": True}, "note", "frozen, as in CI"),
        (
            [],
            {"limits": SpendingLimits(max_new=3, budget=0.5)},
            "ok",
            "at most 3 pictures for at most $0.50",
        ),
        ([], {"defaults": ImageDefaults(model="mine")}, "note", "'mine' is not in our table"),
        (["mine"], {"defaults": ImageDefaults(model="mine")}, "note", "'mine' is not in our table"),
        (["yours"], {"defaults": ImageDefaults(model="mine")}, "bad", "no model 'mine': known are"),
        ("it is down", {}, "bad", "does not list its models: it is down"),
        ([], {"server": Server()}, "note", "no API key for generativelanguage.googleapis.com"),
        (
            [],
            {"server": Server(url="https://gw.example")},
            "note",
            "no API key for gw.example: set api_key: !ENV NAME",
        ),
        (
            [],
            {"server": EMULATOR, "limits": SpendingLimits(free=True)},
            "note",
            "the emulator draws",
        ),
    ],
)
def test_each_finding_has_its_state(
    tmp_path: Path, served: list[str] | str, more: dict[str, Any], state: str, words: str
) -> None:
    findings = looked(tmp_path, served, **more)
    assert words in found(findings, state)
    assert not any(CANARY in each.text for each in findings)


def test_the_emulator_has_no_walls_to_speak_of(tmp_path: Path) -> None:
    findings = looked(tmp_path, server=EMULATOR, limits=SpendingLimits(free=True))
    assert "at most" not in found(findings, "ok")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"models": [{"name": "models/a"}, {"name": "b"}]}, ["a", "b"]),
        ({"data": [{"id": "c"}]}, ["c"]),
        ({}, []),
        ({"models": None}, []),
        ({"models": "abc"}, []),
        ({"models": [1, None, {}]}, []),
    ],
)
def test_names_are_read_out_of_any_list(body: dict[str, object], names: list[str]) -> None:
    assert listed_models(body) == names
