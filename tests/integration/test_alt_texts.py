"""Text alternatives in real builds: what is said of them, where and how often, and what follows."""

import json
from typing import Any

import pytest

from tests.cli.command import drawn, plan, run
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

COPY = fence("A fox in deep snow", alt="A fox in deep snow")
BARE = "\n```gemini-image\nprompt: An owl\n```\n"
GOOD = fence("A heron in reeds", alt="A heron waits for a fish")
SAID = "index.md:4: the alt repeats the prompt"


def test_a_breach_is_said_once_with_page_and_line_and_the_picture_is_shown(site: MakeSite) -> None:
    built = site(COPY + BARE + GOOD + '\n![](gemini: "A pattern")\n').build()
    assert [text.split(":")[:2] for text in built.warnings] == [
        ["index.md", "4"],
        ["index.md", "7"],
    ]
    assert built.warnings[0].startswith(SAID)
    assert "the alt is missing" in built.warnings[1]
    assert len(built.images()) == len(built.requests) == 4
    assert {image["alt"] for image in built.images()} == {
        "A fox in deep snow", "", "A heron waits for a fish"
    }  # fmt: skip


def test_an_error_draws_nothing_and_shows_a_box_and_off_is_silence(site: MakeSite) -> None:
    here = site(COPY + BARE)
    built = here.build(alt_rules={"prompt": "error", "missing": False})
    assert [text.startswith(SAID) for text in built.warnings] == [True]
    assert built.page.count("gemini-image-error") == 1
    assert built.prompts == ["An owl"]
    assert plan(here)["exit_code"] == 1
    assert here.build(alt_rules={"prompt": "off", "missing": "off"}).warnings == []


def test_words_for_a_picture_are_known_in_the_language_of_the_theme(site: MakeSite) -> None:
    text = fence("A fox", alt="Bild von einem Fuchs")
    for theme, count in (
        ({"name": "mkdocs", "locale": "de_AT"}, 1),
        ({"name": "material", "language": "de"}, 1),
        ({"name": "mkdocs"}, 0),
    ):
        built = site(text, config={"theme": theme}, enabled=False).build()
        assert len([each for each in built.warnings if "'Bild von'" in each]) == count, theme


def test_an_excerpt_of_a_post_says_nothing_again(site: MakeSite) -> None:
    post = f"---\ndate: 2026-11-22\n---\n\n# Post\n{COPY}\n<!-- more -->\n\nMore.\n"
    config = {"theme": {"name": "material"}, "plugins": ["blog"]}
    pages = {"index.md": "# Home\n", "blog/index.md": "# Blog\n", "blog/posts/one.md": post}
    built = site(pages, config=config).build()
    assert len([uri for uri in built.pages if built.images(uri)]) > 1
    assert [each.partition(": ")[0] for each in built.warnings] == ["blog/posts/one.md:9"]


def rows(here: Site) -> dict[str, dict[str, Any]]:
    return {row["what"]: row for row in plan(here)["pictures"]}


def test_a_plan_tells_of_it_and_nothing_is_broken(site: MakeSite) -> None:
    here = site(COPY + GOOD + "\nHere is ![A cup](gemini: 'Tea'){ caption=Tea } in text.\n")
    drawn(here)
    found = plan(here)
    assert (found["exit_code"], {row["state"] for row in found["pictures"]}) == (0, {"in stock"})
    flaws = {row["what"]: row["flaws"] for row in found["pictures"]}
    assert [each.startswith(SAID) for each in flaws["A fox in deep snow"]] == [True]
    assert flaws["A heron in reeds"] == []
    assert flaws["Tea"][0].startswith(
        "index.md:12: the caption is not shown, because of text beside"
    )
    here.pages["index.md"] = COPY
    here.write()
    assert "2 deleted" in run(here, "prune", "--delete", "--force").stdout


HOSTILE = "A fox\x1b[2J | <script>alert(1)</script> \u202e @everyone " + "and snow " * 99


