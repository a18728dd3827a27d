"""A take is written on every page that shows its picture, or on no page."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import (
    UnwrittenTakeError,
    draft_take,
    pick_take,
    verify_take,
    write_take,
)

FENCE = "```gemini-image\nprompt: A fox\n```\n"
PICKED = "```gemini-image\nprompt: A fox\ntake: 2\n```\n"
IMAGE = '![A fox](gemini: "prompt: A fox")\n'
PAGES = {
    "a.md": FENCE,
    "b.md": f"# Title\r\n\r\n{FENCE}",
    "image.md": IMAGE,
    "twice.md": FENCE + FENCE,
    "none.md": "# Title\n",
}


def use(page: str, named: str = "") -> Use:
    return Use(Directive("A fox", source="prompt: A fox"), page, named)


@pytest.fixture
def drafts(tmp_path: Path) -> PageEdits:
    for name, text in PAGES.items():
        (tmp_path / name).write_bytes(text.encode())
    return PageEdits(lambda page: tmp_path / page if page in PAGES else None)


def texts(root: Path) -> dict[str, str]:
    return {name: (root / name).read_bytes().decode() for name in PAGES}


@pytest.mark.parametrize(
    ("pages", "take", "after"),
    [
        ([], 2, {}),
        (["a.md"], 2, {"a.md": PICKED}),
        (["a.md"], 1, {}),
        (["a.md", "b.md", "image.md"], 2,
         {"a.md": PICKED, "b.md": f"# Title\r\n\r\n{PICKED}",
          "image.md": IMAGE.replace(")\n", "){ take=2 }\n")}),
    ],
)  # fmt: skip
def test_a_take_is_written_on_every_page_of_the_picture(
    drafts: PageEdits, tmp_path: Path, pages: list[str], take: int, after: dict[str, str]
) -> None:
    pick_take([use(page) for page in pages], take, drafts, braces=True)
    assert texts(tmp_path) == PAGES | after


@pytest.mark.parametrize(
    ("wrong", "braces", "said"),
    [
        (use("twice.md"), True, "twice.md: the picture's directive is written 2 times, on lines 1, "
         "4: write take: 2 into its fence"),
        (use("none.md"), True, "none.md: the picture's directive is not written"),
        (use("made.md"), True, "made.md: made.md has no file: "
         "write take: 2 where it is made"),
        (use("image.md"), False, "image.md: the directive is too unlike others"),
        (use("mkdocs.yml", "hero"), True, "mkdocs.yml: the picture is one of "
         "pictures: in mkdocs.yml: write take: 2 below hero: there"),
    ],
    ids=["twice", "nowhere", "no file", "no braces", "of mkdocs.yml"],
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_no_page_is_written_when_one_of_them_cannot_be(
    drafts: PageEdits, tmp_path: Path, first: bool, wrong: Use, braces: bool, said: str
) -> None:
    uses = [wrong, use("a.md"), use("b.md")] if first else [use("a.md"), use("b.md"), wrong]
    with pytest.raises(UnwrittenTakeError) as raised:
        pick_take(uses, 2, drafts, braces=braces)
    assert raised.value.use == wrong
    assert str(raised.value).startswith(said)
    assert texts(tmp_path) == PAGES


def test_a_draft_writes_no_file(drafts: PageEdits, tmp_path: Path) -> None:
    draft_take([use("a.md"), use("b.md")], 2, drafts, braces=True)
    assert drafts.changed().keys() == {"a.md", "b.md"}
    assert texts(tmp_path) == PAGES
    write_take([use("a.md"), use("b.md")], drafts)
    assert texts(tmp_path)["a.md"] == PICKED


def test_no_page_is_written_when_one_has_changed_since_it_was_read(
    drafts: PageEdits, tmp_path: Path
) -> None:
    uses = [use("a.md"), use("b.md")]
    draft_take(uses, 2, drafts, braces=True)
    (tmp_path / "b.md").write_text("changed")
    with pytest.raises(UnwrittenTakeError) as raised:
        write_take(uses, drafts)
    changed = Diagnostic.sentence("b.md has changed since it was read", "do it once more")
    assert (raised.value.use, raised.value.diagnostics) == (uses[0], (changed,))
    assert texts(tmp_path) == PAGES | {"b.md": "changed"}


@pytest.mark.parametrize(
    ("shown", "page"),
    [
        ({"a.md": {"new"}, "b.md": {"new", "another"}}, None),
        ({"a.md": {"new"}, "b.md": {"old"}}, "b.md"),
        ({"a.md": {"new", "old"}, "b.md": {"new"}}, "a.md"),
        ({"a.md": {"new"}}, "b.md"),
        ({}, "a.md"),
    ],
)
def test_a_draft_is_proven_when_its_pages_show_the_new_key_and_not_the_old(
    shown: dict[str, set[str]], page: str | None
) -> None:
    uses = [use("a.md"), use("b.md")]
    if page is None:
        verify_take(uses, "old", "new", 2, shown)
        return
    with pytest.raises(UnwrittenTakeError) as raised:
        verify_take(uses, "old", "new", 2, shown)
    assert raised.value.use.page == page


def test_a_take_that_is_written_already_is_proven() -> None:
    verify_take([use("a.md")], "new", "new", 2, {"a.md": {"new"}})


TWO = '![a](gemini: "A fox"){ #one }\n\n![b](gemini: "A fox")\n\n![c](gemini: "A fox")\n'


@pytest.mark.parametrize(
    ("directive", "line", "after"),
    [
        (Directive("A fox", alt="a", id="one", source="A fox"), None, ("#one }", "#one take=2 }")),
        (Directive("A fox", alt="c", source="A fox"), None, ("", "{ take=2 }\n")),
        (Directive("A fox", alt="*d*", source="A fox"), 3, ("\n\n![c]", "{ take=2 }\n\n![c]")),
    ],
    ids=["by their options", "by their alt", "by their line"],
)
def test_directives_of_one_prompt_are_told_apart(
    tmp_path: Path, directive: Directive, line: int | None, after: tuple[str, str]
) -> None:
    (tmp_path / "a.md").write_text(TWO)
    drafts = PageEdits(lambda page: tmp_path / page)
    draft_take([Use(directive, "a.md")], 2, drafts, braces=True, line=line)
    old, new = after
    expected = TWO.replace(old, new) if old else TWO.removesuffix("\n") + new
    assert drafts.changed() == {"a.md": expected}
