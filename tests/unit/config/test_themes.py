"""The width of a theme's text and its dark pages, by its name and its options."""

from typing import Any

import pytest

from mkdocs_gemini_images.config.themes import has_dark_pages, shows_by_fragment, sizes


@pytest.mark.parametrize(
    ("name", "fragments", "alike"),
    [
        ("material", True, "material"),
        ("material-child", True, "material"),
        ("zensical", True, "material"),
        ("zensical/classic", True, "material"),
        ("mkdocs", False, "mkdocs"),
        ("readthedocs", False, "readthedocs"),
        ("my-material", False, "another"),
        ("mkdocs-bootstrap", False, "another"),
        ("None", False, "another"),
        ("", False, "another"),
    ],
)
def test_a_theme_is_known_by_its_name(name: str, fragments: bool, alike: str) -> None:
    assert shows_by_fragment(name) is fragments
    assert sizes(name) == sizes(alike)


def test_each_measured_theme_has_sizes_of_its_own() -> None:
    known = [sizes(name) for name in ("material", "mkdocs", "readthedocs", "another")]
    assert len(set(known)) == 4
    assert all(each.startswith("auto, (min-width: ") for each in known)


@pytest.mark.parametrize(
    ("name", "options", "dark"),
    [
        ("mkdocs", {}, False),
        ("mkdocs", {"color_mode": "light"}, False),
        ("mkdocs", {"color_mode": "dark"}, False),
        ("mkdocs", {"color_mode": "auto"}, True),
        ("readthedocs", {}, False),
        ("readthedocs", {"color_mode": "auto"}, False),
        ("material", {}, False),
        ("material", {"palette": {}}, False),
        ("material", {"palette": []}, False),
        ("material", {"palette": {"scheme": "default"}}, False),
        ("material", {"palette": {"scheme": None}}, False),
        ("material", {"palette": {"primary": "red"}}, False),
        ("material", {"palette": {"scheme": "slate"}}, True),
        ("material", {"palette": [{"scheme": "default"}, {"scheme": "slate"}]}, True),
        ("material", {"palette": [{"scheme": "default"}, {"primary": "red"}]}, False),
        ("zensical", {"palette": [{"scheme": "my-night"}]}, True),
        ("zensical", {"color_mode": "auto"}, False),
        ("another", {}, True),
    ],
)
def test_the_options_of_a_theme_tell_whether_it_has_dark_pages(
    name: str, options: dict[str, Any], dark: bool
) -> None:
    assert has_dark_pages(name, options.get) is dark
