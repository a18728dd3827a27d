"""What a site of mixed requests is quoted with, held against what the server billed for it."""

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from mkdocs_gemini_images.models.pricing.amounts import nanos
from tests.cli.command import drawn, plan
from tests.integration.conftest import MakeSite
from tests.integration.conftest import _environment as environment  # noqa: F401
from tests.integration.site import DARK, Site, fence
from tests.integration.test_languages_of_site import translated
from tests.unit.pictures import png
from tests.warm_process import HOST, started

REQUESTS = 30
MODELS = [
    {"model": "gemini-nano-banana-2.1", "size": "1K"},
    {"model": "gemini-3.1-flash-image", "size": "512"},
    {"model": "gemini-3-pro-image", "size": "1K"},
]


def mixed(dice: random.Random, number: int = REQUESTS) -> str:
    """Write directives of all kinds, until they take a number of requests."""
    written, requests = "", 0
    while requests < number:
        options: dict[str, object] = {"id": f"fox-{requests}", **dice.choice(MODELS)}
        left = number - requests - 1
        edits = dice.choice([0, 0, 0, 1, 2]) if left >= 3 else 0
        dark = left > edits and dice.random() < 0.2
        references = dice.sample(["one.png", "two.png", "three.png"], dice.choice([0, 0, 1, 3]))
        if requests and dice.random() < 0.2:
            references.append("#fox-0")
        if references:
            options["references"] = json.dumps(references)
        if edits:
            options["edits"] = json.dumps([f"now in colour {at}" for at in range(edits)])
        if dark:
            options["dark"] = "the same at night"
        if dice.random() < 0.2:
            options["grounding"] = "web"
        if dice.random() < 0.2:
            options["take"] = 2
        prompt = f"A fox number {requests}, {'in the snow ' * dice.randint(0, 9)}"
        written += fence(prompt, **options)
        requests += 1 + edits + dark
    return written


def ledger_site(site: MakeSite, pages: str | dict[str, str], config: dict[str, Any] = DARK) -> Site:
    made = site(pages, config=config, max_new=REQUESTS, budget=100, concurrency=8)
    docs = made.root / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    for at, name in enumerate(("one.png", "two.png", "three.png")):
        (docs / name).write_bytes(png(16, 9 + at))
    made.write()
    return made


@pytest.mark.parametrize("seed", [1])
def test_thirty_mixed_requests_are_billed_as_they_were_quoted(site: MakeSite, seed: int) -> None:
    made = ledger_site(site, mixed(random.Random(seed)))
    quoted = plan(made)
    assert [row["what"] for row in quoted["pictures"] if row["state"] != "new"] == []
    assert quoted["requests"] == REQUESTS
    built = made.build()
    billed = sum((entry.usd for entry in built.requests), Decimal())
    assert len(built.requests) == REQUESTS, built.text

    assert float(billed) == pytest.approx(quoted["cost"], rel=0.05)
    assert float(billed) < quoted["cost_at_most"]
    sidecars = made.sidecars
    for each in sidecars:
        assert each["price"] <= each["quoted"]["at_most"]
        assert sum(map(nanos, each["billed"].values())) == nanos(each["price"])
    of_sidecars = sum(Decimal(str(each["price"])) for each in sidecars)
    assert abs(of_sidecars - billed) < Decimal("0.000001")
    items = {name for each in sidecars for name in each["billed"]}
    assert items == {"picture", "input_picture", "text_in", "text_out", "search"}


def test_a_budget_holds_against_what_requests_cost_at_most(site: MakeSite) -> None:
    made = site("".join(fence(f"A fox {at}") for at in range(3)))
    made.write()
    most = plan(made)["cost_at_most"]
    assert made.build(budget=round(most - 0.01, 2)).requests == ()
    built = made.build(budget=round(most + 0.01, 2))
    assert len(built.requests) == 3
    assert sum(entry.usd for entry in built.requests) <= Decimal(str(most))
    assert built.warnings == []


def test_a_site_in_three_languages_is_billed_as_it_was_quoted(site: MakeSite) -> None:
    dice = random.Random(4)
    page = "".join(
        fence(f"A sign that says hello {at}", id=f"sign-{at}", **dice.choice(MODELS), **options)
        for at, options in enumerate(
            [{"localized": "true"}, {"localized": "edit"}, {}, {"edits": "[now in blue]"}] * 2
        )
    )
    pages = dict.fromkeys(("index.md", "index.fr.md", "index.de.md"), page)
    made = ledger_site(site, pages, translated())
    quoted = plan(made)
    done = drawn(made)
    billed = sum((entry.usd for entry in done.requests), Decimal())
    assert len(done.requests) == quoted["requests"] == 2 * (3 + 3 + 1 + 2)
    assert float(billed) == pytest.approx(quoted["cost"], rel=0.05)
    assert float(billed) < quoted["cost_at_most"]


def test_eight_processes_together_are_billed_no_more_than_one_budget(site: MakeSite) -> None:
    made = ledger_site(site, mixed(random.Random(6), 12))
    most = plan(made)["cost_at_most"]
    made.write(budget=most, max_new=12)
    before = len(made.ledger)
    builds = [
        started(HOST, "build", "-q", "-f", made.root / "mkdocs.yml", "-d", made.root / f"site{at}")
        for at in range(8)
    ]
    said = [build.communicate()[1] for build in builds]
    assert [build.returncode for build in builds] == [0] * 8, said
    requests = made.ledger.entries[before:]
    assert len(requests) == 12
    assert sum(entry.usd for entry in requests) <= Decimal(str(most))
