"""The image models: what each can do, what its images cost, and when it ends.

A table, with functions that look things up in it. Sources: the API reference's sections "Output
pixels and tokens", "Prices and model life cycle" and "Reference limits". A model that is not in the
table is not refused, since models come and go faster than releases: it is taken to draw the pixels
of models since 3.0, and has no known price. Pure.
"""

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.models.dimensions import (
    AUTO,
    COMMON_RATIOS,
    MULTIPLES_OF_1K,
    PIXELS_AT_1K,
    PIXELS_AT_512,
    PIXELS_OF_2_5,
    RATIOS,
    SIZES,
    Pixels,
)

Ground = Literal["web", "image"]


class Rates(NamedTuple):
    """Prices in USD: per million tokens of the input, of text and thinking, and of images.

    `search` is the price of one query of Google Search.
    """

    input: float
    text: float
    image: float
    search: float = 0.014


class Model(NamedTuple):
    """One image model: what it draws, its limits and prices, and the day it ends."""

    id: str
    sizes: tuple[str, ...]
    ratios: tuple[str, ...]
    tokens: Mapping[str, int]
    """Output tokens of one image, by size."""
    prices: Mapping[str, float]
    """USD of one image, by size, as published: rounded. A quote counts its tokens."""
    rates: Rates
    references: int = 14
    """How many reference images a request may hold."""
    roles: Mapping[str, int] = {}
    """How many references may be objects, persons or styles, where a limit is documented."""
    grounding: frozenset[Ground] = frozenset()
    sized: bool = True
    """Whether the API accepts `imageSize` for it."""
    kind: Literal["png", "jpeg"] = "jpeg"
    """The format of its answers, as a rule; `image_format.identify` reads the true one."""
    ends: str = ""
    """ISO date after which, as announced, the API does not serve it; empty if none is known."""
    pixels: Mapping[str, Pixels] = PIXELS_AT_1K
    """Width and height at 1K, by aspect ratio."""
    input_tokens: int = 1120
    """Tokens of one picture that is sent along."""
    usual_text: int = 100
    """Tokens of thinking and text of a plain request, as a rule, at the model's own level."""
    usual_text_high: int = 850
    """The same where `thinkingLevel` is HIGH."""
    output_limit: int = 32_768
    """Tokens that an answer has at most, with its picture."""

    def text_out(self, level: str = "") -> int:
        """Return the tokens of thinking and text that a request has, as a rule.

        `level` is the level of thinking that it names, or empty.
        """
        match level.upper():
            case "HIGH" | "XHIGH":
                return self.usual_text_high
            case "MINIMAL":
                return min(self.usual_text, 100)
            case _:
                return self.usual_text


