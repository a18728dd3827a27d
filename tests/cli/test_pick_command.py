"""The command `pick`: it writes one number into the pages, or says what to write."""

import pytest

from tests.cli.command import drawn, plan, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

IMAGE = 'A map: ![A map](gemini: "A map"){ #map }\r\n'


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site({"index.md": fence("A fox", id="fox"), "guide/page.md": IMAGE})
    made.write()
    (made.root / "docs/guide/page.md").write_bytes(IMAGE.encode())
    assert run(made, "draw", "--takes", "2").code == 0
    return made


def test_pick_writes_the_take_and_nothing_else(here: Site) -> None:
    page, index = here.root / "docs/guide/page.md", here.root / "docs/index.md"
    page.chmod(0o640)
    before = index.read_bytes()
    done = run(here, "pick", "map", "2")
    assert (done.code, done.stdout, done.requests) == (0, "wrote take: 2 into guide/page.md\n", ())
    assert page.read_bytes().decode() == IMAGE.replace("#map }", "#map take=2 }")
    assert (page.stat().st_mode & 0o777, index.read_bytes()) == (0o640, before)
    assert {row["take"] for row in plan(here)["pictures"]} == {1, 2}
    assert run(here, "pick", "map", "1").code == 0
    assert run(here, "pick", "map", "1").stdout == "it is take 1 already\n"


def test_an_echo_is_not_picked_for_and_names_its_picture(here: Site) -> None:
    (here.root / "docs/echo.md").write_text('![A fox](gemini: "#fox")\n')
    with untouched(here.root / "docs"):
        done = run(here, "pick", "echo.md:1", "2")
    assert done.code == 1
    said = "Error: 'echo.md:1' shows the picture of 'fox' again: gemini-images pick fox 2\n"
    assert done.stderr == said
    assert run(here, "pick", "fox", "2").stdout == "wrote take: 2 into index.md\n"


def test_pick_refuses_missing_takes_and_unknown_names(here: Site) -> None:
    with untouched(here.root):
        undrawn, misspelt, none, missing = (
            run(here, "pick", *words)
            for words in (["index.md", "3"], ["foxx", "2"], ["fox", "0"], ["fox"])
        )
    assert [each.code for each in (undrawn, misspelt, none, missing)] == [1, 1, 2, 2]
    assert "take 3 is not in stock: gemini-images draw fox --takes 3" in undrawn.stderr
    assert "did you mean 'fox'" in misspelt.stderr
    assert "TAKE" in none.stderr
    assert "TAKE" in missing.stderr


def test_pick_writes_all_pages_of_a_picture_or_none(here: Site) -> None:
    twice = here.root / "docs/guide/twice.md"
    twice.write_text(fence("A fox", id="fox"))
    assert run(here, "pick", "fox", "2").stdout == "wrote take: 2 into guide/twice.md, index.md\n"
    before = twice.read_text()
    here.write(preset="no")  # pages anew: the one of the two says nothing of a take
    twice.write_text(before.replace("take: 2\n", "") + "\n" + fence("A fox", id="fox"))
    here.write()
    with untouched(here.root / "docs"):
        done = run(here, "pick", "fox", "2")
    assert done.code == 1
    assert "guide/twice.md:2: the picture's directive is " in done.stderr
    assert "write take: 2 into its fence, or { take=2 } right behind its image" in done.stderr


def test_pick_changes_no_inline_image_without_attribute_lists(site: MakeSite) -> None:
    made = site('![A map](gemini: "A map")\n', config={"markdown_extensions": ["fenced_code"]})
    made.write()
    assert run(made, "draw", "--takes", "2").code == 0
    with untouched(made.root / "docs"):
        assert run(made, "pick", "index.md", "2").code == 1


def test_pick_finds_a_take_that_drifted_with_its_picture(here: Site) -> None:
    here.options["aspect_ratio"] = "1:1"
    here.write()
    assert run(here, "pick", "fox", "2").code == 0
    assert {row["state"] for row in plan(here)["pictures"]} == {"drifted"}


def test_pick_names_what_is_still_to_draw(site: MakeSite) -> None:
    named = '![A map](map.webp "gemini: A map")\n'
    pages = {"index.md": fence("A fox", id="fox", dark="at night"), "named.md": named}
    made = site(pages, config={"theme": {"name": "mkdocs", "color_mode": "auto"}})
    made.write()
    assert run(made, "draw", "--takes", "2").code == 0
    done = run(made, "pick", "fox", "2")
    assert done.stdout.endswith("its picture for dark pages is not drawn: gemini-images draw fox\n")
    done = run(made, "pick", "map.webp", "2")
    assert done.stdout.endswith("gemini-images draw map.webp writes map.webp again\n")


def test_a_user_file_has_no_takes(site: MakeSite) -> None:
    made = site('![A map](map.webp "gemini: A map")\n')
    drawn(made)
    (made.root / "docs/map.webp").write_bytes(b"my own")
    with untouched(made.root / "docs"):
        done = run(made, "pick", "map.webp", "2")
    assert "map.webp is your own file" in done.stderr


def test_pick_changes_no_example_of_a_directive_in_a_snippet(site: MakeSite) -> None:
    fox = fence("A red fox", id="fox")
    example = "\n".join(f"    {line}" if line else "" for line in fox.split("\n"))
    page = f'Write\n{example}\nand get\n\n--8<-- "docs/fox.txt"\n'
    made = site({"index.md": page, "fox.txt": fox})
    made.config["markdown_extensions"] = [
        "fenced_code", {"pymdownx.snippets": {"base_path": str(made.root)}}
    ]  # fmt: skip
    made.write()
    assert len(run(made, "draw", "fox", "--takes", "2").requests) == 2
    with untouched(made.root / "docs"):
        done = run(made, "pick", "fox", "2")
    assert done.code == 1
    assert "the page has only an example of the directive: write take: 2" in done.stderr
