"""Ten ways to misuse each option of how a picture is shown and told, with what is said of each.

In: values of `crop`, `focus`, `localized`, `alt` and `label` as an author may write them. Out: the
messages, held against `misuses.txt` beside this file, which a person has read.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.config.base import ValidationError

from mkdocs_gemini_images.config.option_types import Label
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.alt_rules import breaches
from mkdocs_gemini_images.directives.readers import read_fence

GOLDEN = Path(__file__).with_name("misuses.txt")
PROMPT = "A fox in deep snow at dawn, ink drawing"


def of_directive(written: object) -> list[str]:
    """Return what is said of lines in a fence, or of the alt that they have."""
    try:
        directive = read_fence({}, f"prompt: {PROMPT}\nid: fox\n{written}\n")
    except DiagnosticError as error:
        return [str(each) for each in error.diagnostics]
    return [str(each) for _, each in breaches(directive)]


def of_label(written: object) -> list[str]:
    """Return what is said of the option `label` in `mkdocs.yml`."""
    try:
        Label(default="").run_validation(written)
    except ValidationError as error:
        return [str(error)]
    return []


ALTS = (
    "", "caption: A fox", f"alt: {PROMPT}", "alt: a FOX in deep snow, at dawn, ink drawing",
    "alt: fox.png", "alt: fox", "alt: DSC_0042.JPG", "alt: Image of a fox at its burrow",
    "alt: Photo of a fox", f"alt: {'word ' * 60}", "alt: A fox sleeps\ncaption: '*A fox* sleeps.'",
    "atl: A fox sleeps", "alt: A fox\nalt: An owl", "alt: TODO", "alt: decorative", "alt: n/a",
)  # fmt: skip
MISUSES: dict[str, tuple[Callable[[object], list[str]], tuple[object, ...]]] = {
    "crop": (of_directive, (
        "crop: square", "crop: 16/9", "crop: 0:1", "crop: 1:21", "crop: -1:1", "crop: 1:1:1",
        "crop: narow 1:1", "crop: narrow", "crop: narrow 1:1, narrow 4:3", "crop: 50%",
        "crop: narrow 1:1, wide", "crops: 1:1", "crop: auto", "crop: narrow 1:1, tall 2:1",
        "crop: none, 1:1", "crop: 1:1 left",
    )),
    "focus": (of_directive, (
        "focus: lefft", "focus: 0.3", "focus: 30 60", "focus: 1.2 0.5", "focus: 30% 160%",
        "focus: left right", "focus: top 0.3", "focus: auto left", "focus: 1 2 3", "focus: face",
        "focus: -0.1 0.5", "fokus: left", "focus: left middle", "focus: NaN 0.5", "focus: 50%",
        "focus: upper left", "focus: lower middle",
    )),
    "localized": (of_directive, (
        "localized: edits", "localized: german", "localized: de", "localized: yes please",
        "localized: 2", "localised: edit", "localized: [de, fr]", "localized: translate",
        "localized: edit, true", "localized_edit: Translate it into {lang}",
        "localized_edit: {language", "localized: Edit it",
    )),
    "alt": (of_directive, ALTS),
    "options of the whole site": (of_directive, (
        "label: icon", "label: ''", "Label: icon", "labels: icon", "alt_model: x", "budget: 5",
        "widths: [480]", "formats: avif", "on_missing: fail", "stock: pictures", "gallery: true",
    )),
    "label": (of_label, (
        True, 1, ["AI"], {}, "icons", "Icon", "ikon", {"en": "icon"}, {"en": 1}, {"de": None},
        {"en": ["AI"]}, 2.5, {"german": "KI"}, {"xx yy": "AI"}, {1: "AI"},
    )),
}  # fmt: skip


def table() -> str:
    lines = []
    for option, (said_of, written) in MISUSES.items():
        lines.append(f"# {option}")
        for each in written:
            shown = str(each).strip().replace("\n", " | ") or "(nothing)"
            lines.append(shown if len(shown) < 100 else f"{shown[:60]}…")
            lines += [f"    {said}" for said in said_of(each)] or ["    (fine)"]
    return "\n".join(lines) + "\n"


def test_what_is_said_of_each_misuse_is_as_it_was_read() -> None:
    assert table() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", MISUSES)
def test_at_least_ten_misuses_of_each_option_are_met_with_what_to_do(option: str) -> None:
    said_of, written = MISUSES[option]
    met = [said_of(each) for each in written]
    assert len([said for said in met if said]) >= 10
    assert all(": " in each for said in met for each in said)
