"""Whether a build may draw, by its settings, its API key and the command that runs it."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand, DryRun
from mkdocs_gemini_images.generation.permission import refusal_reason, takes_unproven

KEYED = Server(key=Secret("k"))
KEYLESS = Server()
DRAWS = ""
UNDRAWN = "the emulator has not drawn it yet; a build draws it"
UNSTOCKED = "it is not in stock; run gemini-images draw and commit what it drew"
OFF = "pictures are switched off (enabled: false)"
FROZEN = "this build is frozen, as in CI; run gemini-images draw and commit what it drew"
NO_KEY = (
    "no API key for generativelanguage.googleapis.com; set GEMINI_API_KEY or GOOGLE_API_KEY, or "
    "api_key: !ENV NAME"
)
NEVER = "mkdocs serve does not buy pictures: press Draw, or run gemini-images draw"


def settings(server: Server, *, enabled: bool = True, frozen: bool = False) -> Settings:
    root = Path("/site")
    return Settings(
        root, root / "stock", root / ".cache", "docs", server, enabled=enabled, frozen=frozen
    )


def command_of(*, looking: bool | None, ordered: bool | None) -> Command | None:
    if looking:
        return DryRun()
    return DrawCommand(lambda plan: True) if ordered else None


@pytest.mark.parametrize(
    ("server", "options", "runs_for", "reason"),
    [
        # A build.
        (KEYED, {}, {}, DRAWS),
        (KEYLESS, {}, {}, NO_KEY),
        (EMULATOR, {}, {}, DRAWS),
        (KEYED, {"frozen": True}, {}, FROZEN),
        (KEYLESS, {"frozen": True}, {}, FROZEN),
        (EMULATOR, {"frozen": True}, {}, DRAWS),
        (KEYED, {"enabled": False}, {}, OFF),
        (KEYED, {"enabled": False, "frozen": True}, {}, OFF),
        (EMULATOR, {"enabled": False}, {}, OFF),
        # serve.
        (KEYED, {}, {"serving": True}, NEVER),
        (KEYLESS, {}, {"serving": True}, NO_KEY),
        (EMULATOR, {}, {"serving": True}, DRAWS),
        (KEYED, {"frozen": True}, {"serving": True}, FROZEN),
        (KEYED, {"enabled": False}, {"serving": True}, OFF),
        # gemini-images draw, and the panel of serve.
        (KEYED, {}, {"ordered": True}, DRAWS),
        (KEYED, {}, {"ordered": True, "serving": True}, DRAWS),
        (KEYED, {"frozen": True}, {"ordered": True}, DRAWS),
        (KEYLESS, {}, {"ordered": True}, NO_KEY),
        (KEYLESS, {"frozen": True}, {"ordered": True}, NO_KEY),
        (EMULATOR, {}, {"ordered": True}, DRAWS),
        (KEYED, {"enabled": False}, {"ordered": True}, OFF),
        # A command that draws nothing.
        (KEYED, {}, {"looking": True}, UNSTOCKED),
        (KEYLESS, {"frozen": True}, {"looking": True}, UNSTOCKED),
        (KEYED, {"enabled": False}, {"looking": True}, UNSTOCKED),
        (EMULATOR, {}, {"looking": True}, UNDRAWN),
        (EMULATOR, {"enabled": False}, {"looking": True}, UNDRAWN),
    ],
)
def test_a_build_draws_or_has_a_reason_for_not_drawing(
    server: Server, options: dict[str, bool], runs_for: dict[str, bool], reason: str
) -> None:
    command = command_of(looking=runs_for.get("looking"), ordered=runs_for.get("ordered"))
    serving = runs_for.get("serving", False)
    assert refusal_reason(settings(server, **options), command, serving=serving) == reason


@pytest.mark.parametrize("server", [KEYED, KEYLESS, EMULATOR], ids=["key", "no key", "emulator"])
@pytest.mark.parametrize(
    ("enabled", "frozen", "looking", "ordered", "serving"), list(product([False, True], repeat=5))
)
def test_a_build_that_must_not_buy_has_a_reason_for_not_drawing(
    server: Server, enabled: bool, frozen: bool, looking: bool, ordered: bool, serving: bool
) -> None:
    reason = refusal_reason(
        settings(server, enabled=enabled, frozen=frozen),
        command_of(looking=looking, ordered=ordered),
        serving=serving,
    )
    if looking or not enabled:
        assert reason
    if server is not EMULATOR and (not server.key or ((frozen or serving) and not ordered)):
        assert reason


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("http://127.0.0.1:8000/v1beta", "127.0.0.1; set GEMINI_API_KEY or GOOGLE_API_KEY, or "),
        ("https://gateway.example/v1", "gateway.example; set api_key: !ENV NAME"),
    ],
)
def test_a_missing_key_is_reported_with_the_places_that_its_server_allows(
    url: str, places: str
) -> None:
    assert refusal_reason(settings(Server(url)), None).startswith(f"no API key for {places}")


@pytest.mark.parametrize(
    ("server", "options", "ordered", "takes"),
    [
        (KEYED, {}, False, True),
        (KEYED, {"unattended": True}, False, False),
        (KEYED, {"bucket": "s3://b/p"}, False, False),
        (KEYED, {"bucket": "s3://b/p", "unattended": True}, True, True),
        (EMULATOR, {"bucket": "s3://b/p", "unattended": True}, False, True),
    ],
)
def test_an_unproven_answer_is_taken_in_where_a_person_sees_its_picture_first(
    server: Server, options: dict[str, Any], ordered: bool, takes: bool
) -> None:
    command = command_of(looking=None, ordered=ordered)
    assert takes_unproven(settings(server)._replace(**options), command) is takes
