"""The panel proposes alts, for a press that agrees to the price, and writes the accepted one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import Site
from tests.preview.serving import ROOT, Served, serve, wait_until

PAGE = (
    "# The harbour\n\nA boat leaves at dusk.\n\n```gemini-image\nprompt: A small boat, ink\n```\n"
)


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(PAGE)
    assert made.build().error is None
    return made


@pytest.fixture
def served(here: Site) -> Iterator[Served]:
    with serve(here) as served:
        yield served


def post(served: Served, name: str, **value: Any) -> Any:
    answer = served.ask("POST", ROOT + name, value, served.own)
    return answer.value if answer.status == 200 else answer.status


def test_a_proposal_costs_a_press_and_is_written_when_accepted(here: Site, served: Served) -> None:
    (handle,), before = served.handles(), len(here.ledger)
    offered = post(served, "alts", handle=handle, usd=None)
    assert offered["places"] == [
        {"page": "index.md", "line": 5, "heading": "The harbour", "is": None, "proposed": None,
         "problem": ""}
    ]  # fmt: skip
    cost = offered["cost"]
    assert 0 < cost["usd"] < cost["at_most"] < 0.01
    assert post(served, "alts", handle=handle, usd=0)["complaint"].startswith("it would cost")
    assert len(here.ledger) == before
    proposed = post(served, "alts", handle=handle, usd=cost["usd"])
    assert (len(here.ledger), proposed["cost"]) == (before + 1, None)
    alt = proposed["places"][0]["proposed"]
    assert alt.startswith("A sailboat by the sea at dusk in ")
    assert post(served, "alts", handle=handle, usd=None)["places"][0]["proposed"] == alt
    wrong = post(served, "alt", handle=handle, page="index.md", line=5, alt="a\u202eb")
    assert "cannot be written" in wrong["complaint"]
    done = post(served, "alt", handle=handle, page="index.md", line=5, alt=alt)
    assert done["written"] == ["index.md"]
    page = (here.root / "docs/index.md").read_text()
    assert page == PAGE.replace("ink\n", f"ink\nalt: {alt}\n")
    wait_until(lambda: f'alt="{alt}"' in served.page())
    assert len(here.ledger) == before + 1


def test_what_is_no_alt_of_the_picture_is_refused(here: Site, served: Served) -> None:
    (handle,) = served.handles()
    for value, said in (
        ({"page": "index.md", "line": 6, "alt": "x"}, "the page has changed; reload it"),
        ({"page": "../mkdocs.yml", "line": 5, "alt": "x"}, "the page has changed; reload it"),
        ({"page": "index.md", "line": 5, "alt": "x" * 251}, "it has more than 250 characters"),
    ):
        assert said in post(served, "alt", handle=handle, **value)["complaint"]
    for value in (
        {"page": 1, "line": 5, "alt": "x"},
        {"page": "index.md", "line": True, "alt": ""},
    ):
        assert post(served, "alt", handle=handle, **value) == 400
    assert post(served, "alts", handle=handle, usd=-1) == 400
    assert post(served, "alts", handle=handle) == 400
    assert served.ask("POST", f"{ROOT}alts", {"handle": handle, "usd": 1}).status == 403
    assert (here.root / "docs/index.md").read_text() == PAGE
