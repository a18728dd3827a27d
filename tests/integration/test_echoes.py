"""A picture is shown again by its id, in another shape, on any page, with one request."""

from typing import Any

import pytest

from tests.integration.built_pages import check_links, tags
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

DARK_THEME = {"theme": {"name": "mkdocs", "color_mode": "auto"}}
FOX = fence("A fox", id="fox")
ECHO = '\n![A picture](gemini: "#fox"){ crop=1:1 }\n'


def without_date(pages: dict[str, str]) -> dict[str, str]:
    return {uri: page.partition("Build Date")[0] for uri, page in pages.items()}


def shown(here: Site, page: str) -> list[dict[str, str]]:
    return [each for tag, each in tags(page) if tag == "img"]


@pytest.mark.parametrize("config", [{}, DARK_THEME], ids=["light", "dark"])
@pytest.mark.parametrize("dark", ["", "By night"], ids=["alone", "twin"])
def test_an_echo_is_the_same_above_and_below_its_picture_and_in_the_next_build(
    site: MakeSite, dark: str, config: dict[str, Any]
) -> None:
    fox = fence("A fox", id="fox", **({"dark": dark} if dark else {}))
    here = site({"index.md": ECHO + fox + ECHO, "a.md": ECHO, "z.md": ECHO}, config=config)
    cold, warm = here.build(), here.build()
    assert len(cold.requests) == (2 if dark and config else 1)
    assert warm.requests == ()
    assert without_date(dict(cold.pages)) == without_date(dict(warm.pages))
    assert cold.files == warm.files
    assert cold.loud == ()
    above, whole, below = shown(here, cold.page)
    assert above["src"] == below["src"]
    assert (above["width"], above["height"], whole["width"]) == ("384", "384", "688")
    assert "data-gemini-promise" not in cold.page
    nights = [each for tag, each in tags(cold.page) if "dark" in each.get("media", "")]
    assert len(nights) == (3 if dark and config else 0)
    check_links(here.root / "site")


def test_a_theme_that_chooses_by_fragment_shows_an_echo_of_a_picture_without_twin_always(
    site: MakeSite,
) -> None:
    built = site(ECHO + FOX, config={"theme": {"name": "material"}}).build()
    assert "#only-" not in built.page
    assert built.loud == ()


def test_an_echo_of_an_unknown_id_is_one_warning_and_a_placeholder(site: MakeSite) -> None:
    built = site(FOX + '\n![A picture](gemini: "#foxx"){ crop=1:1 }\n').build()
    (warning,) = built.warnings
    assert "index.md:8: no picture has the id 'foxx': did you mean 'fox'?" in warning
    assert "placeholder-384x384.svg" in built.placeholders
    assert len(built.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"sise": "2K"}, {"aspect_ratio": "7:7"}, {"references": "gone.png"}, {"model": "no model"}],
)
def test_an_echo_of_a_directive_with_a_mistake_sends_the_author_there(
    site: MakeSite, wrong: dict[str, str]
) -> None:
    built = site(ECHO + fence("A fox", id="fox", **wrong)).build()
    (said,) = [each for each in built.warnings if "the id 'fox'" in each]
    where = "is described with a mistake: correct that first, at index.md:4"
    assert said == f"index.md:2: the picture with the id 'fox' {where}"
    assert built.requests == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('![A picture](gemini: "#fox"){ size=2K }', "'#fox' is a picture that is described "),
        ('![A picture](gemini: "#fox"){ #own }', "and id belongs there: leave it out, or "),
        ('![A picture](fox.webp "gemini: #fox")', "and file belongs there"),
        ("```gemini-image\nprompt: '#fox'\nalt: A\nedits: Red\n```", "and edits belongs there"),
    ],
)
def test_an_echo_takes_no_option_that_draws(site: MakeSite, written: str, said: str) -> None:
    built = site(FOX + f"\n{written}\n").build()
    (warning,) = built.warnings
    assert said in warning


def test_front_matter_and_pictures_describe_pictures_of_their_own(site: MakeSite) -> None:
    built = site(f"---\ngemini_image: '#fox'\n---\n{FOX}").build()
    warning = built.warnings[0]
    assert "expected a prompt in gemini_image:, got '#fox'" in warning


def test_one_id_in_two_shapes_is_one_picture(site: MakeSite) -> None:
    built = site(FOX + fence("A fox", id="fox", crop="1:1")).build()
    assert (len(built.requests), built.loud) == (1, ())
    assert [each["width"] for each in built.images()] == ["688", "384"]
