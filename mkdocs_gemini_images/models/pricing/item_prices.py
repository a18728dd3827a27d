"""The prices that one request is quoted and billed by.

A model, a size and the owner's own prices go in; `ItemPrices` come out, with each price once. They
are also read from and written to plain JSON, since a bill may be made by a later build. Pure.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.pricing.amounts import Nanos, nanos, of_tokens

if TYPE_CHECKING:
    from fractions import Fraction

_MOST = 10**24
"""No price or number of tokens that is read is larger."""


@dataclass(frozen=True, slots=True)
class ItemPrices:
    """What each item of a request to one model costs, in nano-dollars.

    `text_in` and `text_out` are prices per million tokens. `picture_tokens` are the tokens that one
    picture is counted as, and `input_tokens` those of one that is sent along: 0 where a model
    counts none.
    """

    picture: Nanos
    picture_tokens: int = 0
    input_picture: Nanos = 0
    input_tokens: int = 0
    text_in: Nanos = 0
    text_out: Nanos = 0
    search: Nanos = 0

    def times(self, factor: "Fraction") -> "ItemPrices":
        """Return the prices times a factor, such as a half for a batch, each rounded up."""

        def scaled(price: Nanos) -> Nanos:
            return -(-price * factor.numerator // factor.denominator)

        return ItemPrices(
            picture=scaled(self.picture),
            picture_tokens=self.picture_tokens,
            input_picture=scaled(self.input_picture),
            input_tokens=self.input_tokens,
            text_in=scaled(self.text_in),
            text_out=scaled(self.text_out),
            search=scaled(self.search),
        )

    def as_json(self) -> dict[str, int]:
        """Return the prices as whole numbers by name."""
        return asdict(self)


FREE = ItemPrices(0)
"""The prices of the emulator."""


def item_prices(model: str, size: str, own: Mapping[str, float]) -> ItemPrices | None:
    """Return the prices of a request, or None where no price of its picture is known.

    `own` are the owner's prices of that model, in USD by size and by item. Items of a model that is
    not in the table cost nothing unless they are in `own`: gateways often bill by the picture.
    """
    known = MODELS.get(model)
    tokens = known.tokens.get(size, 0) if known else 0
    if size not in own and not tokens:
        return None
    rates = known.rates if known else None

    def price(item: str, listed: float) -> Nanos:
        return nanos(own.get(item, listed))

    text_in = price("text_in", rates.input if rates else 0)
    input_tokens = known.input_tokens if known else 0
    listed_picture = of_tokens(tokens, nanos(rates.image)) if rates else 0
    listed_input = of_tokens(input_tokens, nanos(rates.input)) if rates else 0
    return ItemPrices(
        picture=nanos(own[size]) if size in own else listed_picture,
        picture_tokens=tokens,
        input_picture=nanos(own["input_picture"]) if "input_picture" in own else listed_input,
        input_tokens=input_tokens,
        text_in=text_in,
        text_out=price("text_out", rates.text if rates else 0),
        search=price("search", rates.search if rates else 0),
    )


def read_item_prices(value: Any) -> ItemPrices | None:
    """Return prices that `as_json` has written, or None where a value is none: it is untrusted."""
    if not isinstance(value, Mapping) or "picture" not in value:
        return None
    if not value.keys() <= set(ItemPrices.__dataclass_fields__):
        return None
    if not all(type(each) is int and 0 <= each < _MOST for each in value.values()):
        return None
    return ItemPrices(**value)
