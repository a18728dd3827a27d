"""Extracts from a checked request what is needed to draw its image and to count its tokens.

A message that `rules` accepts goes in, an `ImageQuery` comes out. A tag `[emulate: NAME]` in the
last turn is removed from the texts and kept as the scenario. The same body always gives the same
query.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from math import log

from mkdocs_gemini_images.emulator.protocol.protojson import Message
from mkdocs_gemini_images.emulator.protocol.rules import requested_shape
from mkdocs_gemini_images.models.catalogue import Ground, Model, pixels
from mkdocs_gemini_images.models.dimensions import Pixels

HIGHEST_TAKE = 9999
_SCENARIO_TAG = re.compile(r"\s*\[emulate:\s*([^\]]*?)\s*\]")


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """One request for an image, checked."""

    model: Model
    texts: tuple[str, ...]
    """The texts of the user turns, in order, without scenario tags."""
    other_texts: tuple[str, ...]
    """The texts of the model's turns and of the system instruction."""
    reference_images: tuple[bytes, ...]
    """The inline images of the user turns, in order."""
    image_count: int
    """The number of images in all turns, those given by URI included."""
    ratio: str
    size: str
    wants_text: bool
    """Whether the answer may hold text beside the image."""
    include_thoughts: bool
    thinks: bool
    """Whether the model thinks; thinking is billed whether the answer shows it or not."""
    thinking_level: str
    """The level of thinking that the request names, or the model's own; it may be empty."""
    grounding: frozenset[Ground]
    max_output_tokens: int | None
    take: int
    scenario: str
    """The name in the last `[emulate: NAME]` of the last user turn, or empty."""
    digest: str
    """The SHA-256 of model, take and body, in hexadecimal digits."""

    @property
    def pixels(self) -> Pixels:
        """The documented width and height of the image that the model draws."""
        return pixels(self.model.id, self.ratio, self.size)


def read_query(
    request: Message, body: bytes, model: Model, take: int, *, gateway: bool
) -> ImageQuery:
    """Return the query of a checked request; `body` holds the bytes it was parsed from."""
    users = [c for c in request["contents"] if c.get("role") != "model"]
    texts = [p["text"] for c in users for p in c["parts"] if "text" in p]
    inline = [p["inlineData"].get("data", b"") for c in users for p in c["parts"]
              if "inlineData" in p]  # fmt: skip
    all_parts = [p for c in request["contents"] for p in c["parts"]]
    last = " ".join(p.get("text", "") for p in users[-1]["parts"]) if users else ""
    tags = _SCENARIO_TAG.findall(last)
    ratio, size = requested_shape(request, gateway=gateway)
    config = request.get("generationConfig", {})
    thinking = config.get("thinkingConfig", {})
    level = thinking.get("thinkingLevel", "MINIMAL" if "3.1-flash" in model.id else "")
    return ImageQuery(
        model=model,
        texts=tuple(_without_tag(text) for text in texts),
        other_texts=_other_texts(request),
        reference_images=tuple(inline),
        image_count=sum("inlineData" in p or "fileData" in p for p in all_parts),
        ratio=ratio or _default_ratio(all_parts, model),
        size=size or "1K",
        wants_text=set(config.get("responseModalities", ())) != {"IMAGE"},
        include_thoughts=bool(thinking.get("includeThoughts")),
        thinks=_thinks(model, level),
        thinking_level=level,
        grounding=_grounding(request),
        max_output_tokens=config.get("maxOutputTokens"),
        take=take,
        scenario=tags[-1] if tags else "",
        digest=hashlib.sha256(b"%s\0%d\0%s" % (model.id.encode(), take, body)).hexdigest(),
    )


def _thinks(model: Model, level: str) -> bool:
    """Return whether a model thinks: 3 Pro always does, whatever the level."""
    return "3-pro" in model.id or (level != "MINIMAL" and "2.5" not in model.id)


def _other_texts(request: Message) -> tuple[str, ...]:
    turns = [turn for turn in request["contents"] if turn.get("role") == "model"]
    turns.append(request.get("systemInstruction", {}))
    return tuple(part["text"] for turn in turns for part in turn.get("parts", ()) if "text" in part)


def _without_tag(text: str) -> str:
    return _SCENARIO_TAG.sub("", text).strip() if _SCENARIO_TAG.search(text) else text


def _default_ratio(parts: list[Message], model: Model) -> str:
    """Return the model's ratio nearest to the last inline image; 1:1 without an image."""
    images = [p["inlineData"].get("data", b"") for p in parts if "inlineData" in p]
    if not images:
        return "1:1"
    from PIL import Image, UnidentifiedImageError

    try:
        width, height = Image.open(BytesIO(images[-1])).size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):  # fmt: skip
        return "1:1"
    shape = log(width / height)
    sides = {ratio: ratio.split(":") for ratio in model.ratios}
    return min(sides, key=lambda r: abs(log(int(sides[r][0]) / int(sides[r][1])) - shape))


def _grounding(request: Message) -> frozenset[Ground]:
    searches: set[Ground] = set()
    for tool in request.get("tools", ()):
        if "googleSearch" not in tool:
            continue
        types = tool["googleSearch"].get("searchTypes", {})
        if "webSearch" in types or not types:
            searches.add("web")
        if "imageSearch" in types:
            searches.add("image")
    return frozenset(searches)
