"""Where pages point: every address of ours leads to a file, whatever the site's shape is.

`Site.build` follows all addresses after every build; here are the shapes that matter.
"""

import posixpath
from urllib.parse import urlsplit

import pytest

from mkdocs_gemini_images.emulator.answers import response_json
from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, fence

PAGES = {
    "index.md": FOX,
    "about.md": fence("A fox in snow", caption="See [home](index.md)"),
    "guide/index.md": FOX,
    "guide/deep/er/page.md": '- ![A fox](gemini: "A fox in snow"){ .left }\n- text\n',
    "ümlaut page.md": FOX,
}
BLOG = {
    "index.md": "# Home\n",
    "blog/index.md": "# Blog\n",
    "blog/posts/first.md": f"---\ndate: 2026-01-02\n---\n# One\n\n{FOX}\n<!-- more -->\n\nMore.\n",
}


@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize("url", ["", "https://example.org/", "https://example.org/some/where/"])
def test_every_address_leads_to_a_file(site: MakeSite, directory_urls: bool, url: str) -> None:
    config: dict[str, object] = {"use_directory_urls": directory_urls, "strict": True}
    config |= {"site_url": url} if url else {}
    here = site(PAGES, config=config, base_url="emulator")
    for built in (here.build(), here.build()):
        assert built.error is None
        shown = {uri: built.images(uri) for uri in built.pages if uri != "404.html"}
        assert [len(images) for images in shown.values()] == [1] * len(PAGES)
        for uri, (image,) in shown.items():
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(uri), image["src"]))
            assert posixpath.dirname(path) == "/assets/gemini"
            assert image["srcset"].count(" ") == 3, "two candidates"
        assert "<img" not in built.pages["404.html"]
    assert all("See <a href=" in built.pages[uri] for uri in built.pages if "about" in uri)


@pytest.mark.parametrize("frozen", [True, False])
def test_a_frozen_site_points_at_placeholders_that_are_there(site: MakeSite, frozen: bool) -> None:
    here = site(PAGES)
    built = here.build(frozen=True)
    assert built.placeholders == ["placeholder-688x384.svg"]
    sources = [image["src"] for uri in built.pages for image in built.images(uri)]
    assert len(sources) == len(PAGES)
    assert all(source.endswith("assets/gemini/placeholder-688x384.svg") for source in sources)
    assert "srcset" not in "".join(built.pages.values())


def test_a_picture_that_did_not_come_leaves_no_address_behind(site: MakeSite) -> None:
    built = site(FOX + fence("A heron [emulate: image-safety]")).build()
    assert [image["src"].rsplit(".", 1)[1] for image in built.images()] == ["webp", "svg"]
    assert built.page.count("srcset=") == 1


def test_a_strict_site_passes_when_all_is_well_and_fails_when_a_picture_is_missing(
    site: MakeSite,
) -> None:
    here = site(FOX, config={"strict": True})
    assert here.build().error is None
    here.pages["index.md"] = fence("A heron")
    assert "1 warnings in strict mode" in str(here.build(frozen=True).loud) + str(
        here.build(frozen=True).error
    )
    assert here.build(frozen=True, on_missing="info").error is None


def test_a_dirty_build_changes_one_page_and_keeps_the_others(site: MakeSite) -> None:
    here = site({"index.md": FOX, "other.md": fence("A heron")})
    here.build()
    here.pages["index.md"] = FOX + fence("A town")
    (here.root / "docs" / "index.md").unlink()
    del here.pages["other.md"]
    built = here.build(dirty=True)
    assert built.prompts == ["A town"]
    assert len(built.images()) == 2
    assert len(built.images("other/index.html")) == 1


def test_a_blog_shows_the_same_picture_in_its_excerpt(site: MakeSite) -> None:
    config = {"theme": "material", "plugins": ["blog"], "site_url": "https://example.org/docs/"}
    here = site(BLOG, config=config)
    for built in (here.build(), here.build()):
        assert built.warnings == []
        (post,) = [uri for uri in built.pages if uri.endswith("one/index.html")]
        (whole,), (excerpt,) = built.images(post), built.images("blog/index.html")
        assert excerpt["src"] == "../assets/gemini/" + posixpath.basename(whole["src"])
        assert posixpath.basename(whole["src"]) in built.files
    assert built.requests == ()
    assert here.build(frozen=True).closing.startswith("1 picture, ")


def test_a_blog_without_its_picture_shows_the_placeholder_everywhere(site: MakeSite) -> None:
    config = {"theme": "material", "plugins": ["blog"], "site_url": "https://example.org/docs/"}
    page = BLOG["blog/posts/first.md"].replace("A fox in snow", "[emulate: image-safety]")
    built = site({**BLOG, "blog/posts/first.md": page}, config=config).build()
    pictures = [image["src"] for uri in built.pages for image in built.images(uri)]
    assert len(pictures) >= 2
    assert {posixpath.basename(source) for source in pictures} == {"placeholder-688x384.svg"}


def test_the_style_is_linked_once_on_every_page_and_only_with_pictures(site: MakeSite) -> None:
    built = site({"index.md": FOX, "sub/plain.md": "No picture."}).build()
    for uri, page in built.pages.items():
        links = [a["href"] for tag, a in tags(page) if tag == "link" and "gemini" in a["href"]]
        assert len(links) == 1, uri
    plain = site("No picture.").build()
    assert "gemini" not in plain.page


