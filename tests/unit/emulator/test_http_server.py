"""The emulator behind a real socket: it starts, drops connections on demand, and stops."""

import subprocess
import sys

import httpx
import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread, serve_until_interrupted
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.unit.emulator.api_calls import NB, opened, picture, prompt

PATH = f"/v1beta/models/{NB}:generateContent"


def test_a_server_answers_and_stops() -> None:
    with serve_in_thread(create_app(keys={"k"})) as url:
        assert url.startswith("http://127.0.0.1:")
        answer = httpx.post(url + PATH, json=prompt(), headers={"x-goog-api-key": "k"}, timeout=20)
        assert opened(picture(answer))[0] == "JPEG"
        assert answer.headers["transfer-encoding"] == "chunked"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + "/v1beta/models")


def test_a_server_prints_each_request_and_no_key() -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "mkdocs_gemini_images", "emulator", "--port", "0",
         "--scenario", "internal"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().split("listens on ")[1].split(": no key")[0]
        process.stdout.readline()
        httpx.post(f"{url}{PATH}?key=canary", json=prompt(), timeout=20)
        httpx.get(f"{url}/v1beta/v1beta/models", timeout=20)
        said = [process.stdout.readline() for _ in range(2)]
        process.terminate()
    assert said == [f"POST {PATH} 500 internal\n", "GET /v1beta/v1beta/models 404\n"]


def test_a_port_that_is_taken_is_one_line() -> None:
    with serve_in_thread(create_app()) as url:
        port = url.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "mkdocs_gemini_images", "emulator", "--port", port],
            capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: port {port} cannot be used (")
    assert line.endswith(": write another, or --port 0 for any free one")


def test_two_servers_run_at_the_same_time() -> None:
    ledger = RequestLog()
    with (
        serve_in_thread(create_app(request_log=ledger)) as one,
        serve_in_thread(create_app(scenario=("internal",))) as two,
    ):
        assert httpx.post(one + PATH, json=prompt(), timeout=20).status_code == 200
        assert httpx.post(two + PATH, json=prompt(), timeout=20).status_code == 500
    assert len(ledger) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_that_does_not_start_lets_no_client_wait() -> None:
    with serve_in_thread("no.such:app") as url, pytest.raises(httpx.NetworkError):  # type: ignore[arg-type]
        httpx.get(url, timeout=10)


def test_a_dropped_connection_is_billed() -> None:
    ledger = RequestLog()
    with (
        serve_in_thread(create_app(scenario=("dropped",), request_log=ledger)) as url,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        httpx.post(url + PATH, json=prompt(), timeout=20)
    assert ledger.pictures == 1


def test_a_slow_body_ends_when_the_client_disconnects() -> None:
    with (
        serve_in_thread(create_app(scenario=("drip",))) as url,
        httpx.stream("POST", url + PATH, json=prompt(), timeout=5) as answer,
    ):
        pieces = answer.iter_raw()
        got = [next(pieces) for _ in range(3)]
    assert sum(map(len, got)) < 50_000


@pytest.mark.parametrize("name", ["huge", "gzip-bomb"])
def test_a_client_can_leave_a_huge_body(name: str) -> None:
    with (
        serve_in_thread(create_app(scenario=(name,))) as url,
        httpx.stream("POST", url + PATH, json=prompt(), timeout=20) as answer,
    ):
        assert answer.status_code == 200
        seen = 0
        for piece in answer.iter_bytes(1 << 20):
            seen += len(piece)
            assert not piece.strip()
            if seen > 1 << 25:
                break
    assert seen > 1 << 25


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", "::"])
def test_other_hosts_than_loopback_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="expected a loopback host"):
        serve_until_interrupted(create_app(), host)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_serving_prints_the_url_and_ends_with_ctrl_c() -> None:
    code = (
        "from mkdocs_gemini_images.emulator.app import create_app\n"
        "from mkdocs_gemini_images.emulator.http_server import serve_until_interrupted\n"
        "serve_until_interrupted(create_app(), port=0)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline(), process.stdout.readline()]
    url = lines[0].split()[4].rstrip(":")
    assert lines[1].strip().endswith(f"base_url: {url}")
    assert httpx.get(f"{url}/v1/models", timeout=20).status_code == 200
    process.send_signal(2)
    out, error = process.communicate(timeout=10)
    assert (process.returncode, out, error) == (0, "GET /v1/models 200\n", "")
