"""A directive in a page's source becomes an ordinary image; all else stays as it is."""

from contextlib import suppress
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.readers import read_fence, read_image
from mkdocs_gemini_images.sources.editing.markdown_image import Target, attributes, line, with_image

FENCE = "prompt: A fox\nalt: b"
TARGET = Target("images/fox.png")


def fence(body: str) -> Directive:
    return read_fence({}, body)


def image(title: str = "A fox", classes: tuple[str, ...] = (), **options: str) -> Directive:
    return read_image("A fox", title, options, classes=classes)


# Each: the page before, the directive on it, the page after.
WRITTEN = {
    "a fence": (
        f"x\n\n```gemini-image\n{FENCE}\n```\ny", fence(FENCE), "x\n\n![b](images/fox.png)\ny"),
    "at the very end": (
        f"```gemini-image\n{FENCE}\n```", fence(FENCE), "![b](images/fox.png)"),
    "indented, with a caption": (
        "- x\n\n    ```gemini-image\n    prompt: A fox\n    caption: One\n    ```\n",
        fence("prompt: A fox\ncaption: One"), "- x\n\n    ![](images/fox.png)\n\n    *One*\n"),
    "quoted, with a caption in Markdown": (
        "> ~~~ gemini-image\n> prompt: A fox\n> caption: The *old* one\n> ~~~\n",
        fence("prompt: A fox\ncaption: The *old* one"),
        "> ![](images/fox.png)\n>\n> The *old* one\n"),
    "Windows": (
        "x\r\n```gemini-image\r\nprompt: A fox\r\ncaption: One\r\n```\r\n",
        fence("prompt: A fox\ncaption: One"), "x\r\n![](images/fox.png)\r\n\r\n*One*\r\n"),
    "its looks": (
        "```gemini-image\nA fox\n```\n",
        fence("A fox")._replace(id="fox", classes=("big",), width="50%", align="left"), None),
    "an image": (
        'a ![A `b` [c]](gemini: "A fox"), z', image(), "a ![A `b` [c]](images/fox.png), z"),
    "an image with braces": (
        '![A fox](gemini: "A fox"){: .big width=300px take=2 #fox }{ .next }',
        image(classes=("big",), width="300px", take="2", id="fox"),
        '![A fox](images/fox.png){ #fox .big width="300" }{ .next }'),
    "a reference": (
        '![A fox][Fox] x\n\n[fox]: gemini: "A fox"\ny', image(), "![A fox](images/fox.png) x\n\ny"),
    "a definition above its use": (
        '[a fox]: <gemini:> "A fox"\n\n![A fox][]', image(), "\n![A fox](images/fox.png)"),
    "beside examples": (
        '````\n![A fox](gemini: "A fox")\n````\n`![A fox](gemini: "A fox")`\n'
        '<!-- ![A fox](gemini: "A fox") -->\n![A fox](gemini: "A fox")\n', image(),
        '````\n![A fox](gemini: "A fox")\n````\n`![A fox](gemini: "A fox")`\n'
        '<!-- ![A fox](gemini: "A fox") -->\n![A fox](images/fox.png)\n'),
    "beside another": (
        '![A fox](gemini: "A fox") ![A hen](gemini: "A hen")', image(),
        '![A fox](images/fox.png) ![A hen](gemini: "A hen")'),
    "twice": (
        '![A fox](gemini: "A fox") ![A fox](gemini: "A fox")', image(),
        "![A fox](images/fox.png) ![A fox](images/fox.png)"),
    "twice, with an id": (
        '![A fox](gemini: "A fox"){ #fox } ![A fox](gemini: "A fox"){ #fox }', image(id="fox"),
        "![A fox](images/fox.png){ #fox } ![A fox](images/fox.png)"),
    "twice, with other words": (
        '![A fox](gemini: "A fox") ![Another](gemini: "A fox")', image(),
        '![A fox](images/fox.png) ![Another](gemini: "A fox")'),
    "two fences, one quoted": (
        f"```gemini-image\n{FENCE}\n```\n\n> ```gemini-image\n> prompt: A fox\n> alt: b\n> ```\n",
        fence(FENCE), "![b](images/fox.png)\n\n> ![b](images/fox.png)\n"),
    "two references to one definition": (
        '![A fox][f] ![A fox][f]\n\n[f]: gemini: "A fox"\n', image(),
        "![A fox](images/fox.png) ![A fox](images/fox.png)\n\n"),
    "a reference to a definition that another image needs": (
        '![A fox][f] ![Another][f]\n\n[f]: gemini: "A fox"\n', image(),
        '![A fox](images/fox.png) ![Another][f]\n\n[f]: gemini: "A fox"\n'),
    "twice, but with other options than were read": (
        '![A fox](gemini: "A fox"){ size=2K } ![A fox](gemini: "A fox"){ size=2K }',
        image(), None),
    "an example": ('````\n![A fox](gemini: "A fox")\n````', image(), None),
    "a definition shown as an example": (
        '![A fox][f]\n\n```\n[f]: gemini: "A fox"\n```\n', image(), None),
    "other options than were read": ('![A fox](gemini: "A fox"){ size=2K }', image(), None),
    "a macro behind it": ('![A fox](gemini: "A fox"){{ macro }}', image(), None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "directive", "after"), WRITTEN.values(), ids=WRITTEN)
def test_a_directive_becomes_an_image(before: str, directive: Directive, after: str | None) -> None:
    if after is not None:
        assert with_image(before, directive, TARGET, braces=True) == after
        return
    with pytest.raises(DiagnosticError) as caught:
        with_image(before, directive, TARGET, braces=True)
    assert caught.value.diagnostics[0].fix.startswith("write ![")


