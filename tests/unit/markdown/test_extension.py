"""The extension works beside others, under any host and in several Markdown instances."""

import re
import subprocess
import sys
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.extension import GeminiImagesExtension
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from tests.unit.markdown.host import AlbumHost
from tests.unit.markdown.hosts import MATERIAL, PLAIN, SITES

FENCE = "```gemini-image\nprompt: A fox\nalt: A fox\n```"
IMAGE = '![A fox](gemini: "A fox")'


@dataclass
class File:
    src_uri: str


class Relpath(Treeprocessor):
    """Does what MkDocs does: it knows the page, and turns source paths into URLs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.file = File(page)
        self.files = [page]

    def run(self, root: etree.Element) -> None:
        for image in root.iter("img"):
            image.set("src", f"../{image.attrib['src']}")


def test_the_page_is_known_from_the_host_of_the_conversion() -> None:
    host = AlbumHost(page="elsewhere.md")
    md = Markdown(extensions=["fenced_code", GeminiImagesExtension(host)])
    md.treeprocessors.register(Relpath("guide/deep/page.md"), "relpath", 0)
    html = md.convert("```gemini-image\nprompt: A fox\n```\n\n```gemini-image\nid: fox\n```")
    assert host.reported[0][0] == "guide/deep/page.md"
    assert 'src="../../../assets/gemini/1-960.webp"' in html
    assert (
        'srcset="../../../assets/gemini/1-480.webp 480w, ../../../assets/gemini/1-960.webp 960w"'
        in html
    )


@pytest.mark.parametrize(
    ("page", "src"),
    [
        ("", "assets/gemini/1-960.webp"),
        ("index.md", "assets/gemini/1-960.webp"),
        ("guide/page.md", "../assets/gemini/1-960.webp"),
        ("assets/page.md", "gemini/1-960.webp"),
        ("a b/c/page.md", "../../assets/gemini/1-960.webp"),
    ],
)
def test_the_source_is_relative_to_the_page(page: str, src: str) -> None:
    html, _ = PLAIN.shown(IMAGE, AlbumHost(page=page))
    assert f'src="{src}"' in html


def test_a_folder_with_spaces_is_written_as_a_url() -> None:
    class SpaciousHost(AlbumHost):
        def resolve(self, directive: Directive, context: object) -> RenderedImage:
            return RenderedImage("my pictures/50%.webp", 16, 9)

    html, _ = PLAIN.shown(IMAGE, SpaciousHost())
    assert 'src="my%20pictures/50%25.webp"' in html
    assert "srcset" not in html


def test_superfences_may_be_listed_after_the_extension() -> None:
    host = AlbumHost()
    md = Markdown(extensions=[GeminiImagesExtension(host), "pymdownx.superfences"])
    assert "<img" in md.convert(f"- item\n\n    {FENCE.replace(chr(10), chr(10) + '    ')}")
    assert "<img" in md.reset().convert(FENCE)
    assert host.prompts == ["A fox", "A fox"]


def test_with_both_fence_extensions_the_last_one_reads_the_fences() -> None:
    for extensions in (
        ["fenced_code", "pymdownx.superfences"],
        ["pymdownx.superfences", "fenced_code"],
    ):
        host = AlbumHost()
        Markdown(extensions=[*extensions, GeminiImagesExtension(host)]).convert(FENCE)
        assert host.prompts == ["A fox"]


def test_a_site_without_fences_has_inline_images() -> None:
    host = AlbumHost()
    html = Markdown(extensions=[GeminiImagesExtension(host)]).convert(f"{IMAGE}\n\n{FENCE}")
    assert host.prompts == ["A fox"]
    assert html.count("<img") == 1


def test_the_later_of_two_instances_is_used() -> None:
    host = AlbumHost()
    html = MATERIAL.convert(FENCE, GeminiImagesExtension(), GeminiImagesExtension(host))
    assert host.prompts == ["A fox"]
    assert "gemini-image-error" not in html


def test_the_extension_is_found_by_its_name() -> None:
    extension = GeminiImagesExtension(colour="blue", anything=1)
    assert extension.options == {"colour": "blue", "anything": 1}
    html = Markdown(extensions=["mkdocs_gemini_images.extension:GeminiImagesExtension"]).convert(
        IMAGE
    )
    assert "gemini-image-error" in html


class Inner(Extension, Preprocessor):
    """Converts a text with an instance of its own amid the conversion, as mkdocstrings does."""

    def __init__(self, *extensions: Extension | str) -> None:
        super().__init__()
        self.extensions = extensions

    def extendMarkdown(self, md: Markdown) -> None:
        self.md = md
        md.preprocessors.register(self, "inner", 22)

    def run(self, lines: list[str]) -> list[str]:
        html = Markdown(extensions=list(self.extensions)).convert(f"{FENCE}\n\nNo directive.")
        plain = Markdown(extensions=list(self.extensions)).convert("Nothing to see.")
        return [*lines, "", self.md.htmlStash.store(f"<div>{html}{plain}</div>"), ""]


def test_one_extension_serves_conversions_within_conversions() -> None:
    host = AlbumHost(page="guide/page.md")
    ours = GeminiImagesExtension(host)
    md = Markdown(extensions=["fenced_code", ours, Inner("fenced_code", ours)])
    md.treeprocessors.register(Relpath("page.md"), "relpath", 0)
    html = md.convert(f"{FENCE.replace('A fox', 'An owl')}\n\n{IMAGE}")
    assert host.prompts == ["A fox", "An owl", "A fox"]
    assert 'srcset="../assets/gemini/2-480.webp' in html
    assert html.count("srcset=") == 3


def test_a_conversion_keeps_nothing_of_the_previous_one() -> None:
    host = AlbumHost()
    md = Markdown(extensions=["pymdownx.superfences", GeminiImagesExtension(host)])
    first = md.convert(f"{FENCE}\n\n{IMAGE}")
    assert md.reset().convert("Text.") == "<p>Text.</p>"
    assert md.reset().convert(f"{FENCE}\n\n{IMAGE}") == first
    assert host.prompts == ["A fox"] * 4


def test_fences_from_snippets_are_shown(tmp_path: Path) -> None:
    (tmp_path / "fox.md").write_text(f'{FENCE}\n\n[fox]: gemini: "A fox"\n', "utf-8")
    host = AlbumHost()
    html = Markdown(
        extensions=["pymdownx.snippets", "pymdownx.superfences", GeminiImagesExtension(host)],
        extension_configs={"pymdownx.snippets": {"base_path": [str(tmp_path)]}},
    ).convert('![A fox][fox]\n\n--8<-- "fox.md"\n')
    assert html.count("<img") == 2
    assert host.prompts == ["A fox", "A fox"]


def test_the_prompt_is_what_the_author_wrote() -> None:
    for source, prompt in {
        r'![A](gemini: "A \*fox\*, the owl\'s &amp; 1 < 2")': r"A *fox*, the owl\'s & 1 < 2",
        '![A](gemini: "snake_case __init__ *x*")': "snake_case __init__ *x*",
        "![A](gemini: 'A \"fox\" (red)')": 'A "fox" (red)',
        '![A](gemini: "it\'s a (fox)")': "it's a (fox)",
        '![A](<gemini:> "A fox")': "A fox",
        '![A][f]\n\n[f]: gemini: "A fox, see x_y_z"': "A fox, see x_y_z",
        '![A][f]\n\n[f]: gemini:\n    "A fox"': "A fox",
        "```gemini-image\nA <fox> & *more*\n\n  # in\n```": "A <fox> & *more*\n\n  # in",
        "> ```gemini-image\n> prompt: A fox\n> ```": "A fox",
    }.items():
        _, host = MATERIAL.shown(source)
        assert host.prompts == [prompt], source


def test_a_label_is_literal_and_makes_a_figure() -> None:
    for source in (FENCE, IMAGE):
        html, _ = MATERIAL.shown(source, AlbumHost(label="Made *by* a <machine> & me"))
        assert "<figcaption> <small" in html
        assert ">Made *by* a &lt;machine&gt; &amp; me</small>" in html


def test_control_characters_are_left_out() -> None:
    for site in SITES.values():
        body = "prompt: A\x00\x08\x1f fox\nalt: A\x01\x0b\ufffe"
        html, host = site.shown(f"```gemini-image\n{body}\n```")
        assert len(host.prompts) == 1
        assert re.search(' alt="A ?"', html)


def test_links_to_gemini_capsules_are_not_directives() -> None:
    source = "[a](gemini://a.b/c) ![a](gemini://a.b/c.png) <gemini://a.b/c>"
    html, host = MATERIAL.shown(source)
    assert (html, host.diagnostics) == (MATERIAL.convert(source), [])


def test_no_host_is_imported() -> None:
    heavy = "{'mkdocs', 'httpx', 'PIL', 'pymdownx', 'diskcache'}"
    code = f"import sys, mkdocs_gemini_images.extension; sys.exit(len({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_page_without_directives_gets_no_steps_over_its_tree() -> None:
    md = Markdown(extensions=["fenced_code", GeminiImagesExtension(AlbumHost())])
    names = {"gemini_images_blocks", "gemini_images_inline", "gemini_images_complete"}
    md.convert("# Title\n\nSome *text* with `code`.\n\n```python\nx = 1\n```\n")
    assert not any(name in md.treeprocessors for name in names)
    md.reset().convert(IMAGE)
    assert all(name in md.treeprocessors for name in names)