def _table() -> Mapping[str, Model]:
    flash = Model(
        "gemini-3.1-flash-image", SIZES, RATIOS,
        {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
        {"512": 0.045, "1K": 0.067, "2K": 0.101, "4K": 0.151},
        Rates(0.50, 3.00, 60), roles={"object": 10, "person": 4},
        grounding=frozenset({"web", "image"}), ends="2026-10-29",
    )  # fmt: skip
    pro = Model(
        "gemini-3-pro-image", ("1K", "2K", "4K"), COMMON_RATIOS,
        {"1K": 1120, "2K": 1120, "4K": 2000}, {"1K": 0.134, "2K": 0.134, "4K": 0.24},
        Rates(2.00, 12.00, 120), roles={"object": 6, "person": 5, "style": 3},
        grounding=frozenset({"web"}), input_tokens=560, usual_text=600,
    )  # fmt: skip
    models = (
        # Sources disagree about 4K (3780 or 2520 tokens); the higher price keeps the limits safe.
        Model(
            "gemini-nano-banana-2.1", ("1K", "2K", "4K"), RATIOS,
            {"1K": 1120, "2K": 1680, "4K": 3780}, {"1K": 0.0336, "2K": 0.0504, "4K": 0.1134},
            Rates(1.50, 7.50, 30), roles={"object": 10, "person": 4},
            grounding=frozenset({"web", "image"}), usual_text=465, usual_text_high=930,
        ),
        pro,
        flash,
        Model(
            "gemini-3.1-flash-lite-image", ("1K",), COMMON_RATIOS, {"1K": 1120}, {"1K": 0.0336},
            Rates(0.25, 1.50, 30), output_limit=4096,
        ),
        Model(
            "gemini-2.5-flash-image", ("1K",), COMMON_RATIOS, {"1K": 1290}, {"1K": 0.039},
            Rates(0.30, 2.50, 30, search=0.035), references=3, sized=False, kind="png",
            ends="2027-03-15", pixels=PIXELS_OF_2_5, input_tokens=1290,
        ),
        _preview(pro), _preview(flash),
    )  # fmt: skip
    return MappingProxyType({model.id: model for model in models})


def _preview(model: Model) -> Model:
    """Return a model under its preview name, which some gateways still serve."""
    return model._replace(id=f"{model.id}-preview", ends="2026-06-25")


MODELS = _table()
DEFAULT_MODEL = "gemini-nano-banana-2.1"


def pixels(model: str, ratio: str, size: str) -> Pixels:
    """Return width and height of the images that `model` is documented to draw.

    For an unknown model they are those of models since 3.0.
    """
    known = MODELS.get(model)
    if size == "512":
        return PIXELS_AT_512[ratio]
    width, height = (known.pixels if known else PIXELS_AT_1K).get(ratio) or PIXELS_AT_1K[ratio]
    multiple = MULTIPLES_OF_1K[size]
    return width * multiple, height * multiple


def check_options(
    model: str,
    ratio: str,
    size: str,
    grounding: frozenset[Ground],
    references: int,
    roles: Sequence[str] = (),
) -> list[Diagnostic]:
    """Return one diagnostic for each value that `model` would refuse.

    `roles` are what the references are said to be. For an unknown model, only values that no model
    of the API takes.
    """
    known = MODELS.get(model)
    who = model if known else "no known model"
    draws = "does not draw" if known else "draws"
    ratios, sizes = (known.ratios, known.sizes) if known else (RATIOS, SIZES)
    found = []
    if ratio not in ratios and ratio != AUTO:
        fix = "another model draws it" if ratio in RATIOS else did_you_mean_ratio(ratio, ratios)
        said = f"{who} {draws} aspect_ratio {quoted(ratio)}, but {', '.join(ratios)}"
        found.append(Diagnostic.sentence(said, fix, at="aspect_ratio"))
    if size not in sizes:
        nearest = sizes[0] if size == SIZES[0] else sizes[-1]
        fix = f"write size: {nearest}" if size in SIZES else f"write one of {', '.join(sizes)}"
        said = f"{who} {draws} size {quoted(size)}, but {', '.join(sizes)}"
        found.append(Diagnostic.sentence(said, fix, at="size"))
    if known and not grounding <= known.grounding:
        able = ", ".join(sorted(known.grounding)) or "nothing"
        asked = ", ".join(sorted(grounding))
        said = f"{model} does not look up {quoted(asked)}, but {able}"
        found.append(Diagnostic.sentence(said, "leave grounding out", at="grounding"))
    if known and references > known.references:
        said = f"the picture has {references} references, and {model} takes {known.references}"
        found.append(Diagnostic.sentence(said, "name fewer", at="references"))
    for role, most in known.roles.items() if known else ():
        if roles.count(role) > most:
            said = f"{roles.count(role)} references are 'as {role}', and {model} takes {most}"
            found.append(Diagnostic.sentence(said, f"take 'as {role}' out", at="references"))
    return found


def did_you_mean_ratio(ratio: str, ratios: Sequence[str]) -> str:
    """Return a fix that names the nearest ratio: one with a digit less, or the most similar one."""
    if not re.fullmatch(r"[1-9]\d{0,8}:[1-9]\d{0,8}", ratio):
        return did_you_mean(ratio, ratios)
    shape = _shape(ratio)
    shorter = {ratio[:at] + ratio[at + 1 :] for at in range(len(ratio))}
    shapes = [known for known in ratios if known != AUTO]
    typed = [known for known in shapes if known in shorter]
    nearest = min(typed or shapes, key=lambda known: abs(math.log(_shape(known) / shape)))
    return f"did you mean '{nearest}'?"


def _shape(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)
