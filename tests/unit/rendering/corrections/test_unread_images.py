"""Images that no step has turned into pictures are found in finished HTML, and their prompts go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.rendering.corrections.unread_images import (
    UnreadImage,
    without_unread_images,
)

BOX = "Picture not drawn"


@pytest.mark.parametrize(
    ("page", "unread", "left"),
    [
        (
            '<p><img src="gemini:" alt="A fox" title="A red fox"></p>',
            UnreadImage("img", "src", "gemini:", "A red fox"),
            None,
        ),
        ("<img src='gemini: A red fox'/>", UnreadImage("img", "src", "gemini: A red fox"), None),
        ("<IMG SRC=gemini:fox>", UnreadImage("img", "src", "gemini:fox"), None),
        ('<img src="gemini&#58;" title="a">', UnreadImage("img", "src", "gemini:", "a"), None),
        (
            '<img src="fox.webp" title="gemini: A red fox" alt="A">',
            UnreadImage("img", "title", "gemini: A red fox", "gemini: A red fox"),
            '<img src="fox.webp" alt="A">',
        ),
        (
            '!<a href="gemini:" title="A red fox">A</a>',
            UnreadImage("a", "href", "gemini:", "A red fox"),
            "!<a>A</a>",
        ),
        (
            '<figure title="gemini: A red fox"><img src="a.png"></figure>',
            UnreadImage("figure", "title", "gemini: A red fox", "gemini: A red fox"),
            '<figure><img src="a.png"></figure>',
        ),
        (
            '<img data-src="gemini: A red fox" src="a.png">',
            UnreadImage("img", "data-src", "gemini: A red fox"),
            '<img src="a.png">',
        ),
    ],
)
def test_a_prompt_does_not_stay_in_the_page(
    page: str, unread: UnreadImage, left: str | None
) -> None:
    html, found = without_unread_images(page)
    assert found == [unread]
    assert "fox" not in html.replace("fox.webp", "").lower()
    assert html == left if left is not None else BOX in html


def test_the_message_shows_the_attributes_as_they_are_and_is_found_by_the_title() -> None:
    (found,) = without_unread_images('<img src="gemini:" title="A red fox">')[1]
    assert found.text == "A red fox"
    assert found.diagnostic.got == "<img src='gemini:' title='A red fox'> in the finished page"


@pytest.mark.parametrize(
    "page",
    [
        '<p>![A](gemini: "A fox")</p>',
        '<code>&lt;img src="gemini:" title="a"&gt;</code>',
        '<!-- <img src="gemini:" title="a"> -->',
        '<!-- <img src="gemini:" title="a">',
        "<script>x = '<img src=\"gemini:\">'</script>",
        '<a href="gemini://capsule.example">A capsule</a>',
        '<a href="x.md" title="About gemini: a protocol">A</a>',
        '<a data-x="gemini: no address">A</a>',
        "<p>a < b and gemini: c > d</p>",
        "",
    ],
)
def test_what_is_no_image_stays_as_it_is(page: str) -> None:
    assert without_unread_images(page) == (page, [])


@given(st.text(alphabet="<>!-/\"'= aimgsrctleni:", max_size=80))
def test_any_text_without_a_tag_of_ours_stays_as_it_is(page: str) -> None:
    html, found = without_unread_images(page)
    assert html == page or found
