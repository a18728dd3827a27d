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
_REPAINTABLE = ("flat", "watercolour", "ink")
_TONES = ("warm", "cool", "sepia", "mono")
_INDOORS = ("table", "diagram", "pattern", "isometric", "blueprint")


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the image shows; `lead` is the largest of its figures."""

    lead: str | None
    character: str | None
    held: str | None
    seat: str | None
    beside: str | None
    things: tuple[str, ...]
    many: bool


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
    leafy: bool
    variant: int


def read_prompt(texts: Sequence[str], take: int = 1) -> SceneDescription:
    """Return the scene that the texts of a conversation describe."""
    first = texts[0] if texts else ""
    tokens, edits = words_of(first), [words_of(text) for text in texts[1:]]
    chance = random_from("brief", first)
    style = next(iter(mentioned("style", tokens)), None)
    subjects, setting = _subject(tokens, style, chance)
    hours, seasons, weather = (mentioned(kind, tokens) for kind in ("hour", "season", "weather"))
    hour = (
        hours[0]
        if hours
        else "day"
        if setting in _INDOORS
        else chance.choice(("dawn", "day", "day", "dusk", "dusk"))
    )
    season = seasons[0] if seasons else None
    # In a scene a colour such as "red" belongs to one thing; a pattern takes it as a whole.
    moods = [m for m in mentioned("mood", tokens) if setting == "pattern" or m in _TONES]
    moods += ["overcast"] if "rain" in weather else []
    variant = chance.randrange(12) + take - 1
    for edit in edits:
        changed = mentioned("hour", edit) or [EDIT_HOURS[t] for t in edit if t in EDIT_HOURS]
        seasons, styles = mentioned("season", edit), mentioned("style", edit)
        wished, skies = mentioned("mood", edit), mentioned("weather", edit)
        hour = changed[0] if changed else hour
        season = seasons[0] if seasons else season
        if style not in ("blueprint", "isometric") and styles and styles[0] in _REPAINTABLE:
            style = styles[0]
        moods += [*wished, *(["overcast"] if "rain" in skies else [])]
        weather += skies
        if not (changed or seasons or styles or wished or skies):
            variant += 1  # An edit without a known word changes the image, too.
    return SceneDescription(
        setting=setting,
        style=style or "flat",
        hour=hour,
        season=season,
        weather=frozenset(weather),
        moods=tuple(moods),
        subjects=subjects,
        minimal="minimal" in tokens or "minimalist" in tokens,
        shelves="book" in subjects.things,
        leafy=bool({"leaf", "leaves", "botanical"} & set(tokens)),
        variant=variant,
    )


def _subject(tokens: Sequence[str], style: str | None, chance: Random) -> tuple[Subjects, str]:
    characters, things = mentioned("character", tokens), mentioned("thing", tokens)
    held, seats, settings = (mentioned(kind, tokens) for kind in ("held", "seat", "setting"))
    if "lighthouse" in things and "person" in characters:
        characters = ["person"]
    big = [
        t for t in things if USUAL_SETTINGS[t] in ("sea", "mountains", "hills", "space", "river")
    ]
    lead = big[0] if big else characters[0] if characters else things[0] if things else None
    character = characters[0] if characters else None
    if character and not held and {"reading", "reads", "read"} & set(tokens):
        held = ["book"]
    plural = {t for t in tokens if t.endswith("s") or t in _GROUPS}
    many = (
        any(
            mentioned("thing", [t])[:1] == [lead] or mentioned("character", [t])[:1] == [lead]
            for t in plural
        )
        if lead
        else False
    )
    if style in ("blueprint", "isometric"):
        setting = style
    elif settings:
        # Of several settings the first outdoor one is drawn: a pipeline on a river is a river.
        setting = min(settings, key=lambda name: name in _INDOORS)
    elif lead in USUAL_SETTINGS:
        setting = USUAL_SETTINGS[lead]
    elif lead or seats:
        setting = "hills"
    else:
        setting = chance.choice(_ANY_SETTING)
    hand = held[0] if character and held else None
    beside = next((t for t in things if t in _PORTABLE and t not in (lead, hand)), None)
    return Subjects(
        lead,
        character,
        hand,
        seats[0] if seats else None,
        beside if lead == character else None,
        tuple(things),
        many,
    ), setting
