"""Whom a key may go to, where requests go, and that a key never shows."""

import copy
import json
import pickle
import traceback
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.server import (
    EMULATOR,
    GOOGLE,
    Secret,
    Server,
    choose,
    is_google,
    is_loopback,
)
from mkdocs_gemini_images.core.diagnostics import DiagnosticError

KEY = "AIza-of-the-environment"
OWN = "sk-named-by-the-owner"
ENVIRONMENT = {"GEMINI_API_KEY": KEY}
V = "/v1beta"


def server(base_url: str = "", environment: dict[str, str] | None = None, **more: Any) -> Server:
    return choose(base_url, environment=ENVIRONMENT if environment is None else environment, **more)


def refused(base_url: str = "", **more: Any) -> str:
    with pytest.raises(DiagnosticError) as raised:
        choose(base_url, **({"environment": ENVIRONMENT} | more))
    return str(raised.value)


@pytest.mark.parametrize(
    ("base_url", "api_key", "headers"),
    [
        ("", "", {"x-goog-api-key": KEY}),
        (GOOGLE, "", {"x-goog-api-key": KEY}),
        ("https://GenerativeLanguage.GoogleAPIs.com/v1", "", {"x-goog-api-key": KEY}),
        ("https://aiplatform.googleapis.com", "", {"x-goog-api-key": KEY}),
        ("http://localhost:8000", "", {"Authorization": f"Bearer {KEY}"}),
        ("http://127.0.0.1:8000", "", {"Authorization": f"Bearer {KEY}"}),
        ("http://[::1]:8000", "", {"Authorization": f"Bearer {KEY}"}),
        ("https://gateway.example", "", {}),
        ("https://googleapis.com.evil.example", "", {}),
        ("https://evilgoogleapis.com", "", {}),
        ("https://localhost.evil.example", "", {}),
        ("https://127.0.0.1.evil.example", "", {}),
        ("https://0.0.0.0", "", {}),
        ("https://10.0.0.1", "", {}),
        ("", OWN, {"x-goog-api-key": OWN}),
        ("https://gateway.example", OWN, {"Authorization": f"Bearer {OWN}"}),
        ("http://localhost:1", OWN, {"Authorization": f"Bearer {OWN}"}),
        ("emulator", "", {}),
        ("emulator", OWN, {}),
        (" Emulator ", "", {}),
    ],
)
def test_a_key_goes_only_where_its_owner_means_it_to(
    base_url: str, api_key: str, headers: dict[str, str]
) -> None:
    assert server(base_url, api_key=api_key).headers() == headers


@pytest.mark.parametrize(
    ("auth", "base_url", "name"),
    [("auto", "", "x-goog-api-key"), ("api-key", "", "x-goog-api-key"), ("bearer", "",
                                                                         "Authorization"),
     ("auto", "https://g.example", "Authorization"), ("api-key", "https://g.example",
                                                      "x-goog-api-key"),
     ("bearer", "https://g.example", "Authorization")],
)  # fmt: skip
def test_auth_decides_the_header(auth: str, base_url: str, name: str) -> None:
    assert list(server(base_url, api_key=OWN, auth=auth).headers()) == [name]


@pytest.mark.parametrize(
    ("environment", "key"),
    [({}, None), ({"GEMINI_API_KEY": ""}, None), ({"GEMINI_API_KEY": " \n"}, None),
     ({"GOOGLE_API_KEY": "b"}, "b"), ({"GEMINI_API_KEY": "a", "GOOGLE_API_KEY": "b"}, "a"),
     ({"GEMINI_API_KEY": "", "GOOGLE_API_KEY": "b"}, "b"), ({"GEMINI_API_KEY": " a\n"}, "a"),
     ({"OPENAI_API_KEY": "c"}, None)],
)  # fmt: skip
def test_which_variable_has_the_key(environment: dict[str, str], key: str | None) -> None:
    assert server(environment=environment).headers().get("x-goog-api-key") == key


