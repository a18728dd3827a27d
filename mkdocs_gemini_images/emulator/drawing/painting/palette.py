"""Chooses the colours of an image by hour, season and mood.

An hour, a season and moods go in, a `Palette` comes out. A shift of hue keeps the lightness of a
colour, so that near and far stay apart in every mood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one image; `orb` is that of the sun or the moon."""

    sky: tuple[Colour, Colour, Colour]
    orb: Colour
    far: Colour
    near: Colour
    water: Colour
    accent: Colour
    second: Colour
    pale: Colour
    light: Colour
    paper: Colour
    ink: Colour
    night: bool = False


# sky (top, middle, horizon) | sun or moon | land far, near | water | accent, second | pale, light
_HOURS: dict[str, tuple[str, ...]] = {
    "dawn": (
        "86adc4 f1c6b3 fce8d2 | fff6e2 | c3bfca 38506b | 8fb4c2 | d65f41 f0b168 | fdf5e8 fff0c4",
        "93bfbd f3d4b4 fdefdc | fffaec | b9ccc4 2a565c | 93bdb9 | de6b48 eebf72 | fcf6ea fff1c9",
        "a9a4c9 f0bfc0 fde3cc | fff3dd | c9b6c6 463f68 | a9aac8 | d4574f f3b57a | fdf3ea ffeec2",
    ),
    "day": (
        "6fb0cf b4dbdf f8f0da | fff6d8 | a8cbc3 1f5357 | 62a5b4 | e2562d f3b43a | fdf6e7 fff0bf",
        "eadbbd f4e8d0 fbf4e4 | e8694a | cfc3a4 2c4a4c | 9fb8ac | d5452f eaa83c | fffaf0 fff1c4",
        "a5cfc8 d6e6d3 fbf3dc | fbd06a | b3ccb0 23524a | 84b7b0 | e36a45 f2b84b | fdf7ea fff2c6",
        "f3c9a8 f8dcc0 fdeedb | f2784b | d9b8a0 35506a | 8fb0b8 | cf4530 f0ab45 | fff8ee fff0c8",
    ),
    "dusk": (
        "2b2c5c b9566f f9ad68 | ffe6ae | a95b7b 1b1c3c | 6d4a78 | ee7046 f7b95c | f7dfcd ffe09a",
        "36497c d5797a fbd3a0 | fff0c8 | a4718d 20264c | 6f6f97 | ea6645 f6bd69 | f9e6d5 ffe3a3",
        "4b2b5f df6560 ffc872 | fff0b8 | b2566a 251a3f | 83486f | f0653f f9c45f | fbe3cc ffe49c",
        "1f4b63 cf8470 fad49b | fff1c6 | 7f7b83 12303f | 4d7380 | e9653f f5bb62 | f8e6d0 ffe2a0",
    ),
    "night": (
        "0a1230 1c2e5c 44648e | f8efcf | 365380 090f26 | 233c68 | e57f4f e8b45e | cbd3e4 ffd27c",
        "0c1a2b 1b3a50 4f7c86 | f5efd6 | 33606c 081620 | 1f4755 | e27a4c e6b765 | cddbdb ffd486",
        "171136 35265f 725a8e | fbeccb | 52427c 110d29 | 3a2f66 | ea7762 eab36b | d6cfe4 ffcf86",
    ),
}
# far land | near land | water | accent, second
_SEASONS: dict[str, str] = {
    "autumn": "dba45c 5e2a20 b79a77 c63f25 eba437",
    "winter": "c4d3e0 39536f a8c3d4 c4402f dfb98a",
    "spring": "bcd6a4 33614a 9cc9c0 e0607e f5c555",
    "summer": "b9d08a 1c5a4a 4fa9b0 f0582b fbb92f",
}
_TINTS: dict[str, tuple[str, float]] = {
    "warm": ("f08a3c", 0.34),
    "cool": ("3f83d6", 0.34),
    "sepia": ("b98a55", 0.85),
    "mono": ("8a8a8c", 0.96),
    "green": ("4f9a5c", 0.45),
    "blue": ("3a78c2", 0.5),
    "pink": ("e07a9c", 0.45),
    "purple": ("8a5cc0", 0.45),
    "red": ("d24a3a", 0.45),
    "gold": ("e3a93c", 0.45),
}
_OVERCAST = ("6f8290", 0.55)
_PAPER = {"day": ("f7f0e2", "2b2a30"), "night": ("131a2c", "e8e0cc")}


