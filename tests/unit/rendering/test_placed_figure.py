"""The elements of a rendered figure: their marks, and the `srcset` that follows the final `src`."""

import xml.etree.ElementTree as etree

import pytest

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.corrections.correction import PROMISE_ATTRIBUTE
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.rendering.placed_figure import PlacedFigure
from mkdocs_gemini_images.rendering.rendered_image import (
    AlternativeFormat,
    Candidate,
    RenderedImage,
)

FOLDER = "assets/gemini"


def files(name: str, suffix: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"{FOLDER}/{name}-{width}.{suffix}", width) for width in (480, 960))


def rendered(name: str = "fox", suffix: str = "webp", promise: str = "") -> RenderedImage:
    listed = files(name, suffix)
    return RenderedImage(listed[1].uri, 960, 540, listed, sizes="100vw", promise=promise)


FOX = rendered()
AVIF = AlternativeFormat("image/avif", files("fox", "avif"))
PLACEHOLDER = RenderedImage(f"{FOLDER}/none.svg", 9, 9, placeholder=True)
OWN = RenderedImage("img/own.webp", 9, 9)


def place(
    shown: RenderedImage,
    data: tuple[tuple[str, str], ...] = (),
    *,
    fragments: bool = False,
    lightbox: bool = False,
) -> PlacedFigure:
    """Render an image for a page that is one folder below the root of its site."""
    src = f"../{shown.src}"
    figures = FigureRenderer(fragments=fragments, lightbox=lightbox)
    html = figures.render(Directive("A fox", data=data), shown, src, caption=False)
    return PlacedFigure(etree.fromstring(html), shown, src)


def attributes(figure: PlacedFigure, name: str) -> list[tuple[str, str | None]]:
    """List the tag and one attribute of every `<img>` and `<source>`."""
    elements = (each for each in figure.root.iter() if each.tag in ("img", "source"))
    return [(each.tag, each.get(name)) for each in elements]


@pytest.mark.parametrize(
    ("shown", "marks"),
    [
        (FOX, [("img", None)]),
        (rendered(promise="p"), [("img", "p")]),
        (rendered(promise="p")._replace(alternatives=(AVIF,)), [("source", "p"), ("img", "p")]),
        (FOX._replace(dark=rendered("night", promise="n")), [("source", "n"), ("img", None)]),
        (rendered(promise="p")._replace(dark=rendered("night")), [("source", None), ("img", "p")]),
        (PLACEHOLDER, [("img", None)]),
    ],
    ids=["drawn", "promised", "two formats", "promised twin", "drawn twin", "placeholder"],
)
def test_only_elements_of_a_promised_image_carry_its_mark(
    shown: RenderedImage, marks: list[tuple[str, str | None]]
) -> None:
    assert attributes(place(shown), PROMISE_ATTRIBUTE) == marks


SMALL, LARGE = (f"{FOLDER}/fox-{width}.webp" for width in (480, 960))
NIGHT = f"../{FOLDER}/night-480.webp 480w, ../{FOLDER}/night-960.webp 960w"


@pytest.mark.parametrize(
    ("src", "srcset"),
    [
        (f"../{LARGE}", f"../{SMALL} 480w, ../{LARGE} 960w"),
        (f"/docs/{LARGE}", f"/docs/{SMALL} 480w, /docs/{LARGE} 960w"),
        (f"https://cdn.example/{LARGE}",
         f"https://cdn.example/{SMALL} 480w, https://cdn.example/{LARGE} 960w"),
    ],
)  # fmt: skip
def test_the_srcset_follows_the_final_src(src: str, srcset: str) -> None:
    figure = place(FOX)
    (image,) = figure.images()
    image.set("src", src)
    figure.complete()
    assert (image.get("srcset"), image.get("sizes")) == (srcset, "100vw")


@pytest.mark.parametrize(
    ("written", "lazy", "eager"),
    [
        ("auto, (min-width: 60em) 48rem, 100vw", "auto, (min-width: 60em) 48rem, 100vw",
         "(min-width: 60em) 48rem, 100vw"),
        ("AUTO,50vw", "AUTO,50vw", "50vw"),
        ("auto", "auto", None),
        ("100vw", "100vw", "100vw"),
    ],
)  # fmt: skip
def test_an_eager_image_does_not_wait_for_its_width_in_the_page(
    written: str, lazy: str, eager: str | None
) -> None:
    for loading, sizes in (("lazy", lazy), ("eager", eager)):
        figure = place(FOX._replace(sizes=written))
        figure.images()[0].set("loading", loading)
        figure.complete()
        assert attributes(figure, "sizes") == [("img", sizes)]


