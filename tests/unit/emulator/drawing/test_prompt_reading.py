"""The words of a prompt and of its edits decide what an image shows."""

from typing import Any

import pytest

from mkdocs_gemini_images.emulator.drawing.prompt_reading import read_prompt
from mkdocs_gemini_images.emulator.drawing.vocabulary import mentioned, words_of


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A lighthouse", {"setting": "sea"}),
        ("A pipeline of paper boats on a river", {"setting": "river"}),
        ("A request pipeline", {"setting": "diagram", "hour": "day"}),
        ("A fox in watercolour, autumn dusk", {
            "setting": "forest", "style": "watercolour", "season": "autumn", "hour": "dusk"}),
        ("Blueprint of a rocket", {"setting": "blueprint", "style": "blueprint"}),
        ("A red house", {"setting": "hills", "moods": ()}),
        ("A red pattern", {"setting": "pattern", "moods": ("red",)}),
        ("A rainy city", {"weather": frozenset({"rain"}), "moods": ("overcast",)}),
    ],
)  # fmt: skip
def test_a_prompt_decides_setting_style_and_light(prompt: str, expected: dict[str, Any]) -> None:
    scene = read_prompt([prompt])
    assert {name: getattr(scene, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A fox reading", {"lead": "fox", "character": "fox", "held": "book", "many": False}),
        ("Two foxes on a bench", {"lead": "fox", "seat": "bench", "many": True}),
        ("A robot with a lamp", {"lead": "robot", "beside": "lamp"}),
        ("A keeper at a lighthouse", {"lead": "lighthouse", "character": "person"}),
        ("A quiet morning", {"lead": None, "character": None, "things": ()}),
    ],
)
def test_a_prompt_decides_the_subjects(prompt: str, expected: dict[str, Any]) -> None:
    subjects = read_prompt([prompt]).subjects
    assert {name: getattr(subjects, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("make it dark", {"hour": "night"}),
        ("in winter", {"season": "winter"}),
        ("as an ink drawing", {"style": "ink"}),
        ("as a blueprint", {"style": "flat"}),
        ("warmer", {"moods": ("warm",)}),
    ],
)
def test_an_edit_changes_light_and_style_and_keeps_the_subjects(
    edit: str, expected: dict[str, Any]
) -> None:
    before, after = read_prompt(["A fox on a hill"]), read_prompt(["A fox on a hill", edit])
    assert {name: getattr(after, name) for name in expected} == expected
    assert (after.setting, after.subjects) == (before.setting, before.subjects)


def test_a_take_and_an_edit_without_a_known_word_change_the_variant() -> None:
    first = read_prompt(["A fox"]).variant
    assert read_prompt(["A fox"], take=3).variant == first + 2
    assert read_prompt(["A fox", "xyz"]).variant == first + 1


def test_plural_and_hyphenated_words_are_recognized_once() -> None:
    words = words_of("Foxes, a FOX and a light-bulb on a paper boat")
    assert mentioned("character", words) == ["fox"]
    assert mentioned("thing", words) == ["lamp", "paperboat"]
