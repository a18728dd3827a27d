"""A directive that no step has read is reported, and its prompt is not published."""

import json

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX

PROMPT = "A red fox in deep snow"
UNREAD = {
    "raw HTML": f'<img src="gemini:" alt="A fox" title="{PROMPT}">\n',
    "a block without markdown": f'<div>\n<img src="gemini: {PROMPT}">\n</div>\n',
    "an escaped image": f'\\![A fox](gemini: "{PROMPT}")\n',
    "a link": f'[A fox](gemini: "{PROMPT}")\n',
    "a named file": f'<img src="fox.webp" title="gemini: {PROMPT}" alt="A fox">\n',
    "a figure": f'<figure><a href="gemini:" title="{PROMPT}">A fox</a></figure>\n',
}


@pytest.mark.parametrize("kind", UNREAD)
def test_a_prompt_is_neither_in_the_page_nor_in_the_index(site: MakeSite, kind: str) -> None:
    pages = {"index.md": f"# A page\n\nWords.\n\n{UNREAD[kind]}", "other.md": FOX}
    here = site(pages, config={"plugins": ["search"]}, base_url="emulator")
    built = here.build()
    assert len(built.loud) == 1
    line = 5 + UNREAD[kind].split(PROMPT)[0].count("\n")
    assert built.warnings[0].startswith(f"index.md:{line}: expected ")
    assert PROMPT not in built.page
    index = json.loads((here.root / "site/search/search_index.json").read_text())
    assert PROMPT not in json.dumps(index)
    assert len(built.images("other/index.html")) == 1


def test_a_site_without_any_directive_is_looked_at_as_well(site: MakeSite) -> None:
    built = site({"index.md": UNREAD["raw HTML"]}).build()
    assert built.warnings == [
        "index.md:1: expected a picture that Markdown has read, got "
        f"<img src='gemini:' title='{PROMPT}'> in the "
        "finished page: write it where Markdown is read; to show it as an example, put it into code"
    ]
    assert "Picture not drawn" in built.page


def test_examples_in_code_stay(site: MakeSite) -> None:
    example = f'`![A](gemini: "{PROMPT}")`\n\n    <img src="gemini:" title="{PROMPT}">\n'
    built = site({"index.md": example}).build()
    assert built.loud == ()
    assert built.page.count(PROMPT) == 2
