"""A key that is bad stops only what needs a key."""

import pytest

from tests.cli.command import run
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX

BAD = "canary key of two words"


def test_with_everything_in_stock_a_bad_key_is_not_spoken_of(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(FOX)
    here.build()
    monkeypatch.setenv("GEMINI_API_KEY", BAD)
    built = here.build()
    assert (built.error, built.loud) == (None, ())
    assert built.closing == "1 picture, 1 from stock"
    for command in ("plan", "check", "prune"):
        done = run(here, command)
        assert (done.code, BAD in done.text) == (0, False), done.text


def test_a_frozen_build_does_not_look_at_the_key(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", BAD)
    built = site(FOX).build(frozen=True)
    assert built.error is None
    assert "this build is frozen" in built.warnings[0]


def test_a_build_that_needs_a_key_names_the_variable_with_the_bad_one(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("GOOGLE_API_KEY", BAD)
    here = site(FOX)
    built = here.build()
    assert built.error is None
    assert built.requests == ()
    (warning,) = built.warnings
    assert (
        "the API key in GOOGLE_API_KEY has spaces, line breaks or letters that no key has"
        in warning
    )
    done = run(here, "doctor")
    assert "BAD   the API key in GOOGLE_API_KEY" in done.stdout
    assert "words" not in warning + done.text
