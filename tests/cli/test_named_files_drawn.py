"""Named files: a build publishes them at their path, and `draw` alone writes them into docs."""

import io
import posixpath
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from PIL import Image

from tests.cli.command import drawn, kept, plan, run, untouched
from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import Built, Site, fence
from tests.unit.pictures import png

FOX = '![A fox](images/fox.webp "gemini: A fox in snow")\n'


def named(file: str, prompt: str = "A fox in snow", braces: str = "") -> str:
    return f'![A fox]({file} "gemini: {prompt}"){braces}\n'


def image(built: Built, page: str = "index.html") -> Mapping[str, str]:
    """Return the attributes of the only image on a page."""
    found = [attributes for tag, attributes in tags(built.pages[page]) if tag == "img"]
    assert len(found) == 1
    return found[0]


def published(site: Site, page: str, url: str) -> Path:
    """Return the published file that an address on a page leads to."""
    assert " " not in url
    path = posixpath.join(posixpath.dirname(page), unquote(url))
    return site.root / "site" / posixpath.normpath(path)


def candidates(attributes: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the addresses and widths in `srcset`."""
    pairs = (each.split() for each in attributes["srcset"].split(", "))
    return [(url, int(width.removesuffix("w"))) for url, width in pairs]


def check(site: Site, built: Built, page: str, uri: str) -> None:
    """Assert that a page shows the file `uri` in every size of its `srcset`."""
    shown = image(built, page)
    assert published(site, page, shown["src"]) == site.root / "site" / uri
    for url, width in [*candidates(shown), (shown["src"], int(shown["width"]))]:
        with Image.open(published(site, page, url)) as opened:
            assert opened.width == width
    assert candidates(shown)[-1][0] == shown["src"]


@pytest.mark.parametrize("tidy", [True, False])
def test_a_named_file_is_published_at_its_path_for_every_page(site: MakeSite, tidy: bool) -> None:
    pages = {
        "index.md": named("images/fox.webp"),
        "guide/index.md": named("../images/fox.webp"),
        "guide/deep/page.md": named("../../images/fox.webp"),
        "images/page.md": named("fox.webp"),
        "images/more/page.md": named("./../fox.webp"),
    }
    made = site(pages, config={"use_directory_urls": tidy})
    built = made.build()
    assert built.error is None
    assert (built.warnings, len(built.requests)) == ([], 1)
    for page in built.pages:
        if page != "404.html":
            check(made, built, page, "images/fox.webp")
    assert not list((made.root / "docs").rglob("*.webp")), "a build never writes into docs"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("fox.webp", "WEBP"), ("fox.png", "PNG"), ("fox.jpg", "JPEG"), ("fox.JPEG", "JPEG"),
     ("fox.avif", "AVIF")],
)  # fmt: skip
def test_the_suffix_decides_the_format(site: MakeSite, name: str, kind: str) -> None:
    made = site(named(name))
    drawn(made)
    built = made.build()
    check(made, built, "index.html", name)
    for folder in ("site", "docs"):
        with Image.open(made.root / folder / name) as opened:
            assert opened.format == kind


@pytest.mark.parametrize("name", ["fox.gif", "fox.svg", "fox", "fox.webp.txt", ".webp"])
def test_another_suffix_is_an_error(site: MakeSite, name: str) -> None:
    built = site(named(name)).build()
    assert "a named file that ends in .webp, .png, .jpg, .jpeg, .avif" in built.text
    assert "Picture not drawn" in built.page
    assert built.requests == ()


@pytest.mark.parametrize("written", ["images/my%20fox.webp", "<images/my fox.webp>"])
def test_a_file_name_may_have_spaces(site: MakeSite, written: str) -> None:
    made = site({"guide/page.md": named(written), "index.md": named("guide/images/my%20fox.webp")})
    drawn(made)
    assert (made.root / "docs/guide/images/my fox.webp").is_file()
    built = made.build()
    assert built.requests == ()
    for page in ("index.html", "guide/page/index.html"):
        check(made, built, page, "guide/images/my fox.webp")


@pytest.mark.parametrize(
    "name", ["füchse/狐.webp", "a&b.webp", "50%25.webp", "a,b.webp", "a+b;c.webp"]
)
def test_a_file_name_may_have_any_characters(site: MakeSite, name: str) -> None:
    made = site({"index.md": "# Home\n", "guide/page.md": named(name)})
    drawn(made)
    assert (made.root / "docs/guide" / unquote(name)).is_file()
    check(made, made.build(), "guide/page/index.html", f"guide/{unquote(name)}")


@pytest.mark.parametrize(
    "written",
    ["../fox.webp", "images/../../fox.webp", "%2e%2e/fox.webp", "/fox.webp", "/images/fox.webp",
     "https://127.0.0.1/fox.webp", "file:///fox.webp", "images/fox.webp?a=1", "images/fox.webp#x",
     "%2FHERE%2Ffox.webp", "..%5Cfox.webp",
     "%00.webp"],
)  # fmt: skip
def test_a_path_outside_the_docs_folder_is_an_error_and_nothing_is_drawn(
    site: MakeSite, written: str
) -> None:
    made = site("")
    made.pages["index.md"] = named(written.replace("%2FHERE", quote(str(made.root), safe="")))
    made.write()
    done = run(made, "draw", "--yes")
    assert (done.requests, made.owned) == ((), [])
    assert "WARNING" in done.stderr
    assert sorted(kept(made.root)) == ["docs", "docs/index.md", "mkdocs.yml"]
    assert "Picture not drawn" in made.build().page


def test_draw_writes_the_named_file_and_names_it(site: MakeSite) -> None:
    made = site({"guide/page.md": FOX, "index.md": "# Home\n"})
    done = drawn(made)
    assert "wrote guide/images/fox.webp" in done.stderr
    assert done.prompts == ["A fox in snow"]
    file = made.root / "docs/guide/images/fox.webp"
    built = made.build()
    assert (made.root / "site/guide/images/fox.webp").read_bytes() == file.read_bytes()
    assert built.closing == "1 picture, 1 from stock"


def test_without_the_plugin_the_markdown_shows_the_named_file(site: MakeSite) -> None:
    """Where the plugin is not, the file is there, and the title is the prompt."""
    made = site(FOX)
    drawn(made)
    assert (made.root / "docs/index.md").read_text() == FOX
    made.config["plugins"] = ["search"]
    file = made.write()
    file.write_text(file.read_text().replace('"gemini-images"', '"search"').replace(
        str(made.options["base_url"]), ""))  # fmt: skip
    plain = made.root / "plain.yml"
    plain.write_text("site_name: Plain\nplugins: []\nstrict: true\n")
    built = made.run(plain)
    assert built.error is None
    assert image(built)["src"] == "images/fox.webp"
    with Image.open(made.root / "site/images/fox.webp") as opened:
        assert opened.width == 688


def test_a_build_never_writes_into_docs(site: MakeSite) -> None:
    made = site(FOX)
    made.write()
    with untouched(made.root / "docs"):
        for serving in (False, True):
            made.run(made.root / "mkdocs.yml", serving=serving)
    made.write()
    with untouched(made.root / "docs"):
        for command in ("plan", "check"):
            assert run(made, command).code == 0


def test_pictures_of_the_emulator_are_not_written_into_docs(site: MakeSite) -> None:
    made = site(FOX, base_url="emulator")
    made.write()
    with untouched(made.root / "docs"):
        done = run(made, "draw", "--yes")
        assert done.code == 0
    assert "wrote" not in done.text
    check(made, made.build(), "index.html", "images/fox.webp")
    assert not made.stock.exists()


def own(site: Site, size: tuple[int, int] = (64, 48), name: str = "images/fox.webp") -> bytes:
    """Write a user file where a picture would be published."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 100, 50)).save(out, "WEBP", lossless=True)
    file = site.root / "docs" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(out.getvalue())
    return out.getvalue()


def test_a_user_file_is_shown_unchanged_and_nothing_is_drawn(site: MakeSite) -> None:
    made = site({"index.md": FOX, "guide/page.md": named("../images/fox.webp")},
                config={"strict": True})  # fmt: skip
    data = own(made)
    made.write()
    done = run(made, "draw", "--yes", "--takes", "2", "--drifted")
    assert (done.code, done.requests) == (0, ())
    built = made.build()
    assert built.error is None
    assert built.requests == ()
    assert built.warnings == []
    told = [text for text in built.infos if "is your own file" in text]
    assert told
    assert image(built)["src"] == "images/fox.webp"
    assert (image(built)["width"], image(built)["height"]) == ("64", "48")
    assert "srcset" not in image(built)
    assert image(built, "guide/page/index.html")["src"] == "../../images/fox.webp"
    for folder in ("docs", "site"):
        assert (made.root / folder / "images/fox.webp").read_bytes() == data
    assert [row["state"] for row in plan(made)["pictures"]] == ["your own"]
    assert plan(made)["requests"] == 0


def test_a_user_file_is_reported_once(site: MakeSite) -> None:
    made = site(FOX)
    own(made)
    assert sum("is your own file" in text for text in made.build().infos) == 1


def test_a_file_that_replaces_a_drawn_one_is_a_user_file(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    data = own(made)
    assert run(made, "draw", "--yes").code == 0
    assert image(made.build())["width"] == "64"
    for folder in ("docs", "site"):
        assert (made.root / folder / "images/fox.webp").read_bytes() == data
    (made.root / "docs/images/fox.webp").unlink()
    assert drawn(made).requests == (), "it is in stock, and only has to be written"
    assert image(made.build())["width"] == "688"


def test_a_build_publishes_a_new_picture_and_draw_replaces_the_named_file(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    file = made.root / "docs/images/fox.webp"
    before = file.read_bytes()
    made.pages["index.md"] = FOX.replace("snow", "autumn")
    built = made.build()
    assert len(built.requests) == 1
    fresh = (made.root / "site/images/fox.webp").read_bytes()
    assert fresh != before
    assert file.read_bytes() == before, "a build never writes there"
    assert drawn(made).requests == ()
    assert file.read_bytes() == fresh


def test_the_earlier_picture_of_a_named_file_is_shown_until_it_is_drawn(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    before = (made.root / "docs/images/fox.webp").read_bytes()
    made.pages["index.md"] = FOX.replace("snow", "autumn")
    built = made.build(frozen=True)
    assert built.requests == ()
    assert len(built.warnings) == 1
    said = "index.md:1: an earlier picture of this file is shown in place of 'A fox in autumn'"
    assert said in built.warnings[0]
    check(made, built, "index.html", "images/fox.webp")
    assert (made.root / "site/images/fox.webp").read_bytes() == before


def test_a_named_file_of_another_quality_is_replaced(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    before = (made.root / "docs/images/fox.webp").read_bytes()
    built = made.build(quality=20)
    check(made, built, "index.html", "images/fox.webp")
    assert len((made.root / "site/images/fox.webp").read_bytes()) < len(before)
    made.options["quality"] = 20
    assert "wrote images/fox.webp" in drawn(made).stderr


def test_two_directives_that_name_one_file_must_ask_for_one_picture(site: MakeSite) -> None:
    made = site({"index.md": FOX, "guide/page.md": named("../images/./fox.webp", "A heron")})
    built = made.build()
    assert len(built.requests) <= 1
    assert len(built.warnings) == 1
    assert "the file 'images/fox.webp' is used for two different pictures" in built.warnings[0]
    assert plan(made)["exit_code"] == 1
    made.pages["guide/page.md"] = named("../images/fox.webp")
    assert made.build().warnings == []


def test_one_id_cannot_name_two_files(site: MakeSite) -> None:
    made = site(named("a.webp", braces="{#fox}") + "\n" + named("b.webp", braces="{#fox}"))
    built = made.build()
    assert len(built.warnings) == 1
    assert "'fox'" in built.warnings[0]


def test_a_named_file_has_no_dark_variant(site: MakeSite) -> None:
    built = site(named("fox.webp", braces='{dark="at night"}')).build()
    said = "index.md:1: a named file is one picture, and dark= asks for a second"
    assert said in built.text
    assert built.requests == ()


@pytest.mark.parametrize("how", ["keyless", "frozen", "refused"])
def test_a_named_file_that_cannot_be_drawn_is_a_placeholder_without_dead_links(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    prompt = "A fox [emulate: image-safety]" if how == "refused" else "A fox"
    if how == "keyless":
        monkeypatch.delenv("GEMINI_API_KEY")
    made = site({"index.md": named("images/fox.webp", prompt),
                 "images/page.md": named("fox.webp", prompt)})  # fmt: skip
    built = made.build(frozen=how == "frozen")
    assert not (made.root / "site/images/fox.webp").exists()
    for page in ("index.html", "images/page/index.html"):
        src = image(built, page)["src"]
        assert "srcset" not in image(built, page)
        assert "fox.webp" not in built.pages[page]
        assert published(made, page, src).is_file()
        assert published(made, page, src).suffix == ".svg"
    assert list(built.loud) == [f"gemini-images: {text}" for text in built.warnings]
    assert "Picture not drawn yet" in "".join(map(bytes.decode, built.files.values()))


def test_a_strict_build_warns_of_the_missing_picture_only(site: MakeSite) -> None:
    made = site(FOX, config={"strict": True}, frozen=True)
    assert len(made.build().loud) == 1
    built = made.build(on_missing="info")
    assert (built.error, built.loud) == (None, ())


def test_other_files_of_the_same_name_keep_their_addresses(site: MakeSite) -> None:
    """A missing picture is corrected; other files may have the same name."""
    prompt = "A fox [emulate: image-safety]"
    made = site(
        {
            "index.md": named("images/fox.webp", prompt) + "\n![Mine](mine/fox.webp)\n\nSee "
            "`fox.webp`, [mine](mine/fox.webp), fox.webp.\n",
            "guide/page.md": named("../images/fox.webp", prompt)
            + "\n![Mine](images/fox.webp)\n\n[far](../mine/fox.webp)\n",
        },
        config={"strict": True},
        on_missing="info",
    )
    for name in ("mine/fox.webp", "guide/images/fox.webp"):
        own(made, name=name)
    built = made.build()
    assert built.error is None
    for page, ours, mine in (
        ("index.html", 'src="assets/gemini/', 'src="mine/fox.webp"'),
        ("guide/page/index.html", 'src="../../assets/gemini/', 'src="../images/fox.webp"'),
    ):
        html = built.pages[page]
        assert html.count(ours) == 1
        assert html.count(mine) == 1
    assert "<code>fox.webp</code>" in built.page
    assert ", fox.webp." in built.page
    assert built.page.count('href="mine/fox.webp"') == 1


def test_two_files_of_one_name_in_two_folders_are_two_pictures(site: MakeSite) -> None:
    made = site(named("a/fox.webp", "A fox [emulate: image-safety]") + "\nText\n\n"
                + named("b/fox.webp", "A heron"), widths=[])  # fmt: skip
    built = made.build()
    sources = [each["src"] for tag, each in tags(built.page) if tag == "img"]
    assert sources[0].startswith("assets/gemini/placeholder")
    assert sources[1] == "b/fox.webp"


def test_a_named_file_may_have_an_id_and_a_class_and_be_inline(site: MakeSite) -> None:
    picture = named("fox.webp", braces="{#fox .left width=50%}").strip()
    made = site(f"Before {picture} after.\n")
    built = made.build()
    check(made, built, "index.html", "fox.webp")
    assert image(built)["id"] == "fox"
    assert "Before <img" in built.page
    assert drawn(made, "fox").requests == ()


def test_named_and_unnamed_pictures_of_one_request_are_drawn_once(site: MakeSite) -> None:
    made = site(FOX + '\n![A fox](gemini: "A fox in snow")\n')
    assert len(drawn(made).requests) == 1
    built = made.build()
    assert built.warnings == []
    sources = [each["src"] for tag, each in tags(built.page) if tag == "img"]
    assert sources[0] == "images/fox.webp"


def test_a_named_file_beside_a_fence_is_published_below_a_prefix(site: MakeSite) -> None:
    made = site({"index.md": FOX + fence("A town")}, config={"site_url": "https://x.example/docs/"})
    built = made.build()
    assert built.warnings == []
    assert (made.root / "site/images/fox.webp").is_file()


def test_a_file_that_is_no_picture_is_a_user_file_too(site: MakeSite) -> None:
    made = site(named("fox.png"))
    file = made.root / "docs" / "fox.png"
    file.parent.mkdir()
    file.write_bytes(png(10, 10)[:20])
    made.write()
    with untouched(made.root / "docs"):
        assert run(made, "draw", "--yes").requests == ()
    assert "is your own file" in made.build().text


def test_commands_create_no_other_file_in_docs(site: MakeSite) -> None:
    made = site(FOX)
    drawn(made)
    assert sorted(kept(made.root / "docs")) == ["images", "images/fox.webp", "index.md"]


@pytest.mark.parametrize("stocked", [False, True])
def test_one_file_in_two_spellings_is_told_at_both_places_and_nothing_is_drawn(
    site: MakeSite, stocked: bool
) -> None:
    made = site({"index.md": FOX})
    if stocked:
        drawn(made)
    made.pages["guide/page.md"] = named("../images/Fox.webp", "A heron")
    built = made.build()
    assert built.requests == ()
    told = "'images/fox.webp' and 'images/Fox.webp' in guide/page.md are one file on Windows and"
    assert any(text.startswith("index.md:") and told in text for text in built.warnings)
    told = "'images/Fox.webp' and 'images/fox.webp' in index.md are one file on Windows and macOS"
    assert any(text.startswith("guide/page.md:") and told in text for text in built.warnings)
    assert len(built.warnings) == 2
    done = run(made, "draw", "--yes")
    assert (done.requests, done.code) == ((), 1 - stocked)
    assert plan(made)["exit_code"] == 1
