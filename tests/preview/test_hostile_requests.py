"""The preview's server against peers that bend the rules of HTTP, or do not read or write."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from mkdocs_gemini_images.preview.listeners import MAX_LISTENERS
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.preview.serving import ROOT, TOKEN, Served, serve, wait_until

MANY = 3 * MAX_LISTENERS
SLOW_OF_EACH = 4
SLOW = 5 * SLOW_OF_EACH
HALF_THE_TIME = """
from mkdocs_gemini_images.preview import request_reading, web_server
request_reading.READ_SECONDS /= 2
web_server._HEARTBEAT /= 2
"""
"""For a peer to send its request: ten seconds, in which the other tests of this file are done."""


def threads_of(served: Served) -> int:
    return len(list(Path(f"/proc/{served.process.pid}/task").iterdir()))


def own_address() -> str:
    """Return an address of this machine that is not loopback, or skip the test."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found, suppress(OSError):
        found.connect(("192.0.2.1", 9))  # sends nothing
        if not str(found.getsockname()[0]).startswith("127."):
            return str(found.getsockname()[0])
    pytest.skip("this machine has no network")


def press(served: Served, *lines: str, body: str | None = None, length: str | None = None) -> bytes:
    """Send the press of a button with other header lines, and return the status line."""
    handle = served.handles()[0]
    body = json.dumps({"handle": handle, "usd": 9}) if body is None else body
    length = f"Content-Length: {len(body)}" if length is None else length
    own = [f"{name}: {value}" for name, value in served.own.items()]
    head = [f"POST {ROOT}draw HTTP/1.1", f"Host: 127.0.0.1:{served.port}", *own, length, *lines]
    request = "\r\n".join([*(line for line in head if line), "", body])
    return served.exchange(request.encode()).split(b"\r\n")[0]


LENGTHS = [
    "+{n}", "-{n}", "{n}.0", "{n}, {n}", "{n},{n}", "{n}, 5", "0x{n}", "{n}e0", "1_0", "{n};",
    "{n} ",
    "{n} 1", "00000000000{n}", "0" * 9 + "99999999999", "99999999999999999999", "5000", "\u0665",
    "{n}\r\n ", "{n}\r\n\t1", "nan", "{n}\x0b", "{n}\x00",
]  # fmt: skip


def page_of_fox(site: MakeSite) -> Site:
    made = site(FOX)
    made.write()
    return made


@pytest.fixture(scope="module")
def here(site: MakeSite) -> Site:
    made = site(FOX + fence("A page that listens"))
    made.write()
    return made


@pytest.fixture(scope="module")
def served(here: Site) -> Iterator[Served]:
    with serve(here, code=HALF_THE_TIME) as served:
        yield served


@pytest.fixture(scope="module", autouse=True)
def idle(served: Served) -> Iterator[int]:
    """Open connections that are never used well, and return the threads that there were before.

    Each gets one more byte from time to time, so that no single wait of the server is long. The
    server answers all other requests of this file beside them.
    """
    own = "".join(f"{name}: {value}\r\n" for name, value in served.own.items())
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    beginnings = [
        "", "GET", f"POST {ROOT}draw HTTP/1.1\r\n{host}",
        f"POST {ROOT}draw HTTP/1.1\r\n{host}{own}Content-Length: 4000\r\n\r\n",
        f"POST {ROOT}draw HTTP/1.1\r\n{host}{own}Content-Length: 50\r\n\r\n{{",
    ]  # fmt: skip
    before, ended = threads_of(served), threading.Event()
    with ExitStack() as stack:
        peers = []
        for beginning in beginnings * SLOW_OF_EACH:
            peer = socket.create_connection(("127.0.0.1", served.port), timeout=40)
            stack.callback(peer.close)
            peer.sendall(beginning.encode())
            peers.append(peer)
            # The system's queue takes five: the next one would wait for a second.
            wait_until(lambda: threads_of(served) >= before + len(peers) - 2)

        def drip() -> None:
            while not ended.wait(0.5):
                for peer in peers:
                    with suppress(OSError):
                        peer.sendall(b" ")

        dripping = threading.Thread(target=drip)
        dripping.start()
        stack.callback(dripping.join)
        stack.callback(ended.set)
        wait_until(lambda: threads_of(served) >= SLOW)
        yield before


