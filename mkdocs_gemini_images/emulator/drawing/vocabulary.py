"""The words that a prompt is read by.

A text goes in, the names of what it mentions come out, by kind. An unknown word is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WORDS = {
    "hour": {
        "dawn": "dawn sunrise morning daybreak early pastel",
        "day": "day noon daylight sunny midday afternoon sunlit daytime",
        "dusk": "dusk sunset evening twilight golden sundown",
        "night": "night midnight nocturnal moon moonlit moonlight star starry nighttime darkness",
    },
    "season": {
        "autumn": "autumn fall autumnal october november harvest pumpkin",
        "winter": "winter snow snowy frost frosty ice icy christmas december january cold",
        "spring": "spring blossom april tulip",
        "summer": "summer july august tropical",
    },
    "weather": {
        "rain": "rain rainy storm stormy drizzle wet",
        "snow": "snow snowy snowfall blizzard winter",
        "fog": "fog foggy mist misty haze hazy",
    },
    "mood": {
        "warm": "warm warmer cosy cozy",
        "cool": "cool cooler colder",
        "bright": "brighter lighter vivid",
        "dim": "darker dimmer gloomy moody",
        "sepia": "sepia vintage",
        "mono": "monochrome greyscale grayscale colourless",
        "green": "green greener emerald",
        "blue": "blue bluer azure",
        "pink": "pink rose",
        "purple": "purple violet lavender",
        "red": "red crimson",
        "gold": "gold",
    },
    "style": {
        "watercolour": "watercolour watercolor gouache aquarelle painting painted",
        "ink": "ink pen sketch engraving etching woodcut pencil hand-drawn linocut hatching",
        "blueprint": "blueprint schematic drafting cyanotype technical",
        "isometric": "isometric voxel axonometric",
        "flat": "flat minimal minimalist vector poster",
    },
    "setting": {
        "sea": "sea ocean coast shore beach harbour harbor bay island wave port marina pier",
        "river": "river stream canal lake brook",
        "mountains": "mountain alpine peak summit cliff ridge",
        "forest": "forest wood woodland jungle pine",
        "city": "city town tower skyline street downtown skyscraper roof rooftop metropolis",
        "desert": "desert dune sand cactus canyon sahara",
        "space": "space galaxy cosmos cosmic planet orbit universe astronaut moonscape",
        "hills": "park garden gardening meadow field hill farm countryside valley orchard "
        "landscape vineyard",
        "table": "desk table still-life kitchen breakfast windowsill workshop shelf",
        "diagram": "diagram pipeline architecture graph network flow flowchart circuit workflow "
        "sequence api cache process request database deploy deployment integration",
        "pattern": "pattern abstract leaf leaves tile texture geometric wallpaper mosaic ornament",
    },
    "character": {
        "fox": "fox animal dog wolf",
        "cat": "cat kitten",
        "owl": "owl bird",
        "robot": "robot android automaton bot machine-person",
        "person": "person man woman keeper girl boy child reader writer gardener traveller author "
        "developer editor librarian painter walker fisherman",
    },
    "held": {
        "newspaper": "newspaper gazette magazine news",
        "map": "map chart atlas plan",
        "book": "book novel manual documentation docs",
        "envelope": "letter envelope mail email message",
        "cup": "tea coffee mug",
    },
    "seat": {"bench": "bench"},
    "thing": {
        "lighthouse": "lighthouse beacon",
        "trawler": "trawler ship ferry fishing steamer",
        "paperboat": "paper-boat origami",
        "sailboat": "boat sail sailboat yacht sailing",
        "observatory": "observatory telescope dome astronomy",
        "balloon": "balloon airship zeppelin",
        "rocket": "rocket spaceship launch spacecraft",
        "house": "house cabin cottage hut home lodge barn village",
        "tree": "tree oak",
        "press": "press printing printer machine engine gear mechanism",
        "server": "server rack datacentre datacenter cloud computer",
        "cup": "cup tea coffee mug teacup",
        "books": "stack pile",
        "book": "book bookshelf bookshelve library notebook page documentation docs",
        "plant": "plant greenhouse gardening gardener pot fern houseplant vase flower botanical",
        "lamp": "lamp lantern candle light-bulb",
        "picture": "picture image photo illustration canvas easel gallery frame camera",
        "envelope": "letter envelope mail email",
        "map": "map atlas",
        "newspaper": "newspaper gazette",
    },
}
# In an edit these words mean an hour; in the first prompt they may mean anything.
EDIT_HOURS = {"dark": "night", "light": "day", "bright": "day", "sun": "day", "black": "night"}
USUAL_SETTINGS = {
    thing: home
    for home, things in {
        "sea": "lighthouse sailboat trawler",
        "river": "paperboat",
        "mountains": "observatory",
        "hills": "balloon house tree",
        "space": "rocket",
        "isometric": "server",
        "forest": "owl fox",
        "table": "press cup books book plant lamp picture envelope map newspaper",
    }.items()
    for thing in things.split()
}

_INDEX: dict[str, dict[str, str]] = {
    kind: {word: value for value, words in table.items() for word in words.split()}
    for kind, table in _WORDS.items()
}


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    joined = re.sub(r"\bpaper[ -]boat", "paper-boat", text.casefold())
    return re.findall(r"[a-z]+(?:-[a-z]+)*", joined)


def _stems(token: str) -> Iterable[str]:
    yield token
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ed", "")):
        if token.endswith(ending) and len(token) > len(ending) + 2:
            yield token[: -len(ending)] + instead
    if "-" in token:
        yield from token.split("-")


def mentioned(kind: str, tokens: Sequence[str]) -> list[str]:
    """Return the names of one kind that the words mention, each once, in their order."""
    index = _INDEX[kind]
    hits = (next((index[s] for s in _stems(t) if s in index), None) for t in tokens)
    return list(dict.fromkeys(hit for hit in hits if hit is not None))
