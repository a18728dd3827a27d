"""How the client behaves towards a server: who sees the key, how often it asks, how fast."""

import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import choose
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.client.asking import KEY, ask, server
from tests.integration.client.hostile import GOOD, Answer, Heard, error, hostile, http, raw, reset

BUSY = "503 Service Unavailable"
MANY = "429 Too Many Requests"


def with_key(heard: Heard) -> list[str]:
    """Name the headers that hold the key, and whatever else of a request does."""
    found = [name for name, value in heard.headers if KEY in value]
    found += ["line"] if KEY in heard.line else []
    return found + (["body"] if KEY.encode() in heard.body else [])


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [("auto", "authorization", f"Bearer {KEY}"), ("bearer", "authorization", f"Bearer {KEY}"),
     ("api-key", "x-goog-api-key", KEY)],
)  # fmt: skip
def test_one_header_and_nothing_else_has_the_key(
    tmp_path: Path, auth: str, header: str, value: str
) -> None:
    with hostile(None, http(GOOD)) as there:
        assert ask(tmp_path, server(there.url, auth=auth), ["A fox"]).records  # type: ignore[arg-type]
    (heard,) = there.requests
    assert with_key(heard) == [header]
    assert dict(heard.headers)[header] == value


def test_a_request_is_plain_and_says_who_asks(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as there:
        ask(tmp_path, server(f"{there.url}/some/gateway/"), ["A fox"])
    (heard,) = there.requests
    headers = dict(heard.headers)
    assert heard.line == (
        "POST /some/gateway/v1beta/models/gemini-3.1-flash-image:generateContent HTTP/1.1"
    )
    assert headers["content-type"] == "application/json"
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"].startswith("mkdocs-gemini-images/")
    assert not {"cookie", "referer", "x-emulator-take"} & headers.keys()
    assert heard.prompt == "A fox"


@pytest.mark.parametrize("status", ["400 Bad", "401 Unauthorized", "500 Broken", "503 Busy"])
def test_a_server_that_repeats_the_key_is_not_quoted(tmp_path: Path, status: str) -> None:
    with hostile(None, error({"message": f"Invalid token {KEY}, go away"}, status)) as there:
        said = ask(tmp_path, server(there.url), ["A fox"]).failure.what
    assert "Invalid token ***, go away" in said


@pytest.mark.parametrize("pause", [0, 3, 9])
def test_a_key_that_an_answer_repeats_is_not_kept_with_it(tmp_path: Path, pause: int) -> None:
    body = json.dumps({"note": f"Token {KEY} is worn out", "hint": KEY[:-1]}).encode()
    at = body.index(KEY.encode()) + pause
    with hostile(None, in_pieces(body[:at], body[at:])) as there:
        said = ask(tmp_path, server(there.url), ["A fox"]).failure.what
    (kept,) = (tmp_path / "journal" / "raw").glob("*.answer")
    assert kept.read_bytes() == body.replace(KEY.encode(), b"***")
    assert str(kept) in said


@pytest.mark.parametrize("wbits", [15, -15, 31])
@pytest.mark.parametrize("first", [1, 2, 500])
def test_an_answer_that_is_packed_unasked_is_unpacked(
    tmp_path: Path, wbits: int, first: int
) -> None:
    press = zlib.compressobj(wbits=wbits)
    body = press.compress(GOOD) + press.flush()
    coding = "gzip" if wbits == 31 else "deflate"
    with hostile(None, in_pieces(body[:first], body[first:], coding=coding)) as there:
        assert ask(tmp_path, server(there.url), ["A fox"]).records


def in_pieces(*pieces: bytes, coding: str = "identity") -> Answer:
    """Send an answer in several packets."""

    def answer(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        for piece in pieces:
            time.sleep(0.05)
            connection.sendall(piece)

    return answer


def test_no_key_is_no_header(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as there:
        assert ask(tmp_path, server(there.url, secret=""), ["A fox"]).records
    assert not {"authorization", "x-goog-api-key"} & dict(there.requests[0].headers).keys()


def test_proxies_of_the_environment_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile() as proxy, hostile(None, http(GOOD)) as there:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert ask(tmp_path, server(there.url), ["A fox"]).records
    assert proxy.connections == 0


def test_a_proxy_that_is_named_is_used(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as proxy, hostile(None, http(GOOD)) as there:
        through = server(there.url, proxy=proxy.url, secret="")  # no key travels in the open
        assert ask(tmp_path, through, ["A fox"]).records
    assert there.connections == 0
    assert proxy.requests[0].line.startswith(f"POST {there.url}/v1beta/models/")


def test_overloaded_twice_and_then_well_are_three_requests(tmp_path: Path) -> None:
    busy = error({"message": "overloaded"}, BUSY, Retry_After="0")
    with hostile(None, busy, busy, http(GOOD)) as there:
        asked = ask(tmp_path, server(there.url), ["A fox"], retries=2)
    assert len(asked.records) == 1
    assert len(there.requests) == 3


@pytest.mark.parametrize("status", [BUSY, MANY, "500 Internal Server Error"])
@pytest.mark.parametrize("retries", [0, 1, 2])
def test_passing_trouble_is_tried_again_as_often_as_is_allowed(
    tmp_path: Path, status: str, retries: int
) -> None:
    busy = error({"message": "wait"}, status, Retry_After="0")
    with hostile(None, busy) as there:
        asked = ask(tmp_path, server(there.url), ["A fox"], retries=retries)
    assert len(there.requests) == retries + 1
    assert (asked.failure.billed, asked.spent) == ("no", 0)


@pytest.mark.parametrize(
    "answer",
    [reset(b""), reset(b"HTTP/1.1 200 OK\r\n\r\n{"), error("x", "502 Bad Gateway"),
     error("x", "504 Gateway Timeout"), raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")],
    ids=["reset", "reset within", "502", "504", "cut"],
)  # fmt: skip
@pytest.mark.parametrize("retries", [0, 5])
def test_an_unknown_outcome_is_tried_once_more_and_counted(
    tmp_path: Path, answer: object, retries: int
) -> None:
    with hostile(None, answer) as there:  # type: ignore[arg-type]
        asked = ask(tmp_path, server(there.url), ["A fox"], retries=retries)
    assert len(there.requests) == (2 if retries else 1)
    assert asked.spent == pytest.approx(0.045 * len(there.requests))
    assert asked.failure.billed == "unknown"
    assert len(list((tmp_path / "journal").glob("*.intent"))) == len(there.requests)


def test_an_unknown_outcome_is_not_tried_again_beyond_the_budget(tmp_path: Path) -> None:
    with hostile(None, reset(b"")) as there:
        ask(tmp_path, server(there.url), ["A fox", "A hen", "A cat"], retries=2, spare=0.05)
    assert len(there.requests) == 4, "one of the three could be afforded"


REFUSALS = ("image-safety", "prompt-blocked", "text-only", "quota-per-day", "only-thoughts",
            "svg-bytes", "damaged-png", "bomb-png", "html-200", "deep-json", "empty-body",
            "cut-json", "invalid", "not-found", "forbidden", "quota-zero", "rate-limit-hours",
            "precondition", "gateway-model-not-found", "list-error")  # fmt: skip
DRAWN = ("ok", "image-first", "thought-drafts", "unflagged-drafts", "several-images", "wrong-mime",
         "markdown-image", "snake-case", "urlsafe-base64", "strange-keys", "no-usage",
         "usage-odd-types", "bill-above-table", "ratio-ignored")  # fmt: skip


@pytest.fixture(scope="module")
def emulated() -> Iterator[tuple[str, RequestLog]]:
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger)) as url:
        yield url, ledger


@pytest.mark.parametrize("scenario", REFUSALS)
def test_a_refusal_is_never_asked_twice(
    emulated: tuple[str, RequestLog], tmp_path: Path, scenario: str
) -> None:
    url, ledger = emulated
    before = len(ledger)
    asked = ask(tmp_path, server(url), [f"A fox [emulate: {scenario}]"], retries=5)
    assert len(ledger) - before == 1
    assert asked.failure.again == "never"


@pytest.mark.parametrize("scenario", DRAWN)
def test_an_unusual_answer_with_a_picture_is_a_picture(
    emulated: tuple[str, RequestLog], tmp_path: Path, scenario: str
) -> None:
    url, ledger = emulated
    before = len(ledger)
    (record,) = ask(tmp_path, server(url), [f"A fox [emulate: {scenario}]"]).records
    assert len(ledger) - before == 1
    assert (tmp_path / "stock" / record.file_name).stat().st_size > 1000


def test_a_bad_key_ends_everything_after_one_request(tmp_path: Path) -> None:
    with serve_in_thread(create_app(keys={"another"}, request_log=(ledger := RequestLog()))) as url:
        prompts = [f"Fox {n}" for n in range(9)]
        asked = ask(tmp_path, server(url), prompts, concurrency=1, retries=5)
    assert len(ledger) == 1
    assert len(asked.failures) == 9
    assert all("API key" in failure.what for failure in asked.failures)


def test_a_bad_key_is_shown_to_no_more_than_were_under_way(tmp_path: Path) -> None:
    with serve_in_thread(create_app(keys={"another"}, request_log=(ledger := RequestLog()))) as url:
        ask(tmp_path, server(url), [f"Fox {n}" for n in range(9)], concurrency=3)
    assert len(ledger) <= 3


@pytest.mark.parametrize(
    "busy",
    [
        error({"message": "x"}, MANY, Retry_After="0.4"),
        error({"message": "x", "details": [{"@type": "t/google.rpc.RetryInfo",
                                            "retryDelay": "0.4s"}]}, MANY),
        error({"message": "Please retry in 0.4s."}, MANY),
        error({"message": "Please retry in 400ms."}, MANY),
        error({"message": "x"}, BUSY, Retry_After="0.4"),
        error({"message": "x"}, "500 Internal Server Error", Retry_After="0.4"),
    ],
    ids=["header", "RetryInfo", "message", "milliseconds", "503", "500"],
)  # fmt: skip
def test_a_delay_that_is_asked_for_is_kept(tmp_path: Path, busy: object) -> None:
    with hostile(None, busy, http(GOOD)) as there:  # type: ignore[arg-type]
        assert ask(tmp_path, server(there.url), ["A fox"], retries=1).records
    first, second = (heard.time for heard in there.requests)
    assert second - first > 0.38


def test_one_who_is_told_to_wait_holds_back_all(tmp_path: Path) -> None:
    busy = error({"message": "x"}, MANY, Retry_After="0.5")
    with hostile(None, busy, http(GOOD)) as there:
        prompts = [f"Fox {n}" for n in range(5)]
        assert len(ask(tmp_path, server(there.url), prompts, concurrency=1, retries=1).records) == 5
    times = [heard.time for heard in there.requests]
    assert times[1] - times[0] > 0.48


def test_no_more_are_under_way_than_is_allowed(tmp_path: Path) -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def slow(connection: socket.socket) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.1)
        with lock:
            now[0] -= 1
        http(GOOD)(connection)

    with hostile(None, slow) as there:
        asked = ask(tmp_path, server(there.url), [f"Fox {n}" for n in range(12)], concurrency=3)
    assert (len(asked.records), most[0]) == (12, 3)


def test_requests_are_spaced_when_a_minute_has_only_so_many(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as there:
        ask(tmp_path, server(there.url), ["A", "B", "C", "D"], per_minute=400)
    times = [heard.time for heard in there.requests]
    # Starts are spaced; how soon each is heard, a busy machine decides.
    assert max(times) - min(times) > 0.25


def test_the_limit_of_time_is_for_the_whole_exchange(tmp_path: Path) -> None:
    with serve_in_thread(create_app()) as url:
        asked = ask(tmp_path, server(url), ["A fox [emulate: drip]"], timeout=1)
    assert "took longer than" in asked.failure.what
    assert asked.failure.billed == "unknown"


@contextmanager
def unused_address() -> Iterator[str]:
    """An address at which no server listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


def test_where_no_server_listens_nothing_is_billed(tmp_path: Path) -> None:
    with unused_address() as url:
        asked = ask(tmp_path, server(url), ["A fox"])
    assert (asked.failure.billed, asked.spent) == ("no", 0)
    words = f"no connection: cannot connect to {url}: connection refused; check base_url, proxy"
    assert asked.failure.what.startswith(words)


def test_a_server_that_is_not_reached_is_given_up_once_for_all(tmp_path: Path) -> None:
    with unused_address() as url:
        asked = ask(tmp_path, server(url), [f"Fox {n}" for n in range(6)], concurrency=1)
    first, *others = asked.failures
    assert [each is first for each in others] == [True] * 5


def test_a_name_that_no_server_has_is_told_so(tmp_path: Path) -> None:
    where = choose("https://nowhere.invalid:8443/gw", api_key=KEY, environment={})
    said = ask(tmp_path, where, ["A fox"]).failure.what
    assert said.startswith("no connection: cannot connect to https://nowhere.invalid:8443/gw: no ")


def test_a_request_that_is_too_large_is_not_sent(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as there:
        asked = ask(tmp_path, server(there.url), ["fox " * (6 * 2**20)])
    assert there.connections == 0
    assert "the request has 24.0 MB, 20 MB at most: refer to fewer" in asked.failure.what


def test_a_prompt_whose_record_could_not_be_read_again_is_not_sent(tmp_path: Path) -> None:
    with hostile(None, http(GOOD)) as there:
        asked = ask(tmp_path, server(there.url), ["fox " * 250_000])
    assert there.connections == 0
    assert "longer than a million characters" in asked.failure.what
