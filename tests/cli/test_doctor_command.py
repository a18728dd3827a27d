"""The command `doctor` prints its findings, never the key, and draws nothing."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from tests.cli.command import CommandResult, drawn, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, FOX, Site, fence

TODAY = date(2026, 11, 22)


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(FOX, model="gemini-nano-banana-2.1", size="1K")  # its end is not known
    made.write()
    return made


def bad(done: CommandResult) -> list[str]:
    """Return the bad findings, after checking that the exit code agrees."""
    found = [line[6:] for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert done.code == (1 if found else 0), done.text
    return found


def test_a_set_up_in_order_has_no_bad_finding_and_nothing_is_written(here: Site) -> None:
    drawn(here)
    with untouched(here.root):
        done = run(here, "doctor")
    assert bad(done) == []
    for words in (
        "127.0.0.1 takes the key and serves ", "model gemini-nano-banana-2.1, size 1K, $0.",
        "1 picture in ", "which cost $0.0", "at most 10 pictures for at most $2.00", "mkdocs 1.6",
    ):  # fmt: skip
        assert words in done.stdout
    assert all("generateContent" not in str(entry) for entry in done.requests)


@pytest.mark.parametrize("gateway", [True, False])
def test_a_refused_key_is_bad(here: Site, gateway: bool) -> None:
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


def test_a_model_that_the_server_does_not_list_is_bad(here: Site) -> None:
    here.write(model="gemini-3.1-flash-imag")
    found = bad(run(here, "doctor"))
    assert len(found) == 1
    words = "the server has no model 'gemini-3.1-flash-imag': did you mean 'gemini-"
    assert found[0].startswith(words)


def test_a_paid_answer_without_a_picture_is_listed_until_its_picture_is_in_stock(
    site: MakeSite,
) -> None:
    scenario = "unknown-place"
    here = site(
        fence(f"A fox [emulate: {scenario}]", id="fox"), model="gemini-3-pro-image", size="1K"
    )
    here.build()
    (answer,) = here.journal.glob("raw/*.answer")
    (note,) = (line for line in run(here, "doctor").stdout.splitlines() if "adopt" in line)
    assert note.startswith("note  the model drew no picture (no reason given); the paid answer is")
    assert note.endswith(f": gemini-images adopt fox {answer}")
    strange = answer.with_name("$(id).answer")
    strange.write_bytes(answer.read_bytes())
    (other,) = (line for line in run(here, "doctor").stdout.splitlines() if "$(" in line)
    assert other.startswith("note  the paid answer in ")
    assert other.endswith(f"could not be read: try gemini-images adopt ID '{strange}'")
    strange.unlink()
    assert run(here, "adopt", "fox", str(answer)).code == 0
    assert "adopt" not in run(here, "doctor").stdout


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


def test_without_a_key_the_server_is_not_asked(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    done = run(here, "doctor")
    assert bad(done) == []
    assert "no API key for 127.0.0.1: set GEMINI_API_KEY or GOOGLE_API_KEY" in done.stdout


def test_the_emulator_is_noted(here: Site) -> None:
    here.write(base_url="emulator")
    done = run(here, "doctor")
    assert bad(done) == []
    assert "take base_url: emulator out" in done.stdout


Answer = tuple[int, bytes]


@contextmanager
def answering(answer: Callable[[http.server.BaseHTTPRequestHandler], Answer]) -> Iterator[str]:
    """Run a server that gives the same answer to every request."""

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
def test_an_invalid_answer_is_bad_and_the_key_is_not_printed(
    here: Site, answer: Callable[[http.server.BaseHTTPRequestHandler], Answer], ok: bool
) -> None:
    with answering(answer) as url:
        here.write(base_url=url)
        found = bad(run(here, "doctor"))
    assert (found == []) == ok
    assert CANARY not in "".join(found)
