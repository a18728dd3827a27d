"""Front matter gives a page its picture: on the page, in a blog's lists, and beside links to it."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import Built, Site, fence

URL = {"site_url": "https://example.org/docs/"}
HERO = "gemini_image:\n  prompt: A fox in snow\n  alt: A fox\n  focus: 30% 60%\n"
PAGE = f"---\n{HERO}---\n# Home\n\nText.\n"
NAME = r"[0-9a-f]{12}-1200x630-30-60\.jpg"

# What another plugin finds in a page's front matter, and when.
HOOK = """
import json, pathlib
log = pathlib.Path(__file__).with_name("heard.json")
heard = {}
def on_page_content(html, page, **_):
    heard[page.file.src_uri] = [page.meta.get("image")]
def on_page_context(context, page, **_):
    heard[page.file.src_uri].append(page.meta.get("image"))
def on_post_build(**_):
    log.write_text(json.dumps(heard))
"""


def metas(built: Built, uri: str = "index.html") -> dict[str, str]:
    found = [each for tag, each in tags(built.pages[uri]) if tag == "meta"]
    return {each.get("property") or each.get("name", ""): each.get("content", "") for each in found}


def facts(built: Built, uri: str = "index.html") -> list[dict[str, Any]]:
    pattern = r'<script type="application/ld\+json">(.*?)</script>'
    (found,) = re.findall(pattern, built.pages[uri])
    graph: list[dict[str, Any]] = json.loads(found)["@graph"]
    return graph


def cards(here: Site) -> list[Path]:
    return sorted((here.root / "site").rglob("*.jpg"))


def heard(here: Site, uri: str = "index.md") -> list[str | None]:
    found: list[str | None] = json.loads((here.root / "heard.json").read_text())[uri]
    return found


def listening(here: Site) -> Site:
    (here.root / "hook.py").write_text(HOOK)
    here.config["hooks"] = ["hook.py"]
    return here


def test_a_page_has_its_picture_behind_its_heading_and_beside_links_to_it(site: MakeSite) -> None:
    here = site(PAGE, config={**URL, "strict": True})
    for built in (here.build(), here.build()):
        assert built.error is None
        (image,) = built.images()
        assert (image["alt"], image["loading"]) == ("A fox", "eager")
        assert image["class"] == "gemini-image gemini-image--hero"
        assert re.search(r"<h1.*?</h1>\s*<p><img[^>]*></p>\s*<p>Text", built.page)
        (file,) = cards(here)
        said = metas(built)
        assert said["og:image"] == f"https://example.org/docs/assets/gemini/{file.name}"
        assert said["twitter:image"] == said["og:image"]
        assert said["og:image:alt"] == "A fox"
        with Image.open(BytesIO(file.read_bytes())) as card:
            assert (card.format, card.size) == ("JPEG", (688, 361))
            assert b"trainedAlgorithmicMedia" in card.info["xmp"]
        assert (said["og:image:width"], said["og:image:height"]) == ("688", "361")
        (fact,) = facts(built)
        assert fact["contentUrl"].endswith("-688.webp")
        assert fact["digitalSourceType"].endswith("/TrainedAlgorithmicMediaDigitalSource")
        assert fact["representativeOfPage"] is True
        assert (here.root / "site" / fact["contentUrl"].removeprefix(URL["site_url"])).is_file()
        assert b"in snow" not in b"".join(
            path.read_bytes() for path in (here.root / "site").rglob("*") if path.is_file()
        )
    assert built.requests == ()


def test_others_find_the_address_while_pages_render(site: MakeSite) -> None:
    here = listening(site({"index.md": PAGE, "own.md": f"---\nimage: mine.png\n{HERO}---\n"}))
    here.config |= URL
    here.build()
    (card,) = cards(here)
    assert heard(here) == [f"https://example.org/docs/assets/gemini/{card.name}"] * 2
    assert heard(here, "own.md") == ["mine.png"] * 2


@pytest.mark.parametrize("frozen", [True, False])
def test_a_picture_that_did_not_come_is_promised_on_no_page(site: MakeSite, frozen: bool) -> None:
    page = PAGE.replace("A fox in snow", "'A fox [emulate: image-safety]'")
    here = listening(site(page + fence("An owl"), config=dict(URL)))
    built = here.build(frozen=frozen)
    assert "og:image" not in built.page
    assert len(built.images()) == 2
    first, last = heard(here)
    assert (first is None) == frozen
    assert last is None
    assert cards(here) == []
    assert "index.md:2: 'A fox [emulate: image-safety]' is not drawn" in built.text


def test_a_picture_that_drifted_is_what_its_card_shows(site: MakeSite) -> None:
    here = site(PAGE, config=dict(URL))
    first = metas(here.build())["og:image"]
    built = here.build(aspect_ratio="4:3")
    assert "drifted: aspect_ratio 16:9 -> 4:3" in built.text
    second = metas(built)["og:image"]
    assert re.fullmatch(NAME, second.rsplit("/", 1)[1])
    assert second != first
    assert [card.name for card in cards(here)] == [second.rsplit("/", 1)[1]]


HOSTILE = """---
gemini_image:
  prompt: |
    prompt: A fox
    ```
    {{ 7 * 7 }} {% raw %} --8<-- "x.md" --> <script>alert(1)</script>
  alt: '"></script><!-- <b> &amp; `x`'
  caption: The *old* </figcaption> <i>light</i>
---
Text.
"""


def test_words_in_front_matter_are_words(site: MakeSite) -> None:
    built = site(HOSTILE, config={**URL, "markdown_extensions": ["pymdownx.superfences"]}).build()
    assert built.warnings == []
    (image,) = built.images()
    assert image["alt"] == metas(built)["og:image:alt"] == '"></script><!-- <b> &amp; `x`'
    assert facts(built)[0]["caption"] == image["alt"]
    assert built.prompts[0].startswith("prompt: A fox ``` {{ 7 * 7 }}")
    assert "<em>old</em>" in built.page
    assert "alert(1)" not in built.page


