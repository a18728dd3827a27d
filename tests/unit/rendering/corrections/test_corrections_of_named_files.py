"""How pages are corrected when a promised named file is missing or has another size."""

import pytest

from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import srcset_value

STEM = "f1b99367d896"
MARK = "0123456789abcdef"
SMALL = Candidate(f"assets/gemini/{STEM}-480.webp", 480)
NAMED = Candidate("guide/images/my fox.webp", 688)
PLACEHOLDER = RenderedImage("assets/gemini/placeholder-688x384.svg", 688, 384, placeholder=True)


def page(promised: RenderedImage, address: str) -> str:
    return (
        f'<a href="{address}"><img class="gemini-image" data-gemini-promise="{MARK}"'
        f' src="{address}" width="688" height="384"'
        f' srcset="{srcset_value(promised.candidates, address, promised.src)}"></a>'
    )


@pytest.mark.parametrize("small", [(SMALL,), ()])
@pytest.mark.parametrize(
    "address", ["images/my%20fox.webp", "../images/my%20fox.webp", "my%20fox.webp",
                "../../guide/images/my%20fox.webp", "/guide/images/my%20fox.webp"],
)  # fmt: skip
def test_no_address_of_a_missing_named_file_is_left_on_its_page(
    small: tuple[Candidate, ...], address: str
) -> None:
    promised = RenderedImage(NAMED.uri, 688, 384, (*small, NAMED), promise=MARK)
    html = page(promised, address)
    found = Corrections(
        [Correction(promised, PLACEHOLDER)], lambda shown: "", lambda mark, place: ""
    ).apply(html)
    assert "fox" not in found
    assert STEM not in found
    assert found.count("assets/gemini/placeholder-688x384.svg") == 2
    smaller = RenderedImage(NAMED.uri, 600, 300, (Candidate(NAMED.uri, 600),))
    found = Corrections(
        [Correction(promised, smaller)], lambda shown: "", lambda mark, place: ""
    ).apply(html)
    assert found == (
        f'<a href="{address}"><img class="gemini-image" src="{address}" width="600" height="300"'
        f' srcset="{address} 600w"></a>'
    )


@pytest.mark.parametrize(
    "html",
    ['<img src="other/my%20fox.webp">', '<img src="images/my%20fox.webp">', "<p>my%20fox.webp</p>",
     '<a href="images/my%20fox.webp">x</a>', '<img class="gemini-image" src="b/my%20fox.webp">',
     '<img class="gemini-image" src="images/my%20fox.webp" srcset="a-000000000000-480.webp 480w, '
     'images/my%20fox.webp 688w">'],
)  # fmt: skip
def test_other_files_of_the_same_name_are_not_corrected(html: str) -> None:
    promised = RenderedImage(NAMED.uri, 688, 384, (SMALL, NAMED), promise=MARK)
    assert (
        Corrections(
            [Correction(promised, PLACEHOLDER)], lambda shown: "", lambda mark, place: ""
        ).apply(html)
        == html
    )
