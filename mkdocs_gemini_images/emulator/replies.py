"""The JSON of a successful answer: parts, signatures, finish, usage, and what the search found.

In comes an Ask, a recipe (which parts in which order, and how it ends) and the drawn pictures; out
goes a `generateContent` body, or the chunks of a stream (API reference, "Response JSON"). Usage is
computed from the recipe alone, so that a bill can be written before anything is drawn.
Nothing here draws, waits, or knows about HTTP. Everything is a function of the request.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mkdocs_gemini_images.emulator.ask import Ask
from mkdocs_gemini_images.emulator.signatures import seal
from mkdocs_gemini_images.models.catalogue import Rates

Body = dict[str, Any]
Piece = Literal["thought", "draft thought", "last thought", "text", "draft", "image",
                "markdown", "link"]  # fmt: skip
DRAWN: frozenset[Piece] = frozenset(
    {"draft thought", "last thought", "draft", "image", "markdown", "link"}
)
_SHOWN = DRAWN - {"draft thought", "last thought"}
_PICTURE_IN = 560
_WORDS_BESIDE_A_PICTURE = 88


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an answer is made of: its parts in order, its end, and what it says."""

    pieces: tuple[Piece, ...] = ("text", "image")
    finish: str = "STOP"
    message: str = ""
    """The `finishMessage`, left out when empty."""
    content: Literal["parts", "empty", "absent", "null"] = "parts"
    blocked: str = ""
    """The `blockReason` of a prompt that got no candidates."""
    said: str = "Here is the picture you asked for."
    mislabelled: bool = False
    surcharge: int = 1
    """How many times its table tokens a picture is counted."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one answer; `mirrored` when a refusal repeats its thoughts as output."""

    text_in: int
    pictures_in: int
    pictures_out: int
    words: int
    thoughts: int
    mirrored: bool = False

    @property
    def prompt(self) -> int:
        """All tokens that went in."""
        return self.text_in + self.pictures_in

    @property
    def candidates(self) -> int:
        """All tokens that came out, thoughts aside."""
        return self.thoughts if self.mirrored else self.pictures_out + self.words

    @property
    def total(self) -> int:
        """What `totalTokenCount` says, which counts mirrored thoughts once."""
        return self.prompt + self.thoughts + (0 if self.mirrored else self.candidates)

    def usd(self, rates: Rates) -> float:
        """Price the tokens (API reference, "Cost formula")."""
        out = self.pictures_out * rates.image + (self.words + self.thoughts) * rates.text
        return round((out + self.prompt * rates.input) / 1e6, 8)

    def body(self) -> Body:
        """Write `usageMetadata`."""
        details = [{"modality": "TEXT", "tokenCount": self.text_in}]
        if self.pictures_in:
            details.append({"modality": "IMAGE", "tokenCount": self.pictures_in})
        result: Body = {"promptTokenCount": self.prompt}
        if self.candidates:
            result["candidatesTokenCount"] = self.candidates
        result |= {"totalTokenCount": self.total, "promptTokensDetails": details}
        if self.pictures_out:
            result["candidatesTokensDetails"] = [
                {"modality": "IMAGE", "tokenCount": self.pictures_out}
            ]
        if self.thoughts:
            result["thoughtsTokenCount"] = self.thoughts
        return result


