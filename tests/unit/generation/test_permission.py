"""Whether a build may draw, by its settings, its API key and the command that runs it."""

from itertools import product
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.permission import refusal_reason

KEYED = Server(key=Secret("k"))
KEYLESS = Server()
DRAWS = ""
UNDRAWN = "the emulator has not drawn it; a build does"
UNSTOCKED = "it is not in stock; run gemini-images draw and commit what it drew"
OFF = "pictures are switched off (enabled: false)"
FROZEN = "this build is frozen, as in CI; run gemini-images draw and commit what it drew"
NO_KEY = (
    "no API key for generativelanguage.googleapis.com; set GEMINI_API_KEY or GOOGLE_API_KEY, or "
    "api_key: !ENV NAME"
)
NEVER = "serve never buys by itself; run gemini-images draw, or with live reload its panel"


def settings(server: Server, *, enabled: bool = True, frozen: bool = False) -> Settings:
    root = Path("/site")
    return Settings(
        root, root / "stock", root / ".cache", "docs", server, enabled=enabled, frozen=frozen
    )


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
    assert refusal_reason(settings(server, **options), **runs_for) == reason


@pytest.mark.parametrize("server", [KEYED, KEYLESS, EMULATOR], ids=["key", "no key", "emulator"])
@pytest.mark.parametrize(
    ("enabled", "frozen", "looking", "ordered", "serving"), list(product([False, True], repeat=5))
)
def test_a_build_that_must_not_buy_has_a_reason_for_not_drawing(
    server: Server, enabled: bool, frozen: bool, looking: bool, ordered: bool, serving: bool
) -> None:
    reason = refusal_reason(
        settings(server, enabled=enabled, frozen=frozen),
        looking=looking, ordered=ordered, serving=serving,
    )  # fmt: skip
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
    assert refusal_reason(settings(Server(url))).startswith(f"no API key for {places}")
