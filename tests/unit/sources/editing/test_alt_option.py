"""An alt is written into a directive in each of its forms, and nothing else of the page changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_SOURCE
from mkdocs_gemini_images.directives.readers import read_fence, read_image
from mkdocs_gemini_images.sources.editing.alt_option import with_alt
from mkdocs_gemini_images.sources.occurrences import PageDirectives

FORMS = [
    ("```gemini-image\nprompt: A fox\n```\n", "```gemini-image\nprompt: A fox\nalt: New\n```\n"),
    (
        "```gemini-image\nalt: Old\nprompt: A fox\n```",
        "```gemini-image\nalt: New\nprompt: A fox\n```",
    ),
    (
        "```gemini-image\nalt: |\n  Old words,\n# a comment\n\n  more\n\nprompt: A fox\n```",
        "```gemini-image\nalt: New\n# a comment\n\nprompt: A fox\n```",
    ),
    (
        "- item\n\n    ```gemini-image\n    prompt: A fox\n\n    ```\n",
        "- item\n\n    ```gemini-image\n    prompt: A fox\n    alt: New\n\n    ```\n",
    ),
    (
        "> ```gemini-image\r\n> alt: Old\r\n> prompt: A fox\r\n> ```\r\n",
        "> ```gemini-image\r\n> alt: New\r\n> prompt: A fox\r\n> ```\r\n",
    ),
    ("~~~gemini-image\nA fox\n~~~", '~~~{ .gemini-image alt="New" }\nA fox\n~~~'),
    (
        '```{ .gemini-image alt="Old" size="2K" }\nA fox\n```',
        '```{ .gemini-image alt="New" size="2K" }\nA fox\n```',
    ),
    ('![Old](gemini: "A fox"){ .left } x', '![New](gemini: "A fox"){ .left } x'),
    ('a ![](gemini: "A fox") b', 'a ![New](gemini: "A fox") b'),
    ('![Old](img/a.webp "gemini: A fox")', '![New](img/a.webp "gemini: A fox")'),
    ('![Old][f]\n\n[f]: gemini: "A fox"\n', '![New][f]\n\n[f]: gemini: "A fox"\n'),
    ('![Old][]\n\n[old]: gemini: "A fox"\n', '![New][Old]\n\n[old]: gemini: "A fox"\n'),
    ('![Old]\n\n[old]: gemini: "A fox"\n', '![New][Old]\n\n[old]: gemini: "A fox"\n'),
]


def directive_in(page: str) -> Directive:
    """Return the only directive of a page as the site's Markdown reads it."""
    directives = PageDirectives(page)
    for fence in directives.fences:
        read = fence.read()
        assert read is not None
        return read
    ((image, title),) = directives.images()
    file = "img/a.webp" if "img/a.webp" in page else ""
    classes = ("left",) if ".left" in page else ()
    return read_image(image.alt, title, {}, classes=classes, file=file)


@pytest.mark.parametrize(("page", "edited"), FORMS)
def test_an_alt_is_written_where_its_form_has_it(page: str, edited: str) -> None:
    before = "# Title\n\n```\ncode\n```\n\n"
    found = with_alt(before + page, directive_in(page), "New", braces=True)
    assert found == before + edited


@pytest.mark.parametrize(
    ("page", "edited"),
    [
        ("```gemini-image\nprompt: A fox\n```", '```gemini-image\nprompt: A fox\nalt: ""\n```'),
        ("```gemini-image\nA fox\n```", '```{ .gemini-image alt="" }\nA fox\n```'),
        ('![Old](gemini: "A fox")', '![](gemini: "A fox")'),
        ('![Old]\n\n[old]: gemini: "A fox"', '![][Old]\n\n[old]: gemini: "A fox"'),
    ],
)
def test_a_decorative_picture_has_an_empty_alt(page: str, edited: str) -> None:
    assert with_alt(page, directive_in(page), "") == edited


@pytest.mark.parametrize(
    ("alt", "written"),
    [
        ("A [fox] *reads*", r"A \[fox\] \*reads\*"),
        ("<b> & `x`", r"&lt;b> &amp; \`x\`"),
        ("a | b", "a &#124; b"),
        (r"a\b_c", r"a\\b\_c"),
    ],
)
def test_an_alt_is_escaped_in_an_image_and_literal_in_a_fence(alt: str, written: str) -> None:
    image = '![Old](gemini: "A fox")'
    assert with_alt(image, directive_in(image), alt) == f'![{written}](gemini: "A fox")'
    fence = "```gemini-image\nprompt: A fox\n```"
    new = with_alt(fence, directive_in(fence), alt)
    assert new == f"```gemini-image\nprompt: A fox\nalt: {alt}\n```"


@pytest.mark.parametrize("alt", ['"quoted"', "'quoted'", "|", "# 1", "- a", "alt: x", "size: 2K"])
def test_an_alt_that_looks_like_syntax_reads_back_as_it_is(alt: str) -> None:
    fence = "```gemini-image\nprompt: A fox\n```"
    assert directive_in(with_alt(fence, directive_in(fence), alt)).alt == alt


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=40))
def test_any_line_is_written_whole_or_not_at_all(text: str) -> None:
    alt = " ".join(text.split())
    for page, _ in FORMS:
        directive = directive_in(page)
        try:
            new = with_alt(page, directive, alt)
        except DiagnosticError:
            continue
        assert len(PageDirectives(new).fences) == len(PageDirectives(page).fences)
        if PageDirectives(page).fences:
            assert directive_in(new)._replace(source="") == directive._replace(source="", alt=alt)
        else:
            assert [title for _, title in PageDirectives(new).images()] == [directive.source]


WRONG = [
    (Directive("A fox", source=PAGE_IMAGE_SOURCE), "", "the picture is in the front matter: write"),
    (read_fence({}, "prompt: A fox"), "Words.", "the picture's directive is not written in this"),
    (
        read_fence({}, "prompt: A fox"),
        "```gemini-image\nprompt: A fox\n```\n\n```gemini-image\nprompt: A fox\n```\n",
        "the picture's directive is written 2 times, on lines 1, 5: write alt: New into its fence",
    ),
    (
        read_fence({}, "A fox"),
        "```gemini-image\nA fox\n``` \n<!--\n```gemini-image\nA fox\n```\n-->",
        "",
    ),
]


@pytest.mark.parametrize(("directive", "page", "said"), WRONG)
def test_what_cannot_be_written_says_what_to_do(directive: Directive, page: str, said: str) -> None:
    if not said:
        assert 'alt="New"' in with_alt(page, directive, "New")
        return
    with pytest.raises(DiagnosticError) as caught:
        with_alt(page, directive, "New")
    assert str(caught.value).startswith(said)


def test_one_of_equal_directives_is_edited_by_its_line() -> None:
    fence = "```gemini-image\nprompt: A fox\n```\n"
    page = f"{fence}\n{fence}"
    new = with_alt(page, directive_in(fence), "New", line=5)
    assert new == f"{fence}\n```gemini-image\nprompt: A fox\nalt: New\n```\n"
