"""What a question for an alt costs, as expected and at most. Pure."""

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.models.pricing.amounts import nanos, of_tokens
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices
from mkdocs_gemini_images.models.pricing.quote import Quote, Sending, quote, sent_text
from mkdocs_gemini_images.models.text_models import PICTURE_TOKENS, TEXT_MODELS
from mkdocs_gemini_images.sources.alts.question import MAX_OUTPUT_TOKENS, AltQuestion

_SENTENCE_TOKENS = 60


def quote_question(question: AltQuestion, model: str, limits: SpendingLimits) -> Quote | None:
    """Return what asking a question once costs, or None where the model's price is not known."""
    if limits.free:
        return Quote()
    prices = _prices(model, limits)
    if prices is None:
        return None
    sending = Sending(model, sent_text(question.text), 1, max_output=MAX_OUTPUT_TOKENS)
    sentence = Quote({"text_out": of_tokens(_SENTENCE_TOKENS, prices.text_out)})
    return quote(sending, prices) + sentence


def _prices(model: str, limits: SpendingLimits) -> ItemPrices | None:
    known, own = TEXT_MODELS.get(model), limits.prices.get(model, {})
    if known is None and "text_in" not in own:
        return None
    text_in = nanos(own.get("text_in", known.input if known else 0))
    text_out = nanos(own.get("text_out", known.text if known else 0))
    of_picture = of_tokens(PICTURE_TOKENS, text_in)
    if "input_picture" in own:
        of_picture = nanos(own["input_picture"])
    return ItemPrices(0, input_picture=of_picture, text_in=text_in, text_out=text_out)