def tokens(text: str) -> int:
    """Estimate the tokens of a text: about four characters each."""
    return -(-len(text) // 4)


def pieces(ask: Ask, recipe: Recipe) -> tuple[Piece, ...]:
    """Choose the parts this request gets: no words if it wants none, thoughts if it asks."""
    chosen = recipe.pieces if ask.words else tuple(p for p in recipe.pieces if p != "text")
    if ask.thoughts and ask.thinking and "image" in chosen and "thought" not in chosen:
        return ("thought", "last thought", *chosen)
    return chosen


def shown(ask: Ask, recipe: Recipe) -> int:
    """Count the pictures that are billed: all but those of the thoughts."""
    return sum(piece in _SHOWN for piece in pieces(ask, recipe))


def usage(ask: Ask, recipe: Recipe) -> Usage:
    """Count the tokens of an answer made by `recipe`."""
    chosen = pieces(ask, recipe)
    paid = shown(ask, recipe)
    spoken = sum(piece == "text" for piece in chosen) * tokens(recipe.said)
    thoughts = 64 + int(ask.digest[:4], 16) % 300 if ask.thinking and not recipe.blocked else 0
    return Usage(
        text_in=sum(tokens(text) for text in ask.texts),
        pictures_in=_PICTURE_IN * ask.images,
        pictures_out=paid * ask.model.tokens.get(ask.size, 1120) * recipe.surcharge,
        words=spoken + (_WORDS_BESIDE_A_PICTURE if paid else 0),
        thoughts=thoughts,
        mirrored=not chosen,
    )


def compose(ask: Ask, recipe: Recipe, drawn: Sequence[bytes], kind: str) -> Body:
    """Write the whole body; `drawn` has one picture for each drawn piece, in order."""
    counted = usage(ask, recipe).body()
    name = b64encode(bytes.fromhex(ask.digest)[:15], b"-_").decode()
    ending = {"usageMetadata": counted, "modelVersion": ask.model.id, "responseId": name}
    if recipe.blocked:
        return {"promptFeedback": {"blockReason": recipe.blocked, "safetyRatings": []}, **ending}
    parts = _parts(ask, recipe, drawn, kind)
    candidate: Body = {}
    match recipe.content:
        case "parts":
            candidate["content"] = {"role": "model", "parts": parts}
        case "null":
            candidate["content"] = {"role": "model", "parts": None}
        case "empty":
            candidate["content"] = {}
    candidate |= {"finishReason": recipe.finish, "index": 0}
    if recipe.message:
        candidate["finishMessage"] = recipe.message
    if ask.grounding and parts:
        candidate["groundingMetadata"] = _grounding(ask)
    return {"candidates": [candidate], **ending}


def chunks(body: Body) -> Iterator[Body]:
    """Cut a body into what a stream sends: words in pieces, each picture whole, then the end."""
    candidate = body.get("candidates", [{}])[0]
    parts = candidate.get("content", {}).get("parts")
    if not parts:
        yield body
        return
    cut = [bit for part in parts for bit in _bits(part)]
    full = body["usageMetadata"]
    for i, part in enumerate(cut, 1):
        out = full.get("candidatesTokenCount", 0) * i // (len(cut) + 1)
        grown = {"promptTokenCount": full["promptTokenCount"], "candidatesTokenCount": out,
                 "totalTokenCount": full["promptTokenCount"] + out}  # fmt: skip
        content = {"role": "model", "parts": [part]}
        yield {**body, "candidates": [{"content": content, "index": 0}], "usageMetadata": grown}
    yield {**body, "candidates": [{**candidate, "content": {"role": "model"}}]}


def _bits(part: Body) -> list[Body]:
    text = part.get("text", "")
    if len(text) < 2:
        return [part]
    half = len(text) // 2
    rest = {k: v for k, v in part.items() if k != "thoughtSignature"}
    return [{**part, "text": text[:half]}, {**rest, "text": text[half:]}]


def _parts(ask: Ask, recipe: Recipe, drawn: Sequence[bytes], kind: str) -> list[Body]:
    declared = kind if not recipe.mislabelled else {"png": "jpeg", "jpeg": "png"}[kind]
    supply = iter(drawn)
    parts: list[Body] = []
    first = True
    for piece in pieces(ask, recipe):
        data = next(supply) if piece in DRAWN else b""
        thought = "thought" in piece
        part = _part(piece, recipe.said, data, f"image/{declared}", ask.digest)
        if thought:
            part["thought"] = True
        elif first or "inlineData" in part:
            signed = data if "inlineData" in part else part["text"]
            part["thoughtSignature"] = b64encode(seal(signed)).decode()
            first = False
        parts.append(part)
    return parts


def _part(piece: Piece, said: str, data: bytes, mime: str, digest: str) -> Body:
    match piece:
        case "thought":
            return {"text": "**Composing the scene**\n\nI place the subject, then the light."}
        case "text":
            return {"text": said}
        case "markdown":
            return {"text": f"![image](data:{mime};base64,{b64encode(data).decode()})"}
        case "link":
            return {"text": f"![image](https://cdn.example/{digest[:16]}.{mime[6:]})"}
        case _:
            return {"inlineData": {"mimeType": mime, "data": b64encode(data).decode()}}


def _grounding(ask: Ask) -> Body:
    query = " ".join(" ".join(ask.texts).split())[:80]
    found: Body = {"searchEntryPoint": {"renderedContent": '<div class="container"></div>'}}
    chunks: list[Body] = []
    if "web" in ask.grounding:
        found["webSearchQueries"] = [query]
        chunks.append({"web": {"uri": "https://example.com/", "title": "example.com"}})
    if "image" in ask.grounding:
        found["imageSearchQueries"] = [query]
        image = {"sourceUri": "https://example.org/", "title": "example.org"}
        chunks.append({"image": {**image, "imageUri": "https://example.org/seen.jpg",
                                 "domain": "example.org"}})  # fmt: skip
    return {**found, "groundingChunks": chunks, "groundingSupports": []}
