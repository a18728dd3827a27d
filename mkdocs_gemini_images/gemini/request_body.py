"""Write the JSON body of a request to `generateContent` (API reference, "Request JSON").

In: a request and the turns of its conversation, with the bytes of the pictures they send. Out: the
body's bytes. No effects.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mkdocs_gemini_images.core.image_format import MIME, Picture
from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.dimensions import AUTO
from mkdocs_gemini_images.requests.request import ImageRequest


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture whose bytes the request contains."""

    picture: Picture
    data: bytes
    name: str = field(default="", compare=False)
    """What it is in messages: a file's path, or `#id`."""


@dataclass(frozen=True, slots=True)
class FileUri:
    """A picture that the server fetches from a URI."""

    uri: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: the user's text and pictures, or the model's own parts."""

    text: str = ""
    pictures: tuple[Inline | FileUri, ...] = ()
    model: tuple[Mapping[str, Any], ...] = ()
    """The parts of a model's turn, exactly as received; empty for a turn of the user."""


def write_body(request: ImageRequest, turns: Sequence[Turn], *, google: bool) -> bytes:
    """Return the JSON body that asks for a request's picture.

    `turns` is the conversation up to and including this request. With `google`, the size is sent
    by its canonical name, without it in the author's spelling.
    """
    known = MODELS.get(request.model)
    image = {} if request.aspect_ratio == AUTO else {"aspectRatio": request.aspect_ratio}
    if known.sized if known else request.size != "1K":
        image["imageSize"] = request.size if google else request.spelled or request.size
    # With search, some models fail unless they may answer with text: text is always allowed.
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"]}
    if image:
        config["imageConfig"] = image
    if request.temperature is not None:
        config["temperature"] = request.temperature
    value: dict[str, Any] = {
        "contents": [_content(turn) for turn in turns],
        "generationConfig": config,
    }
    if request.grounding:
        value["tools"] = [_search_tool(request.grounding)]
    if request.request:
        value = merged(value, json.loads(request.request))
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")  # lone surrogates stay escapes


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `over`: objects are merged, everything else is replaced."""
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        result[name] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


def _content(turn: Turn) -> dict[str, Any]:
    if turn.model:
        return {"role": "model", "parts": list(turn.model)}
    parts: list[dict[str, Any]] = [_picture_part(picture) for picture in turn.pictures]
    return {"role": "user", "parts": [*parts, {"text": turn.text}]}


def _picture_part(picture: Inline | FileUri) -> dict[str, Any]:
    if isinstance(picture, FileUri):
        return {"fileData": {"mimeType": picture.mime_type, "fileUri": picture.uri}}
    data = base64.b64encode(picture.data).decode("ascii")
    return {"inlineData": {"mimeType": MIME[picture.picture.kind], "data": data}}


def _search_tool(grounding: Sequence[str]) -> dict[str, Any]:
    """Return the tool for Google Search; web search alone is the default and needs no types."""
    if tuple(grounding) == ("web",):
        return {"googleSearch": {}}
    return {"googleSearch": {"searchTypes": {f"{ground}Search": {} for ground in grounding}}}
