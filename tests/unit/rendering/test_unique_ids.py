"""An id is in a page once, however often the page shows its image."""

import pytest

from mkdocs_gemini_images.rendering.unique_ids import with_unique_ids

FIGURE = '<figure class="gemini-image gemini-image--left wide" id="fox"><img class="gemini-image">'
SECOND = FIGURE.replace(' id="fox"', "")


@pytest.mark.parametrize(("page", "expected"), [
    (FIGURE, FIGURE),
    (FIGURE * 3, FIGURE + SECOND * 2),
    (FIGURE + FIGURE.replace("fox", "owl"), FIGURE + FIGURE.replace("fox", "owl")),
    ('<img alt="" class="gemini-image" id="a" src="b"><span id="a" class="gemini-image">',
     '<img alt="" class="gemini-image" id="a" src="b"><span class="gemini-image">'),
    ('<h2 id="fox">Fox</h2><p id="fox"></p>', '<h2 id="fox">Fox</h2><p id="fox"></p>'),
    (FIGURE + '<a id="fox" class="my">', FIGURE + '<a id="fox" class="my">'),
    (FIGURE + '<pre>&lt;figure class="gemini-image" id="fox"&gt;</pre>',
     FIGURE + '<pre>&lt;figure class="gemini-image" id="fox"&gt;</pre>'),
    (FIGURE + FIGURE.replace("gemini-image ", "gemini-image-error "),
     FIGURE + FIGURE.replace("gemini-image ", "gemini-image-error ")),
    (FIGURE + FIGURE[:-1], FIGURE + SECOND[:-1]),
    ("", ""),
])  # fmt: skip
def test_the_first_image_of_a_page_keeps_its_id(page: str, expected: str) -> None:
    assert with_unique_ids(page) == expected


def test_a_tag_without_an_end_is_read_once() -> None:
    page = FIGURE + '<img class="gemini-image" ' + 'a="b" ' * 200_000
    assert with_unique_ids(page) == page