def from_hex(text: str) -> Colour:
    """Return the colour of six hexadecimal digits."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Return the colour at `t` of the way from `a` to `b`."""
    red, green, blue = (round(p + (q - p) * t) for p, q in zip(a, b, strict=True))
    return red, green, blue


def lightness(colour: Colour) -> float:
    """Return the perceived lightness of a colour, from 0 to 1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def shift_hue(colour: Colour, hue: Colour, amount: float) -> Colour:
    """Return a colour moved towards the hue of another, with its own lightness."""
    goal, own = lightness(colour), lightness(hue)
    if goal <= own:
        level = mix((0, 0, 0), hue, goal / own if own else 0.0)
    else:
        level = mix(hue, (255, 255, 255), (goal - own) / (1 - own))
    return mix(colour, level, amount)


def choose_palette(hour: str, season: str | None, moods: Iterable[str], variant: int) -> Palette:
    """Return the palette for an hour, shifted by the season and the moods."""
    choices = _HOURS[hour]
    sky, orb, land, water, accents, lights = (
        [from_hex(word) for word in group.split()]
        for group in choices[variant % len(choices)].split("|")
    )
    paper, ink = (from_hex(text) for text in _PAPER["night" if hour == "night" else "day"])
    palette = Palette(
        sky=(sky[0], sky[1], sky[2]),
        orb=orb[0],
        far=land[0],
        near=land[1],
        water=water[0],
        accent=accents[0],
        second=accents[1],
        pale=lights[0],
        light=lights[1],
        paper=paper,
        ink=ink,
        night=hour == "night",
    )
    if season in _SEASONS:
        palette = _seasoned(palette, [from_hex(word) for word in _SEASONS[season].split()])
    for mood in moods:
        palette = _moody(palette, mood)
    return palette


def _seasoned(palette: Palette, tones: Sequence[Colour]) -> Palette:
    far, near, water, accent, second = tones
    strength = 0.6 if palette.night else 0.85
    top, middle, low = palette.sky
    return replace(
        palette,
        sky=(shift_hue(top, far, 0.35), shift_hue(middle, far, 0.35), shift_hue(low, far, 0.2)),
        far=shift_hue(palette.far, far, strength),
        near=shift_hue(palette.near, near, strength),
        water=shift_hue(palette.water, water, 0.5),
        accent=mix(palette.accent, accent, 0.6),
        second=mix(palette.second, second, 0.6),
    )


def _moody(palette: Palette, mood: str) -> Palette:
    if mood in ("bright", "dim"):
        goal, amount = ((255, 250, 240), 0.22) if mood == "bright" else ((12, 14, 28), 0.32)
        return _each(palette, lambda colour: mix(colour, goal, amount))
    if mood == "overcast":
        # Rain turns the air and the land grey; lamps and subjects keep their colour.
        grey, amount = from_hex(_OVERCAST[0]), _OVERCAST[1]
        top, middle, low = (shift_hue(colour, grey, amount) for colour in palette.sky)
        return replace(
            palette,
            sky=(top, middle, low),
            far=shift_hue(palette.far, grey, amount),
            near=shift_hue(palette.near, grey, amount / 2),
        )
    if mood in _TINTS:
        word, amount = _TINTS[mood]
        return _each(palette, lambda colour: shift_hue(colour, from_hex(word), amount))
    return palette


def _each(palette: Palette, change: Callable[[Colour], Colour]) -> Palette:
    top, middle, low = palette.sky
    return replace(
        palette,
        sky=(change(top), change(middle), change(low)),
        orb=change(palette.orb),
        far=change(palette.far),
        near=change(palette.near),
        water=change(palette.water),
        accent=change(palette.accent),
        second=change(palette.second),
        pale=change(palette.pale),
        light=change(palette.light),
        paper=change(palette.paper),
    )
