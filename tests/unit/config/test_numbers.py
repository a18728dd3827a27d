"""Options that are numbers: what each accepts, and the message for what it refuses."""

from pathlib import Path

import pytest
import yaml

from mkdocs_gemini_images.config.option_types import Integer, Number
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.config.reading import read_settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
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
        ("true", "true"), ("false", "false"), ("'2'", "'2'"), ("[1]", "[1]"), (".nan", "nan"),
        (".inf", "inf"), ("-.inf", "-inf"), ("-1", "-1"), ("-0.5", "-0.5"),
    ],
)  # fmt: skip
def test_what_is_no_number_in_its_limits_is_refused(
    option: str, minimum: int, written: str, shown: str
) -> None:
    _, said = loaded(yaml.safe_load(f"{option}: {written}"))
    (wrong,) = said
    assert wrong.startswith(f"{option}: {option} must be a ")
    assert f" {minimum} " in wrong
    assert wrong.endswith(f" (you wrote {shown})")


LARGEST = {
    "concurrency": 1000, "retries": 100, "max_new": 10**9, "quality": 100, "temperature": 2,
    "requests_per_minute": 100_000, "timeout": 86_400, "budget": 10**9,
}  # fmt: skip
HUGE = [
    (1e10, "10000000000.0"), (1e308, "1e+308"), (10**10, "10000000000"),
    (10**400, "a number of about 401 digits"), (1 << 40_000, "a number of about 12,042 digits"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "most"), LARGEST.items())
def test_every_number_has_a_largest_value_that_makes_sense(option: str, most: int) -> None:
    assert loaded({option: most})[1] == []
    (said,) = loaded({option: most + 1})[1]
    assert said.endswith(f" to {most:,} (you wrote {most + 1})")


@pytest.mark.parametrize("option", LARGEST)
@pytest.mark.parametrize(("written", "shown"), HUGE, ids=[row[1] for row in HUGE])
def test_a_huge_number_is_refused_in_one_short_line(
    option: str, written: float, shown: str
) -> None:
    _, said = loaded({option: written})
    (wrong,) = said
    assert wrong.endswith(f" to {LARGEST[option]:,} (you wrote {shown})")


@pytest.mark.parametrize("option", [*DECIMAL, "retries", "max_new"])
def test_zero_has_no_sign(option: str) -> None:
    config, _ = loaded({option: -0.0})
    assert str(getattr(config, option)) in ("0", "0.0") or option == "timeout"


LONG: list[object] = [1 << 40_000, -(1 << 40_000), "9" * 10_000, "x\n" * 10_000, 10**400, 1e308]


def bomb(of: object) -> object:
    """Return a list that a few lines of YAML with aliases make, of more items than memory has."""
    for _ in range(30):
        of = [of] * 10
    return of


@pytest.mark.parametrize("name", [name for name, _ in GeminiImagesConfig._schema])
def test_no_value_of_any_option_makes_a_message_long_or_fails(tmp_path: Path, name: str) -> None:
    file = tmp_path / "mkdocs.yml"
    itself: dict[str, object] = {"prompt": "x"}
    itself["x"] = itself
    odd = [itself, {"x": {"1K": bomb(1), "template": bomb("x")}}, {None: 1, 1.5: 2, "a": 3}]
    odd += [each for v in (*LONG, bomb("")) for each in (v, [v], {"x": v}, [[v]])]
    odd += [{v: v} for v in LONG]
    for written in odd:
        config, said = loaded({name: written})
        try:
            if not said:
                read_settings(config, config_file=file, docs_dir=tmp_path, environment={})
        except DiagnosticError as error:
            said = [str(each) for each in error.diagnostics]
        assert all("\n" not in line and len(line) < 600 for line in said)


@pytest.mark.parametrize(("option", "minimum"), WHOLE.items())
@pytest.mark.parametrize("written", [2.9, 1.5, 1.0000001])
def test_a_fraction_is_refused_where_a_whole_number_is_meant(
    option: str, minimum: int, written: float
) -> None:
    (said,) = loaded({option: written})[1]
    assert said.startswith(f"{option}: {option} must be a whole number")
    assert f" {minimum} " in said
    assert said.endswith(f" (you wrote {written})")


def test_a_limit_of_half_a_request_is_not_one_of_none() -> None:
    _, said = loaded({"max_new": 0.5})
    assert said == ["max_new: max_new must be a whole number, 0 or more (you wrote 0.5)"]


REFUSED: list[tuple[str, str]] = [
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
         f"widths must be from 16 to 8192 (you wrote [480, {shown}]): write pixels, like 960")
        for written, shown in [("true", "true"), ("15", "15"), ("8193", "8193"), ("-480", "-480")]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("option", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_number_outside_its_limits_is_refused(tmp_path: Path, option: str, message: str) -> None:
    assert diagnostics(tmp_path, **yaml.safe_load(option)) == [message]


@pytest.mark.parametrize("written", ["480.5", "480.0", ".nan", ".inf", "1.0e+300"])
def test_a_width_with_a_decimal_point_is_refused(written: str) -> None:
    _, said = loaded(yaml.safe_load(f"widths: [{written}]"))
    (wrong,) = said
    assert wrong.startswith("widths: widths[0] must be a whole number (you wrote ")