def test_prompts_are_not_published(site: MakeSite) -> None:
    here = site(fence("A secret plan", id="plan") + fence("A hidden wish [emulate: no-image]"))
    built = here.build()
    published = [path for path in (here.root / "site").rglob("*") if path.is_file()]
    assert len(built.images()) == 2
    for path in published:
        assert b"secret plan" not in path.read_bytes(), path
        assert b"hidden wish" not in path.read_bytes(), path
        assert urlsplit(path.name).path.isascii()


def test_names_of_files_are_short_and_stable(site: MakeSite) -> None:
    one, other = site(fence("A fox", id="fox")), site(fence("A fox", id="fox"))
    built = one.build()
    assert set(built.pictures) == set(other.build().pictures)
    assert all(name.startswith("fox-") and len(name) == 25 for name in built.pictures)


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        ({"name": "material", "language": "fr"}, "Généré par IA"),
        ({"name": "mkdocs", "locale": "fr"}, "Généré par IA"),
        ({"name": "mkdocs", "locale": "de"}, "AI-generated"),
    ],
)
def test_a_label_speaks_the_site_s_language(
    site: MakeSite, theme: dict[str, str], words: str
) -> None:
    label = {"en": "AI-generated", "fr": "Généré par IA"}
    built = site(fence("A fox"), config={"theme": theme}, base_url="emulator", label=label).build()
    assert f'<small class="gemini-image__label">{words}</small>' in built.page


def test_a_label_follows_a_plugin_that_changes_the_language_late(site: MakeSite) -> None:
    here = site(fence("A fox"), config={"hooks": ["late.py"]}, label={"en": "AI", "fr": "IA"})
    (here.root / "late.py").write_text(
        "from mkdocs.plugins import event_priority\n"
        "@event_priority(-100)\ndef on_config(config):\n    config.theme['language'] = 'fr'\n"
    )
    assert '<small class="gemini-image__label">IA</small>' in here.build().page


INNER = """
from markdown import Markdown


def on_page_content(html, page, config, files):
    inner = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    return html + inner.convert('![A fox](gemini: "A fox in snow")')
"""


@pytest.mark.parametrize("directory_urls", [True, False])
def test_markdown_inside_a_page_points_from_where_the_page_is(
    site: MakeSite, directory_urls: bool
) -> None:
    config = {"use_directory_urls": directory_urls, "hooks": ["inner.py"]}
    here = site(
        {"index.md": "# Home", "sub/a.md": "# A", "sub/ümlaut/index.md": "#"}, config=config
    )
    (here.root / "inner.py").write_text(INNER)
    built = here.build()  # follows all addresses
    shown = [len(built.images(uri)) for uri in built.pages if uri != "404.html"]
    assert shown == [1, 1, 1]


COPYING = """
from pathlib import Path

copied = {}


def on_page_content(html, page, config, files):
    copied[page.url] = html


def on_post_build(config):
    Path(config.site_dir, "copy.html").write_text("".join(copied.values()))
"""


def test_what_others_copy_before_a_picture_is_drawn_is_put_right(site: MakeSite) -> None:
    page = fence("A bridge [emulate: ratio-ignored]") + fence("A town", grounding="web")
    here = site(page, config={"hooks": ["copying.py"]})
    (here.root / "copying.py").write_text(COPYING)
    built = here.build()
    copy = built.pages["copy.html"]
    assert "data-gemini" not in copy
    assert "Sources: " in copy
    assert built.images("copy.html") == built.images("index.html")
    assert built.images()[0]["width"] != "688"


def test_sources_of_a_search_that_raw_json_asks_for_are_there_at_once(site: MakeSite) -> None:
    here = site(FOX, request={"tools": [{"googleSearch": {}}]})
    drawn, again = here.build(), here.build()
    assert "Sources: " in drawn.page
    pages = [each.page.partition("Build Date")[0] for each in (drawn, again)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("caption", ["", "caption: A red fox\n"], ids=["alone", "captioned"])
def test_a_search_without_sources_gives_the_same_page_in_the_next_build(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, caption: str
) -> None:
    monkeypatch.setattr(response_json, "_grounding_metadata", lambda _: {"webSearchQueries": []})
    here = site(f"```gemini-image\nprompt: A fox\nalt: A fox\ngrounding: web\n{caption}```\n")
    drawn, again = here.build(), here.build()
    pages = [each.page.partition("Build Date")[0] for each in (drawn, again)]
    assert "<figure" in pages[0]
    assert "sources" not in pages[0]
    assert pages[0] == pages[1]


# Its own pictures apart: it sometimes stumbles over them when it copies them twice.
OPTIMIZE = {"optimize": {"concurrency": 1, "optimize_exclude": ["assets/images/*"]}}


def test_optimize_leaves_originals_as_they_were_sent(site: MakeSite) -> None:
    config = {"theme": "material", "plugins": [OPTIMIZE]}
    here = site(FOX, config=config, publish="original")
    for built in (here.build(), here.build()):
        assert built.loud == ()
        (data,) = (data for name, data in built.files.items() if name.endswith(".jpg"))
        assert data in [path.read_bytes() for path in here.stock.iterdir()]


def test_optimize_leaves_named_files_as_they_are(site: MakeSite) -> None:
    page = '![A fox](fox.jpg "gemini: A fox in snow")\n'
    plain = site(page, config={"theme": "material"})
    plain.build()
    here = site(page, config={"theme": "material", "plugins": [OPTIMIZE]})
    assert here.build().loud == ()
    shown = [(each.root / "site" / "fox.jpg").read_bytes() for each in (here, plain)]
    assert shown[0] == shown[1]
