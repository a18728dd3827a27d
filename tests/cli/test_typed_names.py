"""Every command reads a name alike: as an id, a page or a file, by its path, or by its place."""

import pytest

from tests.cli.command import picture_file, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

FOX = '![A fox](gemini: "A fox")'
INDEX = f"{FOX}\n\nThe same once more.\n\n{FOX}\n"


@pytest.fixture
def here(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> Site:
    made = site(
        {"index.md": INDEX, "guide/page.md": fence("A heron", id="heron")},
        config={"docs_dir": "content"},
    )
    made.write()
    (made.root / "docs").rename(made.root / "content")
    monkeypatch.chdir(made.root)
    return made


def test_a_page_is_named_by_the_path_of_its_file_in_every_command(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = str(here.root / "content/guide/page.md")
    assert run(here, "draw", "./content/guide/page.md", "--takes", "2").prompts == ["A heron"] * 2
    assert run(here, "pick", "content\\guide\\page.md", "2").stdout.endswith("guide/page.md\n")
    mine = picture_file(here)
    assert " as " in run(here, "adopt", "content/index.md:1", mine).stdout
    here.write(aspect_ratio="1:1")
    monkeypatch.chdir(here.root / "content" / "guide")
    done = [run(here, "accept", name) for name in ("page.md", "../index.md", page)]
    assert [each.code for each in done] == [0, 0, 1]
    assert "the picture has not drifted: there is nothing to accept" in done[2].stderr


def test_two_equal_directives_of_a_page_are_told_apart_by_their_place(here: Site) -> None:
    index = here.root / "content/index.md"
    assert run(here, "draw", "content/index.md:5", "--takes", "2").prompts == ["A fox"] * 2
    with untouched(here.root / "content"):
        both, none = run(here, "pick", "index.md", "2"), run(here, "pick", "index.md:3", "2")
    assert "index.md:1: the picture's directive is written 2 times, on lines 1, 5" in both.stderr
    assert "no picture has the id, named file or page 'index.md:3'" in none.stderr
    assert run(here, "pick", "content/index.md:5", "2").stdout == "wrote take: 2 into index.md\n"
    assert index.read_text() == f"{FOX}\n\nThe same once more.\n\n{FOX}{{ take=2 }}\n"
    assert run(here, "pick", "index.md:5", "1").code == 0
    assert run(here, "pick", "index.md:1", "2").code == 0
    assert index.read_text().startswith(f"{FOX}{{ take=2 }}\n\nThe same once more.\n\n{FOX}{{")


def test_an_unknown_path_draws_nothing(here: Site) -> None:
    (here.root / "notes.md").write_text("x")
    for name in ("notes.md", "content", "docs/index.md", "content/index.md:4"):
        done = run(here, "draw", "--yes", name)
        assert (done.code, done.requests) == (1, ())
        assert f"no picture has the id, named file or page '{name}'" in done.stderr