def test_of_too_many_listeners_the_newest_stay_and_receive_what_changes(
    served: Served, idle: int
) -> None:
    own_lines = "".join(f"{name}: {value}\r\n" for name, value in served.own.items())
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    request = f"GET {ROOT}events HTTP/1.1\r\n{host}{own_lines}\r\n".encode()
    with ExitStack() as stack:
        listening = []
        for _ in range(MANY):
            peer = socket.create_connection(("127.0.0.1", served.port), timeout=40)
            stack.callback(peer.close)
            peer.sendall(request)
            assert b"200" in peer.recv(4096)
            listening.append(peer)
        wait_until(lambda: threads_of(served) <= idle + MAX_LISTENERS + SLOW)
        oldest = b"".join(iter(lambda: listening[0].recv(4096), b""))
        assert oldest.replace(b": still here\n\n", b"").endswith(b": here\n\n") or oldest == b""
        # A page that listens now receives what changes.
        with served.listening() as following:
            assert served.press("draw", served.handles()[1]) == {}
            while following()["state"] != "in stock":
                pass


def test_a_length_that_can_be_read_in_two_ways_is_refused(here: Site, served: Served) -> None:
    before = len(here.ledger)
    body = json.dumps({"handle": served.handles()[0], "usd": 9})
    for shape in LENGTHS:
        length = "Content-Length: " + shape.format(n=len(body))
        status = press(served, length=length, body=body)
        assert b" 40" in status, (shape, status)
    number = f"Content-Length: {len(body)}"
    for lines in (
        [number],  # twice the same
        ["Content-Length: 5"],
        ["Content-Length:"],
        ["content-length: 0"],
        ["Content_Length: 5"],
        ["Transfer-Encoding: chunked"],
        ["Transfer-Encoding: identity"],
        ["transfer-encoding:\tchunked"],
        ["Transfer-Encoding: xchunked", "Transfer-Encoding: chunked"],
        [f"{TOKEN}: {served.token}"],
        ["X_Gemini_Images_Token: guess"],
        ["Host: evil.example"],
        ["Origin: http://evil.example"],
        ["Transfer-Encoding : chunked"],
        ["no header", "X-Forwarded-For: 192.0.2.1"],
        [": x"],
    ):
        status = press(served, *lines)
        assert b" 40" in status, (lines, status)
    chunked = f"{len(body):x}\r\n{body}\r\n0\r\n\r\n"
    assert b" 400 " in press(served, "Transfer-Encoding: chunked", body=chunked, length="")
    assert served.state(served.handles()[0])["state"] == "not drawn"
    assert len(here.ledger) == before


def test_what_follows_a_request_on_its_connection_is_no_request(here: Site, served: Served) -> None:
    before = len(here.ledger)
    body = json.dumps({"handle": served.handles()[0], "usd": 9})
    own = "".join(f"{name}: {value}\r\n" for name, value in served.own.items())
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    hidden = f"POST {ROOT}draw HTTP/1.1\r\n{host}{own}Content-Length: {len(body)}\r\n\r\n{body}"
    for version in ("1.0", "1.1"):
        for more in ("", "Connection: keep-alive\r\n", "Expect: 100-continue\r\n"):
            first = f"GET / HTTP/{version}\r\n{host}Content-Length: {len(hidden)}\r\n{more}\r\n"
            answered = served.exchange((first + hidden).encode())
            assert answered.count(b"HTTP/1.") == 1
    assert len(here.ledger) == before


def test_odd_paths_and_huge_heads_are_refused_and_the_server_goes_on(
    here: Site, served: Served
) -> None:
    before = len(here.ledger)
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    own = "".join(f"{name}: {value}\r\n" for name, value in served.own.items())
    for target in (
        f"{ROOT}draw/../draw", f"{ROOT}%64raw%00", f"{ROOT}%", f"{ROOT}%zz",
        f"{ROOT}%2e%2e/plugin.py", f"{ROOT}%ff%fe", f"{ROOT}panel.js%00",
        f"{ROOT}{'a' * 60_000}", f"{ROOT}{'%41' * 20_000}",
        f"{ROOT}state?{'handle=a&' * 7_000}", f"{ROOT}picture?handle=a&take={'9' * 9_000}",
        f"{ROOT}picture?handle=%FF%00&take=1", f"http://evil.example{ROOT}draw",
        f"//x{ROOT}draw",
    ):  # fmt: skip
        for method in ("GET", "POST"):
            request = f"{method} {target} HTTP/1.1\r\n{host}{own}\r\n"
            status = served.exchange(request.encode()).split(b"\r\n")[0]
            fine = b" 200 " in status and target.startswith(f"{ROOT}state?")
            assert fine or b" 40" in status or b" 414 " in status, (target[:40], status)
    many = "".join(f"X-{number}: 1\r\n" for number in range(200))
    for request in (
        f"GET /{'a' * 70_000} HTTP/1.1\r\n{host}\r\n",
        f"GET {ROOT}panel.js HTTP/1.1\r\n{host}X: {'a' * 70_000}\r\n\r\n",
        f"GET {ROOT}panel.js HTTP/1.1\r\n{host}{many}\r\n",
        "\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00", "GET / HTTP/9.9\r\n\r\n",
    ):  # fmt: skip
        assert b" 200 " not in served.exchange(request.encode()).split(b"\n")[0]
    assert served.token in served.page()
    assert len(here.ledger) == before