ENDPOINTS = [
    ("", "", f"{GOOGLE}/v1beta"),
    ("", "v1", f"{GOOGLE}/v1"),
    (GOOGLE, "", f"{GOOGLE}/v1beta"),
    (f"{GOOGLE}/", "", f"{GOOGLE}/v1beta"),
    (f"{GOOGLE}/v1beta", "", f"{GOOGLE}/v1beta"),
    (f"{GOOGLE}/v1beta/", "", f"{GOOGLE}/v1beta"),
    (f"{GOOGLE}/v1", "", f"{GOOGLE}/v1"),
    (f"{GOOGLE}/v1beta", "v1beta", f"{GOOGLE}/v1beta"),
    (f"{GOOGLE}/v1beta/", "v1", f"{GOOGLE}/v1"),
    ("https://gw.example/gemini", "", "https://gw.example/gemini/v1beta"),
    ("https://gw.example/gemini/", "v1", "https://gw.example/gemini/v1"),
    ("https://gw.example/gemini/v1alpha", "", "https://gw.example/gemini/v1alpha"),
    ("https://gw.example/vertex", "", "https://gw.example/vertex/v1beta"),
    ("https://gw.example:8443//", "", "https://gw.example:8443/v1beta"),
    ("https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu/publishers/google", "",
     "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu/publishers/google/v1beta"),
    ("http://localhost:8000", "", "http://localhost:8000/v1beta"),
    ("http://[::1]:8000/", "", "http://[::1]:8000/v1beta"),
]  # fmt: skip


@pytest.mark.parametrize(("base_url", "api_version", "before"), ENDPOINTS)
def test_the_version_stands_in_the_address_once(
    base_url: str, api_version: str, before: str
) -> None:
    chosen = server(base_url, api_version=api_version)
    assert chosen.endpoint("m") == f"{before}/models/m:generateContent"


@pytest.mark.parametrize(
    "base_url",
    ["gateway.example", "https://", "https:///path", "ftp://gw.example", "https://gw.example?key=x",
     "https://gw.example/#x", "https://user:secret@gw.example", "https://user:sec/ret@gw.example",
     "https://:secret@gw.example", "https://[::1", "https://gw.example:port",
     "https://gw.example:99999",
     "https://evil.example\\.googleapis.com", "https://evil.example\uff0f.googleapis.com",
     "https://gw exam.ple", "https://gw.example/a\tb", "https://b\xfccher.example",
     "file:///etc/passwd",
     "emulator2", "https://gw.example:0"],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_refused_without_its_password(base_url: str) -> None:
    said = refused(base_url)
    assert said.startswith(("expected base_url ", "base_url must be "))
    assert "secret" not in said
    assert "ret@" not in said


@pytest.mark.parametrize("base_url", ["http://gw.example", "http://10.0.0.1", "http://0.0.0.0:1",
                                      "http://generativelanguage.googleapis.com",
                                      "http://127.0.0.999", "http://127.0.0.1234567",
                                      "http://127.00000.0.1"])  # fmt: skip
def test_no_key_travels_in_the_open(base_url: str) -> None:
    assert refused(base_url) == (
        f"base_url must be an https address (you wrote '{base_url}'): a key travels over "
        f"https, or not beyond "
        "this machine"
    )


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "sm\xf6rg\xe5s", "nul\0", "\u2028x"])
def test_a_key_that_fits_into_no_header_is_not_sent_and_not_shown(key: str) -> None:
    for chosen, name in (
        (server(api_key=f"x{key}x"), "api_key"),
        (server(environment={"GEMINI_API_KEY": f"x{key}x"}), "GEMINI_API_KEY"),
    ):
        assert chosen.headers() == {}
        expected = f"the API key in {name} has spaces, line breaks or letters that no key has"
        assert chosen.key_problem.startswith(expected)
        assert key not in chosen.key_problem


@pytest.mark.parametrize(
    "around",
    ["\u061c{}", "\ufe41{}\ufe42", "\u180e{}\u034f", "\0{}\x7f",
     "\ufeff{}", "{}\u200b\n", '"{}"', "'{}'", " \t{}\r\n", "\u201c{}\u201d", '" {} "\n', "`{}`",
     "\u2060{}\u200d", "\xa0{}\xa0"],
)  # fmt: skip
def test_what_is_copied_along_with_a_key_is_taken_off(around: str) -> None:
    for chosen in (server(api_key=around.format(OWN)),
                   server(environment={"GEMINI_API_KEY": around.format(OWN)})):  # fmt: skip
        assert chosen.headers() == {"x-goog-api-key": OWN}
        assert chosen.key_problem == ""


@pytest.mark.parametrize("empty", ["", " ", "\n", "\ufeff", '""', "' '", "\u200b"])
def test_a_variable_of_nothing_hides_no_other(empty: str) -> None:
    chosen = server(environment={"GEMINI_API_KEY": empty, "GOOGLE_API_KEY": KEY}, api_key=empty)
    assert chosen.headers() == {"x-goog-api-key": KEY}
    assert chosen.key_places == "GOOGLE_API_KEY"


