"""Any Markdown converts without an error, keeps its text and draws directives only."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown.util import STX

from mkdocs_gemini_images.extension import GeminiImagesExtension
from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.hosts import SITES
from tests.unit.markdown.test_golden_pages import check_nesting

PIECES = [
    "Text wordN.",
    "*wordN* and `wordN`",
    "# wordN",
    "```python\nwordN\n```",
    "````markdown\n```gemini-image\nwordN\n```\n````",
    "    wordN\n    ```gemini-image\n    wordN\n    ```",
    '`![wordN](gemini: "wordN")`',
    "<!-- wordN -->",
    "```gemini-image\nprompt: drawnN\nalt: wordN\n```",
    "```gemini-image\nprompt: drawnN\nalt: wordN\ncaption: The *wordN*\n```",
    '```{ .gemini-image alt="wordN" .wide }\ndrawnN\n```',
    "```gemini-image\nprompt: drawnN\ntake: wordN\n```",
    "~~~ gemini-image\ndrawnN\n~~~",
    "text wordN\n```gemini-image\nprompt: drawnN\n```\nwordN",
    '![wordN](gemini: "drawnN")',
    'Text ![wordN](gemini: "drawnN"){ .wide } wordN.',
    '![wordN](gemini: "drawnN"){ caption="wordN" }',
    '[![wordN](gemini: "drawnN")](wordN.md)',
    '![wordN](gemini: "drawnN") { wordN }',
    "![wordN](gemini: wordN)",
    "```gemini_image\nwordN\n```",
    "```gemini-image\nwordN",
    "````\nwordN",
    '| a | b |\n|---|---|\n| ![wordN](gemini: "drawnN") | wordN |',
    '<div markdown="1">\n\n```gemini-image\nprompt: drawnN\nalt: wordN\n```\n\n</div>',
    "term wordN\n:   wordN\n    ```gemini-image\n    prompt: drawnN\n    ```",
]
AROUND = [
    ("", ""),
    ("- ", "    "),
    ("1. ", "    "),
    ("> ", "> "),
    ("!!! note\n    ", "    "),
    ("    ", "    "),
]


def nested(piece: str, around: list[tuple[str, str]]) -> str:
    for first, lead in around:
        piece = (
            first + "\n".join((lead + line).rstrip() for line in piece.splitlines())[len(lead) :]
        )
    return piece


pages = st.lists(
    st.builds(nested, st.sampled_from(PIECES), st.lists(st.sampled_from(AROUND), max_size=2)),
    min_size=1,
    max_size=6,
)


def numbered(pieces: list[str]) -> str:
    return "\n\n".join(
        re.sub(r"\b(word|drawn)N\b", rf"\g<1>{number}", piece)
        for number, piece in enumerate(pieces)
    )


@settings(max_examples=100, deadline=None)
@given(pieces=pages, name=st.sampled_from(sorted(SITES)), joint=st.sampled_from(["\n\n", "\n"]))
def test_nothing_raises_and_no_text_is_lost(pieces: list[str], name: str, joint: str) -> None:
    source = numbered(pieces).replace("\n\n", joint)
    site = SITES[name]
    html, host = site.shown(source)
    without = site.convert(source)
    for word in set(re.findall(r"word\d+", without)):
        assert word in html + "".join(host.diagnostics), word
    assert len(re.findall("<img [^>]*gemini-image", html)) == len(host.prompts)
    for prompt in host.prompts:
        assert re.fullmatch(r"drawn\d+", prompt) or "```" in source
    if not host.prompts and "gemini-image-error" not in html:
        assert html == without


@settings(max_examples=60, deadline=None)
@given(pieces=pages)
def test_added_html_is_well_formed_in_every_context(pieces: list[str]) -> None:
    site = SITES["superfences"]
    source = numbered([piece for piece in pieces if "<" not in piece])
    html, _ = site.shown(source)
    try:
        check_nesting(site.convert(source))
    except (AssertionError, IndexError):
        return  # superfences itself leaves blocks in paragraphs
    check_nesting(html)


@settings(max_examples=50, deadline=None)
@given(text=st.text(alphabet="`~{}[]()!:\"'<>&*_#-.= \n\tagemini|\\", max_size=80))
@example(text="[(`")
def test_noise_never_raises_and_leaves_no_placeholder_of_markdown(text: str) -> None:
    for name in ("superfences", "fenced_code", "superfences with preserve_tabs"):
        source = f'{text}\n```gemini-image\n{text}\n```\n![{text}](gemini: "{text}"){text}'
        html = SITES[name].convert(source, GeminiImagesExtension(AlbumHost()))
        # Markdown leaves one by itself where a link's title holds half of a span of code.
        assert STX not in html or html == SITES[name].convert(source)
