"""Money as whole numbers: nothing is lost, and what is paid at most is rounded up."""

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.models.pricing.amounts import cents, dollars, nanos, of_tokens, summed


@given(st.integers(0, 10**15))
def test_an_amount_in_usd_is_the_same_amount_again(amount: int) -> None:
    assert nanos(dollars(amount)) == amount


def test_a_price_is_the_decimal_number_that_was_written() -> None:
    assert nanos(0.0336) == 33_600_000
    assert nanos(1e-10) == 1
    assert of_tokens(1, nanos(0.25)) == 250


def test_cents_are_rounded_up() -> None:
    assert [cents(usd) for usd in (0.03, 0.0300001, 1.999)] == ["0.03", "0.04", "2.00"]


def test_sums_are_item_by_item_in_the_order_of_the_items() -> None:
    assert list(summed([{"search": 1}, {"picture": 2, "search": 3}]).items()) == [
        ("picture", 2),
        ("search", 4),
    ]
