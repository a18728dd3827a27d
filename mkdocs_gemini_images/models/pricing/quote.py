"""Quotes: what requests cost, item by item, as expected and at most. Pure.

What a request sends and asks for goes into `quote` with the prices of its model; a `Quote` comes
out. Where the API documents no limit, a bound here takes its place, with a reason; a bill beyond it
is reported by the build (generation/result.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.pricing.amounts import (
    NANOS_PER_USD,
    Amounts,
    Item,
    Nanos,
    of_tokens,
    summed,
)
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices

MOST_TEXT_OUT = 4096
"""Tokens of thinking and text that a request is counted with at most: four times the most that was
measured (1,030, of 3 Pro). The models' own limit, 32,768, is seven times the price of a picture."""
MOST_TEXT_OUT_HIGH = 8192
"""The same where `thinkingLevel` is HIGH, or one that is not known."""
MOST_SEARCHES = 5
"""Queries that a request is counted with at most, for each kind of search. The model decides how
many it makes, and the API has no limit for them; answers report one to three."""
_TEXT_BESIDE_BUDGET = 1024
"""Tokens of text beside those that a `thinkingBudget` allows."""
_FRAME = 64
"""Tokens at most with which one turn is marked as a turn."""
_TEXT_OF_TURN = 32
"""Tokens of the words beside a picture, as a rule, which a later turn sends again."""
_FEW_LEVELS = ("", "THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM")
BATCH = Fraction(1, 2)
"""What a request in a batch costs of one that is answered at once (API reference, "Prices")."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What requests cost, in nano-dollars by item: as expected, and at most."""

    items: Amounts = field(default_factory=dict)
    """As expected."""
    most: Amounts = field(default_factory=dict)
    """At most."""

    @property
    def expected(self) -> Nanos:
        """The sum of what is expected."""
        return sum(self.items.values())

    @property
    def at_most(self) -> Nanos:
        """The sum of what each item is at most."""
        return sum(self.most.values())

    @property
    def usd(self) -> float:
        """What is expected, in USD."""
        return sum(self.items.values()) / NANOS_PER_USD

    @property
    def usd_at_most(self) -> float:
        """What it is at most, in USD."""
        return sum(self.most.values()) / NANOS_PER_USD

    def __add__(self, other: "Quote") -> "Quote":
        return Quote(summed((self.items, other.items)), summed((self.most, other.most)))

    def times(self, factor: Fraction) -> "Quote":
        """Return the quote times a factor, such as `BATCH`, each item rounded up."""

        def scaled(amounts: Amounts) -> Mapping[Item, Nanos]:
            return {
                item: -(-amount * factor.numerator // factor.denominator)
                for item, amount in amounts.items()
            }

        return Quote(scaled(self.items), scaled(self.most))


def total(quotes: Iterable[Quote | None]) -> Quote:
    """Return the sum of quotes; an unknown one counts as nothing."""
    known = [each for each in quotes if each is not None]
    return Quote(summed(each.items for each in known), summed(each.most for each in known))


@dataclass(frozen=True, slots=True)
class Text:
    """Text that is sent: the tokens it is expected to have, and its length in UTF-8.

    A token has at least one byte, so that the bytes are a bound.
    """

    tokens: int = 0
    bytes: int = 0

    def __add__(self, other: "Text") -> "Text":
        return Text(self.tokens + other.tokens, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class Sending:
    """What one request sends, and what it lets the model do."""

    model: str
    text: Text = Text()
    """Of its own turn, and the system instruction."""
    pictures: int = 0
    """Pictures that its own turn sends along."""
    turns: int = 0
    """Earlier turns of the model, each of which holds a picture that is sent again."""
    resent_text: Text = Text()
    """Of the earlier turns of the user."""
    resent_pictures: int = 0
    """Pictures in the earlier turns of the user."""
    searches: int = 0
    """Kinds of search that it allows: web, image."""
    level: str = ""
    """The level of thinking, or empty for the model's own."""
    thinking_budget: int = 0
    max_output: int | None = None
    """Tokens that the answer may have, where the request limits them."""


def sent_text(text: str) -> Text:
    """Return the size of a text: letters of the Latin alphabet are four to a token."""
    length = len(text.encode("utf-8", "backslashreplace"))
    plain = len(text.encode("ascii", "ignore"))
    return Text(-(-plain // 4) + -(-(len(text) - plain) // 2), length)


def quote(sending: Sending, prices: ItemPrices) -> Quote:
    """Return what a request costs at some prices, without its repetitions."""
    known = MODELS.get(sending.model)
    most_text = _most_text_out(sending, prices)
    text_out = min(known.text_out(sending.level) if known else 0, most_text)
    resent_pictures = sending.turns + sending.resent_pictures
    resent = resent_pictures * prices.input_picture
    # The pictures of earlier turns are each of the size that is asked for now.
    usual = sending.resent_text.tokens + sending.turns * _TEXT_OF_TURN
    most = sending.resent_text.bytes + sending.turns * (most_text + 2 * _FRAME)
    items: dict[Item, Nanos] = {
        "picture": prices.picture,
        "input_picture": sending.pictures * prices.input_picture,
        "text_in": of_tokens(sending.text.tokens, prices.text_in),
        "resent": resent + of_tokens(usual, prices.text_in),
        "text_out": of_tokens(text_out, prices.text_out),
        "search": sending.searches * prices.search,
    }
    at_most: dict[Item, Nanos] = items | {
        "text_in": of_tokens(sending.text.bytes + _FRAME, prices.text_in),
        "resent": resent + of_tokens(most, prices.text_in),
        "text_out": of_tokens(most_text, prices.text_out),
        "search": sending.searches * MOST_SEARCHES * prices.search,
    }
    return Quote(
        {item: amount for item, amount in items.items() if amount},
        {item: amount for item, amount in at_most.items() if amount},
    )


def _most_text_out(sending: Sending, prices: ItemPrices) -> int:
    """Return how many tokens of thinking and text an answer is counted with at most."""
    known = MODELS.get(sending.model)
    most = MOST_TEXT_OUT if sending.level.upper() in _FEW_LEVELS else MOST_TEXT_OUT_HIGH
    if sending.thinking_budget > 0:
        most = max(most, sending.thinking_budget + _TEXT_BESIDE_BUDGET)
    limits = [] if sending.max_output is None else [sending.max_output]
    if known:
        limits.append(known.output_limit - prices.picture_tokens)
    return max(0, min([most, *limits]))
