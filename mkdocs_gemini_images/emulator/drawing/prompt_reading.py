"""Reads the prompt and its edits as the description of a scene.

The texts of a conversation go in, a `SceneDescription` comes out. The first text decides what the
image shows; later ones change its light, its colours and its style. What a prompt leaves open is
chosen at random, seeded by its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.seeded_random import random_from
from mkdocs_gemini_images.emulator.drawing.vocabulary import (
    EDIT_HOURS,
    USUAL_SETTINGS,
    mentioned,
    words_of,
)

_PORTABLE = ("picture", "plant", "lamp", "server", "press", "tree")
_GROUPS = frozenset({"village", "fleet", "pair", "couple", "group"})
_ANY_SETTING = ("hills", "mountains", "sea", "pattern", "desert", "forest", "space", "river")
_REPAINTABLE = frozenset({"flat", "watercolour", "ink"})
_TONES = ("warm", "cool", "sepia", "mono")
_LANDMARK_SETTINGS = ("sea", "mountains", "hills", "space", "river")
_INDOORS = ("table", "diagram", "pattern", "isometric", "blueprint")


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the image shows; `lead` is the main figure."""

    lead: str | None
    character: str | None
    held: str | None
    """What the character holds."""
    seat: str | None
    beside: str | None
    """What stands beside the character."""
    things: tuple[str, ...]
    many: bool
    """Whether there is more than one of the lead."""


@dataclass(frozen=True, slots=True)
class SceneDescription:
    """What the texts of a conversation decide."""

    setting: str
    style: str
    hour: str
    season: str | None
    weather: frozenset[str]
    moods: tuple[str, ...]
    subjects: Subjects
    minimal: bool
    shelves: bool
    """Whether towers are drawn as bookcases."""
    leafy: bool
    """Whether a pattern is made of leaves."""
    variant: int
    """Chooses one of an hour's palettes."""


def read_prompt(texts: Sequence[str], take: int = 1) -> SceneDescription:
    """Return the scene that the texts of a conversation describe."""
    prompt = texts[0] if texts else ""
    words, edits = words_of(prompt), [words_of(text) for text in texts[1:]]
    rng = random_from("brief", prompt)
    style = next(iter(mentioned("style", words)), None)
    subjects, setting = _subjects_and_setting(words, style, rng)
    hours, seasons, weather = (mentioned(kind, words) for kind in ("hour", "season", "weather"))
    hour = hours[0] if hours else _default_hour(setting, rng)
    season = seasons[0] if seasons else None
    # In a scene a colour such as "red" belongs to one thing; a pattern takes it as a whole.
    moods = [m for m in mentioned("mood", words) if setting == "pattern" or m in _TONES]
    moods += ["overcast"] if "rain" in weather else []
    variant = rng.randrange(12) + take - 1
    for edit in edits:
        new_hours = mentioned("hour", edit) or [EDIT_HOURS[w] for w in edit if w in EDIT_HOURS]
        new_seasons, new_styles = mentioned("season", edit), mentioned("style", edit)
        new_moods, new_weather = mentioned("mood", edit), mentioned("weather", edit)
        hour = new_hours[0] if new_hours else hour
        season = new_seasons[0] if new_seasons else season
        if style not in ("blueprint", "isometric") and set(new_styles[:1]) & _REPAINTABLE:
            style = new_styles[0]
        moods += [*new_moods, *(["overcast"] if "rain" in new_weather else [])]
        weather += new_weather
        if not (new_hours or new_seasons or new_styles or new_moods or new_weather):
            variant += 1  # An edit without a known word changes the image, too.
    return SceneDescription(
        setting=setting,
        style=style or "flat",
        hour=hour,
        season=season,
        weather=frozenset(weather),
        moods=tuple(moods),
        subjects=subjects,
        minimal="minimal" in words or "minimalist" in words,
        shelves="book" in subjects.things,
        leafy=bool({"leaf", "leaves", "botanical"} & set(words)),
        variant=variant,
    )


def _default_hour(setting: str, rng: Random) -> str:
    if setting in _INDOORS:
        return "day"
    return rng.choice(("dawn", "day", "day", "dusk", "dusk"))


def _subjects_and_setting(
    words: Sequence[str], style: str | None, rng: Random
) -> tuple[Subjects, str]:
    characters, things = mentioned("character", words), mentioned("thing", words)
    held, seats, settings = (mentioned(kind, words) for kind in ("held", "seat", "setting"))
    if "lighthouse" in things and "person" in characters:
        characters = ["person"]
    landmarks = [name for name in things if USUAL_SETTINGS[name] in _LANDMARK_SETTINGS]
    lead = next(iter([*landmarks, *characters, *things]), None)
    character = characters[0] if characters else None
    if character and not held and {"reading", "reads", "read"} & set(words):
        held = ["book"]
    setting = _setting(lead, style, settings, seated=bool(seats), rng=rng)
    in_hand = held[0] if character and held else None
    portable = [name for name in things if name in _PORTABLE and name not in (lead, in_hand)]
    subjects = Subjects(
        lead=lead,
        character=character,
        held=in_hand,
        seat=seats[0] if seats else None,
        beside=portable[0] if portable and lead == character else None,
        things=tuple(things),
        many=lead is not None and _is_plural(lead, words),
    )
    return subjects, setting


def _setting(
    lead: str | None, style: str | None, settings: Sequence[str], *, seated: bool, rng: Random
) -> str:
    if style in ("blueprint", "isometric"):
        return style
    if settings:
        # Of several settings the first outdoor one is drawn: a pipeline on a river is a river.
        return min(settings, key=lambda name: name in _INDOORS)
    if lead in USUAL_SETTINGS:
        return USUAL_SETTINGS[lead]
    return "hills" if lead or seated else rng.choice(_ANY_SETTING)


def _is_plural(lead: str, words: Sequence[str]) -> bool:
    plurals = {word for word in words if word.endswith("s") or word in _GROUPS}
    return any(
        [lead] in (mentioned("thing", [word])[:1], mentioned("character", [word])[:1])
        for word in plurals
    )
