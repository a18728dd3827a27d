"""The command `plan`: its rows, sums, formats and exit codes, and that it sends nothing."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest

from tests.cli.command import drawn, offline, plan, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, FOX, Site, fence
from tests.unit.pictures import webp

PRICE = 747 * 60 / 1e6
"""USD of a picture with the options of these tests, without what else is billed."""


def states(found: dict[str, Any]) -> dict[str, str]:
    """Return the state of each row by its prompt or error."""
    return {row["what"]: row["state"] for row in found["pictures"]}


def every_state(site: MakeSite) -> Site:
    """Make a site with a picture in each state."""
    pages = {
        "index.md": fence("A fox", id="fox") + fence("A gone one"),
        "guide/page.md": "# Page\n\n" + fence("A heron", model="gemini-3-pro-image", size="1K")
        + '\n![A hand](mine.webp "gemini: My own")\n',
    }  # fmt: skip
    made = site(pages)
    file = made.root / "docs/guide/mine.webp"
    file.parent.mkdir(parents=True)
    file.write_bytes(webp(40, 30))
    drawn(made)
    made.pages["index.md"] = (
        fence("A fox", id="fox") + fence("A new one", size="1K") + fence("A lynx", sise="2K")
    )
    return made


def test_each_row_has_state_place_model_size_and_price(site: MakeSite) -> None:
    made = every_state(site)
    made.write(aspect_ratio="1:1")
    found = plan(made)
    rows = [
        (row["state"], row["what"], row["places"], row["model"], row["size"], row["requests"])
        for row in found["pictures"]
    ]
    flash, pro = "gemini-3.1-flash-image", "gemini-3-pro-image"
    broken = "expected a known option, got 'sise:': did you mean 'size'?"
    assert rows == [
        ("broken", broken, ["index.md:17"], "", "", 0),
        ("new", "A new one", ["index.md:8"], flash, "1K", 1),
        ("drifted", "A heron", ["guide/page.md:4"], pro, "1K", 0),
        ("drifted", "A fox", ["index.md:2"], flash, "512", 0),
        ("your own", "My own", ["guide/page.md:11"], flash, "512", 0),
        ("orphaned", "A gone one", [], flash, "512", 0),
    ]
    notes = {row["what"]: row["note"] for row in found["pictures"] if row["note"]}
    assert notes == dict.fromkeys(("A heron", "A fox"), "aspect_ratio 16:9 -> 1:1")
    assert found["requests"] == 1
    assert found["cost"] == pytest.approx(0.0672, rel=0.01)
    assert found["cost"] < found["cost_at_most"] < 0.1
    assert found["spent"] == pytest.approx(sum(each["price"] for each in made.sidecars), abs=1e-6)
    assert found["exit_code"] == 1


def test_the_plan_is_printed_as_a_table_with_sums(site: MakeSite) -> None:
    made = every_state(site)
    made.write()
    done = run(made, "plan")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    told = " ".join(line.split()[0] for line in lines[1:-1])
    assert told == "broken new in in your orphaned"
    assert "#fox A fox" in done.stdout
    assert "$0.068" in done.stdout
    assert lines[-1] == (
        "1 broken, 1 new, 2 in stock, 1 your own, 1 orphaned; 1 request, about $0.07 (at "
        "most $0.08); spent so far $0.23"
    )
    assert done.stderr == ""


def test_the_markdown_plan_lists_changes_only(site: MakeSite) -> None:
    made = every_state(site)
    made.write()
    done = run(made, "plan", "--markdown")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("**Pictures:** 1 broken, 1 new, 2 in stock")
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["broken", "new", "orphaned"]
    assert "A heron" not in done.stdout


@pytest.mark.parametrize("form", ["", "--json", "--markdown"])
def test_plan_sends_nothing_and_writes_nothing(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    made = every_state(site)
    made.build()
    made.write()
    with untouched(made.root), offline(monkeypatch):
        assert run(made, "plan", *filter(None, [form])).requests == ()


def test_plan_creates_no_folder_in_a_fresh_checkout(site: MakeSite) -> None:
    made = site(FOX)
    made.write()
    with untouched(made.root):
        assert plan(made)["requests"] == 1


@pytest.mark.parametrize(
    ("pages", "options", "keyless", "code", "why"),
    [
        ("No pictures.", {}, False, 0, ""),
        (FOX, {}, False, 2, ""),
        (FOX, {}, True, 3, "no API key for 127.0.0.1"),
        (FOX, {"frozen": True}, False, 3, "frozen"),
        (FOX, {"max_new": 0}, False, 3, "max_new: 0"),
        (FOX, {"budget": 0.01}, False, 3, "budget: 0.01"),
        (FOX, {"model": "other-model"}, False, 3, "no price is known for other-model"),
        (FOX, {"model": "other-model", "max_new": 3}, False, 2, ""),
        (FOX, {"enabled": False}, False, 3, "enabled: false"),
        (FOX, {"base_url": "emulator"}, True, 2, ""),
        (fence("x", sise="2K"), {}, False, 1, ""),
        (FOX + fence("x", sise="2K"), {"frozen": True}, False, 1, "frozen"),
    ],
)
def test_the_exit_code_says_what_a_build_would_do(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, pages: str, options: dict[str, Any],
    keyless: bool, code: int, why: str,
) -> None:  # fmt: skip
    if keyless:
        monkeypatch.delenv("GEMINI_API_KEY")
    made = site(pages, **options)
    made.write()
    found = plan(made)
    assert found["exit_code"] == code
    assert (why in found["refusal"]) if why else (found["refusal"] == "")
    said = run(made, "plan").stdout
    assert ("A build would not draw them" in said) == bool(why and found["requests"])
    built = made.build()
    assert len(built.requests) == (found["requests"] if code == 2 and not keyless else 0)


def test_in_ci_the_exit_code_says_that_a_build_may_not_draw(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site(FOX)
    made.write()
    monkeypatch.setenv("CI", "true")
    assert plan(made)["exit_code"] == 3
    drawn(made)
    assert plan(made)["exit_code"] == 0


def test_a_damaged_sidecar_is_broken_and_needs_no_request(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    next(made.stock.glob("*.json")).write_text("{")
    found = plan(made)
    assert [row["state"] for row in found["pictures"]] == ["broken"]
    assert (found["exit_code"], found["requests"]) == (1, 0)
    assert "damage" in found["pictures"][0]["what"]


def test_an_invalid_configuration_is_reported_in_one_line(site: MakeSite) -> None:
    made = site(FOX, model=7)
    made.write()
    done = run(made, "plan")
    assert done.code == 1
    assert done.stderr.count("'model': model must be text") == 1


CHAIN = (
    fence("A base", id="base", edits="[add snow, add a moon]", dark="at night")
    + fence("A scene", references="['#base']", id="scene")
    + fence("A last one", references="['#scene', '#base']")
)


def test_each_step_of_a_conversation_is_counted_once_as_a_build_draws_it(site: MakeSite) -> None:
    made = site({"index.md": CHAIN, "z.md": CHAIN}, config=DARK)
    made.write()
    found = plan(made)
    counts = {(row["what"], row["note"]): row["requests"] for row in found["pictures"]}
    assert counts == {
        ("A base", ""): 3,
        ("A base", "for dark pages"): 1,
        ("A scene", ""): 1,
        ("A last one", ""): 1,
    }
    assert found["requests"] == 6
    assert found["cost"] == pytest.approx(6 * PRICE, rel=0.05)
    assert len(made.build().requests) == 6
    assert plan(made)["exit_code"] == 0
    assert plan(made)["spent"] == pytest.approx(6 * PRICE, rel=0.05), "as billed"


def test_steps_in_stock_of_a_changed_conversation_are_not_counted(site: MakeSite) -> None:
    made = site(fence("A base", edits="[add snow, add a moon]"))
    drawn(made)
    made.pages["index.md"] = fence("A base", edits="[add snow, add a sun]")
    made.write()
    found = plan(made)
    assert (found["requests"], len(made.build().requests)) == (1, 1)


def test_a_picture_on_many_pages_is_one_row_with_all_places(site: MakeSite) -> None:
    pages = {f"page{number}.md": FOX for number in range(12)}
    made = site({"index.md": FOX + "\nText\n\n" + FOX, **pages})
    made.write()
    (row,) = plan(made)["pictures"]
    assert (row["requests"], len(row["places"])) == (1, 13)
    assert row["places"][0] == "index.md:3", "the first of two"
    assert row["places"][1] == "page0.md:3"
    assert run(made, "plan").stdout.count("page") == 2, "three places are enough for a person"


def test_a_row_lists_the_takes_in_stock(site: MakeSite) -> None:
    made = site(fence("A fox", take=2))
    made.write()
    assert run(made, "draw", "--yes", "--takes", "3").code == 0
    (row,) = plan(made)["pictures"]
    assert row["take"] == 2
    assert len(row["takes"]) == 2, "take 1 was never asked for"
    assert row["key"] in row["takes"]


HOSTILE = [
    "a | b || c",
    "a \\| b",
    "a \\",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "@everyone and @octocat, see #12 and GH-7",
    "[click](https://127.0.0.1/x) ![i](https://127.0.0.1/p.png)",
    "https://127.0.0.1/a www.example.com a@example.com",
    "**bold** _it_ ~~gone~~ `code` ``x`` :smile: $x^2$",
    "&lt;b&gt; &amp; &#124;",
    "</code></td><h1>x",
    "--- | ---",
    "[steer](javascript:alert(1))",
    "{+ added +} [- gone -] ==mark==",
]


@pytest.mark.parametrize("prompt", HOSTILE)
def test_markup_in_a_prompt_stays_text_in_every_format(site: MakeSite, prompt: str) -> None:
    made = site(fence(f"'{prompt}'"))
    made.write()
    assert [row["what"] for row in plan(made)["pictures"]] == [prompt]
    assert prompt in run(made, "plan").stdout
    told = run(made, "plan", "--markdown").stdout
    html = markdown.markdown(told, extensions=["tables"])
    cells = re.findall(r"<td[^>]*>(.*?)</td>", html, flags=re.DOTALL)
    assert len(cells) == 5
    told = re.sub(r"^<code>(.*)</code>$", r"\1", cells[2]).replace("<wbr>", "")
    assert unescape(told) == prompt
    assert set(re.findall(r"<([a-z0-9]+)", html)) - {"wbr"} == {
        "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code",
    }  # fmt: skip
    row = told.splitlines()[-1].rpartition("|")[0].rpartition("|")[0]
    for trap in ("@", "#1", "://", "www.", "`", "[", "$", "|| "):
        assert trap not in re.sub(r"&#\d+;", "", row)


STEERING = "A fox\x1b[2J\x1b]0;title\x07 and \x9b31m \u202e turned"


def test_control_characters_are_replaced(site: MakeSite) -> None:
    made = site(f'![A fox](gemini: "{STEERING}")\n')
    made.write()
    for form in ("--markdown", "--json", ""):
        said = run(made, "plan", *filter(None, [form])).stdout
        assert said.isascii() or not form or form == "--markdown"
        assert not set(said) & set("\x1b\x07\x9b\u202e"), form
    drawn(made)
    made.pages["index.md"] = "Gone.\n"
    made.write()
    assert "\x1b" not in run(made, "prune").stdout


def test_json_is_ascii(site: MakeSite) -> None:
    made = site(fence('Eine Füchsin "in" snow 狐'))
    made.write()
    done = run(made, "plan", "--json")
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["pictures"][0]["what"] == 'Eine Füchsin "in" snow 狐'
    assert json.loads(done.stdout)["v"] == 1


def test_a_drifted_picture_counts_when_on_drift_is_draw(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    made.write(aspect_ratio="1:1")
    assert plan(made)["exit_code"] == 0
    made.write(aspect_ratio="1:1", on_drift="draw")
    found = plan(made)
    assert (found["exit_code"], found["requests"]) == (2, 1)
    assert [row["state"] for row in found["pictures"]] == ["drifted"]


def test_a_picture_that_refers_to_a_drifted_one_is_not_counted(site: MakeSite) -> None:
    made = site(fence("A base", id="base"))
    drawn(made)
    made.pages["index.md"] += fence("A scene", references="['#base']")
    made.write(aspect_ratio="1:1")
    found = plan(made)
    assert len(made.build(aspect_ratio="1:1").requests) == found["requests"] == 0


def test_a_refused_picture_is_not_counted_again(site: MakeSite) -> None:
    made = site(fence("A fox [emulate: image-safety]"))
    assert len(made.build().requests) == 1
    assert len(made.build().requests) == 0
    assert plan(made)["requests"] == 0


def test_a_site_without_the_plugin_is_refused(site: MakeSite, tmp_path: Path) -> None:
    made = site(FOX)
    (made.root / "docs").mkdir()
    (made.root / "docs/index.md").write_text("# Home\n")
    (made.root / "mkdocs.yml").write_text("site_name: x\n")
    for command in ("plan", "check", "draw", "prune", "doctor", "sync", "accept"):
        done = run(made, command)
        assert done.code == 1
        assert "the configuration has no 'gemini-images' under plugins" in done.stderr


def test_pictures_of_the_emulator_are_not_counted_as_stock(site: MakeSite) -> None:
    made = site(FOX, base_url="emulator")
    made.write()
    assert (
        "is not drawn: the emulator has not drawn it yet; a build draws it"
        in run(made, "check").stderr
    )
    assert run(made, "draw").code == 0
    assert "1 from the emulator's cache" in run(made, "check").stderr
    assert "keeps what it draws in its cache" in run(made, "plan").stdout


def test_a_picture_that_two_directives_share_is_said_to_be_the_same(site: MakeSite) -> None:
    made = site(fence("A mould", id="mould") + fence("A mould", id="other") + fence("A fox"))
    made.write()
    rows = {row["id"]: (row["note"], row["requests"]) for row in plan(made)["pictures"]}
    assert rows == {"mould": ("", 1), "other": ("same as #mould", 0), "": ("", 1)}


def test_a_picture_that_no_step_reads_is_broken_in_a_plan_as_in_a_build(site: MakeSite) -> None:
    made = site(fence("A fox") + '\n<div><img src="gemini:" title="An owl"></div>\n')
    made.write()
    broken = [row for row in plan(made)["pictures"] if row["state"] == "broken"]
    assert [row["places"] for row in broken] == [["index.md:7"]]
    assert "An owl" in broken[0]["what"]


HOOK = """
from pathlib import Path

def on_page_content(html, page, config, files):
    Path(config.config_file_path).with_name("seen.txt").write_text(html)
"""


def test_another_plugin_is_given_whole_pages_also_in_a_plan(site: MakeSite) -> None:
    made = site("# A page\n\nSome words.\n\n" + fence("A fox"), config={"hooks": ["hook.py"]})
    (made.root / "hook.py").write_text(HOOK)
    made.write()
    plan(made)
    seen = (made.root / "seen.txt").read_text()
    assert "<p>Some words.</p>" in seen
    assert "<img" in seen
