"""Amounts of money as whole nano-dollars, and their items.

USD and tokens go in and whole numbers come out, and the reverse. Pure.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

Item = Literal["picture", "input_picture", "text_in", "resent", "text_out", "search"]
"""What a request is billed for: the picture, the pictures that it sends, the tokens of its text,
what it repeats of earlier turns, the tokens of thinking and text in the answer, and searches."""
ITEMS: tuple[Item, ...] = get_args(Item)
BILLED_ITEMS: tuple[Item, ...] = tuple(item for item in ITEMS if item != "resent")
"""Those that an answer tells apart: what is repeated of earlier turns is text and pictures."""
Nanos = int
"""10^-9 USD."""
Amounts = Mapping[Item, Nanos]

ITEM_NAMES: Mapping[Item, str] = MappingProxyType(
    {
        "picture": "pictures drawn",
        "input_picture": "pictures sent along",
        "text_in": "text sent",
        "resent": "earlier turns, sent again",
        "text_out": "thinking and text",
        "search": "searches",
    }
)
"""The items in words, for people."""

OWN_ITEMS: Mapping[str, str] = {
    "input_picture": "for each picture that is sent along",
    "text_in": "for a million tokens of text that is sent",
    "text_out": "for a million tokens of thinking and text",
    "search": "for each search",
}
"""The items beside sizes that the option `prices` takes, and what one of each is."""
NANOS_PER_USD = 10**9
_MILLION = 10**6


def nanos(usd: float) -> Nanos:
    """Return USD in nano-dollars, as the decimal number that was written, rounded up."""
    from decimal import ROUND_CEILING, Decimal  # a build that draws nothing does not load it

    return int((Decimal(str(usd)) * NANOS_PER_USD).to_integral_value(ROUND_CEILING))


def dollars(amount: Nanos) -> float:
    """Return nano-dollars in USD: the float that is nearest, so that 33,600,000 are 0.0336."""
    return amount / NANOS_PER_USD


def of_tokens(tokens: int, per_million: Nanos) -> Nanos:
    """Return what tokens cost at a price per million of them, rounded up."""
    return -(-tokens * per_million // _MILLION)


def part(amount: int, of: int) -> int:
    """Return an amount divided by a whole number, rounded up."""
    return -(-amount // of)


def cents(usd: float) -> str:
    """Return USD with two decimals, rounded up: what is paid at most is never written as less."""
    return f"{dollars(part(nanos(usd), 10**7) * 10**7):.2f}"


def about(usd: float, at_most: float) -> str:
    """Return what is expected, and at most where that is more: `about $0.13 (at most $0.21)`."""
    text, most = f"{usd:.2f}", cents(at_most)
    return f"about ${text}" + (f" (at most ${most})" if float(most) > float(text) else "")


def summed(amounts: Iterable[Amounts]) -> dict[Item, Nanos]:
    """Return the sum of amounts, item by item, in the order of `ITEMS`."""
    sums: dict[Item, Nanos] = {}
    for each in amounts:
        for item, amount in each.items():
            sums[item] = sums.get(item, 0) + amount
    return {item: sums[item] for item in ITEMS if item in sums}
