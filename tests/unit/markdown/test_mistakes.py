"""A directive with a mistake is reported and not drawn; its neighbours are not touched."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.extension import GeminiImagesExtension
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.hosts import MATERIAL, PLAIN, SITES, Site

WITHOUT_ATTR_LIST = Site(("pymdownx.superfences", "tables"))

# What an author wrote, and a part of the diagnostic.
IN_PLACE = {
    "a word": ("![A](gemini: fox)", "got '(gemini: fox)'"),
    "no space and no quotes": ("![A](gemini:fox)", "got '(gemini:fox)'"),
    "typographic quotes": (
        "![A](gemini: “A fox”)",
        "got '(gemini: “A fox”)': write the prompt in straight",
    ),
    "an upper-case scheme": ('![A](Gemini: "A fox")', "got '(Gemini:)'"),
    "a query": ('![A](gemini:?size=2K "A fox")', "got '(gemini:?size=2K)'"),
    "no title": ("![A](gemini:)", 'expected ![alt](gemini: "prompt"), got no prompt'),
    "an empty title": ('![A](gemini: "")', "got no prompt"),
    "a blank title": ('![A](gemini: " ")', "got no prompt"),
    "a definition without a title": ("![A][fox]\n\n[fox]: gemini:", "got no prompt"),
    "a definition without a space": ("![A][fox]\n\n[fox]: gemini:fox", "got '(gemini:fox)'"),
    "an unknown option": ('![A](gemini: "A"){ sise=2K }', "did you mean 'size'?"),
    "a wrong ratio": (
        '![A](gemini: "A"){ aspect_ratio=wide }',
        "aspect_ratio must be width:height",
    ),
    "two wrong options": (
        '![A](gemini: "A"){ take=0 width=wide }',
        "take must be a whole number",
    ),
    "an option without a value": (
        '![A](gemini: "A"){ dark }',
        'expected dark="...", got dark without a value',
    ),
    "a prompt in braces": ('![A](gemini: "A"){ prompt="B" }', "expected the prompt in the title"),
    "a title in braces": ('![A](gemini: "A"){ title="B" }', "got 'title'"),
    "an alt in braces": ('![A](gemini: "A"){ alt="B" }', "expected the alt in the brackets"),
    "a source in braces": ('![A](gemini: "A"){ src="b.png" }', "got 'src'"),
    "code in a prompt": (
        '![A](gemini: "A `#!python x` fox")',
        "expected plain text as alt and prompt",
    ),
    "a wrong option in a fence": (
        "```gemini-image\nprompt: A\ntake: one\n```",
        "take must be a whole number",
    ),
    "a misspelt option in a fence": ("```gemini-image\npromt: A\n```", "did you mean 'prompt'?"),
    "an empty fence": ("```gemini-image\n```", "the prompt is missing"),
    "a fence of comments": ("```gemini-image\n# A fox\n```", "the prompt is missing"),
    "a prompt in the header": (
        '```{ .gemini-image prompt="A" }\nA\n```',
        "expected the prompt in the fence's body",
    ),
    "a flag in the header": ("```{ .gemini-image dark }\nA\n```", "got dark without a value"),
    "a full-width colon": (
        "```gemini-image\nprompt\uff1aA fox\n```",
        "begin the line with 'prompt: '",
    ),
    "a prompt with its option in a title": (
        '![A](gemini: "prompt: A fox")',
        "expected the prompt alone as the title, got 'prompt: A fox'",
    ),
    "lines for a highlighter": ('```gemini-image hl_lines="1"\nA\n```', "got 'hl_lines'"),
}

BESIDE_TEXT = {
    "a space before the braces": (
        '![A](gemini: "A") { .left }',
        "got '{ .left }': write the braces on its line",
    ),
    "broken braces": ('![A](gemini: "A"){ .left\nsize=2K }', "got '{ .left'"),
    "an unclosed brace": ('![A](gemini: "A"){ .left', "got '{ .left'"),
    "Markdown in braces": ('![A](gemini: "A"){ caption="a *b* c" }', "no Markdown inside"),
    "braces behind a link": ('[![A](gemini: "A")](x.md) {size=2K}', "got '{size=2K}'"),
}

APART = {
    "braces on the next line": (
        '![A](gemini: "A")\n{ aspect_ratio=4:3 .left }',
        "got aspect_ratio= apart from it",
    ),
    "braces on a cell": (
        '| a |\n|---|\n| ![A](gemini: "A") { size=2K } |',
        "got size= apart from it",
    ),
    "braces on a link": ('[![A](gemini: "A")](x.md){size=2K}', "got size= apart from it"),
    "braces on the line after a fence": (
        "Text\n```gemini-image\nA\n```\n{ size=2K }",
        "got size= apart from it",
    ),
}

LEFT_AS_TEXT = {
    "an unclosed image": ('![A](gemini: "A fox"', '''got '[A](gemini: "A fox"'''),
    "an unquoted definition": ("![A][fox]\n\n[fox]: gemini: A fox", "got '[fox]: gemini: A fox'"),
    "a definition in typographic quotes": (
        "![A][fox]\n\n[fox]: gemini: “A fox”",
        "use straight quotes",
    ),
    "a definition over two lines": ('![A][f]\n\n[f]: gemini: "A fox\nreading"', "and one line"),
    "a link": ('[A](gemini: "A fox")', "got a link: put ! before its bracket"),
    "bare options": (
        '```gemini-image size="2K"\nA fox\n```',
        "write its options like ```{ .gemini-image",
    ),
    "an open fence": ("```gemini-image\nprompt: A fox", "expected a fence that Markdown reads"),
    "a fence that closes otherwise": ("```gemini-image\nA fox\n````", "close it as it opens"),
    "a closing fence too far in": ("```gemini-image\nA fox\n  ```", "close it as it opens"),
    "a fence that runs into the next": (
        "```gemini-image\nA fox\n\nText.\n\n```python\nx = 1\n```",
        "got one with '```python' in it: end it with the marks it begins with",
    ),
    "gemini_image": (
        "```gemini_image\nA\n```",
        "expected ```gemini-image, got ```gemini_image: did you",
    ),
    "gemini-images": ("```gemini-images\nA\n```", "got ```gemini-images"),
    "gemini_images": ("```gemini_images\nA\n```", "got ```gemini_images"),
    "geminiimage": ("```geminiimage\nA\n```", "got ```geminiimage"),
    "gemini-img": ("~~~gemini-img\nA\n~~~", "got ```gemini-img"),
    "Gemini-Image": ("```{ .Gemini-Image }\nA\n```", "got ```Gemini-Image"),
    "gemini-imge": ("```gemini-imge\nA\n```", "got ```gemini-imge: did you mean 'gemini-image'?"),
    "gemni-image": ('```{ .gemni-image size="2K" }\nA\n```', "got ```gemni-image: did you mean"),
    "an open gemini-iamge": ("```gemini-iamge\nA", "got '```gemini-iamge': did you mean"),
    "gemini_image amid text": ("text\n```gemini_image\nA\n```\ntext", "got ```gemini_image"),
}

PLACES = {
    "a list": "- item\n\n{}",
    "an admonition": "!!! note\n\n{}",
    "a footnote": "Text[^1]\n\n[^1]:\n{}",
    "a definition": "term\n:   text\n\n{}",
}

FENCE = "```gemini-image\nprompt: A fox\nalt: A fox\n```"
NEIGHBOUR = '![B](gemini: "B")'


@pytest.mark.parametrize("mistake", IN_PLACE)
def test_a_directive_with_a_mistake_becomes_an_error_box(mistake: str) -> None:
    source, said = IN_PLACE[mistake]
    html, host = MATERIAL.shown(f"{NEIGHBOUR}\n\n{source}\n\n> *text*")
    assert host.prompts == ["B"]
    assert said in "\n".join(host.diagnostics)
    neighbour, rest = html.split("\n", 1)
    assert neighbour == MATERIAL.shown(NEIGHBOUR)[0]
    after = MATERIAL.convert("> *text*")
    assert rest.endswith(f"\n{after}")
    box = rest.removesuffix(f"\n{after}").replace("\n", "")
    assert box.startswith('<div class="gemini-image-error"><p><strong>Picture not drawn</strong>')
    assert box.endswith("</p></div>")
    assert box.count("<") == 6


@pytest.mark.parametrize("mistake", BESIDE_TEXT)
def test_beside_text_the_error_box_is_inline(mistake: str) -> None:
    source, said = BESIDE_TEXT[mistake]
    html, host = MATERIAL.shown(f"Text {source}")
    assert host.prompts == []
    assert len(host.diagnostics) == 1
    assert said in host.diagnostics[0]
    assert '<span class="gemini-image-error"><strong>Picture not drawn</strong> ' in html
    assert "<div" not in html
    assert html.startswith("<p>Text ")


@pytest.mark.parametrize("mistake", APART)
def test_options_that_miss_their_picture_are_reported(mistake: str) -> None:
    source, said = APART[mistake]
    html, host = MATERIAL.shown(source)
    assert host.prompts == []
    assert [text for text in host.diagnostics if said in text] == host.diagnostics
    assert "gemini-image-error" in html


@pytest.mark.parametrize("mistake", LEFT_AS_TEXT)
def test_a_near_miss_stays_as_it_is_and_is_reported(mistake: str) -> None:
    source, said = LEFT_AS_TEXT[mistake]
    html, host = MATERIAL.shown(source)
    assert host.prompts == []
    assert len(host.diagnostics) == 1
    assert said in host.diagnostics[0]
    assert html == MATERIAL.convert(source)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["gemini-imge", "gemni-image", "gemini-iamge"])
@pytest.mark.parametrize("site", SITES)
def test_a_misspelt_fence_is_reported_wherever_it_stands(site: str, name: str, place: str) -> None:
    fence = f"    ```{name}\n    A fox\n    ```"
    source = PLACES[place].format(fence)
    html, host = SITES[site].shown(source)
    assert len(host.diagnostics) == 1
    assert host.diagnostics[0].endswith("did you mean 'gemini-image'?")
    assert html == SITES[site].convert(source)


def test_without_attr_list_options_are_reported() -> None:
    html, host = WITHOUT_ATTR_LIST.shown('![A](gemini: "A"){ size=2K }')
    assert host.prompts == []
    assert host.diagnostics[0].startswith(
        "expected options right behind the picture, got '{ size=2K }'"
    )
    assert html.endswith("</span>{ size=2K }</p>")


def test_options_that_relaxed_headers_ignore_are_reported() -> None:
    site = SITES["superfences with relaxed_headers"]
    for header in ('gemini-image size="2K"', "gemini-image 2K", "gemini-image {size=2K"):
        html, host = site.shown(f"```{header}\nA fox\n```")
        assert host.prompts == []
        assert "expected options in braces, got '" in host.diagnostics[0]
        assert "gemini-image-error" in html


def test_an_indented_fence_needs_superfences() -> None:
    source = "- item\n\n    ```gemini-image\n    A fox\n    ```"
    html, host = PLAIN.shown(source)
    assert host.prompts == []
    assert "where it is indented, it needs pymdownx.superfences" in host.diagnostics[0]
    assert html == PLAIN.convert(source)


def test_behind_an_outer_fence_without_an_end_nothing_is_drawn() -> None:
    source = "````markdown\n```gemini-image\nA fox\n```\n\n```python\nx = 1\n```\n"
    for name, site in SITES.items():
        html, host = site.shown(source)
        assert host.prompts == [], name
        assert html == site.convert(source)
    assert PLAIN.shown(source)[1].diagnostics == [
        "expected a gemini-image fence of its own, got one behind '````markdown': "
        "end that fence before it"
    ]


def test_a_fence_exposed_by_a_broken_one_before_it_is_not_drawn() -> None:
    broken = "- ```python\n    x = 1\n    ```\n"
    source = f"{broken}\n````markdown\n\n```gemini-image\nA fox\n```\n\n````\n"
    html, host = MATERIAL.shown(source)
    assert host.prompts == []
    assert "got one behind '````markdown'" in host.diagnostics[0]
    assert html == MATERIAL.convert(source)


def test_behind_the_end_of_a_fence_left_as_text_pictures_are_drawn() -> None:
    _, host = PLAIN.shown(f"- ```python\n  x = 1\n  ```\n\n{FENCE}")
    assert host.prompts == ["A fox"]


@pytest.mark.parametrize(
    ("source", "beside"),
    [
        ('Text ![A](gemini: "A"){ caption="C" }', "text beside it: leave empty lines around"),
        ('# ![A](gemini: "A"){ caption="C" }', "a heading around it: put the picture into"),
        ('[![A](gemini: "A"){ caption="C" }](x.md)', "a link around it: put the picture into"),
        (
            '![A](gemini: "A"){ caption="C" } ![A](gemini: "A"){ caption="C" }',
            "text beside it",
        ),
        ("Text\n```gemini-image\nprompt: A\nalt: A\ncaption: C\n```", "text beside it"),
    ],
)
def test_a_caption_beside_text_is_reported_and_the_picture_shown(source: str, beside: str) -> None:
    html, host = MATERIAL.shown(source)
    assert set(host.prompts) == {"A"}
    assert "<figure" not in html
    expected = f"the caption is not shown, because of {beside}"
    assert host.diagnostics[0].startswith(expected)
    assert len(host.diagnostics) == len(host.prompts)


INLINE = '![A](gemini: "A"){ caption="C" }'
INDENTED_FENCE = '```{ .gemini-image alt="A" caption="C" }\n    A\n    ```'  # needs superfences


@pytest.mark.parametrize(
    ("site", "directive"),
    [(site, INLINE) for site in SITES]
    + [(site, INDENTED_FENCE) for site in SITES if site.startswith("superfences")],
)
def test_a_caption_at_the_end_of_a_footnote_is_kept(site: str, directive: str) -> None:
    source = f"Text[^1] and again[^1].\n\n[^1]:\n    Words.\n\n    {directive}"
    html, host = SITES[site].shown(source)
    assert host.diagnostics == []
    assert "<figcaption>C</figcaption>" in html.replace("\n", "")
    figure, _, links = html.partition("</figure>")
    assert "footnote-backref" not in figure
    assert links.startswith('\n<p><a class="footnote-backref"')


def test_a_directive_that_the_host_refuses_becomes_an_error_box() -> None:
    host = AlbumHost(refuse="fox & hare")
    html, _ = MATERIAL.shown('![A](gemini: "A fox & hare")\n\n![B](gemini: "B")', host)
    box = (
        '<div class="gemini-image-error"><p><strong>Picture not drawn</strong> '
        "expected another prompt, got 'fox &amp; hare': try again</p></div>"
    )
    assert html.startswith(box)
    assert host.prompts == ["B"]
    assert host.reported == [
        ("index.md", "A fox & hare", "expected another prompt, got 'fox & hare': try again")
    ]


def test_a_diagnostic_is_literal_text() -> None:
    html, _ = MATERIAL.shown("```gemini-image\nprompt: A\ntake: <b>*x*</b>&amp;`y`\n```")
    assert "(you wrote '&lt;b&gt;*x*&lt;/b&gt;&amp;amp;`y`'): each" in html


def test_without_the_plugin_an_error_box_says_so() -> None:
    html = MATERIAL.convert(f"Text.\n\n{NEIGHBOUR}\n\n> {NEIGHBOUR} x", GeminiImagesExtension())
    assert html.count("the plugin gemini-images is not listed") == 2


def test_a_template_that_is_not_xml_is_reported(tmp_path: Path) -> None:
    template = tmp_path / "partials" / "gemini-image.html"
    template.parent.mkdir()
    template.write_text('<img src="{{ image.src }}"><br>')
    host = AlbumHost(figures=FigureRenderer([str(tmp_path)]))
    html, host = MATERIAL.shown(NEIGHBOUR, host)
    assert host.diagnostics[0].startswith(
        "the template does not write well-formed XML (no element found"
    )
    assert "gemini-image-error" in html