def test_the_only_file_of_a_twin_follows_the_final_src() -> None:
    figure = place(FOX._replace(dark=OWN))
    figure.images()[0].set("src", f"/docs/{LARGE}")
    figure.complete()
    assert attributes(figure, "srcset")[0] == ("source", "/docs/img/own.webp")


@pytest.mark.parametrize(
    ("shown", "fragments", "srcsets"),
    [
        (PLACEHOLDER, False, [("img", None)]),
        (FOX._replace(alternatives=(AVIF,)), False,
         [("source", f"../{FOLDER}/fox-480.avif 480w, ../{FOLDER}/fox-960.avif 960w"),
          ("img", f"../{SMALL} 480w, ../{LARGE} 960w")]),
        (FOX._replace(dark=rendered("night")), False,
         [("source", NIGHT), ("img", f"../{SMALL} 480w, ../{LARGE} 960w")]),
        (FOX._replace(dark=rendered("night")), True,
         [("img", f"../{SMALL} 480w, ../{LARGE} 960w"), ("img", NIGHT)]),
        (FOX._replace(dark=OWN), False,
         [("source", "../img/own.webp"), ("img", f"../{SMALL} 480w, ../{LARGE} 960w")]),
        (OWN._replace(dark=rendered("night")), False, [("source", NIGHT), ("img", None)]),
    ],
    ids=["placeholder", "two formats", "twin", "twin by fragment", "own twin", "twin of own"],
)  # fmt: skip
def test_each_element_has_the_files_of_its_image_and_format(
    shown: RenderedImage, fragments: bool, srcsets: list[tuple[str, str | None]]
) -> None:
    figure = place(shown, fragments=fragments)
    figure.complete()
    assert attributes(figure, "srcset") == srcsets


MIDDLE = FOX._replace(src=SMALL)
"""An image of which a page shows another file than the largest."""


@pytest.mark.parametrize(
    ("shown", "fragments", "opened"),
    [
        (MIDDLE, False, [f"/docs/{LARGE}"]),
        (MIDDLE._replace(candidates=()), False, [f"/docs/{SMALL}"]),
        (OWN, False, ["/docs/img/own.webp"]),
        (PLACEHOLDER, False, [f"/docs/{FOLDER}/none.svg"]),
        (MIDDLE._replace(dark=rendered("night")), False, [f"/docs/{LARGE}"]),
        (MIDDLE._replace(dark=rendered("night")), True,
         [f"/docs/{LARGE}#only-light", f"/docs/{FOLDER}/night-960.webp#only-dark"]),
    ],
    ids=["files", "original", "own", "placeholder", "twin", "twin by fragment"],
)  # fmt: skip
def test_a_lightbox_opens_the_largest_file(
    shown: RenderedImage, fragments: bool, opened: list[str]
) -> None:
    figure = place(shown, fragments=fragments, lightbox=True)
    for image in figure.images():  # as the host does
        image.set("src", image.get("src", "").replace("../", "/docs/"))
    figure.complete()
    assert [image.get("data-src") for image in figure.images()] == opened


@pytest.mark.parametrize("fragments", [False, True])
def test_a_file_that_the_author_has_opened_stays(fragments: bool) -> None:
    shown = MIDDLE._replace(dark=rendered("night"))
    figure = place(shown, (("data-src", "big.png"),), fragments=fragments, lightbox=True)
    figure.complete()
    assert {image.get("data-src") for image in figure.images()} == {"big.png"}


def test_without_a_lightbox_there_is_no_such_attribute() -> None:
    figure = place(MIDDLE._replace(dark=rendered("night")), fragments=True)
    figure.complete()
    assert {image.get("data-src") for image in figure.images()} == {None}


def test_the_light_image_comes_first() -> None:
    figure = place(FOX._replace(dark=rendered("night")), fragments=True)
    assert [each.get("src") for each in figure.images()] == [
        f"../{LARGE}#only-light", f"../{FOLDER}/night-960.webp#only-dark",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "html", ["<p>Text</p>", '<p><img src="logo.png"/></p>', '<p><source srcset="x.webp"/></p>']
)
def test_elements_of_other_images_stay_as_the_template_has_them(html: str) -> None:
    figure = PlacedFigure(etree.fromstring(html), rendered(promise="p"), f"../{LARGE}")
    figure.complete()
    assert etree.tostring(figure.root, encoding="unicode") == html.replace('"/>', '" />')