def test_pages_with_the_token_are_in_no_frame_and_in_no_other_origin(
    here: Site, served: Served
) -> None:
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    for path in ("/", f"{ROOT}panel.js"):
        head = served.exchange(f"GET {path} HTTP/1.1\r\n{host}\r\n".encode()).split(b"\r\n\r\n")[0]
        assert b"X-Frame-Options: DENY" in head
        assert b"frame-ancestors 'none'" in head
    assert b"Cross-Origin-Resource-Policy: same-origin" in head
    for headers in (
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "script"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Dest": "frame"},
    ):  # fmt: skip
        assert served.token not in served.ask("GET", "/", None, headers).text


PROXIES = (
    "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via", "X-Forwarded",
    "Client-IP", "CF-Ray", "Fastly-Client-IP", "Tailscale-User-Login",
)  # fmt: skip


def test_who_comes_through_a_proxy_is_not_on_this_machine(here: Site, served: Served) -> None:
    before = len(here.ledger)
    for name in PROXIES:
        for value in ("203.0.113.9", "127.0.0.1", "", "for=127.0.0.1", "::1"):
            assert served.token not in served.ask("GET", "/", None, {name: value}).text
            assert b" 403 " in press(served, f"{name}: {value}")
    assert len(here.ledger) == before


def test_other_machines_get_pages_but_neither_token_nor_press(site: MakeSite) -> None:
    address = own_address()
    here = page_of_fox(site)
    before = len(here.ledger)
    with serve(here, at="0.0.0.0") as served:
        assert served.token  # this machine has it

        def ask(request: str) -> str:
            with socket.create_connection((address, served.port), timeout=40) as connection:
                connection.sendall(request.encode())
                return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

        body = json.dumps({"handle": served.handles()[0], "usd": 9})
        own = "".join(f"{name}: {value}\r\n" for name, value in served.own.items())
        for host in (f"127.0.0.1:{served.port}", "localhost", f"0.0.0.0:{served.port}", "[::1]"):
            own = own.replace(served.url, f"http://{host}")
            page = ask(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")
            assert "A page." in page
            assert served.token not in page
            head = f"Host: {host}\r\n{own}Content-Length: {len(body)}\r\n"
            for name in ("draw", "take", "pick"):
                assert " 403 " in ask(f"POST {ROOT}{name} HTTP/1.1\r\n{head}\r\n{body}")
            for name in ("events", "state?handle=a", "panel.js"):
                assert " 403 " in ask(f"GET {ROOT}{name} HTTP/1.1\r\nHost: {host}\r\n{own}\r\n")
        assert served.press("draw", served.handles()[0]) == {}
        wait_until(lambda: len(here.owned) == 2)
    said = (here.root / "serve.log").read_text()
    assert said.count("others on the network can read the pages") == 1
    assert "They cannot draw, spend or write" in said
    assert len(here.ledger) == before + 1


def test_a_preview_for_both_kinds_of_addresses_knows_its_own_machine(site: MakeSite) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    here = page_of_fox(site)
    with serve(here, at="[::]") as served:  # its peers are written as ::ffff:127.0.0.1
        assert served.token
        assert served.press("draw", served.handles()[0]) == {}
        wait_until(lambda: len(here.owned) == 2)


@pytest.mark.usefixtures("served")
def test_a_preview_on_this_machine_warns_of_nothing(here: Site) -> None:
    assert "on the network" not in (here.root / "serve.log").read_text()


def test_no_peer_that_vanished_or_sent_too_little_keeps_a_thread(served: Served, idle: int) -> None:
    # The listeners of the first test have closed without a word: the next heartbeats find out.
    wait_until(lambda: threads_of(served) <= idle)
