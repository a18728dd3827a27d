"""The command `eject`: the site shows the same pictures without the plugin, all else unchanged."""

import json
from hashlib import sha256
from urllib.parse import unquote

from tests.cli.command import drawn, kept, run, untouched
from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, Site, fence

EXAMPLES = (
    "````\n" + fence("A fox", id="fox") + "````\n\n<!--\n" + fence("A fox", id="fox") + "-->\n"
)
PAGES = {
    "index.md": f"# Home\n{fence('A fox', id='fox', caption='Red')}\n{EXAMPLES}\n"
    '- ![A map](maps/map.webp "gemini: A map")\n- ![A hen][hen]{ .big }\n\n'
    '[hen]: gemini: "A hen"\n',
    "guide/a page.md": 'Text ![A town](gemini: "A town"){ aspect_ratio=1:1 } text.\n\n'
    '![A map](../maps/map.webp "gemini: A map")\n',
}


def without_plugin(site: Site) -> dict[str, list[str]]:
    """Build a site without the plugin; return the digests of the pictures on each page."""
    site.write()
    for page in site.pages:
        (site.root / "docs" / page).write_text(site.pages[page])
    config = json.loads((site.root / "mkdocs.yml").read_text())
    del config["plugins"]
    file = site.root / "mkdocs.yml"
    file.write_text(json.dumps({**config, "strict": True}))
    built = site.run(file)
    assert built.error is None
    assert built.loud == ()
    folders = {uri: (site.root / "site" / uri).parent for uri in built.pages}
    return {
        uri: [
            sha256((folders[uri] / unquote(found["src"])).read_bytes()).hexdigest()
            for tag, found in tags(html) if tag == "img"
        ]
        for uri, html in built.pages.items()
    }  # fmt: skip


def take_over(site: Site) -> None:
    """Read the pages back into the site, as the command left them."""
    for page in site.pages:
        site.pages[page] = (site.root / "docs" / page).read_text()


def test_an_ejected_site_shows_the_same_pictures(site: MakeSite) -> None:
    made = site(PAGES)
    drawn(made)
    digests = {each["request"]["text"]: each["sha256"] for each in made.sidecars}
    with untouched(made.root):
        plan = run(made, "eject")
    assert (plan.code, plan.requests) == (0, ())
    assert (
        "3 pictures to write, 5 directives to replace, 0 to leave; --write does it" in plan.stdout
    )
    assert plan.stdout.count(": shows docs/maps/map.webp\n") == 2
    (made.root / "docs/maps/map.webp").unlink()
    done = run(made, "eject", "--write")
    assert (done.code, done.requests) == (0, ())
    assert "wrote 4 pictures, replaced 5 directives, left 0\nnow take gemini-images" in done.stdout
    take_over(made)
    assert EXAMPLES in made.pages["index.md"]
    assert not [text for text in made.pages.values() if "gemini" in text.replace(EXAMPLES, "")]
    named = sha256((made.root / "docs/maps/map.webp").read_bytes()).hexdigest()
    assert without_plugin(made) == {
        "index.html": [digests["A fox"], named, digests["A hen"]],
        "guide/a page/index.html": [digests["A town"], named],
        "404.html": [],
    }


STAY = {
    "it is not in stock; run gemini-images draw first": fence("A hen", references="[#dog]"),
    "did you mean 'size'?": fence("A cat", sise="2K"),
    "#dog is needed by a picture that stays": fence("A dog", id="dog"),
    "written 11 times in this page, and at most 10 equal ones": fence("A cow") * 11,
}


def test_directives_that_cannot_be_replaced_are_listed_and_stay(site: MakeSite) -> None:
    made = site({"index.md": fence("A dog", id="dog"), "cow.md": fence("A cow")})
    drawn(made)
    made.pages["index.md"] = fence("A cow", alt="Other") + "".join(STAY.values())
    made.write()
    done = run(made, "eject", "--write")
    assert (done.code, done.requests) == (1, ())
    left = [line for line in done.stdout.splitlines() if line.startswith("leave  index.md")]
    for why in STAY:
        assert [line for line in left if why in line], why
    assert len(left) == len(STAY)
    page = (made.root / "docs/index.md").read_text()
    assert page.startswith("\n![Other](images/")
    assert page.endswith("".join(STAY.values()))
    assert "gemini" not in (made.root / "docs/cow.md").read_text()


def test_of_equal_directives_all_are_replaced_but_those_shown_as_examples(site: MakeSite) -> None:
    example = "\n    ".join(["", *fence("A fox", id="fox").splitlines()]) + "\n"
    live, inline = fence("A fox", id="fox"), '![A hen](gemini: "A hen")'
    shown = f"{example}\nText\n\n    {inline}\n\n"
    page = f"# Home\n{live}\nText\n{shown}Text {inline}\n{live}\n- {inline}\n"
    made = site({"index.md": page}, config={"markdown_extensions": ["attr_list", "fenced_code"]})
    drawn(made)
    done = run(made, "eject", "--write")
    assert (done.code, done.requests) == (0, ())
    written = (made.root / "docs/index.md").read_text()
    assert shown in written
    assert written.count("](images/fox-") == 2
    assert written.count("{ #fox }") == 1
    assert written.count("![A hen](images/") == 2
    take_over(made)
    assert len(without_plugin(made)["index.html"]) == 4


