"""Whose requests may see and use the token: by the address of the peer, never by a name."""

import pytest

from mkdocs_gemini_images.preview.request_guard import RequestGuard, exposure, is_loopback
from mkdocs_gemini_images.preview.request_reading import HEADER_NAMES

NEAR = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.fixture
def guard() -> RequestGuard:
    return RequestGuard("0.0.0.0", 8000, "token")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1",
    "::ffff:7f00:1"]
)  # fmt: skip
def test_this_machine_has_these_addresses(guard: RequestGuard, address: str) -> None:
    assert is_loopback(address)
    assert guard.is_from_own_page(NEAR | {"REMOTE_ADDR": address})
    assert guard.may_see_token(NEAR | {"REMOTE_ADDR": address})


@pytest.mark.parametrize(
    "address",
    [
        "", "localhost", "192.168.1.5", "10.0.0.1", "0.0.0.0", "::", "fe80::1", "fe80::1%lo",
        "127.1", "::ffff:192.168.1.5", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
        "2130706433",
        "2002:7f00:1::", "127.0.0.1.example", "127.0.0.1 ", "0177.0.0.1", "127.0.0.01",
    ],
)  # fmt: skip
def test_other_addresses_are_of_other_machines(guard: RequestGuard, address: str) -> None:
    assert not is_loopback(address)
    assert not guard.is_from_own_page(NEAR | {"REMOTE_ADDR": address})
    assert not guard.may_see_token(NEAR | {"REMOTE_ADDR": address})


def test_a_request_without_an_address_is_of_no_known_machine(guard: RequestGuard) -> None:
    assert not guard.may_see_token({"HTTP_HOST": "127.0.0.1:8000"})


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:9", "127.0.0.1", "0.0.0.0:8000"])
def test_these_names_are_the_servers(guard: RequestGuard, host: str) -> None:
    assert guard.is_from_own_page(NEAR | {"HTTP_HOST": host, "HTTP_ORIGIN": f"http://{host}"})


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "localhost.evil.example", "evil.localhost", "0.0.0.0", "0.0.0.0:80",
        "127.0.0.1@evil.example", "[::1", "127.0.0.1\t", "127.0.0.1,evil.example",
        "[::ffff:8.8.8.8]", "[::1].evil.example", "[::1]evil.example", "127.0.0.1:80:80",
        "localhost:a",
    ],
)  # fmt: skip
def test_other_names_may_be_anyones(guard: RequestGuard, host: str) -> None:
    assert not guard.is_from_own_page(NEAR | {"HTTP_HOST": host, "HTTP_ORIGIN": f"http://{host}"})
    assert not guard.may_see_token(NEAR | {"HTTP_HOST": host})


@pytest.mark.parametrize(
    "names", [("Host", "Host"), ("Host", "host"), ("Host", "X_Token"), ("Cookie", "cookie")]
)
def test_headers_with_two_meanings_are_refused(guard: RequestGuard, names: tuple[str, ...]) -> None:
    assert not guard.is_from_own_page(NEAR | {HEADER_NAMES: names})
    assert guard.is_from_own_page(NEAR | {HEADER_NAMES: ("Host", "Cookie")})


@pytest.mark.parametrize("given", ["", "toke", "tokens", "TOKEN", "token,token", "t\u00f6ken"])
def test_another_token_is_not_the_sessions(guard: RequestGuard, given: str) -> None:
    assert guard.has_token({"HTTP_X_GEMINI_IMAGES_TOKEN": "token"})
    assert not guard.has_token({"HTTP_X_GEMINI_IMAGES_TOKEN": given})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_a_server_for_this_machine_is_not_exposed(host: str) -> None:
    assert exposure(host, 8000) == ""


@pytest.mark.parametrize(
    ("host", "fix"),
    [
        ("0.0.0.0", "at http://127.0.0.1:8000/"),
        ("::", "at http://127.0.0.1:8000/"),
        ("192.168.1.5", "run mkdocs serve -a 127.0.0.1:8000"),
    ],
)
def test_a_server_for_others_is_told_what_they_can_and_cannot_do(host: str, fix: str) -> None:
    warning = exposure(host, 8000)
    assert "can read the pages" in warning
    assert "cannot draw, spend or write" in warning
    assert fix in warning
