"""Whether a build may draw, by its settings, its command and its host."""

from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import EMULATOR, Server, choose
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.command import Command, DrawCommand, DryRun
from mkdocs_gemini_images.generation.permission import refusal_reason

DRAW, LOOK = DrawCommand(lambda plan: True), DryRun()


def settings(key: str = "secret", *, emulated: bool = False) -> Settings:
    server = EMULATOR if emulated else choose("", environment={"GEMINI_API_KEY": key})
    assert isinstance(server, Server)
    return Settings(Path("/site"), Path("/site/stock"), Path("/site/cache"), "docs", server)


NO_KEY, NOT_FROZEN = settings(""), settings()
FROZEN, DISABLED = replace(settings(), frozen=True), replace(settings(), enabled=False)
FREE = settings(emulated=True)


@pytest.mark.parametrize(
    ("options", "command", "serving", "reason"),
    [
        (NOT_FROZEN, None, False, ""),
        (NOT_FROZEN, None, True, "serve never buys by itself"),
        (NOT_FROZEN, DRAW, True, ""),
        (NOT_FROZEN, LOOK, False, "it is not in stock; run gemini-images draw"),
        (NO_KEY, None, False, "no API key for "),
        (NO_KEY, None, True, "no API key for "),
        (NO_KEY, DRAW, False, "no API key for "),
        (NO_KEY, LOOK, False, "it is not in stock"),
        (FROZEN, None, False, "this build is frozen, as in CI"),
        (FROZEN, DRAW, False, ""),
        (DISABLED, None, False, "pictures are switched off"),
        (DISABLED, DRAW, False, "pictures are switched off"),
        (DISABLED, LOOK, False, "it is not in stock"),
        (FREE, None, True, ""),
        (FREE, DRAW, False, ""),
        (FREE, LOOK, False, "the emulator has not drawn it"),
        (replace(FREE, frozen=True), None, False, ""),
        (replace(FREE, enabled=False), None, False, "pictures are switched off"),
    ],
)  # fmt: skip
def test_the_reason_why_a_build_may_not_draw(
    options: Settings, command: Command | None, serving: bool, reason: str
) -> None:
    found = refusal_reason(options, command, serving=serving)
    assert found.startswith(reason)
    assert bool(found) == bool(reason)
