"""Where nothing reads the HTML, a page gives the same directives, messages, title and contents.

MkDocs converts each page twice: once as for a reader, and once as for a command that only collects.
"""

import re
import tempfile
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from mkdocs_gemini_images.extension import GeminiImagesExtension
from mkdocs_gemini_images.markdown.unread_blocks import drop_unread_blocks
from mkdocs_gemini_images.rendering.corrections.unread_images import without_unread_images
from tests.unit.markdown.examples import EXAMPLES, text
from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.test_anything import numbered, pages

HERE = Path(__file__).parent
MANUAL = HERE.parents[2] / "example_site/docs"
SITES: dict[str, dict[str, dict[str, Any]]] = {
    "Python-Markdown": {
        name: {}
        for name in ("abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes",
                     "md_in_html", "tables", "toc")
    },
    "other extensions": {
        "attr_list": {}, "footnotes": {"USE_DEFINITION_ORDER": False}, "legacy_attrs": {},
        "legacy_em": {}, "nl2br": {}, "sane_lists": {}, "smarty": {}, "tables": {}, "toc": {},
        "pymdownx.betterem": {}, "pymdownx.caret": {}, "pymdownx.critic": {},
        "pymdownx.details": {}, "pymdownx.escapeall": {}, "pymdownx.highlight": {},
        "pymdownx.keys": {}, "pymdownx.mark": {}, "pymdownx.smartsymbols": {},
        "pymdownx.superfences": {}, "pymdownx.tabbed": {"alternate_style": True},
        "pymdownx.tasklist": {}, "pymdownx.tilde": {},
    },
    "unknown extensions": {
        "attr_list": {}, "pymdownx.emoji": {}, "pymdownx.inlinehilite": {},
        "pymdownx.magiclink": {}, "pymdownx.superfences": {}, "tables": {}, "wikilinks": {},
    },
}  # fmt: skip


class CollectingHost(AlbumHost):
    """A host of a command that only collects pictures."""

    def reads_html(self) -> bool:
        return False


@cache
def site(name: str) -> MkDocsConfig:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs").mkdir()
        file = Path(folder) / "mkdocs.yml"
        extensions = [{each: options} for each, options in SITES[name].items()]
        options = {"site_name": "A site", "plugins": [], "markdown_extensions": extensions}
        file.write_text(yaml.safe_dump(options))
        return load_config(str(file))


def rendered(source: str, name: str, host: AlbumHost, *others: Extension) -> tuple[object, ...]:
    """Return all that a page of a site leaves behind, but its HTML."""
    config = site(name)
    extensions: list[Any] = [each for each in config.markdown_extensions if isinstance(each, str)]
    extensions += [*others, GeminiImagesExtension(host)]
    config.markdown_extensions = extensions
    file = File("index.md", config.docs_dir, config.site_dir, use_directory_urls=True)
    page = Page(None, file, config)
    page.markdown, page.meta = source, {}
    page.render(config, Files([file]))
    unread = without_unread_images(page.content or "")[1]
    return host.shown, host.reported, unread, page.title, contents(page.toc.items)


def contents(items: Sequence[AnchorLink]) -> list[object]:
    return [(each.id, each.title, each.level, contents(each.children)) for each in items]


def check_nothing_is_lost(source: str, name: str) -> None:
    read = rendered(source, name, AlbumHost())
    assert rendered(source, name, CollectingHost()) == read


def test_nothing_of_the_manual_is_lost() -> None:
    for path in sorted(MANUAL.rglob("*.md")):
        check_nothing_is_lost(path.read_text("utf-8"), "Python-Markdown")


@pytest.mark.parametrize("name", ["Python-Markdown", "other extensions"])
def test_nothing_of_a_golden_page_is_lost(name: str) -> None:
    for path in sorted((HERE / "golden").glob("*.md")):
        check_nothing_is_lost(path.read_text("utf-8"), name)


@pytest.mark.parametrize("name", ["Python-Markdown", "other extensions"])
def test_nothing_of_an_example_is_lost(name: str) -> None:
    for each in EXAMPLES.values():
        check_nothing_is_lost(f"before\n\n{text(each)}\n\nafter\n", name)


@settings(max_examples=40, deadline=None)
@given(pieces=pages, name=st.sampled_from(sorted(SITES)), joint=st.sampled_from(["\n\n", "\n"]))
def test_nothing_of_any_page_is_lost(pieces: list[str], name: str, joint: str) -> None:
    check_nothing_is_lost(numbered(pieces).replace("\n\n", joint), name)


