"""The models as the API lists them, and its way to count tokens.

In comes a model's row of facts, or a request that is read already; out goes the JSON of
`models.get`, `models.list` and `countTokens`. Token limits are those of the API reference,
"Context limits". Pure: nothing here knows which client asks.
"""

from collections.abc import Mapping
from typing import Any

from mkdocs_gemini_images.emulator.protojson import Message
from mkdocs_gemini_images.emulator.replies import Usage, tokens
from mkdocs_gemini_images.models.catalogue import MODELS, Model

_LIMITS = {
    "gemini-nano-banana-2.1": (131_072, 32_768),
    "gemini-3-pro-image": (65_536, 32_768),
    "gemini-3.1-flash-image": (131_072, 32_768),
    "gemini-3.1-flash-lite-image": (65_536, 4_096),
    "gemini-2.5-flash-image": (32_768, 32_768),
}


def card(model: Model) -> dict[str, Any]:
    """Write one model as `models.get` does."""
    into, out = _LIMITS.get(model.id.removesuffix("-preview"), (65_536, 32_768))
    return {
        "name": f"models/{model.id}",
        "version": model.id.removeprefix("gemini-"),
        "displayName": model.id.replace("-", " ").title(),
        "description": "An emulated image model: it draws for free, and nothing like the real one.",
        "inputTokenLimit": into,
        "outputTokenLimit": out,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2 if "2.5" in model.id else 1,
        "thinking": "2.5" not in model.id,
    }


def listing(query: Mapping[str, str]) -> dict[str, Any]:
    """Write one page of `models.list`; a page token is the number of models before it."""
    start, size = _number(query.get("pageToken"), 0), _number(query.get("pageSize"), 50)
    models = list(MODELS.values())
    page: dict[str, Any] = {"models": [card(model) for model in models[start : start + size]]}
    if start + size < len(models):
        page["nextPageToken"] = str(start + size)
    return page


def count(request: Message) -> dict[str, Any]:
    """Write what `countTokens` says about the contents of a request."""
    inner = request.get("generateContentRequest", request)
    parts = [part for content in inner.get("contents", ()) for part in content.get("parts", ())]
    texts = sum(tokens(part.get("text", "")) for part in parts)
    images = 560 * sum("inlineData" in part or "fileData" in part for part in parts)
    counted = Usage(texts, images, 0, 0, 0).body()
    return {
        "totalTokens": counted["promptTokenCount"],
        "promptTokensDetails": counted["promptTokensDetails"],
    }


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) else otherwise
