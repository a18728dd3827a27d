"""Token counts add up, are priced by the table of rates, and are written as `usageMetadata`."""

import pytest

from mkdocs_gemini_images.emulator.answers.token_usage import TokenUsage, estimate_tokens
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


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_a_text_has_a_token_for_every_four_characters(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
