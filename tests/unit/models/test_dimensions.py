"""Aspect ratios and sizes: one spelling for each, also after YAML 1.1 has read it as a number."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.models import dimensions


@pytest.mark.parametrize("ratio", dimensions.RATIOS)
def test_a_ratio_that_yaml_took_for_a_number_is_itself_again(ratio: str) -> None:
    read = yaml.safe_load(f"aspect_ratio: {ratio}")["aspect_ratio"]
    assert isinstance(read, int)
    assert dimensions.canonical_ratio(read) == ratio
    assert dimensions.canonical_ratio(ratio) == ratio
    assert dimensions.canonical_ratio(f" {ratio.replace(':', ' : ')} ") == ratio


def test_no_two_ratios_become_one_number_in_yaml() -> None:
    numbers = {yaml.safe_load(ratio) for ratio in dimensions.RATIOS}
    assert len(numbers) == len(dimensions.RATIOS)
    assert yaml.safe_load("16:9") == 969


@given(st.integers() | st.text() | st.booleans() | st.floats() | st.none())
def test_whatever_is_no_ratio_comes_back_as_text(written: object) -> None:
    assert isinstance(dimensions.canonical_ratio(written), str)


@pytest.mark.parametrize(
    ("written", "size"),
    [("0.5K", "512"), ("0.5k", "512"), ("512", "512"), (" 1k ", "1K"), ("2K", "2K"), ("4k", "4K"),
     ("8K", "8K"), ("512px", "512px"), ("", ""), ("1 K", "1 K")],
)  # fmt: skip
def test_a_size_has_one_name(written: str, size: str) -> None:
    assert dimensions.canonical_size(written) == size


@given(st.text())
def test_naming_a_size_twice_changes_nothing(written: str) -> None:
    once = dimensions.canonical_size(written)
    assert dimensions.canonical_size(once) == once
