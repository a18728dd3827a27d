"""Which directive of today is which of the base's."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.reports.review.matching import pairs
from mkdocs_gemini_images.reports.review.sides import Shown
from tests.unit.reports.review.shown import OTHER, shown, undrawn


def told(before: Sequence[Shown], after: Sequence[Shown]) -> list[tuple[str, str]]:
    """Return the prompts of each pair."""
    return [
        (old.row.what if old else "", new.row.what if new else "")
        for old, new in pairs(before, after)
    ]


def test_a_picture_is_found_by_its_key_on_any_page() -> None:
    assert told([shown("A fox", place="a.md:1")], [shown("A fox", place="z.md:9")]) == [
        ("A fox", "A fox")
    ]


def test_an_id_leads_to_a_picture_of_other_words() -> None:
    before = [shown("A fox", id="animal"), shown("A wolf", place="x.md:3")]
    after = [shown("A wolf in snow", id="animal", place="x.md:3")]
    assert told(before, after) == [("A fox", "A wolf in snow"), ("A wolf", "")]


def test_a_dark_twin_is_not_its_light_picture() -> None:
    before = [shown("A fox", id="f"), shown("A fox at night", id="f", note="for dark pages")]
    after = [shown("A hen at night", id="f", note="for dark pages"), shown("A hen", id="f")]
    assert told(before, after) == [("A fox at night", "A hen at night"), ("A fox", "A hen")]


def test_the_same_words_lead_to_a_picture_of_another_request() -> None:
    before = [shown("A fox", author_digest="w", place="a.md:1")]
    after = [shown("A fox, watercolour", data=OTHER, author_digest="w", place="b.md:1")]
    assert told(before, after) == [("A fox", "A fox, watercolour")]


def test_on_one_page_the_likest_prompts_belong_together() -> None:
    before = [undrawn("A red fox in snow", "a.md:1"), undrawn("A grey heron by a lake", "a.md:9")]
    after = [undrawn("A white heron by a lake", "a.md:1"), undrawn("A red fox in rain", "a.md:9")]
    assert told(before, after) == [
        ("A grey heron by a lake", "A white heron by a lake"),
        ("A red fox in snow", "A red fox in rain"),
    ]


def test_on_one_line_stands_the_same_directive_with_other_words() -> None:
    assert told([undrawn("A fox", "a.md:4")], [undrawn("Some city", "a.md:4")]) == [
        ("A fox", "Some city")
    ]


def test_other_words_on_another_line_are_another_directive() -> None:
    assert told([undrawn("A fox", "a.md:4")], [undrawn("Some city", "a.md:9")]) == [
        ("", "Some city"), ("A fox", ""),
    ]  # fmt: skip


WORDS = st.lists(
    st.tuples(st.sampled_from(["A fox", "A red fox", "A hen", "A town", ""]), st.integers(1, 4)),
    max_size=8,
)


@given(WORDS, WORDS)
def test_each_directive_is_in_one_pair(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    olds = [undrawn(words, f"a.md:{line}") for words, line in before]
    news = [undrawn(words, f"a.md:{line}") for words, line in after]
    found = pairs(olds, news)
    assert sorted(str(old) for old, _ in found if old) == sorted(map(str, olds))
    assert [new for _, new in found if new] == news
