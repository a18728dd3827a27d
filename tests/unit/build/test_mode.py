"""What a build may do, by the command that runs it."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.config.server import Secret, Server
from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand, DryRun
from mkdocs_gemini_images.store.lookup import Missing
from tests.unit.site_images import site_image


def draw(*only: str, drifted: bool = False) -> DrawCommand:
    return DrawCommand(lambda plan: True, only=frozenset(only), drifted=drifted)


def settings(on_drift: OnDrift = "keep", *, frozen: bool = False) -> Settings:
    root, server = Path("/site"), Server(key=Secret("k"))
    return Settings(
        root, root / "stock", root / "cache", "docs", server, frozen=frozen, on_drift=on_drift
    )


@pytest.mark.parametrize("command", [None, draw(), DryRun(), DryRun(thorough=True)])
def test_a_build_is_dry_for_a_dry_run_alone(command: Command | None) -> None:
    mode = BuildMode(command)
    assert mode.dry is isinstance(command, DryRun)
    assert mode.draw_command is (command if isinstance(command, DrawCommand) else None)


@pytest.mark.parametrize(
    ("mode", "frozen", "reason"),
    [
        (BuildMode(), False, ""),
        (BuildMode(), True, "this build is frozen"),
        (BuildMode(draw()), True, ""),
        (BuildMode(DryRun()), False, "it is not in stock"),
        (BuildMode(serving=True), False, "mkdocs serve does not buy pictures"),
        (BuildMode(draw(), serving=True), False, ""),
        (BuildMode(refusal="a reason of its own"), False, "a reason of its own"),
        (BuildMode(draw(), refusal="a reason of its own"), False, "a reason of its own"),
    ],
)
def test_a_build_draws_unless_its_mode_refuses(mode: BuildMode, frozen: bool, reason: str) -> None:
    found = mode.refusal_reason(settings(frozen=frozen))
    assert found.startswith(reason) if reason else found == ""


@pytest.mark.parametrize(
    ("command", "configured", "on_drift"),
    [
        (None, "keep", "keep"),
        (None, "draw", "draw"),
        (draw(), "keep", "keep"),
        (draw(drifted=True), "keep", "draw"),
        (draw(drifted=True), "draw", "draw"),
        (DryRun(), "keep", "keep"),
    ],
)
def test_drifted_pictures_are_drawn_by_the_settings_or_by_the_command(
    command: Command | None, configured: OnDrift, on_drift: OnDrift
) -> None:
    assert BuildMode(command).on_drift(settings(configured)) == on_drift


FOX = site_image(Directive("A fox", id="fox"), Missing(), "a.md", file="img/fox.webp")


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        (None, True),
        (DryRun(), True),
        (draw(), True),
        (draw("fox"), True),
        (draw("owl", "a.md"), True),
        (draw("img/fox.webp"), True),
        (draw("owl"), False),
        (draw("a"), False),
    ],
)
def test_a_command_asks_for_the_images_that_it_names_or_for_all(
    command: Command | None, asked: bool
) -> None:
    assert BuildMode(command).asks_for(FOX) is asked
