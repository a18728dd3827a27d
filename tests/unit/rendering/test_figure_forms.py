"""A figure that is copied from its form is the one that the template writes."""

import functools
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.rendered_image import (
    AlternativeFormat,
    Candidate,
    RenderedImage,
    Source,
)

FILES = (Candidate("a/fox-480.webp", 480), Candidate("a/fox-960.webp", 960))
PLAIN = RenderedImage("a/fox-960.webp", 960, 540, FILES)
NIGHT = RenderedImage("a/fox-dark-960.webp", 960, 540)
CUT = RenderedImage("a/fox-1x1-960.webp", 540, 540, shape="1x1-50-50")
AVIF = (AlternativeFormat("image/avif", (Candidate("a/fox-960.avif", 960),)),)
WORDS = ("", "A fox", "gemini-caption", "gemini-3", "\"<>&'", "a\r\nb\tc\rd\ne", " a  b ",
         "x\x00y\ud83dz\ufffe\x85\u2028", "{{ x }}]]>--")  # fmt: skip
SHOWN = {
    "a picture": PLAIN,
    "a dark twin": PLAIN._replace(dark=NIGHT),
    "another cut on narrow screens": PLAIN._replace(narrow=CUT, dark=NIGHT._replace(narrow=CUT)),
    "several formats": PLAIN._replace(alternatives=AVIF),
    "a backdrop": PLAIN._replace(backdrop="UklGRg=="),
    "a label": PLAIN._replace(label="Made with AI"),
    "a mark": PLAIN._replace(mark=Mark("edited", "Edited with AI")),
    "a name in a preview": PLAIN._replace(handle="0123456789abcdef"),
    "a promise": PLAIN._replace(promise="0123456789abcdef", mark=Mark("generated", "AI")),
    "room for sources": PLAIN._replace(searched=True),
    "sources that are awaited": PLAIN._replace(searched=True, awaited="fox"),
    "sources": PLAIN._replace(searched=True, sources=(Source("A & B", "https://a.test/"),)),
}  # fmt: skip


def directives() -> Iterator[Directive]:
    """Yield directives that present their picture in different ways, with each of the words."""
    for words, id, width in product(WORDS, ("", "fox"), ("", "50%")):
        yield Directive(
            alt=words, caption=words, id=id, width=width, align="left" if id else "",
            classes=(words,) if id else (), data=(("data-a", words),) if width else (),
        )  # fmt: skip


@functools.cache
def without_forms(*, fragments: bool = False, lightbox: bool = False) -> FigureRenderer:
    """Return a renderer that renders the template for each figure."""
    plain = FigureRenderer(fragments=fragments, lightbox=lightbox)
    plain._forms = None
    return plain


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize(("fragments", "lightbox"), [(False, False), (True, False), (True, True)])
def test_a_figure_is_what_the_template_writes(
    shown: RenderedImage, fragments: bool, lightbox: bool
) -> None:
    figures = FigureRenderer(fragments=fragments, lightbox=lightbox)
    plain = without_forms(fragments=fragments, lightbox=lightbox)
    for directive, caption in product(directives(), (True, False)):
        figure = (directive, shown, "../a/fox-960.webp")
        made = etree.tostring(figures.element(*figure, caption=caption))
        assert made == etree.tostring(plain.element(*figure, caption=caption))


@given(alt=st.text(), caption=st.text())
def test_a_figure_with_any_words_is_what_the_template_writes(alt: str, caption: str) -> None:
    figures = FigureRenderer()
    figures.element(Directive(alt="A", caption="B"), PLAIN, "fox.webp", caption=True)
    figure = (Directive(alt=alt, caption=caption), PLAIN, "fox.webp")
    made = etree.tostring(figures.element(*figure, caption=True))
    assert made == etree.tostring(without_forms().element(*figure, caption=True))


def test_figures_of_one_form_share_no_element() -> None:
    figures = FigureRenderer()
    one, other = (
        figures.element(Directive(alt=alt, caption=alt), PLAIN, "fox.webp", caption=True)
        for alt in ("A", "B")
    )
    assert not set(one.iter()) & set(other.iter())
    one.set("class", "changed")
    again = figures.element(Directive(alt="A", caption="A"), PLAIN, "fox.webp", caption=True)
    assert again.get("class") == "gemini-image"


@pytest.mark.parametrize("name", ["gemini-image.html", "gemini-mark.html"])
def test_a_template_of_the_site_is_rendered_for_each_figure(tmp_path: Path, name: str) -> None:
    own = '<i class=\'{{ "long" if image.alt|length > 3 else "short" }}\' />'
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials" / name).write_text(own)
    figures = FigureRenderer([str(tmp_path)])
    shown = PLAIN._replace(mark=Mark("generated", "AI"))
    found = [
        next(figures.element(Directive(alt=alt), shown, "a.webp", caption=True).iter("i"))
        for alt in ("A", "A fox")
    ]
    assert [each.get("class") for each in found] == ["short", "long"]


def test_a_mark_of_the_theme_that_cannot_be_read_is_told_where_a_mark_is_shown(
    tmp_path: Path,
) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials/gemini-mark.html").write_bytes(b"<span>\xff</span>")
    figures = FigureRenderer([str(tmp_path)])
    assert figures.element(Directive(alt="A fox"), PLAIN, "a.webp", caption=True).tag == "img"
    with pytest.raises(DiagnosticError, match="cannot be rendered"):
        figures.element(Directive(alt="A fox"), SHOWN["a mark"], "a.webp", caption=True)
