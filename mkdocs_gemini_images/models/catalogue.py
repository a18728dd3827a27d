"""What each image model can do, how large its pictures are, and what they cost.

A table of facts with a few look-ups; nothing here talks to anyone. Sources: the API reference's
sections "Output pixels and tokens", "Prices and model life cycle" and "Reference limits".
A model that is not listed is not refused: it passes through with the pixels of its nearest kin
and without a price, because models come and go faster than releases.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted

Ground = Literal["web", "image"]
Pixels = tuple[int, int]

SIZES = ("512", "1K", "2K", "4K")
_COMMON = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_EXTREME = ("1:4", "4:1", "1:8", "8:1")
RATIOS = _COMMON + _EXTREME

# Width x height at 1K; 2K and 4K are exact multiples. 512 has a column of its own.
_AT_1K: Mapping[str, Pixels] = {
    "1:1": (1024, 1024), "2:3": (848, 1264), "3:2": (1264, 848), "3:4": (896, 1200),
    "4:3": (1200, 896), "4:5": (928, 1152), "5:4": (1152, 928), "9:16": (768, 1376),
    "16:9": (1376, 768), "21:9": (1584, 672), "1:4": (512, 2048), "4:1": (2048, 512),
    "1:8": (384, 3072), "8:1": (3072, 384),
}  # fmt: skip
_AT_512: Mapping[str, Pixels] = {
    "1:1": (512, 512), "2:3": (424, 632), "3:2": (632, 424), "3:4": (448, 600),
    "4:3": (600, 448), "4:5": (464, 576), "5:4": (576, 464), "9:16": (384, 688),
    "16:9": (688, 384), "21:9": (792, 336), "1:4": (256, 1024), "4:1": (1024, 256),
    "1:8": (192, 1536), "8:1": (1536, 192),
}  # fmt: skip
_AT_2_5: Mapping[str, Pixels] = {
    "1:1": (1024, 1024), "2:3": (832, 1248), "3:2": (1248, 832), "3:4": (864, 1184),
    "4:3": (1184, 864), "4:5": (896, 1152), "5:4": (1152, 896), "9:16": (768, 1344),
    "16:9": (1344, 768), "21:9": (1536, 672),
}  # fmt: skip
_SCALE = {"1K": 1, "2K": 2, "4K": 4}


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens: what goes in, text and thinking that come out, pictures."""

    input: float
    text: float
    image: float


@dataclass(frozen=True, slots=True)
class Model:
    """One image model: its limits, its prices in USD a picture, and the day it ends, if known."""

    id: str
    sizes: tuple[str, ...]
    ratios: tuple[str, ...]
    tokens: Mapping[str, int]
    """Output tokens of one picture, by size."""
    prices: Mapping[str, float]
    """USD of one picture, by size."""
    rates: Rates
    references: int = 14
    grounding: frozenset[Ground] = frozenset()
    sized: bool = True
    """Whether the API takes `imageSize` for it."""
    kind: Literal["png", "jpeg"] = "jpeg"
    """The format it usually answers with; the bytes decide."""
    ends: str = ""
    """ISO date after which the API is announced not to serve it, or empty."""
    pixels: Mapping[str, Pixels] = field(default_factory=lambda: _AT_1K)