def test_the_models_words_are_a_draft_for_an_alt_and_on_no_page(site: MakeSite) -> None:
    here = site(COPY + BARE + GOOD + "\n![](gemini: 'A pattern')\n")
    drawn(here)
    assert {row["draft"] for row in rows(here).values()} == {""}, "it hands the picture over"
    words = "A fox on a hill."
    for path in here.stock.glob("*.json"):
        written = json.loads(path.read_text())
        path.write_text(json.dumps(written | {"text": f"{written['text']} {words}"}))
    assert {row["what"]: row["draft"] for row in rows(here).values()} == {
        "A fox in deep snow": words, "An owl": words, "A heron in reeds": "", "A pattern": ""
    }  # fmt: skip
    assert run(here, "plan").stdout.count(f"draft from the model: {words}") == 2
    for path in here.stock.glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"text": HOSTILE}))
    told = run(here, "plan", "--markdown").stdout
    assert told.count("  - draft from the model: <code>A fox") == 2
    for said in (told, run(here, "plan").stdout, run(here, "plan", "--json").stdout):
        assert not set(said) & set("\x1b\u202e")
    assert all(len(row["draft"]) <= 300 for row in rows(here).values())
    assert "<script>" not in told
    assert "@everyone" not in told

    page = here.root / "gallery.html"
    assert run(here, "gallery", "-o", str(page)).code == 0
    html = page.read_text()
    assert html.count("<i>from the model:</i> A fox") == 2
    assert "alert(1)</script>" not in html
    assert 'alt="A fox\ufffd' not in html
    assert run(here, "gallery", "-o", str(page), "--no-prompts").code == 0
    assert "from the model" not in page.read_text()
    page.unlink()

    built = here.build()
    for file in (here.root / "site").rglob("*"):
        if file.is_file():
            assert b"alert(1)" not in file.read_bytes(), file
    assert {image["alt"] for image in built.images()} >= {"A fox in deep snow", ""}


OLD = fence("A fox in snow", id="fox", alt="A fox asleep")
NEW = OLD.replace("in snow", "in a wood")


def test_an_alt_that_is_older_than_its_picture_is_said_by_the_build_that_draws_it(
    site: MakeSite,
) -> None:
    here = site(OLD)
    assert here.build().warnings == []
    here.pages["index.md"] = NEW
    (said,) = here.build().warnings
    assert said.startswith(
        "index.md:2: the alt 'A fox asleep' was written for an earlier picture: "
        "correct the alt; if it still fits, prune the "
    )
    # A clone in CI has the same alt and picture, also where another picture has it read the stock.
    here.pages["index.md"] = NEW + fence("A heron", id="heron")
    assert [each for each in here.build(frozen=True).warnings if "A heron" not in each] == []
    assert not any(row["flaws"] for row in plan(here)["pictures"])
    assert "described an earlier one" not in run(here, "check").text
    here.pages["index.md"] = NEW.replace("in a wood", "in a town")
    assert here.build(alt_rules={"older": "off"}).warnings == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, OLD.replace("id: fox", "id: fox\ntake: 2")),
        (OLD, OLD.replace("id: fox", "id: fox\nedits: [add a moon]")),
        (OLD.replace("asleep", "awake"), NEW),
        (OLD.replace("A fox asleep", ""), NEW.replace("A fox asleep", "")),
        (OLD.replace("id: fox\n", ""), NEW.replace("id: fox\n", "")),
    ],
    ids=["another take", "a further turn", "another alt", "decorative", "no name"],
)
def test_an_alt_is_not_older_than(site: MakeSite, before: str, after: str) -> None:
    here = site(before)
    here.build()
    here.pages["index.md"] = after
    assert len(here.build().requests) == 1
    assert not any(row["flaws"] for row in plan(here)["pictures"])


def test_a_sidecar_keeps_the_alt_of_a_picture_with_a_name_alone(site: MakeSite) -> None:
    here = site(OLD + GOOD + '\n![A boat at sea](boat.webp "gemini: A boat")\n')
    here.build()
    kept = {each["request"]["text"]: each.get("alt") for each in here.sidecars}
    assert kept == {
        "A fox in snow": "A fox asleep", "A heron in reeds": None, "A boat": "A boat at sea"
    }  # fmt: skip
    for path in here.stock.glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"alt": ["damaged"]}))
    assert here.build().closing.startswith("3 pictures, 3 from stock")
