"""Token counts add up, are priced by the table of rates, and are written as `usageMetadata`."""

from hashlib import sha256

import pytest

from mkdocs_gemini_images.emulator.answers.token_usage import (
    TokenUsage,
    estimate_tokens,
    thought_tokens,
)
from mkdocs_gemini_images.models.catalogue import Rates

RATES = Rates(input=0.5, text=3.0, image=60.0)


@pytest.mark.parametrize(
    ("usage", "prompt", "candidates", "total", "price"),
    [
        (TokenUsage(10, 0), 10, 0, 10, 0.000005),
        (TokenUsage(10, 560, 1120, 88), 570, 1208, 1778, 0.067749),
        (TokenUsage(10, 0, 1120, 88, 100), 10, 1208, 1318, 0.067769),
        (TokenUsage(10, 0, 0, 0, 100, repeats_thoughts=True), 10, 100, 110, 0.000305),
    ],
)
def test_token_counts_are_summed_and_priced(
    usage: TokenUsage, prompt: int, candidates: int, total: int, price: float
) -> None:
    assert (usage.prompt, usage.candidates, usage.total) == (prompt, candidates, total)
    assert float(sum(usage.bill(RATES).values())) == pytest.approx(price, abs=1e-8)


def test_usage_metadata_leaves_out_counts_of_zero() -> None:
    assert TokenUsage(10, 0).as_json() == {
        "promptTokenCount": 10,
        "totalTokenCount": 10,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}],
    }


def test_each_item_is_priced_exactly() -> None:
    usage = TokenUsage(10, 1120, 1120, 97, 200, searches=2)
    rates = Rates(input=1.5, text=7.5, image=30.0, search=0.014)
    assert {name: str(usd) for name, usd in usage.bill(rates).items()} == {
        "picture": "0.0336",
        "input_picture": "0.00168",
        "text_in": "0.000015",
        "text_out": "0.0022275",
        "search": "0.028",
    }


def test_thinking_varies_around_the_measured_figure_and_not_for_one_request() -> None:
    digests = [sha256(b"%d" % number).hexdigest() for number in range(400)]
    counts = [thought_tokens("gemini-nano-banana-2.1", "", digest) for digest in digests]
    assert 404 < sum(counts) / len(counts) < 444
    assert 212 <= min(counts) < 250
    assert 600 < max(counts) <= 636
    assert counts[0] == thought_tokens("gemini-nano-banana-2.1", "", digests[0])


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("狐", 1), ("狐狸和a", 3)]
)
def test_a_token_is_four_letters_or_two_of_other_alphabets(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
