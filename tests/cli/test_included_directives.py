"""A take is picked in the file that has the directive, however its page reaches the file."""

import pytest

from tests.cli.command import plan, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

PICKED = "wrote take: 2 into {}\n"


@pytest.fixture
def here(site: MakeSite) -> Site:
    """Make a site behind links, with directives in snippets and in a snippet of a snippet."""
    pages = {
        "index.md": '# Home\n\n--8<-- "fox.md"\n\n--8<--\nouter.md\n--8<--\n',
        "again.md": '--8<-- "fox.md:2:7"\n\nSee [fox](index.md).\n',
        "owl.md": fence("An owl", id="owl"),
    }
    made = site(pages)
    made.config["markdown_extensions"] = [
        "fenced_code", "attr_list", {"pymdownx.snippets": {"base_path": [str(made.root / "parts")]}}
    ]  # fmt: skip
    made.write()
    (made.root / "docs").rename(made.root / "pages")
    (made.root / "linked").symlink_to("pages")
    (made.root / "docs").symlink_to("linked")
    shared = made.root / "shared"
    shared.mkdir()
    (made.root / "parts").symlink_to("shared")
    (shared / "real.md").write_text(fence("A fox", id="fox"))
    (shared / "fox.md").symlink_to("real.md")
    (shared / "outer.md").write_text('--8<-- "inner.md"\n')
    (shared / "inner.md").write_text('![A hen](gemini: "A \\"red\\" hen"){ #hen }\n')
    assert run(made, "draw", "--takes", "2").code == 0
    return made


def test_a_take_is_written_into_the_file_that_is_included(here: Site) -> None:
    assert run(here, "pick", "fox", "2").stdout == PICKED.format("shared/real.md")
    assert "take: 2" in (here.root / "shared/real.md").read_text()
    assert run(here, "pick", "hen", "2").stdout == PICKED.format("shared/inner.md")
    assert (here.root / "shared/inner.md").read_text().endswith("{ #hen take=2 }\n")
    assert run(here, "pick", "owl", "2").stdout == PICKED.format("owl.md")
    assert {row["take"] for row in plan(here)["pictures"]} == {2}
    assert (here.root / "shared/fox.md").is_symlink()
    assert (here.root / "docs").is_symlink()


def test_an_example_in_an_included_file_is_as_before(site: MakeSite) -> None:
    made = site({"index.md": '--8<-- "example.txt"\n'}, config={"hooks": ["hook.py"]})
    made.config["markdown_extensions"] = [
        "fenced_code", {"pymdownx.snippets": {"base_path": [str(made.root)]}}
    ]  # fmt: skip
    fox = fence("A fox", id="fox")
    example = made.root / "example.txt"
    example.write_text("Write\n" + fox.replace("\n", "\n    "))
    (made.root / "hook.py").write_text(
        f"def on_page_markdown(markdown, **_):\n    return markdown + {fox!r}\n"
    )
    made.write()
    assert run(made, "draw", "--takes", "2").code == 0
    before = example.read_text()
    with untouched(made.root / "docs"):
        done = run(made, "pick", "fox", "2")
    assert done.code == 1
    assert "index.md: the page has only an example of the directive: write take: 2" in done.stderr
    assert example.read_text() == before
