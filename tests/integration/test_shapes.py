"""One picture is shown in every shape: cut, not drawn again."""

import re
import shutil
from itertools import pairwise

import pytest

from tests.integration.built_pages import check_links, tags
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.unit.pictures import opened

DARK_THEME = {"theme": {"name": "mkdocs", "color_mode": "auto"}}
SQUARE = fence("A fox", id="fox", crop="1:1", focus="left top")
STRIP = '\n![A picture](gemini: "A fox"){ #fox crop=3:1 }\n'


def without_date(page: str) -> str:
    return page.partition("Build Date")[0]


def cuts(here: Site, name: str) -> dict[str, tuple[int, int]]:
    """The files of a cut by the end of their names, each with its size."""
    files = (here.root / "site/assets/gemini").glob(f"*-{name}-*")
    return {each.name.rpartition("-")[2]: opened(each.read_bytes()).size for each in files}


@pytest.mark.parametrize(
    "options",
    [{}, {"formats": ["avif", "webp"]}, {"publish": "original"}],
    ids=["webp", "two", "own"],
)
def test_one_request_gives_every_shape_and_the_next_build_the_same_bytes(
    site: MakeSite, options: dict[str, object]
) -> None:
    page = SQUARE + STRIP + fence("An owl", dark="By night", crop="4:3")
    page += fence("A fox", crop="1:2", focus="auto")
    here = site(page, config=DARK_THEME, **options)
    cold, warm = here.build(), here.build()
    assert (len(cold.requests), len(warm.requests)) == (3, 0)
    assert without_date(cold.page) == without_date(warm.page)
    assert cold.files == warm.files
    assert cold.loud == ()
    check_links(here.root / "site")


def test_each_shape_has_its_own_files_widths_and_size(site: MakeSite) -> None:
    here = site(SQUARE + STRIP)
    square, strip = (each for tag, each in tags(here.build().page) if tag == "img")
    assert (square["width"], square["height"]) == ("384", "384")
    assert (strip["width"], strip["height"]) == ("688", "229")
    assert re.findall(r" (\d+)w", square["srcset"]) == ["384"]
    assert re.findall(r" (\d+)w", strip["srcset"]) == ["480", "688"]
    assert cuts(here, "1x1-0-0") == {"384.webp": (384, 384)}
    assert cuts(here, "3x1-50-50")["688.webp"] == (688, 229)


def test_a_cut_shows_the_part_of_the_picture_around_its_focus(site: MakeSite) -> None:
    here = site(SQUARE, publish="original")
    here.build()
    folder = here.root / "site/assets/gemini"
    (whole,) = folder.glob("*-688.*")
    (cut,) = folder.glob("*-1x1-0-0-384.webp")
    there, here_ = opened(whole.read_bytes()).convert("RGB"), opened(cut.read_bytes())
    for point in ((20, 20), (350, 50), (190, 350)):
        one, other = there.getpixel(point), here_.convert("RGB").getpixel(point)
        assert isinstance(one, tuple)
        assert isinstance(other, tuple)
        assert all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def test_a_change_of_the_crop_draws_nothing_and_gets_another_name(site: MakeSite) -> None:
    names = set[str]()
    here = site(fence("A fox", crop="1:1"))
    here.build()
    for changed in ("1:1", "4:3", "none"):
        here.pages["index.md"] = fence("A fox", crop=changed, focus="top")
        built = here.build()
        assert built.requests == ()
        names |= {each["src"] for each in built.images()}
    assert len(names) == 3


def test_a_missing_picture_is_a_placeholder_in_the_shape_of_its_cut(site: MakeSite) -> None:
    here = site(SQUARE + STRIP, frozen=True, on_missing="info")
    square, strip = (each for tag, each in tags(here.build().page) if tag == "img")
    assert square["src"].endswith("placeholder-384x384.svg")
    assert strip["src"].endswith("placeholder-688x229.svg")
    check_links(here.root / "site")


def test_a_preset_cuts_and_a_directive_shows_the_whole_or_another_cut(site: MakeSite) -> None:
    presets = {"square": {"crop": 61, "focus": "top"}}
    page = "".join(
        fence("A fox", preset="square", **each) for each in ({}, {"crop": "none"}, {"crop": "3:1"})
    )
    built = site(page, presets=presets).build()
    sizes = [(each["width"], each["height"]) for each in built.images()]
    assert sizes == [("384", "384"), ("688", "384"), ("688", "229")]
    assert len(built.requests) == 1