MISTAKES = {
    "{promt: A fox}": (
        "expected a known option in gemini_image:, got 'promt': did you mean 'prompt'?", "a box"
    ),
    "{prompt: A fox, preset: ink}": ("preset 'ink' is not defined", "a box"),
    "A fox": ("the alt is missing: ", "a picture"),
    "{prompt: A fox, show: false}": ("the alt is missing: ", ""),
    "{prompt: A fox, edits: [Make the sky: red]}": (
        "expected edits as text in gemini_image:, got a mapping: put it in quotes", "a box"
    ),
    "{prompt: [A fox, [in snow]]}": (
        "expected prompt as text in gemini_image:, got a list: put it in quotes", "a box"
    ),
    "{prompt: A fox, edits: [no]}": (
        "expected edits as text in gemini_image:, got false: put it in quotes", "a box"
    ),
    "A fox: dusk": ("expected front matter with gemini_image: as YAML, got ", ""),
}  # fmt: skip


def test_a_mistake_is_named_once_with_page_and_line(site: MakeSite) -> None:
    pages = {
        f"{at}.md": f"---\ntitle: x\ngemini_image: {written}\n---\n# Home\n"
        for at, written in enumerate(MISTAKES)
    }
    built = site(pages).build(base_url="emulator")
    assert len({each.partition(":")[0] for each in built.warnings}) == len(MISTAKES)
    for at, (said, shown) in enumerate(MISTAKES.values()):
        assert [each for each in built.warnings if each.startswith(f"{at}.md:3: {said}")], said
        page = f"{at}/index.html"
        assert ("gemini-image-error" in built.pages[page]) == (shown == "a box")
        assert len(built.images(page)) == (shown == "a picture")


def test_a_misspelt_name_is_told_with_its_own_line(site: MakeSite) -> None:
    built = site("---\ntitle: x\n\ngemini_images:\n  prompt: A fox\n---\n# Home\n").build()
    (warning,) = built.warnings
    assert warning.startswith("index.md:4: expected gemini_image: in the front matter, got ")


def test_without_an_address_one_line_says_what_is_missing(site: MakeSite) -> None:
    here = listening(site({"index.md": PAGE, "other.md": PAGE.replace("30%", "40%")}))
    built = here.build()
    (said,) = [text for text in built.infos if "site_url" in text]
    assert said.startswith("og:image needs site_url in mkdocs.yml: set it")
    assert "og:" not in built.page
    assert "ld+json" not in built.page
    assert cards(here) == []
    assert heard(here) == [None, None]
    assert len(built.images()) == len(built.images("other/index.html")) == 1


def test_a_theme_that_says_its_own_card_is_left_alone(site: MakeSite) -> None:
    theirs = '<meta property="og:image" content="https://example.org/own.png">'
    here = site(PAGE, config={**URL, "theme": {"name": "mkdocs", "custom_dir": "over"}})
    (here.root / "over").mkdir()
    (here.root / "over" / "main.html").write_text(
        '{% extends "base.html" %}{% block extrahead %}' + theirs + "{% endblock %}"
    )
    built = here.build()
    assert metas(built)["og:image"] == "https://example.org/own.png"
    assert "twitter:" not in built.page
    assert len(facts(built)) == 1


