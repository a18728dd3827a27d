"""The HTML of a picture is plain and well-formed, whatever people write."""

import xml.etree.ElementTree as etree
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.figure import FigureRenderer, image_attributes
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import srcset_value

SHOWN = RenderedImage("assets/gemini/fox-960.webp", 1376, 768)
FIGURES = FigureRenderer()


def test_a_picture_is_one_image() -> None:
    html = FIGURES.render(Directive(alt="A fox"), SHOWN, "../fox.webp", caption=True)
    assert html == (
        '<img class="gemini-image" src="../fox.webp" alt="A fox" width="1376" height="768" '
        'loading="lazy" decoding="async" />'
    )


def test_a_caption_makes_a_figure_which_has_class_and_id() -> None:
    fox = Directive(alt="A fox", caption="The *fox*", id="fox", classes=("wide",), align="left")
    html = FIGURES.render(fox, SHOWN, "fox.webp", caption=True).replace("\n\n", "\n")
    assert html == (
        '<figure class="gemini-image gemini-image--left wide" id="fox">\n'
        '<img class="gemini-image" src="fox.webp" alt="A fox" width="1376" height="768" '
        'loading="lazy" decoding="async" />\n'
        "<figcaption>The *fox*</figcaption>\n"
        "</figure>"
    )
    html = FIGURES.render(fox, SHOWN, "fox.webp", caption=False)
    assert html.startswith('<img class="gemini-image gemini-image--left wide" id="fox" src="fox')


def test_a_label_makes_a_figure_too() -> None:
    shown = RenderedImage("a.webp", 1, 1, label="Made by a machine")
    html = FIGURES.render(Directive(), shown, "a.webp", caption=True)
    assert '<figcaption> <small class="gemini-image__label">Made by a machine</small>' in html
    assert "<small" not in FIGURES.render(Directive(), shown, "a.webp", caption=False)


def test_attributes_come_in_order() -> None:
    attributes = image_attributes(Directive(loading="eager"), SHOWN, "a.webp")
    assert list(attributes) == ["class", "src", "alt", "width", "height", "loading", "decoding"]
    assert attributes["loading"] == "eager"
    assert attributes["alt"] == ""


def test_srcset_is_beside_the_source() -> None:
    candidates = (
        Candidate("assets/gemini/a-480.webp", 480),
        Candidate("assets/gemini/a-960.webp", 960),
    )
    uri = "assets/gemini/a-960.webp"
    far = "../../gemini/a-480.webp 480w, ../../gemini/a-960.webp 960w"
    assert srcset_value(candidates, "../../gemini/a-960.webp", uri) == far
    assert srcset_value(candidates, "a-960.webp", uri) == "a-480.webp 480w, a-960.webp 960w"
    assert srcset_value((), "a.webp", uri) == ""


@pytest.mark.parametrize("caption", [True, False])
@pytest.mark.parametrize(
    "words", ["\"<>&'", "</figure>", "&amp;", "{{ x }}", "{% x %}", "]]>", "--"]
)
def test_words_are_escaped(words: str, caption: bool) -> None:
    fox = Directive(alt=words, caption=words, id="fox", classes=(words,))
    shown = RenderedImage("a.webp", 1, 1, label=words)
    root = etree.fromstring(FIGURES.render(fox, shown, words, caption=caption))
    image = next(root.iter("img"))
    assert (image.get("alt"), image.get("src")) == (words, words)
    assert root.get("class") == f"gemini-image {words}"
    if caption:
        assert root.findtext("figcaption", "").strip() == words
        assert root.findtext("figcaption/small") == words


printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")))


@given(alt=printable, caption=printable.filter(str.strip))
def test_any_words_are_well_formed(alt: str, caption: str) -> None:
    fox = Directive(alt=alt, caption=caption)
    root = etree.fromstring(FIGURES.render(fox, SHOWN, "a.webp", caption=True))
    assert next(root.iter("img")).get("alt") == alt
    assert root.findtext("figcaption") == caption


def test_a_theme_may_have_its_own_template(tmp_path: Path) -> None:
    (tmp_path / "partials").mkdir()
    template = tmp_path / "partials" / "gemini-image.html"
    template.write_text(
        '<a href="{{ image.src }}"><img{{ image|xmlattr }} title="{{ caption }}" /></a>'
    )
    figures = FigureRenderer([str(tmp_path / "none"), str(tmp_path)])
    html = figures.render(Directive(alt="<A>", caption='"C"'), SHOWN, "a.webp", caption=True)
    assert html.startswith(
        '<a href="a.webp"><img class="gemini-image" src="a.webp" alt="&lt;A&gt;"'
    )
    assert 'title="&#34;C&#34;" /></a>' in html


def test_the_next_build_shows_a_template_as_it_is_then(tmp_path: Path) -> None:
    def built() -> str:
        figures = FigureRenderer([str(tmp_path)])
        return figures.render(Directive(alt="A fox"), SHOWN, "a.webp", caption=False)

    package = built()
    (tmp_path / "partials").mkdir()
    template = tmp_path / "partials" / "gemini-image.html"
    for word in ("one", "two"):
        template.write_text(f"<b>{word}</b>")
        assert built() == f"<b>{word}</b>"
    template.unlink()
    assert built() == package


BROKEN = {
    "an unknown name": ("<i>\n{{ nothing }}</i>", 2, "cannot be rendered ('nothing' is undefined)"),
    "a block without an end": ("\n<i>{% if x %}</i>", 2, "cannot be rendered (Unexpected end of"),
    "an unknown filter": ("<i>\n\n{{ src|nofilter }}</i>", 3, "cannot be rendered (No filter"),
    "a division": ("<i>{{ 1 / 0 }}</i>", 1, "cannot be rendered (division by zero)"),
    "no other template": ("\n{% include 'x.html' %}", 2, "cannot be rendered (x.html)"),
    "a call of what is none": ("<i>\n{{ src() }}</i>", 2, "cannot be rendered ("),
    "an open tag": ("<p>\n<b>\n{{ image.src }}\n</p>\n", 4, "does not write well-formed XML (mis"),
    "an open tag behind values": (
        "\n\n{% for each in [1, 2] %}\n<i>{{ each }}</i>\n{% endfor %}\n", 4,
        "does not write well-formed XML (junk after document element",
    ),
    "nothing": ("", 0, "does not write well-formed XML (no element found"),
    "other bytes": (b"<i>\xff</i>", 0, "cannot be rendered ('utf-8' codec can't decode"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_template_is_named_with_the_line_of_its_mistake(
    tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    file = tmp_path / "over" / "partials" / "gemini-image.html"
    file.parent.mkdir(parents=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    figures = FigureRenderer([str(tmp_path / "over")])
    with pytest.raises(DiagnosticError) as raised:
        figures.element(Directive(alt="A"), SHOWN, "a.webp", caption=True)
    (diagnostic,) = raised.value.diagnostics
    assert str(diagnostic).startswith(f"the template {said}")
    name = "partials/gemini-image.html"
    places = {f"over/{name}:{line}"} if line else {f"over/{name}", name, f"over/{name}:1"}
    assert diagnostic.file in places


def test_data_attributes_are_on_the_image_and_escaped() -> None:
    directive = Directive("A fox", caption="C", data=(("data-title", 'A "b" <c>'),))
    html = FIGURES.render(directive, SHOWN, SHOWN.src, caption=True)
    assert [image.get("data-title") for image in etree.fromstring(html).iter("img")] == [
        'A "b" <c>'
    ]
