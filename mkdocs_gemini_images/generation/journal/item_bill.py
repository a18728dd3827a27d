"""The items of a paid answer as billed, by the prices that its request was quoted with.

An intent and an answer go in; nano-dollars by item come out. Pure.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.gemini.answers.answer import ReceivedImage
from mkdocs_gemini_images.gemini.answers.usage import searches_of
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.result import is_beyond_belief
from mkdocs_gemini_images.models.pricing.amounts import Amounts, dollars
from mkdocs_gemini_images.models.pricing.item_prices import (
    ItemPrices,
    item_prices,
    read_item_prices,
)


def bill_of(intent: Intent, image: ReceivedImage) -> Amounts | None:
    """Return what an answer costs by its tokens, or None where these do not say.

    Tokens that make many times the quote are a mistake of the server.
    """
    if intent.request.get("emulated") is True:
        return {}
    if image.usage is None:
        return None
    billed = image.usage.bill(_prices(intent), searches_of(image.grounding))
    if billed is None or is_beyond_belief(dollars(sum(billed.values())), intent.price):
        return None
    return billed


def _prices(intent: Intent) -> ItemPrices | None:
    if (quoted := read_item_prices(intent.prices)) is not None:
        return quoted
    config = intent.request.get("config")
    size = config.get("imageSize", "1K") if isinstance(config, Mapping) else "1K"
    return item_prices(str(intent.request.get("model", "")), str(size), {})
