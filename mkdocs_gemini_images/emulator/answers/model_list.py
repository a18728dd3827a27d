"""Builds the JSON of `models.get`, `models.list` and `countTokens`.

A model's row of facts or a parsed request goes in, JSON comes out. Token limits are those of the
API reference, "Context limits".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mkdocs_gemini_images.emulator.answers.token_usage import TokenUsage, estimate_tokens
from mkdocs_gemini_images.emulator.protocol.protojson import Message
from mkdocs_gemini_images.models.catalogue import MODELS, Model

T = TypeVar("T")

_TOKEN_LIMITS = {
    "gemini-nano-banana-2.1": (131_072, 32_768),
    "gemini-3-pro-image": (65_536, 32_768),
    "gemini-3.1-flash-image": (131_072, 32_768),
    "gemini-3.1-flash-lite-image": (65_536, 4_096),
    "gemini-2.5-flash-image": (32_768, 32_768),
}


def describe_model(model: Model) -> dict[str, Any]:
    """Return one model as `models.get` describes it."""
    limits = _TOKEN_LIMITS.get(model.id.removesuffix("-preview"), (65_536, 32_768))
    input_limit, output_limit = limits
    return {
        "name": f"models/{model.id}",
        "version": model.id.removeprefix("gemini-"),
        "displayName": model.id.replace("-", " ").title(),
        "description": "An emulated image model: it draws for free, and nothing like the real one.",
        "inputTokenLimit": input_limit,
        "outputTokenLimit": output_limit,
        "supportedGenerationMethods": ["generateContent", "countTokens", "batchGenerateContent"],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2 if "2.5" in model.id else 1,
        "thinking": "2.5" not in model.id,
    }


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and the field that leads to the next one."""

    items: Sequence[T]
    next: Mapping[str, str]


def page_of(items: Sequence[T], query: Mapping[str, str]) -> Page[T]:
    """Return one page of a list; a page token is the number of items before the page."""
    start = _positive_number(query.get("pageToken"), 0)
    size = _positive_number(query.get("pageSize"), 50)
    more = start + size < len(items)
    return Page(items[start : start + size], {"nextPageToken": str(start + size)} if more else {})


def model_page(query: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of `models.list`."""
    page = page_of(list(MODELS.values()), query)
    return {"models": [describe_model(model) for model in page.items], **page.next}


def token_count(request: Message, model: Model) -> dict[str, Any]:
    """Return what `countTokens` says about the contents of a request."""
    inner = request.get("generateContentRequest", request)
    parts = [part for content in inner.get("contents", ()) for part in content.get("parts", ())]
    text_tokens = sum(estimate_tokens(part.get("text", "")) for part in parts)
    images = sum("inlineData" in part or "fileData" in part for part in parts)
    usage = TokenUsage(text_tokens, model.input_tokens * images).as_json()
    return {
        "totalTokens": usage["promptTokenCount"],
        "promptTokensDetails": usage["promptTokensDetails"],
    }


def _positive_number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) else default
