"""Builds the JSON of an answer with status 200: parts, signatures, finish reason and usage.

An `ImageQuery`, an `AnswerSpec` (which parts in which order, and how the answer ends) and the
encoded images go in; a `generateContent` body comes out, or the chunks of a stream (API reference,
"Response JSON"). Usage depends on the spec alone, so that a price is known before drawing.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from mkdocs_gemini_images.emulator.answers.token_usage import (
    TokenUsage,
    estimate_tokens,
    text_beside_picture,
    thought_tokens,
)
from mkdocs_gemini_images.emulator.protocol.image_query import ImageQuery
from mkdocs_gemini_images.emulator.protocol.signatures import thought_signature

ResponseBody = dict[str, Any]
PartKind = Literal["thought", "draft thought", "last thought", "text", "draft", "image",
                   "markdown", "link"]  # fmt: skip
DRAWN_PARTS: frozenset[PartKind] = frozenset(
    {"draft thought", "last thought", "draft", "image", "markdown", "link"}
)
_BILLED_PARTS = DRAWN_PARTS - {"draft thought", "last thought"}


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """What an answer is made of: its parts in order, its end and its text."""

    parts: tuple[PartKind, ...] = ("text", "image")
    finish_reason: str = "STOP"
    finish_message: str = ""
    """The `finishMessage`, left out when empty."""
    content: Literal["parts", "empty", "absent", "null"] = "parts"
    block_reason: str = ""
    """The `blockReason` of a prompt that got no candidates."""
    text: str = "Here is the picture you asked for."
    wrong_mime_type: bool = False
    token_multiplier: int = 1
    """How many times the table's tokens an image is counted."""


def part_kinds(query: ImageQuery, spec: AnswerSpec) -> tuple[PartKind, ...]:
    """Return the parts of an answer: without text or with thoughts, as the request asks."""
    kinds = spec.parts if query.wants_text else tuple(p for p in spec.parts if p != "text")
    shows_thoughts = query.include_thoughts and query.thinks
    if shows_thoughts and "image" in kinds and "thought" not in kinds:
        return ("thought", "last thought", *kinds)
    return kinds


def count_billed_images(query: ImageQuery, spec: AnswerSpec) -> int:
    """Return the number of billed images: all but those marked as thoughts."""
    return sum(kind in _BILLED_PARTS for kind in part_kinds(query, spec))


def count_usage(query: ImageQuery, spec: AnswerSpec) -> TokenUsage:
    """Return the tokens of an answer."""
    kinds = part_kinds(query, spec)
    billed = count_billed_images(query, spec)
    text_tokens = sum(kind == "text" for kind in kinds) * estimate_tokens(spec.text)
    thinks = query.thinks and not spec.block_reason
    name, digest = query.model.id, query.digest
    beside = text_beside_picture(name, thinks, digest) if billed else 0
    return TokenUsage(
        input_text=sum(estimate_tokens(text) for text in (*query.texts, *query.other_texts)),
        input_images=query.model.input_tokens * query.image_count,
        output_images=billed * query.model.tokens.get(query.size, 1120) * spec.token_multiplier,
        output_text=text_tokens + beside,
        thoughts=thought_tokens(name, query.thinking_level, digest) if thinks else 0,
        searches=len(query.grounding) if kinds else 0,
        repeats_thoughts=not kinds,
    )


def bill(query: ImageQuery, spec: AnswerSpec) -> Mapping[str, Decimal]:
    """Return what an answer costs, item by item, in exact USD."""
    return count_usage(query, spec).bill(query.model.rates)


def response_body(
    query: ImageQuery, spec: AnswerSpec, images: Sequence[bytes], kind: str
) -> ResponseBody:
    """Return the whole body; `images` has one `kind` image for each drawn part, in order."""
    usage = count_usage(query, spec).as_json()
    response_id = b64encode(bytes.fromhex(query.digest)[:15], b"-_").decode()
    ending = {"usageMetadata": usage, "modelVersion": query.model.id, "responseId": response_id}
    if spec.block_reason:
        feedback = {"blockReason": spec.block_reason, "safetyRatings": []}
        return {"promptFeedback": feedback, **ending}
    parts = _parts(query, spec, images, kind)
    candidate: ResponseBody = {}
    match spec.content:
        case "parts":
            candidate["content"] = {"role": "model", "parts": parts}
        case "null":
            candidate["content"] = {"role": "model", "parts": None}
        case "empty":
            candidate["content"] = {}
    candidate |= {"finishReason": spec.finish_reason, "index": 0}
    if spec.finish_message:
        candidate["finishMessage"] = spec.finish_message
    if query.grounding and parts:
        candidate["groundingMetadata"] = _grounding_metadata(query)
    return {"candidates": [candidate], **ending}