def test_the_places_that_are_examples_stay() -> None:
    one = '![A fox](gemini: "A fox")'
    page = f"{one} a {one} b {one}"
    found = with_image(page, image(), TARGET, braces=True, examples={0, 2})
    assert found == f"{one} a ![A fox](images/fox.png) b {one}"


def test_without_attribute_lists_an_image_has_no_attributes() -> None:
    body = f"{FENCE}\nwidth: 300px\nid: fox"
    page = f"```gemini-image\n{body}\n```"
    assert with_image(page, fence(body), TARGET, braces=False) == "![b](images/fox.png)"


def test_both_pictures_are_kept_where_the_theme_shows_one_of_them() -> None:
    page = '![A fox](gemini: "A fox"){ .big #fox }'
    found = with_image(
        page, image(classes=("big",), id="fox"), Target("a.png", "b.png"), braces=True
    )
    assert found == (
        "![A fox](a.png#only-light){ #fox .big } ![A fox](b.png#only-dark){ .big }"
    )  # fmt: skip


@pytest.mark.parametrize(
    "alt", ['A [b] \\ `c` *d* _e_ <b>f</b> &amp; & "g" ![h](i) {{ j }}', "", "{ .k }", "<!--"]
)
def test_a_text_alternative_is_read_as_it_was_meant(alt: str) -> None:
    directive = fence(f"prompt: A fox\nalt: {alt}")
    page = with_image(f"```gemini-image\n{directive.source}\n```", directive, TARGET, braces=True)
    html = Markdown(extensions=["attr_list"]).convert(page)
    assert unescape(html) == f'<p><img alt="{directive.alt}" src="images/fox.png" /></p>'


FOX = Directive("A fox", alt="A fox")
DARK = Target("a.png", "b.png")


@pytest.mark.parametrize(
    ("directive", "kept"),
    [
        (Directive(), []),
        (Directive(id="fox"), ["#fox"]),
        (Directive(classes=("big", "wide")), [".big", ".wide"]),
        (Directive(align="left"), ["align=left"]),
        (Directive(align="center"), ['style="display: block; margin: auto"']),
        (Directive(align="center", width="50%"),
         ['style="display: block; margin: auto; width: 50%"']),
        (Directive(width="300px"), ['width="300"']),
        (Directive(width="50%"), ['width="50%"']),
        (Directive(width="20.5em"), ['style="width: 20.5em"']),
        (Directive(width="12.5%"), ['style="width: 12.5%"']),
        (Directive(loading="eager"), ["loading=eager"]),
        (Directive(id="fox", classes=("big",), align="right", width="9px", loading="lazy"),
         ["#fox", ".big", "align=right", 'width="9"', "loading=lazy"]),
        (Directive(prompt="x", caption="x", size="2K", take=2, priority=True, preset="ink"), []),
    ],
)  # fmt: skip
def test_attributes_keep_only_id_classes_size_place_and_loading(
    directive: Directive, kept: list[str]
) -> None:
    assert attributes(directive) == kept


@pytest.mark.parametrize(
    ("directive", "target", "braces", "written"),
    [
        (FOX, Target("a.png"), True, "![A fox](a.png)"),
        (FOX._replace(alt=None), Target("a.png"), True, "![](a.png)"),
        (FOX._replace(id="fox"), Target("a.png"), True, "![A fox](a.png){ #fox }"),
        (FOX._replace(id="fox"), Target("a.png"), False, "![A fox](a.png)"),
        (FOX, DARK, True, "![A fox](a.png#only-light) ![A fox](b.png#only-dark)"),
        (FOX._replace(id="fox"), DARK, True,
         "![A fox](a.png#only-light){ #fox } ![A fox](b.png#only-dark)"),
        (FOX._replace(id="fox", classes=("x",)), DARK, True,
         "![A fox](a.png#only-light){ #fox .x } ![A fox](b.png#only-dark){ .x }"),
        (FOX._replace(classes=("x",)), DARK, True,
         "![A fox](a.png#only-light){ .x } ![A fox](b.png#only-dark){ .x }"),
        (FOX._replace(classes=("x",)), DARK, False,
         "![A fox](a.png#only-light) ![A fox](b.png#only-dark)"),
        (FOX._replace(alt="*a* [b] <c> & `d` _e_ \\"), Target("a.png"), True,
         "![\\*a\\* \\[b\\] &lt;c> &amp; \\`d\\` \\_e\\_ \\\\](a.png)"),
    ],
)  # fmt: skip
def test_a_directive_is_one_line_of_markdown(
    directive: Directive, target: Target, braces: bool, written: str
) -> None:
    assert line(directive, target, braces=braces) == written


# Text without what could make another directive of it, or shield one.
around = st.text(
    st.characters(exclude_characters="`~<>![]{}\r", exclude_categories=["Cs"]), max_size=60
)


@given(around, around, st.sampled_from([name for name, each in WRITTEN.items() if each[2]]))
def test_every_other_byte_stays_as_it_was(above: str, below: str, name: str) -> None:
    before, directive, after = WRITTEN[name]
    page = f"{above}\n\n{before}\n\n{below}"
    assert with_image(page, directive, TARGET, braces=True) == f"{above}\n\n{after}\n\n{below}"


@given(st.text(max_size=200), around)
def test_any_page_is_edited_or_refused(page: str, prompt: str) -> None:
    with suppress(DiagnosticError):
        assert TARGET.src in with_image(page, image(f"x{prompt}"), TARGET, braces=True)
