"""The prompt of an inline image is what its author typed, whatever other extensions read there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.extension import GeminiImagesExtension
from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.hosts import PLAIN, Site

READERS = {
    "arithmatex": "pymdownx.arithmatex",
    "betterem": "pymdownx.betterem",
    "caret": "pymdownx.caret",
    "emoji": "pymdownx.emoji",
    "escapeall": "pymdownx.escapeall",
    "footnotes": "footnotes",
    "inlinehilite": "pymdownx.inlinehilite",
    "keys": "pymdownx.keys",
    "magiclink": "pymdownx.magiclink",
    "mark": "pymdownx.mark",
    "progressbar": "pymdownx.progressbar",
    "smartsymbols": "pymdownx.smartsymbols",
    "smarty": "smarty",
    "tilde": "pymdownx.tilde",
    "wikilinks": "wikilinks",
    "abbr": "abbr",
}
PROMPTS = [
    "the graph of $x^2$ and $y$",
    r"the graph of \\(x^2\\)",
    "a :smile: face",
    "H~2~O and x^2^ on a board",
    "a ++ctrl+c++ key",
    "==marked== words",
    "it's -- so to say -- (c) 1999 ... 'quoted'",
    "a footnote[^1] mark",
    "see http://example.org/a_b_c",
    "a [[Wiki]] page",
    "[=50% 'half'] of a bar",
    "the HTML logo",
    "a *b* _c_ **d** ~~e~~",
    "costs $5",
    "[a](b.md) link",
    "#!python print(1)",
]
AROUND = "[^1] says $5 ![A]({}) for $6\n\n*[HTML]: Hyper\n\n[^1]: A note.\n"


def prompts(source: str, *extensions: str) -> list[str]:
    host = AlbumHost()
    Site(("attr_list", *extensions)).convert(source, GeminiImagesExtension(host))
    assert host.diagnostics == []
    return host.prompts


@pytest.mark.parametrize("reader", READERS)
def test_no_extension_changes_a_prompt(reader: str) -> None:
    for prompt in PROMPTS:
        source = AROUND.format(f'gemini: "{prompt}"')
        assert prompts(source, READERS[reader]) == prompts(source), prompt


def test_a_prompt_is_what_was_typed() -> None:
    for prompt in PROMPTS:
        typed = prompt.replace(r"\\", "\\")
        assert prompts(AROUND.format(f'gemini: "{prompt}"'), "pymdownx.arithmatex") == [typed]


@pytest.mark.parametrize(
    ("source", "prompt"),
    [
        (r'![A](gemini: "a \"big\" fox")', r"a \"big\" fox"),
        (r'![A](gemini: "a \*b\* c")', "a *b* c"),
        (r"![A](gemini: 'a [b] \(c')", "a [b] (c"),
        (r'![a\]b](gemini: "c")', "c"),
        (r'![A](gemini: "a \q b")', r"a \q b"),
        ('![A](gemini: "a &amp; b")', "a & b"),
        ('[![A](gemini: "a")](b.md)', "a"),
        ('![A](b.webp "gemini: $a$")', "$a$"),
    ],
)
def test_escapes_and_entities_are_read_as_python_markdown_reads_them(
    source: str, prompt: str
) -> None:
    assert prompts(source, "pymdownx.arithmatex") == [prompt]


@pytest.mark.parametrize(
    "source",
    [
        r'\![A](gemini: "a")',
        '`![A](gemini: "a")`',
        '``a ` ![A](gemini: "a")``',
        '![A](other.png "a")',
        '<code>![A](gemini: "a")</code>',
    ],
)
def test_what_is_no_directive_is_left_to_python_markdown(source: str) -> None:
    assert prompts(source, "md_in_html") == []


@given(st.text(alphabet="ab !\\\"'()[]*`$:{}\n", max_size=30), st.sampled_from(["", " "]))
def test_any_image_is_read_as_without_the_step(text: str, space: str) -> None:
    source = f'{text}{space}![A](gemini: "a {text} fox") {text}'
    host = AlbumHost()
    html = PLAIN.convert(source, GeminiImagesExtension(host))
    assert "\ue000" not in html
    assert all("\ue000" not in prompt for prompt in host.prompts)
