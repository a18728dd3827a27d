"""The command `draw` asks before it passes a limit, and draws what a build would draw."""

from collections.abc import Iterator
from pathlib import Path

import click.testing
import pytest

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.cli import main
from mkdocs_gemini_images.cli.pictures import draw
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, begin_anew, fence
from tests.warm_process import COMMAND, started

PAGES = {
    "index.md": FOX,
    "guide/install.md": fence("A heron", id="heron") + fence("A town"),
}


@pytest.fixture
def here(site: MakeSite) -> Iterator[Site]:
    made = site(PAGES, max_new=2)
    made.write()
    yield made
    made.check_secrets([])


def run(here: Site, *arguments: str, typed: str | None = None) -> tuple[int, str, list[str]]:
    """Run `draw` inside this process; return its exit code, output and prompts sent."""
    before = len(here.ledger)
    begin_anew()
    result = click.testing.CliRunner().invoke(
        main.main, ["draw", "-f", str(here.root / "mkdocs.yml"), *arguments], input=typed
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    bodies = [entry.body for entry in here.ledger.entries[before:]]
    here.check_secrets([result.output])
    return (
        result.exit_code,
        result.output,
        sorted(body["contents"][-1]["parts"][-1]["text"] for body in bodies),
    )


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person answer the question."""
    monkeypatch.setattr(draw, "ask_to_spend", _asked)


def _asked(plan: object, *, batch: bool = False) -> bool:
    return click.confirm("Draw?", default=False, err=True)


def test_without_a_terminal_nothing_beyond_the_limits_is_drawn(here: Site) -> None:
    code, said, sent = run(here)
    assert (code, sent) == (1, [])
    assert (
        "Draw 3 pictures with gemini-3.1-flash-image, about $0.14 (at most $0.18), though 3" in said
    )
    assert "--yes" in said
    assert not list(here.stock.glob("*"))


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(("typed", "count"), [("y\n", 3), ("n\n", 0), ("\n", 0), ("", 0)])
def test_the_answer_to_the_question_decides(here: Site, typed: str, count: int) -> None:
    before = len(here.ledger)
    result = click.testing.CliRunner().invoke(
        main.main, ["draw", "-f", str(here.root / "mkdocs.yml")], input=typed
    )
    assert len(here.ledger) - before == count
    assert result.exit_code == (0 if count else 1)


def test_yes_draws_everything_and_writes_no_site(here: Site) -> None:
    code, said, sent = run(here, "--yes")
    assert code == 0
    assert sent == ["A fox in snow", "A heron", "A town"]
    assert "3 drawn in" in said
    assert "(commit 6 files in gemini-images/)" in said
    assert not (here.root / "site").exists()
    assert here.build().closing == "3 pictures, 3 from stock"
    assert run(here)[0] == 0, "there is nothing to ask for"


@pytest.mark.parametrize(
    ("names", "drawn"),
    [
        (["heron"], ["A heron"]),
        (["guide/install.md"], ["A heron", "A town"]),
        (["index.md", "heron"], ["A fox in snow", "A heron"]),
    ],
)
def test_draw_takes_ids_and_pages(here: Site, names: list[str], drawn: list[str]) -> None:
    code, _, sent = run(here, "--yes", *names)
    assert (code, sent) == (0, drawn)


def test_an_unknown_name_gets_a_suggestion_or_the_list_of_names(here: Site) -> None:
    code, said, sent = run(here, "--yes", "hreon")
    assert (code, sent) == (1, [])
    assert "hreon" in said
    assert "did you mean 'heron'" in said
    assert "guide/install.md, heron, index.md" in run(here, "--yes", "zebra")[1]


def test_with_yes_neither_limits_nor_frozen_stop_the_drawing(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    here.write(max_new=0, budget=0, frozen=True)
    assert len(run(here, "--yes")[2]) == 3


def test_without_a_key_draw_names_the_variable(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    code, said, sent = run(here, "--yes")
    assert (code, sent) == (1, [])
    assert "GEMINI_API_KEY" in said


def test_a_refused_picture_is_requested_again_when_it_is_named(here: Site) -> None:
    here.pages["index.md"] = fence("A fox [emulate: image-safety]", id="fox")
    here.write()
    code, said, sent = run(here, "--yes", "fox")
    assert (code, len(sent)) == (1, 1)
    assert "IMAGE_SAFETY" in said
    assert run(here, "--yes")[2] == ["A heron", "A town"], "not asked for unless it is named"
    assert run(here, "--yes", "fox")[2] == ["A fox [emulate: image-safety]"]


def test_draw_reports_an_invalid_configuration(here: Site) -> None:
    here.write(sise="2K", model=7)
    assert run(here, "--yes")[0] == 1
    (here.root / "mkdocs.yml").write_text("site_name: Test\n")
    code, said, _ = run(here, "--yes")
    assert code == 1
    assert "the configuration has no 'gemini-images' under plugins" in said


def test_a_strict_site_can_be_drawn(here: Site) -> None:
    here.config["strict"] = True
    here.write()
    assert run(here, "--yes")[0] == 0


def outside(here: Site, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
    """Run the command in a process of its own, from `folder`."""
    process = started(COMMAND, *arguments, folder=folder or here.root)
    output, errors = process.communicate(timeout=120)
    assert process.returncode is not None
    return process.returncode, output + errors


def test_the_version_option_prints_the_version(here: Site) -> None:
    assert outside(here, "--version") == (0, f"gemini-images, version {__version__}\n")


def test_draw_works_from_any_folder(here: Site, tmp_path: Path) -> None:
    before = len(here.ledger)
    code, said = outside(here, "draw", folder=here.root)
    assert (code, len(here.ledger)) == (1, before)
    assert "Traceback" not in said
    file = str(here.root / "mkdocs.yml")
    code, said = outside(here, "draw", "-y", "-f", file, folder=tmp_path)
    assert code == 0, said
    assert len(here.ledger) == before + 3
    assert len(here.owned) == 6
    assert said.count("3 drawn in") == 1


def test_a_missing_configuration_is_reported(here: Site, tmp_path: Path) -> None:
    code, said = outside(here, "draw", folder=tmp_path)
    assert code == 1
    assert "mkdocs.yml" in said
    assert "Traceback" not in said
