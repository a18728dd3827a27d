"""A mark on a promised image becomes what the image has become."""

import pytest

from mkdocs_gemini_images.rendering.corrections.mark_corrections import with_marks
from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

MARK = Mark("generated", "AI-generated", "top-left")
WHOLE = RenderedImage("a.webp", 4, 3, mark=MARK)
CUT = RenderedImage("b.webp", 3, 3, mark=MARK, shape="1x1-auto1")


def rendered(mark: Mark, place: str) -> str:
    return f"[{mark.form} {place}]"


def written(place: str, promise: str = "") -> str:
    kept = f' data-gemini-mark="{promise}"' if promise else ""
    classes = f"gemini-image__mark gemini-image__mark--generated gemini-image__mark--{place}"
    return f'<span class="{classes}"{kept}><svg></svg><span>AI</span></span>'


def page(mark: str) -> str:
    return f'<span class="gemini-image gemini-image--marked"><img>{mark}</span> <span>x</span>'


@pytest.mark.parametrize("shown", [None, RenderedImage("p.svg", 4, 3, placeholder=True)])
def test_without_a_picture_there_is_no_mark(shown: RenderedImage | None) -> None:
    html = with_marks(page(written("bottom-left", "a1")), {"a1": shown}, rendered)
    assert html == '<span class="gemini-image"><img></span> <span>x</span>'
    html = with_marks(f"An owl {written('caption', 'a1')}</p>", {"a1": shown}, rendered)
    assert html == "An owl</p>"


@pytest.mark.parametrize(
    ("place", "shown", "now"),
    [
        ("bottom-left", CUT, "top-left"),
        ("bottom-left", WHOLE, "bottom-left"),
        ("caption", CUT, "caption"),
    ],
)
def test_a_mark_on_a_cut_moves_to_the_corner_of_its_picture(
    place: str, shown: RenderedImage, now: str
) -> None:
    html = with_marks(page(written(place, "a1")), {"a1": shown}, rendered)
    assert html == page(written(now))


def test_an_echo_has_the_form_of_its_picture() -> None:
    edited = RenderedImage("a.webp", 4, 3, mark=Mark("edited", "Edited with AI"))
    html = with_marks(page(written("bottom-left", "a1")), {"a1": edited}, rendered)
    assert html == page("[edited bottom-left]")


def test_a_mark_of_another_build_and_one_without_an_end_stay() -> None:
    other = page(written("caption", "b2"))
    assert with_marks(other, {"a1": None}, rendered) == other
    begun = written("caption", "a1").partition("<svg>")[0]
    assert with_marks(f"{begun}text", {"a1": None}, rendered) == "text"