def stream_chunks(body: ResponseBody) -> Iterator[ResponseBody]:
    """Yield what a stream sends of a body: texts in two halves, each image whole, then the end."""
    candidate = body.get("candidates", [{}])[0]
    parts = candidate.get("content", {}).get("parts")
    if not parts:
        yield body
        return
    pieces = [piece for part in parts for piece in _halves(part)]
    usage = body["usageMetadata"]
    for i, part in enumerate(pieces, 1):
        output = usage.get("candidatesTokenCount", 0) * i // (len(pieces) + 1)
        so_far = {
            "promptTokenCount": usage["promptTokenCount"],
            "candidatesTokenCount": output,
            "totalTokenCount": usage["promptTokenCount"] + output,
        }
        content = {"role": "model", "parts": [part]}
        yield {**body, "candidates": [{"content": content, "index": 0}], "usageMetadata": so_far}
    yield {**body, "candidates": [{**candidate, "content": {"role": "model"}}]}


def _halves(part: ResponseBody) -> list[ResponseBody]:
    text = part.get("text", "")
    if len(text) < 2:
        return [part]
    half = len(text) // 2
    rest = {k: v for k, v in part.items() if k != "thoughtSignature"}
    return [{**part, "text": text[:half]}, {**rest, "text": text[half:]}]


def _parts(
    query: ImageQuery, spec: AnswerSpec, images: Sequence[bytes], kind: str
) -> list[ResponseBody]:
    declared = {"png": "jpeg", "jpeg": "png"}[kind] if spec.wrong_mime_type else kind
    remaining = iter(images)
    parts: list[ResponseBody] = []
    is_first = True
    for part_kind in part_kinds(query, spec):
        data = next(remaining) if part_kind in DRAWN_PARTS else b""
        part = _part(part_kind, spec.text, data, f"image/{declared}", query.digest)
        if "thought" in part_kind:
            part["thought"] = True
        elif is_first or "inlineData" in part:
            signed = data if "inlineData" in part else part["text"]
            part["thoughtSignature"] = b64encode(thought_signature(signed)).decode()
            is_first = False
        parts.append(part)
    return parts


def _part(kind: PartKind, text: str, data: bytes, mime_type: str, digest: str) -> ResponseBody:
    match kind:
        case "thought":
            return {"text": "**Composing the scene**\n\nI place the subject, then the light."}
        case "text":
            return {"text": text}
        case "markdown":
            return {"text": f"![image](data:{mime_type};base64,{b64encode(data).decode()})"}
        case "link":
            return {"text": f"![image](https://cdn.example/{digest[:16]}.{mime_type[6:]})"}
        case _:
            return {"inlineData": {"mimeType": mime_type, "data": b64encode(data).decode()}}


def _grounding_metadata(query: ImageQuery) -> ResponseBody:
    search = " ".join(" ".join(query.texts).split())[:80]
    metadata: ResponseBody = {
        "searchEntryPoint": {"renderedContent": '<div class="container"></div>'}
    }
    chunks: list[ResponseBody] = []
    if "web" in query.grounding:
        metadata["webSearchQueries"] = [search]
        chunks.append({"web": {"uri": "https://example.com/", "title": "example.com"}})
    if "image" in query.grounding:
        metadata["imageSearchQueries"] = [search]
        image = {"sourceUri": "https://example.org/", "title": "example.org"}
        chunks.append({"image": {**image, "imageUri": "https://example.org/seen.jpg",
                                 "domain": "example.org"}})  # fmt: skip
    return {**metadata, "groundingChunks": chunks, "groundingSupports": []}