def test_a_card_says_its_page_and_nothing_that_the_theme_has_said(site: MakeSite) -> None:
    described = PAGE.replace("---\n", "---\ntitle: A & B\ndescription: What <b> says.\n", 1)
    config: dict[str, Any] = {**URL, "site_name": "Foxes", "site_description": "All of them"}
    config |= {"theme": {"name": "mkdocs", "custom_dir": "own"}}
    here = site({"index.md": PAGE, "more.md": described}, config=config)
    (here.root / "own").mkdir()
    theirs = '<meta property="og:title" content="t"><meta content="u" property="og:url">'
    head = (
        "{% block extrahead %}{% if not page.is_homepage %}" + theirs + "{% endif %}{% endblock %}"
    )
    (here.root / "own/main.html").write_text('{% extends "base.html" %}' + head)
    built = here.build()
    said = [metas(built, uri) for uri in ("index.html", "more/index.html")]
    names = ("og:type", "og:title", "og:description", "og:url")
    assert [each["og:image:alt"] for each in said] == ["A fox", "A fox"]
    assert [said[0][name] for name in names] == ["website", "Foxes", "All of them", URL["site_url"]]
    assert [said[1][name] for name in names] == ["article", "t", "What <b> says.", "u"]
    assert built.pages["more/index.html"].count("og:title") == 1
    assert built.pages["more/index.html"].count("og:url") == 1


def test_a_pages_pictures_are_described_once_each_and_other_pages_pay_nothing(
    site: MakeSite,
) -> None:
    two = fence("A fox", alt="One") + fence("An owl", alt="Two") + fence("A fox", alt="One")
    dark = fence("A town", alt="Three", dark="By night")
    here = site({"index.md": two + dark, "plain.md": "Text."}, config=dict(URL))
    built = here.build()
    assert [fact["caption"] for fact in facts(built)] == ["One", "Two", "Three"]
    assert "ld+json" not in built.pages["plain/index.html"]
    assert metas(built).keys() & {"og:image", "twitter:card"} == set()


POST = "---\ndate: 2026-01-02\n{}---\n# {}\n\nText.\n\n<!-- more -->\n\nMore.\n"


def test_a_blog_shows_a_posts_picture_in_its_lists(site: MakeSite) -> None:
    pages = {
        "index.md": "# Home",
        "blog/index.md": "# Blog",
        "blog/posts/one.md": POST.format(HERO, "One"),
        "blog/posts/two.md": POST.format(f"{HERO}  take: 2\n  show: false\n", "Two"),
    }
    here = site(pages, config={**URL, "theme": "material", "plugins": ["blog"]})
    for built in (here.build(), here.build()):
        assert built.warnings == []
        for name, loading in (("one", ["eager"]), ("two", [])):
            (uri,) = [each for each in built.pages if each.endswith(f"{name}/index.html")]
            assert [image["loading"] for image in built.images(uri)] == loading
            assert re.fullmatch(NAME, metas(built, uri)["og:image"].rsplit("/", 1)[1])
            assert "the picture of this page" not in built.pages[uri]
        for listed in ("blog/index.html", "blog/archive/2026/index.html"):
            assert [image["loading"] for image in built.images(listed)] == ["lazy"] * 2
            found = re.findall(r"<h2.*?</h2>\s*<p><img", built.pages[listed], re.DOTALL)
            assert len(found) == 2
            assert "og:image" not in built.pages[listed]


def test_what_a_post_lacks_is_said_once_however_often_it_is_listed(site: MakeSite) -> None:
    post = POST.format("gemini_image: A fox\n", "One") + "```gemini-image\nAn owl\n```\n"
    pages = {"blog/index.md": "# Blog", "blog/posts/one.md": post}
    built = site(pages, config={"theme": "material", "plugins": ["blog"]}).build(
        base_url="emulator"
    )
    assert [text.partition(" ")[0] for text in built.warnings] == [
        "blog/posts/one.md:3:", "blog/posts/one.md:12:",
    ]  # fmt: skip


def test_a_card_keeps_the_point_of_a_preset_in_view(site: MakeSite) -> None:
    hero = "---\ngemini_image: {prompt: A fox, alt: A fox, preset: low}\n---\n# Fox\n"
    here = site(hero, config={"site_url": "https://e.org/"}, presets={"low": {"focus": "bottom"}})
    built = here.build()
    (card,) = cards(here)
    assert card.name.endswith("-1200x630-50-100.jpg")
    assert metas(built)["og:image"].endswith(card.name)