@pytest.mark.parametrize(
    ("base_url", "fix"),
    [("gateway.example", "write https://gateway.example"),
     ("gateway.example/v1beta", "write https://gateway.example/v1beta"),
     ("127.0.0.1:8000", "write http://127.0.0.1:8000"),
     ("localhost:8000/x", "write http://localhost:8000/x"),
     ("//gateway.example", "write https://gateway.example"),
     ("https:/gateway.example", "write https://gateway.example"),
     ("https//gateway.example", "write https://gateway.example"),
     ("HTTP:localhost:8000", "write http://localhost:8000")],
)  # fmt: skip
def test_an_address_without_a_scheme_is_told_so(base_url: str, fix: str) -> None:
    assert refused(base_url) == f"expected base_url as https://host/path, got '{base_url}': {fix}"


@pytest.mark.parametrize("version", ["v1/../x", "v1?x", "a b", "v1#"])
def test_a_version_is_one_word(version: str) -> None:
    assert refused(api_version=version).startswith("expected api_version like v1beta, got ")


@pytest.mark.parametrize("proxy", ["http://proxy.example:3128", "https://127.0.0.1:1", ""])
def test_a_proxy_is_taken_as_it_is(proxy: str) -> None:
    assert server(proxy=proxy).proxy == proxy


def test_the_password_of_a_proxy_is_in_no_message() -> None:
    for proxy in (
        "proxy.example", "socks5://proxy.example", "http://user:secret@[x", "user:secret@proxy",
        "http://user:sec#secret@proxy", "http://user:?secret@proxy", "http:/user:secret@proxy",
        "http://secret@user:secret@proxy:1", "//user:secret@proxy", "http://proxy:1/?key=secret",
    ):  # fmt: skip
        said = refused(proxy=proxy)
        assert said.startswith("expected proxy as http://host:port, got ")
        assert "secret" not in said


@given(st.text(), st.text(max_size=8), st.text(max_size=8))
def test_any_text_chooses_a_server_or_raises_a_diagnostic(
    base_url: str, version: str, key: str
) -> None:
    for url in (base_url, f"https://{base_url}"):
        with suppress(DiagnosticError):
            chosen = choose(url, api_version=version, api_key=key, proxy=url, environment={})
            assert chosen.host
            assert len(chosen.headers()) <= 1


@given(st.text())
def test_the_environments_key_stays_with_google_and_this_machine(name: str) -> None:
    with suppress(DiagnosticError):
        chosen = choose(f"https://{name}", environment=ENVIRONMENT)
        assert not chosen.key or is_google(chosen.host) or is_loopback(chosen.host)


def test_the_emulator_is_no_place_on_the_network() -> None:
    assert server("emulator") is EMULATOR
    assert EMULATOR.emulated
    assert EMULATOR.host.endswith(".invalid")
    assert not EMULATOR.key


def test_a_server_knows_whether_it_is_googles() -> None:
    assert server().google
    assert not server("https://gw.example").google
    assert server("https://gw.example/v1").host == "gw.example"


# A key never shows


def shown(value: object) -> str:
    return f"{value!r} {value} {value!s} {value:} %s %r" % (value, value)


@pytest.mark.parametrize("value", [Secret(OWN), server("https://gw.example", api_key=OWN)])
def test_a_key_is_not_in_what_is_printed(value: object) -> None:
    assert OWN not in shown(value)
    assert OWN not in shown([value])
    assert OWN not in json.dumps({"value": value}, default=str)


def test_a_key_is_not_in_a_traceback_with_its_locals() -> None:
    key = Secret(OWN)
    try:
        raise ValueError("oh", key)
    except ValueError as error:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "Secret(***)" in "".join(report.format())
    assert OWN not in "".join(report.format())


@pytest.mark.parametrize("value", [Secret(OWN), server("https://gw.example", api_key=OWN)])
def test_a_key_is_not_pickled_or_copied_away(value: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="a key is not to be pickled"):
            pickle.dumps(value, protocol)
    with pytest.raises(TypeError, match="a key is not to be pickled"):
        copy.deepcopy(value)


def test_a_key_has_no_dictionary_to_be_dumped() -> None:
    assert not hasattr(Secret(OWN), "__dict__")
    assert Secret(OWN).reveal() == OWN
    assert bool(Secret(OWN))
    assert not Secret("")
