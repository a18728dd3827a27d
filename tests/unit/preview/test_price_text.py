"""A price as text is never less than what is held for it."""

import pytest

from mkdocs_gemini_images.preview.price_text import dollars_text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0.0, "$0.00"), (0.045, "$0.045"), (0.0336, "$0.034"), (0.03, "$0.03"), (0.24, "$0.24"),
        (0.134, "$0.134"), (0.0001, "$0.001"), (0.1 + 0.2, "$0.30"), (3 * 0.045, "$0.135"), (2,
        "$2.00"),
    ],
)  # fmt: skip
def test_a_price_is_written_to_a_tenth_of_a_cent_rounded_up(usd: float, text: str) -> None:
    assert dollars_text(usd) == text
