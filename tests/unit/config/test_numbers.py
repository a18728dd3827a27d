"""Options that are numbers: what each accepts, and the message for what it refuses."""

from pathlib import Path

import pytest
import yaml

from mkdocs_gemini_images.config.option_types import Integer, Number
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from tests.unit.config.test_options import loaded
from tests.unit.config.test_reading import at, diagnostics, settings

ACCEPTED: list[tuple[str, str, object]] = [
    ("concurrency: 1", "concurrency", 1),
    ("concurrency: 2.0", "concurrency", 2),
    ("retries: 0", "retries", 0),
    ("retries: 3.0", "retries", 3),
    ("max_new: 0", "limits.max_new", 0),
    ("max_new: 5.0", "limits.max_new", 5),
    ("max_new: null", "limits.max_new", 10),
    ("quality: 1", "encoding.quality", 1),
    ("quality: 100", "encoding.quality", 100),
    ("requests_per_minute: 0", "requests_per_minute", 0.0),
    ("requests_per_minute: 0.5", "requests_per_minute", 0.5),
    ("timeout: 1", "timeout", 1.0),
    ("timeout: 90.5", "timeout", 90.5),
    ("budget: 0", "limits.budget", 0.0),
    ("budget: 0.25", "limits.budget", 0.25),
    ("budget: 1000000000", "limits.budget", 1e9),
    ("temperature: 0", "defaults.temperature", 0.0),
    ("temperature: 2", "defaults.temperature", 2.0),
    ("prices: {x: 0}", "limits.prices", {"x": {"1K": 0.0}}),
    ("prices: {x: {2K: 0.5, 4K: 1}}", "limits.prices", {"x": {"2K": 0.5, "4K": 1.0}}),
    ("widths: [16, 8192]", "encoding.widths", (16, 8192)),
]


@pytest.mark.parametrize(("option", "path", "value"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_a_number_is_read_as_what_it_is(
    tmp_path: Path, option: str, path: str, value: object
) -> None:
    found = at(settings(tmp_path, **yaml.safe_load(option)), path)
    assert found == value
    assert type(found) is type(value)


WHOLE = {"concurrency": 1, "retries": 0, "max_new": 0, "quality": 1}
DECIMAL = {"requests_per_minute": 0, "timeout": 1, "budget": 0, "temperature": 0}


def test_the_tables_hold_every_option_that_is_a_number() -> None:
    types = {name: getattr(each, "option", each) for name, each in GeminiImagesConfig._schema}
    assert {name for name, each in types.items() if isinstance(each, Integer)} == set(WHOLE)
    assert {name for name, each in types.items() if isinstance(each, Number)} == set(DECIMAL)


@pytest.mark.parametrize(("option", "minimum"), [*WHOLE.items(), *DECIMAL.items()])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("true", "True"), ("false", "False"), ("'2'", "'2'"), ("[1]", "[1]"), (".nan", "nan"),
        (".inf", "inf"), ("-.inf", "-inf"), ("-1", "-1"), ("-0.5", "-0.5"),
    ],
)  # fmt: skip
def test_what_is_no_number_in_its_limits_is_refused(
    option: str, minimum: int, written: str, shown: str
) -> None:
    _, said = loaded(yaml.safe_load(f"{option}: {written}"))
    assert said == [f"{option}: expected a number from {minimum}, got {shown}: mend it"]


@pytest.mark.parametrize("option", [*WHOLE, *DECIMAL])
@pytest.mark.parametrize("written", [1_000_000_001, 1e10, 1e308, 10**400, 1 << 20_000], ids="abcde")
def test_a_huge_number_is_refused(option: str, written: float) -> None:
    _, said = loaded({option: written})
    assert said == [f"{option}: expected a number up to 1,000,000,000, got a larger one: mend it"]


@pytest.mark.parametrize(("option", "minimum"), WHOLE.items())
@pytest.mark.parametrize("written", [2.9, 1.5, 1.0000001])
def test_a_fraction_is_refused_where_a_whole_number_is_meant(
    option: str, minimum: int, written: float
) -> None:
    expected = f"a whole number from {minimum}"
    _, said = loaded({option: written})
    assert said == [f"{option}: expected {expected}, got {written}: leave out the fraction"]


def test_a_limit_of_half_a_request_is_not_one_of_none() -> None:
    _, said = loaded({"max_new": 0.5})
    assert said == ["max_new: expected a whole number from 0, got 0.5: leave out the fraction"]


REFUSED: list[tuple[str, str]] = [
    ("temperature: 2.5", "expected temperature up to 2, got 2.5: leave it out"),
    ("quality: 101", "expected quality up to 100, got 101: lower it"),
    *(
        (f"prices: {{x: {{2K: {written}}}}}",
         f"expected prices of x as {{ 1K: 0.04 }}, got '{{\"2K\": {shown}}}': write USD a picture")
        for written, shown in [
            ("true", "true"), (".nan", "NaN"), (".inf", "Infinity"), ("-0.1", "-0.1"),
            ("'0.1'", '"0.1"'), ("1.0e+300", "1e+300"), ("null", "null"),
        ]
    ),
    ("prices: {x: true}",
     "expected prices of x as { 1K: 0.04 }, got '{\"1K\": true}': write USD a picture"),
    *(
        (f"widths: [480, {written}]",
         f"expected widths from 16 to 8192, got [480, {shown}]: write pixels, like 960")
        for written, shown in [("true", "True"), ("15", "15"), ("8193", "8193"), ("-480", "-480")]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("option", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_number_outside_its_limits_is_refused(tmp_path: Path, option: str, message: str) -> None:
    assert diagnostics(tmp_path, **yaml.safe_load(option)) == [message]


@pytest.mark.parametrize("written", ["480.5", "480.0", ".nan", ".inf", "1.0e+300"])
def test_a_width_with_a_decimal_point_is_refused(written: str) -> None:
    _, said = loaded(yaml.safe_load(f"widths: [{written}]"))
    assert said == ["widths: Expected type: <class 'int'> but received: <class 'float'>"]
