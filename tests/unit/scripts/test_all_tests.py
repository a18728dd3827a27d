"""Every test is in one of the two parts, and a failure of either is one of both."""

import sys
from pathlib import Path

import pytest

from scripts.all_tests import TESTS, UNITS, parts, run

ALL = [str(UNITS)]


@pytest.mark.parametrize(
    ("paths", "units", "others"),
    [
        (["tests"], ALL, ["tests"]),
        (["tests/"], ALL, ["tests/"]),
        (["."], ALL, ["."]),
        (["tests/cli/../"], ALL, ["tests/cli/../"]),
        ([str(TESTS)], ALL, [str(TESTS)]),
        (["tests/unit"], ["tests/unit"], []),
        (["./tests/unit/core/"], ["./tests/unit/core/"], []),
        (["tests/unit/test_a.py::test_b[x]"], ["tests/unit/test_a.py::test_b[x]"], []),
        (["tests/cli", "tests/preview"], [], ["tests/cli", "tests/preview"]),
        (["tests/cli", "tests/unit/core"], ["tests/unit/core"], ["tests/cli"]),
    ],
)
def test_each_path_is_in_its_part(
    monkeypatch: pytest.MonkeyPatch, paths: list[str], units: list[str], others: list[str]
) -> None:
    monkeypatch.chdir(TESTS.parent)
    assert parts(paths) == (units, others)


def says(text: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


@pytest.mark.parametrize(
    ("units", "others", "code", "told"),
    [
        (0, 0, 0, "others\nlast\ntests/unit: passed\nthe others: passed\n"),
        (0, 2, 2, "others\nlast\ntests/unit: passed\nthe others: failed with exit code 2\n"),
        (1, 0, 1, "others\nfirst\nlast\ntests/unit: failed with exit code 1\nthe others: passed\n"),
        (0, None, 0, "first\nlast\ntests/unit: passed\n"),
        (1, None, 1, "first\nlast\ntests/unit: failed with exit code 1\n"),
        (None, 5, 5, "others\nthe others: failed with exit code 5\n"),
    ],
)
def test_a_failure_of_either_fails(
    units: int | None,
    others: int | None,
    code: int,
    told: str,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    commands = (
        None if units is None else says("first\nlast", units),
        None if others is None else says("others", others),
    )
    assert run(*commands) == code
    assert capfdbinary.readouterr().out.decode().replace("\r\n", "\n") == told


def test_units_are_in_a_folder_of_their_own() -> None:
    assert Path(__file__).is_relative_to(UNITS)
