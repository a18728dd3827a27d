"""Say what an exact request sends, and quote it.

A request and the prices of its model go in; a `Quote` comes out. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices
from mkdocs_gemini_images.models.pricing.quote import Quote, Sending, Text, quote, sent_text
from mkdocs_gemini_images.requests.request import ImageRequest

_TIERS = {"flex": Fraction(1, 2), "priority": Fraction(9, 5)}
"""What a service tier costs of the standard one (API reference, "Prices and model life cycle")."""


def quote_request(request: ImageRequest, prices: ItemPrices) -> Quote:
    """Return what sending a request once costs at some prices."""
    return quote(sending_of(request), prices)


def tier_of(request: ImageRequest) -> Fraction:
    """Return by what the prices of a request are multiplied for the service tier that it names."""
    return _TIERS.get(str(_raw(request).get("serviceTier", "")).lower(), Fraction(1))


def sending_of(request: ImageRequest) -> Sending:
    """Return what a request sends: its own turn, and all turns before it again."""
    earlier = list(request.after.chain()) if request.after else []
    own = Sending(
        model=request.model,
        text=sent_text(request.text),
        pictures=len(request.parts),
        turns=len(earlier),
        resent_text=sum((sent_text(each.text) for each in earlier), Text()),
        resent_pictures=sum(len(each.parts) for each in earlier),
        searches=request.searches,
    )
    return _with_raw_json(own, request) if request.request else own


def _with_raw_json(own: Sending, request: ImageRequest) -> Sending:
    """Return what a request sends with the raw JSON of the site's owner."""
    raw = _raw(request)
    config = _mapping(raw.get("generationConfig"))
    thinking = _mapping(config.get("thinkingConfig"))
    system = raw.get("systemInstruction", raw.get("system_instruction"))
    instruction = sent_text(json.dumps(system, ensure_ascii=False)) if system else Text()
    return replace(
        own,
        text=own.text + instruction,
        level=str(thinking.get("thinkingLevel", "")),
        thinking_budget=_count(thinking.get("thinkingBudget")) or 0,
        max_output=_count(config.get("maxOutputTokens")),
    )


def _raw(request: ImageRequest) -> Mapping[str, Any]:
    return _mapping(json.loads(request.request)) if request.request else {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
