"""`pictures:` in mkdocs.yml are for the theme's templates, wherever these stand."""

import re

from tests.cli import command
from tests.integration.conftest import MakeSite
from tests.integration.site import Site

CITY = {"prompt": "A city skyline at dusk", "alt": 'A "<skyline>" &amp;', "aspect_ratio": 1269}
CALL = '{{ gemini_image("city") }}'
PAGES = {"index.md": "# Home", "guide/deep/page.md": "# Deep"}


def themed(site: MakeSite, call: str = CALL, **options: object) -> Site:
    """A site whose every page, and whose 404.html, has a call in its template."""
    config = {
        "site_url": "https://example.org/some/where/",
        "theme": {"name": "mkdocs", "custom_dir": "over", "static_templates": ["sub/static.html"]},
    }
    here = site(PAGES, config=config, **{"pictures": {"city": CITY}, **options})
    (here.root / "over" / "sub").mkdir(parents=True)
    block = f"{{% block site_nav %}}{call}{{% endblock %}}"
    (here.root / "over" / "main.html").write_text(f'{{% extends "base.html" %}}{block}')
    for name in ("404.html", "sub/static.html"):
        (here.root / "over" / name).write_text(f"<title>x</title>{call}")
    return here


def test_a_named_picture_is_drawn_and_reached_from_every_page(site: MakeSite) -> None:
    here = themed(site, widths=[480])
    for built in (here.build(), here.build()):
        assert built.warnings == []
        assert len(built.pages) == 4
        for uri in built.pages:
            (image,) = built.images(uri)
            assert image["alt"] == 'A "<skyline>" &amp;'
            assert image["srcset"].count(" ") == 3, "two candidates"
        (away,) = built.images("404.html")
        assert away["src"].startswith("/some/where/assets/gemini/")
        (deep,) = built.images("guide/deep/page/index.html")
        assert deep["src"].startswith("../../../assets/gemini/")
    assert built.requests == ()
    assert built.closing.startswith("1 picture, 1 from stock")


def test_a_template_decides_how_it_is_shown(site: MakeSite) -> None:
    call = (
        '{{ gemini_image("city", class="wide", width=300, loading="eager", alt="", caption=c,'
        " crop=None, focus=None, align=none) }}"
    )
    here = themed(site, "{% set c = 'The *old* <b>' %}" + call)
    built = here.build()
    (image,) = built.images()
    assert (image["loading"], image["alt"]) == ("eager", "")
    assert '<figure class="gemini-image wide" style="width: 300px">' in built.page
    assert "The *old* &lt;b&gt;" in built.page


def test_a_preset_decides_how_it_is_shown_as_in_markdown(site: MakeSite) -> None:
    wide = {"class": "wide", "width": 300}
    here = themed(site, presets={"wide": wide}, pictures={"city": {**CITY, "preset": "wide"}})
    (image,) = here.build().images()
    assert image["class"] == "gemini-image wide"
    assert image["style"].startswith("width: 300px;")


def test_a_twin_for_dark_pages_is_shown_as_in_markdown(site: MakeSite) -> None:
    here = themed(site, pictures={"city": {**CITY, "dark": "By night"}})
    here.config["theme"]["color_mode"] = "auto"
    built = here.build()
    assert "<picture><source" in built.page
    assert len(built.requests) == 2


MISTAKES = {
    '"ctiy"': "pictures: in mkdocs.yml has no 'ctiy': did you mean 'city'?",
    '"city", clas="x"': "expected how gemini_image() is to show it, got 'clas': did you mean",
    '"city", prompt="x"': "expected how gemini_image() is to show it, got 'prompt': known are alt,",
    '"city", loading="soon"': "loading must be lazy or eager (you wrote 'soon')",
}


def test_a_mistake_in_a_template_is_a_box_on_each_page_and_one_warning(site: MakeSite) -> None:
    calls = "".join(f"{{{{ gemini_image({words}) }}}}" for words in MISTAKES)
    built = themed(site, calls, base_url="emulator").build()
    assert len(built.warnings) == len(MISTAKES)
    for warning, said in zip(built.warnings, MISTAKES.values(), strict=True):
        assert re.match(rf"mkdocs\.yml(:\d+)?: {re.escape(said)}", warning), warning
    for page in built.pages.values():
        assert page.count('class="gemini-image-error"') == len(MISTAKES)


def test_a_macro_without_its_page_is_told_how_to_get_one(site: MakeSite) -> None:
    here = themed(site, '{% import "macro.html" as m %}{{ m.show() }}', base_url="emulator")
    macro = "{% macro show() %}" + CALL + "{% endmacro %}"
    (here.root / "over" / "macro.html").write_text(macro)
    assert "write `with context` behind the import" in here.build().warnings[0]


def test_a_picture_without_words_for_it_is_complained_about(site: MakeSite) -> None:
    built = themed(site, pictures={"city": "A city"}, base_url="emulator").build()
    (warning,) = built.warnings
    assert re.match(r"mkdocs\.yml:\d+: the alt is missing", warning)


def test_an_unknown_name_is_reported_where_no_picture_is_named(site: MakeSite) -> None:
    built = themed(site, pictures={}).build()
    assert "name it there: pictures: { city: ... }" in built.warnings[0]


def test_the_command_line_knows_them_by_their_names_and_the_configuration(site: MakeSite) -> None:
    here = themed(site, "")
    file = here.write()
    file.write_text(file.read_text().replace('"city":', "city:"))
    (row,) = command.plan(here)["pictures"]
    text = file.read_text().splitlines()
    (place,) = row["places"]
    assert "city: {" in text[int(place.removeprefix("mkdocs.yml:")) - 1]
    for name in ("city", "mkdocs.yml"):
        done = command.run(here, "draw", name, "--yes")
        assert (done.code, len(done.requests)) == (0, name == "city")
    assert command.run(here, "check").code == 0
    assert command.run(here, "prune").stdout.startswith("0 pictures")


def test_a_take_of_one_is_drawn_by_its_name_and_picked_by_hand(site: MakeSite) -> None:
    here = themed(site, "", pictures={"city": CITY, "town": {**CITY, "prompt": "A town"}})
    here.write()
    undrawn = command.run(here, "pick", "city", "2")
    assert "is not in stock: gemini-images draw city --takes 2 draws it" in undrawn.stderr
    assert len(command.run(here, "draw", "city", "--takes", "2").requests) == 2
    with command.untouched(here.root):
        done = command.run(here, "pick", "city", "2")
    assert done.code == 1
    said = "the picture is one of pictures: in mkdocs.yml: "
    assert f"{said}write take: 2 below city: there" in done.stderr