def test_a_named_file_stays_whole_and_its_page_shows_the_cut(site: MakeSite) -> None:
    here = site('![A picture](fox.webp "gemini: A fox"){ crop=1:1 }\n')
    built = here.build()
    (image,) = built.images()
    assert (image["width"], image["height"]) == ("384", "384")
    assert opened((here.root / "site/fox.webp").read_bytes()).size == (688, 384)
    assert built.loud == ()


def test_a_template_shows_a_picture_in_another_shape(site: MakeSite) -> None:
    here = site("# Home\n", pictures={"fox": {"prompt": "A fox", "alt": "A picture"}})
    here.config["theme"] = {"name": "mkdocs", "custom_dir": "theme"}
    (here.root / "theme").mkdir()
    (here.root / "theme/404.html").write_text(
        '{{ gemini_image("fox", crop="1:1") }}{{ gemini_image("fox") }}'
        '{{ gemini_image("fox", crop="1:1", focus="lefft") }}'
    )
    built = here.build()
    square, whole = built.images("404.html")
    assert (square["width"], whole["width"]) == ("384", "688")
    assert (here.root / "site" / square["src"].lstrip("/")).exists()
    (warning,) = built.warnings
    assert "did you mean 'left'?" in warning


def test_the_cuts_of_two_focal_points_differ(site: MakeSite) -> None:
    points = ("left", "30% 50%", "0.6 0.5", "right")
    page = "".join(fence("A fox", crop="1:1", focus=point) for point in points)
    built = site(page).build()
    files = [built.files[each["src"].rpartition("/")[2]] for each in built.images()]
    assert all(one != other for one, other in pairwise(files))


def test_a_point_that_was_found_is_kept_with_the_variants(site: MakeSite) -> None:
    here = site(fence("A lighthouse above a quiet bay", crop="1:2", focus="auto"))
    first = here.build()
    (cut,) = (name for name in first.files if "-1x2-auto1-" in name)
    shutil.rmtree(here.cache / "ready")
    again = here.build()
    assert (again.files[cut], again.page.count(cut)) == (first.files[cut], first.page.count(cut))


BOTH = "narrow 1:1, wide 21:9"
NARROW, NIGHT = "(max-width: 40em)", "(prefers-color-scheme: dark)"


def test_narrow_and_wide_screens_show_cuts_of_their_own_in_all_formats_and_themes(
    site: MakeSite,
) -> None:
    page = fence("An owl", crop=BOTH, dark="By night")
    here = site(page, config=DARK_THEME, formats=["avif", "webp"])
    cold, warm = here.build(), here.build()
    assert without_date(cold.page) == without_date(warm.page)
    assert (len(cold.requests), cold.loud) == (2, ())
    sources = [each for tag, each in tags(cold.page) if tag == "source"]
    assert [(each.get("media", ""), each.get("type", "")) for each in sources] == [
        (f"{NARROW} and {NIGHT}", "image/avif"),
        (f"{NARROW} and {NIGHT}", ""),
        (NIGHT, "image/avif"),
        (NIGHT, ""),
        (NARROW, "image/avif"),
        (NARROW, ""),
        ("", "image/avif"),
    ]
    sizes = [(each["width"], each["height"]) for each in sources]
    square, strip = ("384", "384"), ("688", "295")
    assert sizes == [square, square, strip, strip, square, square, strip]
    (image,) = cold.images()
    assert (image["width"], image["height"]) == strip
    check_links(here.root / "site")


def test_where_the_theme_chooses_each_twin_has_its_narrow_cut(site: MakeSite) -> None:
    page = fence("An owl", crop="narrow 1:1", dark="By night")
    palette = [{"scheme": "default"}, {"scheme": "slate"}]
    built = site(page, config={"theme": {"name": "material", "palette": palette}}).build()
    pictured = [(tag, each) for tag, each in tags(built.page) if tag in ("source", "img")]
    found = [each.get("media", "") + each.get("src", "")[-12:] for _, each in pictured]
    assert found[-4:] == [NARROW, "p#only-light", NARROW, ".webp#only-dark"[-12:]]
    assert built.loud == ()


def test_a_missing_picture_has_a_placeholder_of_each_shape(site: MakeSite) -> None:
    here = site(fence("A fox", crop=BOTH), frozen=True, on_missing="info")
    built = here.build()
    assert {"placeholder-384x384.svg", "placeholder-688x295.svg"} <= set(built.placeholders)
    check_links(here.root / "site")