PIECES = [
    "< ", *"[](){}`*_&>\\:!|^\" \n", "gemini", "gem", "ini:", "](", "![", "[fox]", "[^1]", "FOX",
    "word ", "&#103;", "<code>", "<b>", "</b>", "{ #a }", "{ alt=x }", "`gem`ini:", "![a](",
    '"A fox")', "](x.md)", "https://a.b/", "```", "==", "~~", "(c)",
]  # fmt: skip
DEFINITIONS = [
    '[fox]: gemini: "A fox"',
    '[fox]: &#103;emini: "A fox"',
    '[fox]: fox.png "gemini: A fox"',
    "[fox]: fox.png",
    "[^1]: a note",
    '[^1]: a note ![a](gemini: "A note")',
    "*[FOX]: gemini: A fox",
    "*[FOX]: a fox",
    "## A heading",
    "A heading\n=",
    '![A](gemini: "A fox")',
    '[A](gemini: "A fox")',
    "```gemini-image\nprompt: A fox\n```",
    "```py\ngemini\n```",
    "<!-- gemini -->",
    "words",
]
AROUND = [
    "{}", "- {}\n- b", "- a\n\n    {}", "1. {}", "- [ ] {}", "> {}", "# {}", "term\n:   {}",
    "| a | b |\n|---|---|\n| {} | y |", "!!! note\n\n    {}", '=== "A tab"\n\n    {}', "<p>{}</p>",
    '<div markdown="1">\n\n{}\n\n</div>', "<span markdown='1'>{}</span>",
]  # fmt: skip
hostile = st.lists(
    st.sampled_from(DEFINITIONS)
    | st.builds(
        lambda around, pieces: around.replace("{}", "".join(pieces)),
        st.sampled_from(AROUND),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(blocks=hostile, name=st.sampled_from(sorted(SITES)))
@example(blocks=["words", '![a](`gem`ini: "A fox")', "gemini"], name="Python-Markdown")
@example(blocks=["words", "![fox]", '[fox]: gemini: "A fox"'], name="Python-Markdown")
@example(blocks=["words", "FOX", "*[FOX]: gemini: A fox"], name="Python-Markdown")
@example(blocks=["words", '[a](&#103;emini: "A fox")', "gemini"], name="Python-Markdown")
@example(blocks=["words", "gemini {hidden}", "words"], name="Python-Markdown")
@example(blocks=["words", "[^2] [^1]", '[^1]: ![a](gemini: "1")', '[^2]: ![a](gemini: "2")'],
         name="other extensions")  # fmt: skip
@example(blocks=["words", "<div markdown id='a-heading'>\nwords\n</div>", "## A heading"],
         name="Python-Markdown")  # fmt: skip
@example(blocks=["words", "<code>", '<b>![a](gemini: "A fox")</b>'], name="Python-Markdown")
def test_nothing_of_a_hostile_page_is_lost(blocks: list[str], name: str) -> None:
    check_nothing_is_lost("\n\n".join(blocks), name)


# --- what is dropped ---------------------------------------------------------------------------

PAGE = """# A page

A [link](other.md), some `code`, *here and there* a word.

- one thing
- another [thing](https://example.org)

| a | b |
| - | - |
| 1 | 2 |

```python
print(1)
```

## A part

![A fox](gemini: "A fox")

words
"""


def kept(source: str, *others: Extension) -> list[str]:
    """Return the texts of the blocks that stay below the root."""
    md = Markdown(extensions=["fenced_code", "tables", "attr_list", "abbr", "footnotes", *others])
    lines = source.split("\n")
    for step in md.preprocessors:
        lines = step.run(lines)
    root = md.parser.parseDocument(lines).getroot()
    assert root is not None
    drop_unread_blocks(root, md)
    return ["".join(block.itertext()).strip() for block in root]


def test_headings_and_blocks_with_a_trace_of_a_directive_stay() -> None:
    assert kept(PAGE) == ["A page", "A part", '![A fox](gemini: "A fox")']


def test_the_first_block_stays_which_is_no_title() -> None:
    assert kept("words\n\nwords\n\n# A heading\n") == ["words", "A heading"]


@pytest.mark.parametrize(
    "block",
    ["[^1]", "a \\: b", "a & b", "<b>", "a {: #a }", "![a](g-e-m-i-n-i: x)", "> ### A heading"],
)
def test_a_block_stays_that_may_matter(block: str) -> None:
    assert len(kept(f"words\n\n{block}\n\nwords\n")) == 2


@pytest.mark.parametrize(
    "page",
    [
        "a<p>b</p><p>c</p>",
        "<p>b</p><p>c</p>d",
        "<p>b</p><span>c</span>",
        "<p>b</p><ul><li><p>c</p>gemini</li></ul>",
    ],
)
def test_blocks_beside_bare_text_stay(page: str) -> None:
    root = etree.fromstring(f"<div>{page}</div>")
    drop_unread_blocks(root, Markdown())
    assert len(root) == 2


def test_a_reference_may_stand_for_a_picture() -> None:
    assert kept('a\n\nb\n\n![fox]\n\n[fox]: gemini: "A fox"\n') == ["a", "![fox]"]
    assert kept("a\n\nb\n\n![fox]\n\n[fox]: fox.png\n") == ["a"]


class Fox(InlineProcessor):
    """Makes a picture of a word."""

    def handleMatch(  # type: ignore[override]  # as every InlineProcessor does
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        image = etree.Element("img", {"src": "gemini:", "title": "A fox", "alt": "A fox"})
        return image, m.start(0), m.end(0)


class FoxExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.inlinePatterns.register(Fox("@fox", md), "fox", 50)


class ChangedStep(Extension):
    """Replaces the function of a known step."""

    def extendMarkdown(self, md: Markdown) -> None:
        step = Treeprocessor(md)
        step.run = lambda root: None  # type: ignore[method-assign]
        md.treeprocessors.register(step, "changed", 3)


@pytest.mark.parametrize("extension", [FoxExtension, ChangedStep])
def test_all_blocks_stay_where_a_step_is_unknown(extension: type[Extension]) -> None:
    assert len(kept(PAGE, extension())) == 8


def test_the_picture_of_an_unknown_step_is_drawn() -> None:
    source, host = "# A page\n\nwords\n\nOn Gemini: @fox\n", CollectingHost()
    rendered(source, "Python-Markdown", host, FoxExtension())
    assert host.prompts == ["A fox"]
