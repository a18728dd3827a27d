"""One exact request to a model, and the key under which its picture is kept.

A request is one turn of a conversation, linked to the turn before it. Its key is the SHA-256 digest
of its canonical JSON, so it is known before anything is drawn and never depends on an answer. A
field at its default is left out, so that a new field changes no existing key. Servers, API keys and
everything about presentation are not part of it. Pure.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.models.catalogue import Ground
from mkdocs_gemini_images.models.dimensions import AUTO, Pixels, pixels_of_shape

REQUEST_VERSION = 1
"""The version of the canonical JSON; another one would change every key."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A local picture that is sent along: its path, and the digest of its bytes."""

    path: str
    sha256: str
    size: Pixels | None = field(default=None, compare=False)
    """Its width and height, where they are easily known."""


@dataclass(frozen=True, slots=True)
class UriPart:
    """A picture that the server fetches itself."""

    uri: str
    mime_type: str = field(default="", compare=False)
    """Its type, where the author says it; not part of the key, which names the picture."""


class PicturePart(NamedTuple):
    """Another directive's picture, by that directive's id."""

    id: str


RequestPart = FilePart | UriPart | PicturePart


class _ImageRequestFields(NamedTuple):
    model: str
    text: str
    aspect_ratio: str
    size: str
    spelled: str = ""
    """The size as its author wrote it, for gateways; not part of the key."""
    temperature: float | None = None
    parts: tuple[RequestPart, ...] = ()
    grounding: tuple[Ground, ...] = ()
    request: str = ""
    """Canonical JSON that is merged into the body, or empty."""
    take: int = 1
    after: "ImageRequest | None" = None
    """The turn before this one."""
    emulated: bool = False


class ImageRequest(_ImageRequestFields):
    """One turn of a conversation that ends in a picture."""

    @cached_property
    def pixels(self) -> Pixels:
        """The width and height that the model's documentation gives for the picture.

        Without a ratio the picture takes the shape of the last picture that is sent along, which is
        known of local files; otherwise a square is expected.
        """
        if self.aspect_ratio == AUTO:
            sent = [part for step in self.chain() for part in step.parts]
            shapes = [part.size for part in sent if isinstance(part, FilePart) and part.size]
            return pixels_of_shape((shapes or [(1, 1)])[-1], self.size)
        return catalogue.pixels(self.model, self.aspect_ratio, self.size)

    @cached_property
    def lasting_key(self) -> str | None:
        """The request's key, computed once; None where the conversation refers to an id."""
        refers = any(isinstance(part, PicturePart) for part in self.parts)
        if refers or (self.after is not None and self.after.lasting_key is None):
            return None
        return digest(canonical(self))

    @cached_property
    def searches(self) -> int:
        """How many kinds of search it allows, also by raw JSON of the site's owner."""
        raw = json.loads(self.request) if '"tools"' in self.request else {}
        if not isinstance(raw, Mapping) or "tools" not in raw:
            return len(self.grounding)
        tools = raw["tools"] if isinstance(raw["tools"], list) else []
        return max((_kinds(each[name]) for each in tools if isinstance(each, Mapping)
                    for name in ("googleSearch", "google_search") if name in each),
                   default=0)  # fmt: skip

    def chain(self) -> Iterator["ImageRequest"]:
        """Yield all requests of the conversation, the first one first."""
        if self.after is not None:
            yield from self.after.chain()
        yield self


def _kinds(search: Any) -> int:
    """Return how many kinds of search the tool of raw JSON names; one where it names none."""
    written = search if isinstance(search, Mapping) else {}
    types = written.get("searchTypes", written.get("search_types"))
    return (len(types) if isinstance(types, Mapping) else 0) or 1


def canonical(request: ImageRequest, keys: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a request as the mapping that its key is the digest of.

    `keys` gives the key of each directive's id. Without it, an id stays as it is written: names of
    published files are made from this form, since they are needed before all ids are known.

    Raises `KeyError` for an id that `keys` does not have.
    """
    config: dict[str, Any] = {"aspectRatio": request.aspect_ratio}
    if request.size != "1K":
        config["imageSize"] = request.size
    if request.temperature is not None:
        config["temperature"] = request.temperature
    written: dict[str, Any] = {
        "v": REQUEST_VERSION,
        "model": request.model,
        "text": request.text,
        "config": config,
    }
    if request.parts:
        written["parts"] = [_part(part, keys) for part in request.parts]
    if request.grounding:
        written["tools"] = list(request.grounding)
    if request.request:
        written["request"] = json.loads(request.request)
    if request.take != 1:
        written["take"] = request.take
    if request.emulated:
        written["emulated"] = True
    if request.after is not None:
        written["after"] = key(request.after, keys)
    return written


def key(request: ImageRequest, keys: Mapping[str, str] | None = None) -> str:
    """Return the key of a request's picture: 64 hex digits, the same on every machine.

    `keys` and the `KeyError` are those of `canonical`.
    """
    return request.lasting_key or digest(canonical(request, keys))


def _part(part: RequestPart, keys: Mapping[str, str] | None) -> dict[str, str]:
    match part:
        case FilePart():
            return {"file": part.sha256}
        case UriPart():
            return {"uri": part.uri}
        case PicturePart():
            return {"id": part.id} if keys is None else {"picture": keys[part.id]}
