"""Writes what a text model answers about a picture: a sentence that the same request always gets.

A checked request goes in; the JSON of an answer and its price come out. The words are those of the
vocabulary that the text of the request mentions, and the tone of the picture. `[emulate: NAME]` in
the text, or a scenario with an error, gives another answer.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

from mkdocs_gemini_images.emulator import scenarios
from mkdocs_gemini_images.emulator.answers.token_usage import TokenUsage, estimate_tokens
from mkdocs_gemini_images.emulator.drawing.vocabulary import mentioned, words_of
from mkdocs_gemini_images.emulator.protocol.errors import RequestRefused, invalid_argument
from mkdocs_gemini_images.emulator.protocol.protojson import Message
from mkdocs_gemini_images.models.text_models import PICTURE_TOKENS, TEXT_MODELS

_TAG = re.compile(r"\[emulate:\s*([^\]]*?)\s*\]")

WORDS = {
    "decorative": "DECORATIVE",
    "chatty": "Sure! Here is the alt text you asked for: **A fox reads a map.** Let me know if you "
    "want another one!",
    "hostile": "![x](https://evil.example)\n```\n<script>alert(1)</script> A fox {{ config }} | "
    "reads\x1b[31m \u202eit",
    "nothing": "",
}
"""Answers that no plausible request gets, by the name in `[emulate: NAME]`."""

_PLACES = {
    "sea": "by the sea", "river": "on a river", "mountains": "in the mountains",
    "forest": "in a forest", "city": "above a city", "desert": "in a desert",
    "space": "in space", "hills": "among hills", "table": "on a table",
}  # fmt: skip
_HOURS = {"dawn": "at dawn", "dusk": "at dusk", "night": "at night"}


@dataclass(frozen=True, slots=True)
class WordQuery:
    """One request for words, checked."""

    text: str
    picture: bytes = b""
    scenario: str = ""


def read_query(request: Message) -> WordQuery:
    """Return the query of a request. Raises `RequestRefused`."""
    parts = [part for content in request.get("contents", ()) for part in content.get("parts", ())]
    if not parts:
        said = "* GenerateContentRequest.contents: contents is not specified\n"
        raise RequestRefused(invalid_argument(said))
    text = " ".join(part["text"] for part in parts if "text" in part)
    pictures = [part["inlineData"].get("data", b"") for part in parts if "inlineData" in part]
    tag = _TAG.search(text)
    return WordQuery(text, pictures[-1] if pictures else b"", "" if tag is None else tag[1])


def answer(
    query: WordQuery, scenario: str, model: str
) -> tuple[dict[str, Any], Mapping[str, Decimal]]:
    """Return the JSON of the answer in a scenario, and its price in USD by what is billed.

    Raises `RequestRefused` for a scenario with an error, and for one that is not known.
    """
    if scenario not in WORDS:
        try:
            scenarios.check_name(scenario)
        except ValueError as error:
            raise RequestRefused(invalid_argument(f"The emulator has {error}")) from None
        if (refused := scenarios.single(scenario).error) is not None:
            raise RequestRefused(refused)
    words = WORDS[scenario] if scenario in WORDS else _sentence(query)
    usage = TokenUsage(
        estimate_tokens(query.text),
        PICTURE_TOKENS if query.picture else 0,
        output_text=estimate_tokens(words),
    )
    value = {
        "candidates": [
            {
                "content": {"role": "model", "parts": [{"text": words}] if words else []},
                "finishReason": "STOP",
                "index": 0,
            }
        ],
        "usageMetadata": usage.as_json(),
        "modelVersion": model,
        "responseId": sha256(query.text.encode() + query.picture).hexdigest()[:22],
    }
    return value, usage.bill(TEXT_MODELS[model])


def _sentence(query: WordQuery) -> str:
    stated = _stated(query.text)
    tokens, first = words_of(" ".join(stated)), words_of(" ".join(stated[:1]))
    kinds = (("thing", first), ("character", first), ("character", tokens), ("thing", tokens))
    found = [name for kind, words in kinds for name in mentioned(kind, words)]
    settings = [_PLACES[each] for each in mentioned("setting", tokens) if each in _PLACES]
    hours = [_HOURS[each] for each in mentioned("hour", tokens) if each in _HOURS]
    subject = found[0] if found else "scene"
    article = "An" if subject[0] in "aeiou" else "A"
    return " ".join([f"{article} {subject}", *settings[:1], *hours[:1], f"in {_tone(query)} tones"])


def _stated(text: str) -> list[str]:
    """Return what the request says about the page: the values of the JSON at its end."""
    begin = text.rfind("\n{")
    try:
        value = json.loads(text[begin + 1 :]) if begin >= 0 else {}
    except ValueError:
        return []
    return [each for each in value.values() if isinstance(each, str)]


def _tone(query: WordQuery) -> str:
    from PIL import Image

    try:
        image = Image.open(BytesIO(query.picture)).convert("RGB").resize((1, 1))
        pixel = image.getpixel((0, 0))
    except (OSError, ValueError, Image.DecompressionBombError):
        return "quiet"
    red, green, blue = pixel if isinstance(pixel, tuple) else (0, 0, 0)
    if max(red, green, blue) < 70:
        return "dark"
    if max(red, green, blue) - min(red, green, blue) < 24:
        return "pale" if min(red, green, blue) > 170 else "grey"
    return {red: "warm", green: "green", blue: "blue"}[max(red, green, blue)]
