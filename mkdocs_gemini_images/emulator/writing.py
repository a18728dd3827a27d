"""Draws and writes one whole answer: the part of the work that takes time, for a thread.

In come an Ask, the scenario that is played and the manner of the reply, out go bytes. The drawing
is imported when the first picture is made, and the last few pictures are remembered: the same
request has the same picture. Nothing here waits or knows about HTTP.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from mkdocs_gemini_images.emulator import replies
from mkdocs_gemini_images.emulator.ask import TAKES, Ask
from mkdocs_gemini_images.emulator.scenarios import Scenario
from mkdocs_gemini_images.models.dimensions import Pixels

Manner = Literal["unary", "sse", "array"]
Kind = Literal["png", "jpeg"]


def write(wish: Ask, play: Scenario, manner: Manner) -> bytes:
    """Draw and write the whole answer: the part that takes time."""
    kind: Kind = "png" if play.png else wish.model.kind
    drawn = [play.picture(p) if play.picture else p for p in _drawn(wish, play, kind)]
    body = replies.compose(wish, play.recipe, drawn, kind)
    parts = [body] if manner == "unary" else list(replies.chunks(body))
    spoilt = [play.body(part) for part in parts] if play.body else parts
    match manner:
        case "unary":
            return (json.dumps(spoilt[0], ensure_ascii=False, indent=2) + "\n").encode()
        case "sse":
            lines = (json.dumps(part, ensure_ascii=False) for part in spoilt)
            return "".join(f"data: {line}\r\n\r\n" for line in lines).encode()
        case "array":
            return (json.dumps(spoilt, ensure_ascii=False, indent=2) + "\n").encode()


def _drawn(wish: Ask, play: Scenario, kind: Kind) -> Iterator[bytes]:
    if play.other_ratio:
        wish = replace(wish, ratio="4:5" if wish.ratio == "1:1" else "1:1")
    for place, piece in enumerate(replies.pieces(wish, play.recipe)):
        if piece not in replies.DRAWN:
            continue
        # A draft is another take of the same words; the picture and its last thought are one.
        other = 5000 + place if piece in ("draft", "draft thought") else 0
        take = (wish.take - 1 + other) % TAKES + 1
        yield picture(wish.texts, wish.pixels, kind, take, wish.pictures)


@lru_cache(maxsize=8)
def picture(
    texts: tuple[str, ...], size: Pixels, kind: Kind, take: int, references: tuple[bytes, ...]
) -> bytes:
    """Draw one picture, or remember it: whoever tries again does not wait again."""
    from mkdocs_gemini_images.emulator.drawing import draw

    return draw(texts, *size, kind=kind, take=take, references=references)
