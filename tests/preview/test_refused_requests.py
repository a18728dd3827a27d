"""Requests that the preview refuses, and built sites, which contain no part of the preview."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.preview.serving import ROOT, TOKEN, Served, serve

TRACES = re.compile(r"data-gemini-images=|gemini-images-preview|__gemini-images|data-token")


@pytest.fixture(scope="module")
def here(site: MakeSite) -> Site:
    made = site(FOX)
    made.write()
    return made


@pytest.fixture(scope="module")
def served(here: Site) -> Iterator[Served]:
    with serve(here) as served:
        yield served


def refused(served: Served, **headers: str | None) -> int:
    """Send the request of a button with other values of some headers, and return the status."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in (served.own | changed).items() if value is not None}
    handle = served.handles()[0]
    answer = served.ask("POST", f"{ROOT}draw", {"handle": handle, "usd": 9}, sent)
    assert answer.data == b""
    return answer.status


def test_a_request_that_no_page_of_the_server_has_sent_is_refused(
    here: Site, served: Served
) -> None:
    before = len(here.ledger)
    assert refused(served, **{TOKEN: None}) == 403
    assert refused(served, **{TOKEN: "guess"}) == 403
    assert refused(served, **{TOKEN: "é"}) == 403
    assert refused(served, Origin="http://evil.example") == 403
    assert refused(served, Origin="null") == 403
    assert refused(served, Origin=f"http://localhost:{served.port}") == 403
    assert refused(served, Sec_Fetch_Site="cross-site") == 403
    assert refused(served, Sec_Fetch_Site="same-site") == 403
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example@127.0.0.1",
        "",
        "[::1",
    ):
        assert refused(served, Host=host) == 403, host
        assert refused(served, Host=host, Origin=f"http://{host}") == 403, host
    assert refused(served, Content_Type="text/plain") == 400
    assert refused(served, Content_Type=None) == 400

    handle = served.handles()[0]
    wrong: list[object] = [
        [], {}, {"handle": handle}, {"handle": 1, "usd": 1}, {"handle": handle, "usd": "1"},
        {"handle": handle, "usd": float("nan")}, {"handle": handle, "usd": -1}, "x" * 5000,
    ]  # fmt: skip
    for value in wrong:
        assert served.ask("POST", f"{ROOT}draw", value, served.own).status == 400
    for name in ("draw", "take", "pick", "nothing"):
        query = f"{ROOT}{name}?handle={handle}&usd=9&take=2"
        assert served.ask("GET", query, None, served.own).status == 404
        assert served.ask("PUT", query, None, served.own).status == 405
    for name in ("state", "events", "picture"):
        assert served.ask("GET", f"{ROOT}{name}?handle={handle}&take=1").status == 403
    assert served.press("draw", "no-such-handle")["complaint"]
    assert served.ask("GET", f"{ROOT}../plugin.py", None, served.own).status == 404
    assert len(here.ledger) == before
    assert here.owned == []


def test_a_price_that_is_no_number_of_dollars_is_refused(here: Site, served: Served) -> None:
    before = len(here.ledger)
    wrong = ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", "true", f"1{'0' * 3000}", "-0.01"]
    (handle,) = served.handles()
    for usd in wrong:
        body = f'{{"handle": {json.dumps(handle)}, "usd": {usd}}}'
        assert served.send("POST", f"{ROOT}draw", body, served.own).status == 400, usd
    assert served.state(handle)["state"] == "not drawn"
    assert len(here.ledger) == before


def test_only_top_level_pages_of_the_server_get_the_token(served: Served) -> None:
    assert served.token in served.page()
    for headers in (
        {"Host": "evil.example"},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "embed"},
    ):
        answer = served.ask("GET", "/", None, headers)
        assert answer.status == 200
        assert served.token not in answer.text
    assert served.token in served.ask("GET", "/", None, {"Host": f"localhost:{served.port}"}).text
    script = served.ask("GET", f"{ROOT}panel.js", None, {"Host": f"[::1]:{served.port}"})
    assert (script.status, served.token in script.text) == (200, False)


def files_with_traces(here: Site) -> list[str]:
    files = [path for path in (here.root / "site").rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if TRACES.search(path.read_text(errors="replace"))]


@pytest.mark.parametrize("text", [FOX, fence("A fox", id="fox", dark="at night", caption="A")])
def test_a_built_site_has_no_trace_of_the_preview(site: MakeSite, text: str) -> None:
    here = site(text)
    here.build()
    assert files_with_traces(here) == []
    here.build(frozen=True)
    assert files_with_traces(here) == []
