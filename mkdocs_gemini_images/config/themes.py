"""Facts about themes: how wide their text is, and how they show a page in dark mode.

The functions take a theme's name and options, which the host knows. A theme that is not in the
tables gets values that suit most. Zensical's own theme is derived from Material. Pure.
"""

from collections.abc import Callable
from typing import Any

_MATERIAL = (
    "auto, (min-width: 125em) 826px, (min-width: 100em) 757px, (min-width: 76.25em) 688px, "
    "(min-width: 60em) calc(100vw - 274px), calc(100vw - 32px)"
)
_SIZES = {
    "mkdocs": "auto, (min-width: 1400px) 966px, (min-width: 1200px) 831px, "
    "(min-width: 992px) 696px, (min-width: 576px) 516px, calc(100vw - 24px)",
    "readthedocs": "auto, (min-width: 1100px) 696px, (min-width: 769px) calc(100vw - 404px), "
    "calc(100vw - 52px)",
}
_ANY = "auto, (min-width: 60em) 48rem, 100vw"


def sizes(name: str) -> str:
    """Return the attribute `sizes` of an image that is as wide as the theme's text.

    The widths are measured. Browsers that support `auto` use the true layout instead.
    """
    return _MATERIAL if shows_by_fragment(name) else _SIZES.get(name, _ANY)


def shows_by_fragment(name: str) -> bool:
    """Return whether a theme chooses images by the fragments `#only-light` and `#only-dark`."""
    return name.startswith(("material", "zensical"))


def has_dark_pages(name: str, option: Callable[[str], Any]) -> bool:
    """Return whether a theme has a dark mode. `option` returns an option of the theme by name."""
    if name == "mkdocs":
        return bool(option("color_mode") == "auto")
    if shows_by_fragment(name):
        written = option("palette") or []
        palettes = written if isinstance(written, list) else [written]
        return any((each.get("scheme") or "default") != "default" for each in palettes)
    return name != "readthedocs"
