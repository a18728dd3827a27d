"""A first look lets pass every page that has something to read, and few others."""

import pytest

from mkdocs_gemini_images.directives.first_look import may_have_directive, may_have_page_image


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```gemini-image\nprompt: a fox\n```", True),
        ("![](gemini: a fox)", True),
        ("![](GEMINI: a fox)", True),
        ("~~~ {.Geminiimg }", True),
        ("text\n> ```gemni-image\n> a fox\n> ```", True),
        ("```python\nimage = 1\n```", False),
        ("An image of time.", False),
        ("", False),
    ],
)
def test_a_text_is_read_where_it_may_have_a_directive(text: str, found: bool) -> None:
    assert may_have_directive(text) is found


@pytest.mark.parametrize(
    ("meta", "markdown", "found"),
    [
        ({"gemini_image": "a fox"}, "", True),
        ({"Gemini-Image": "a fox"}, "", True),
        ({"title": "a fox", 1: "one"}, "gemini_image: in the text", False),
        ({}, "---\ngemini_image: a: fox\n---\n", True),
        ({}, "---\ntitle: a: fox\n---\n", False),
        ({}, "# gemini_image: in the text", False),
    ],
)
def test_front_matter_is_read_where_it_may_describe_a_picture(
    meta: dict[object, str], markdown: str, found: bool
) -> None:
    assert may_have_page_image(meta, markdown) is found  # type: ignore[arg-type]