def test_for_pictures_outside_the_text_eject_says_what_to_write(site: MakeSite) -> None:
    pages = {"a/hero.md": "---\ngemini_image:\n  prompt: A hen\n  alt: A red hen\n---\n# Hen\n"}
    made = site(pages, pictures={"lost": {"prompt": "A map", "alt": 'A "map"'}})
    drawn(made)
    done = run(made, "eject")
    front, theme = (line for line in done.stdout.splitlines() if line.startswith("leave  "))
    assert front.startswith("leave  a/hero.md:2: the picture is in the fro")
    assert "write ![A red hen](../images/hero-" in front
    assert front.endswith(" below the heading, and take gemini_image: out")
    assert "the picture is in mkdocs.yml: put <img src=\"{{ 'images/mkdocs-" in theme
    assert '\'|url }}" alt="A &quot;map&quot;"> in place of {{ gemini_image("lost") }}' in theme


def test_an_example_is_not_replaced_for_a_directive_in_a_snippet(site: MakeSite) -> None:
    example = fence("A fox", id="fox").replace("\n", "\n    ")
    extensions = ["attr_list", "fenced_code", {"pymdownx.snippets": {"base_path": ["$config"]}}]
    made = site({"index.md": f'# Home\n\n--8<-- "fox.txt"\n\nLike this:\n{example}\n'},
                config={"markdown_extensions": extensions})  # fmt: skip
    made.write()
    config = (made.root / "mkdocs.yml").read_text().replace("$config", str(made.root))
    (made.root / "mkdocs.yml").write_text(config)
    (made.root / "fox.txt").write_text(fence("A fox", id="fox"))
    assert run(made, "draw").code == 0
    with untouched(made.root / "docs/index.md"):
        done = run(made, "eject", "--write")
    assert done.code == 1
    assert "leave  index.md" in done.stdout
    assert "0 directives, left 1" in done.stdout


def test_eject_replaces_no_existing_file(site: MakeSite) -> None:
    made = site({"index.md": fence("A fox", id="fox"), "town.md": fence("A town")})
    drawn(made)
    first = run(made, "eject", "-o", "pictures/of/mine")
    name = next(line.split()[1] for line in first.stdout.splitlines() if "fox-" in line)
    target = made.root / name
    target.parent.mkdir(parents=True)
    target.write_bytes(b"my own")
    done = run(made, "eject", "-o", "pictures/of/mine", "--write")
    assert (done.code, target.read_bytes()) == (1, b"my own")
    assert "file is there as pictures/of/mine/fox-2e6c64663abf.jpg: move it away" in done.stdout
    target.unlink()
    assert run(made, "eject", "-o", "pictures/of/mine", "--write").code == 0
    before = kept(made.root / "docs")
    again = run(made, "eject", "-o", "pictures/of/mine", "--write")
    assert (again.code, kept(made.root / "docs")) == (0, before)


def test_eject_refuses_a_folder_that_is_not_published(site: MakeSite) -> None:
    made = site(fence("A fox"), config={"exclude_docs": "/images/"})
    drawn(made)
    for folder, why in (
        ("..", "keep it below that folder"),
        ("a/../../b", "keep it below that folder"),
        ("/a", "keep it below that folder"),
        ("images", "exclude_docs leaves images out of the site: name another with -o"),
    ):
        with untouched(made.root):
            done = run(made, "eject", "--write", "-o", folder)
        assert done.code == 1
        assert why in done.stdout
    assert run(made, "eject", "--write", "-o", "pictures").code == 0


def test_eject_lists_what_ordinary_markdown_cannot_express(site: MakeSite) -> None:
    theme = {"name": "mkdocs", "color_mode": "auto"}
    config = {"markdown_extensions": ["fenced_code"], "theme": theme}
    made = site(fence("A fox", id="fox", dark="at night", width="50%"), config=config)
    drawn(made)
    done = run(made, "eject", "--write")
    assert done.code == 0
    assert "lose   index.md:2: its picture for dark pages" in done.stdout
    assert 'lose   index.md:2: #fox, width="50%", without attr_list' in done.stdout
    assert len(list((made.root / "docs/images").iterdir())) == 1


def test_with_material_both_pictures_of_a_pair_are_ejected(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", dark="at night"), config=DARK)
    drawn(made)
    assert run(made, "eject", "--write").code == 0
    page = (made.root / "docs/index.md").read_text()
    assert (page.count("#only-light){ #fox }"), page.count("#only-dark)\n")) == (1, 1)


def test_eject_refuses_pictures_of_the_emulator(site: MakeSite) -> None:
    made = site(fence("A fox"), base_url="emulator")
    drawn(made)
    with untouched(made.root):
        done = run(made, "eject", "--write")
    assert "are stand-ins" in done.stderr
