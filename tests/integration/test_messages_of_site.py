"""One site with a page for each mistake: its whole log is a golden file.

`GOLDEN=write pytest tests/integration/test_messages_of_site.py` writes it: read its changes.
"""

import os
from pathlib import Path

from tests.integration.conftest import MakeSite

GOLDEN = Path(__file__).with_name("messages_of_site.txt")
GOOD = "```gemini-image\nprompt: A heron in reeds\nalt: A heron waits\n```\n"
PAGES = {
    "index.md": "# Home\n",
    "all-at-once.md": "# All at once\n\n```gemini-image\npromt: A fox\nalt: A fox\nsise: 8K\n"
    "aspect_ratio: 16:99\nreferences: gone.png\ntake: two\nwidth: wide\n```\n",
    "circle.md": "".join(
        f"```gemini-image\nprompt: A {one}\nalt: One\nid: {one}\nreferences: '#{other}'\n```\n\n"
        for one, other in (("hen", "owl"), ("owl", "hen"))
    ),
    "copied.md": "```gemini-image\nprompt: A fox in deep snow\nalt: A fox in deep snow\n```\n",
    "empty.md": "# Empty\n\n```gemini-image\n```\n\nAnd\n\n```gemini-image\n```\n",
    "in-a-list.md": "- an item\n\n    > ```gemini-image\n    > prompt: A fox\n"
    "    > alt: A fox sleeps\n    > size: 9K\n    > ```\n",
    "inline.md": 'Text\n\n![A fox](gemini: "A fox, ink drawing"){ size=9K .left }\n',
    "preset.md": "```gemini-image\nprompt: A fox\nalt: A fox sleeps\npreset: ink\n```\n",
    "repeated.md": "```gemini-image\nprompt: A fox\nalt: A fox\nalt: An owl\n```\n",
    "twice.md": "".join(
        f"```gemini-image\nprompt: {prompt}\nalt: An animal\nid: mould\n```\n\n"
        for prompt in ("A fox", "An owl")
    ),
    "undrawn.md": f"{GOOD}\n```gemini-image\nprompt: A lighthouse\nalt: A tower by the sea\n```\n",
    "unread.md": "```gemini-images\nA fox\n```\n\n![A](gemini: “A fox”)\n",
}


def test_each_mistake_is_said_at_its_line_in_the_order_of_pages(site: MakeSite) -> None:
    made = site(PAGES, config={"markdown_extensions": ["attr_list", "pymdownx.superfences"]})
    built = made.build(frozen=True, presets={"ink": {"references": ["art/gone.png"]}})
    said = "".join(f"{level} {text}\n" for level, text in built.said)
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")
    assert built.requests == ()


def test_a_broken_template_is_named_with_its_line_and_nothing_is_drawn(site: MakeSite) -> None:
    made = site({"index.md": GOOD}, config={"theme": {"name": "mkdocs", "custom_dir": "over"}})
    template = made.root / "over" / "partials" / "gemini-image.html"
    template.parent.mkdir(parents=True)
    template.write_text("<p>\n{{ nothing }}</p>", encoding="utf-8")
    built = made.build()
    assert built.requests == ()
    assert built.warnings == [
        "index.md:1: 'A heron in reeds' is not drawn: the site's template is broken; the warning "
        "says where",
        "over/partials/gemini-image.html:2: the template cannot be rendered ('nothing' is "
        "undefined): mend it",
    ]
    assert "Picture not drawn" in built.page