def _table() -> Mapping[str, Model]:
    flash = Model(
        "gemini-3.1-flash-image", SIZES, RATIOS,
        {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
        {"512": 0.045, "1K": 0.067, "2K": 0.101, "4K": 0.151},
        Rates(0.50, 3.00, 60), grounding=frozenset({"web", "image"}), ends="2026-10-29",
    )  # fmt: skip
    pro = Model(
        "gemini-3-pro-image", ("1K", "2K", "4K"), _COMMON,
        {"1K": 1120, "2K": 1120, "4K": 2000}, {"1K": 0.134, "2K": 0.134, "4K": 0.24},
        Rates(2.00, 12.00, 120), grounding=frozenset({"web"}),
    )  # fmt: skip
    models = (
        # Sources disagree about 4K (3780 or 2520 tokens): the dearer one stands, as a wall must.
        Model(
            "gemini-nano-banana-2.1", ("1K", "2K", "4K"), RATIOS,
            {"1K": 1120, "2K": 1680, "4K": 3780}, {"1K": 0.0336, "2K": 0.0504, "4K": 0.1134},
            Rates(1.50, 7.50, 30), grounding=frozenset({"web", "image"}),
        ),
        pro,
        flash,
        Model(
            "gemini-3.1-flash-lite-image", ("1K",), _COMMON, {"1K": 1120}, {"1K": 0.0336},
            Rates(0.25, 1.50, 30),
        ),
        Model(
            "gemini-2.5-flash-image", ("1K",), _COMMON, {"1K": 1290}, {"1K": 0.039},
            Rates(0.30, 2.50, 30), references=3, sized=False, kind="png", ends="2027-03-15",
            pixels=_AT_2_5,
        ),
        _preview(pro), _preview(flash),
    )  # fmt: skip
    return MappingProxyType({model.id: model for model in models})


def _preview(model: Model) -> Model:
    """Some gateways still serve the preview names of today's models."""
    return Model(
        f"{model.id}-preview", model.sizes, model.ratios, model.tokens, model.prices, model.rates,
        grounding=model.grounding, ends="2026-06-25",
    )  # fmt: skip


MODELS = _table()
DEFAULT = "gemini-nano-banana-2.1"


def canonical_size(written: str) -> str:
    """Give a size its one name: `0.5K` and `512` are one size, `2k` is `2K`.

    Text that is no size comes back as it is, for the caller to refuse.
    """
    size = written.strip().upper()
    if size in {"0.5K", "512"}:
        return "512"
    return size if size in SIZES else written.strip()


def canonical_ratio(written: object) -> str:
    """Give an aspect ratio its one spelling, also after YAML 1.1 has read it as a number.

    YAML 1.1 reads an unquoted `16:9` as the base-60 number 969. All fourteen ratios stay
    distinguishable that way, so the number is turned back. Other text comes back as it is.
    """
    if isinstance(written, int):
        return _AFTER_YAML.get(written, str(written))
    return "".join(str(written).split())


_AFTER_YAML = {60 * int(a) + int(b): f"{a}:{b}" for a, b in (r.split(":") for r in RATIOS)}


def pixels(model: str, ratio: str, size: str) -> Pixels:
    """Width and height that `model` is documented to draw; 3.x pixels for an unknown model."""
    known = MODELS.get(model)
    if size == "512":
        return _AT_512[ratio]
    width, height = (known.pixels if known else _AT_1K).get(ratio) or _AT_1K[ratio]
    scale = _SCALE[size]
    return width * scale, height * scale


def price(model: str, size: str) -> float | None:
    """USD of one picture from the table, or None when the model or its size is not known."""
    known = MODELS.get(model)
    return known.prices.get(size) if known else None


def _nearest(ratio: str, ratios: tuple[str, ...]) -> str:
    """Name the ratio of the most similar shape."""
    if not re.fullmatch(r"[1-9]\d{0,8}:[1-9]\d{0,8}", ratio):
        return did_you_mean(ratio, ratios)
    nearest = min(ratios, key=lambda known: abs(math.log(_shape(known) / _shape(ratio))))
    return f"did you mean '{nearest}'?"


def _shape(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)


def check(
    model: str, ratio: str, size: str, grounding: frozenset[Ground], references: int
) -> list[Diagnostic]:
    """Say what `model` would refuse, before a request is made. An unknown model refuses nothing
    that the API as a whole knows.
    """  # noqa: D205
    known = MODELS.get(model)
    who = f"for {model}" if known else "for any model"
    found = []
    ratios, sizes = (known.ratios, known.sizes) if known else (RATIOS, SIZES)
    if ratio not in ratios:
        fix = "another model draws it" if ratio in RATIOS else _nearest(ratio, ratios)
        found.append(Diagnostic(f"an aspect_ratio {who} ({', '.join(ratios)})", quoted(ratio), fix))
    if size not in sizes:
        nearest = sizes[0] if size == SIZES[0] else sizes[-1]
        fix = f"write size: {nearest}" if size in SIZES else f"write one of {', '.join(sizes)}"
        found.append(Diagnostic(f"a size {who} ({', '.join(sizes)})", quoted(size), fix))
    if known and not grounding <= known.grounding:
        able = ", ".join(sorted(known.grounding)) or "none"
        asked = ", ".join(sorted(grounding))
        found.append(Diagnostic(f"a grounding {who} ({able})", quoted(asked), "leave it out"))
    if known and references > known.references:
        found.append(
            Diagnostic(
                f"at most {known.references} references {who}", str(references), "name fewer"
            )
        )
    return found
