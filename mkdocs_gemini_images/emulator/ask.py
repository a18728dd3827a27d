"""What one accepted request asks for, in the words of whoever draws it.

In comes a request that is read and within the rules; out goes an Ask: texts, pictures, frame,
modalities, and a digest that names the request. A tag `[emulate: NAME]` is taken out of the texts
and kept beside them. Pure: the same body gives the same Ask, whatever the time is.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from math import log

from mkdocs_gemini_images.emulator.protojson import Message
from mkdocs_gemini_images.emulator.rules import frame
from mkdocs_gemini_images.models.catalogue import Ground, Model, pixels
from mkdocs_gemini_images.models.dimensions import Pixels

TAKES = 9999
_TAG = re.compile(r"\s*\[emulate:\s*([^\]]*?)\s*\]")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a picture, checked and laid out for drawing and billing."""

    model: Model
    texts: tuple[str, ...]
    """What the user turns say, in order, without tags."""
    pictures: tuple[bytes, ...]
    """The pictures the user turns carry inline, in order."""
    images: int
    """How many pictures go in, those given by URI and those of model turns included."""
    ratio: str
    size: str
    words: bool
    """Whether text may come back beside the picture."""
    thoughts: bool
    thinking: bool
    """Whether the model thinks at all, which is billed whether it is shown or not."""
    grounding: frozenset[Ground]
    limit: int | None
    take: int
    tag: str
    digest: str

    @property
    def pixels(self) -> Pixels:
        """Width and height the model is documented to draw for this request."""
        return pixels(self.model.id, self.ratio, self.size)


def ask(request: Message, body: bytes, model: Model, take: int, *, gateway: bool) -> Ask:
    """Lay out a checked request; `body` is what it was read from and gives it its name."""
    users = [c for c in request["contents"] if c.get("role") != "model"]
    texts = [p["text"] for c in users for p in c["parts"] if "text" in p]
    inline = [p["inlineData"].get("data", b"") for c in users for p in c["parts"]
              if "inlineData" in p]  # fmt: skip
    every = [p for c in request["contents"] for p in c["parts"]]
    last = " ".join(p.get("text", "") for p in users[-1]["parts"]) if users else ""
    tags = _TAG.findall(last)
    ratio, size = frame(request, gateway=gateway)
    config = request.get("generationConfig", {})
    thinking = config.get("thinkingConfig", {})
    usual = "MINIMAL" if "3.1-flash" in model.id else ""
    return Ask(
        model=model,
        texts=tuple(_TAG.sub("", t).strip() if _TAG.search(t) else t for t in texts),
        pictures=tuple(inline),
        images=sum("inlineData" in p or "fileData" in p for p in every),
        ratio=ratio or _alike(every, model),
        size=size or "1K",
        words=set(config.get("responseModalities", ())) != {"IMAGE"},
        thoughts=bool(thinking.get("includeThoughts")),
        thinking=thinking.get("thinkingLevel", usual) != "MINIMAL" and "2.5" not in model.id,
        grounding=_grounding(request),
        limit=config.get("maxOutputTokens"),
        take=take,
        tag=tags[-1] if tags else "",
        digest=hashlib.sha256(b"%s\0%d\0%s" % (model.id.encode(), take, body)).hexdigest(),
    )


def _alike(parts: list[Message], model: Model) -> str:
    """Without a ratio the picture follows the last one given; without any it is square."""
    given = [p["inlineData"].get("data", b"") for p in parts if "inlineData" in p]
    if not given:
        return "1:1"
    from PIL import Image, UnidentifiedImageError

    try:
        width, height = Image.open(BytesIO(given[-1])).size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):  # fmt: skip
        return "1:1"
    shape = log(width / height)
    sides = {ratio: ratio.split(":") for ratio in model.ratios}
    return min(sides, key=lambda r: abs(log(int(sides[r][0]) / int(sides[r][1])) - shape))


def _grounding(request: Message) -> frozenset[Ground]:
    found: set[Ground] = set()
    for tool in request.get("tools", ()):
        if "googleSearch" not in tool:
            continue
        types = tool["googleSearch"].get("searchTypes", {})
        if "webSearch" in types or not types:
            found.add("web")
        if "imageSearch" in types:
            found.add("image")
    return frozenset(found)
