"""Whether a build may draw at all, and if not, why and what to do about it.

In come the settings and on whose behalf a build runs; out comes a reason, or nothing. What a
picture costs is no matter here: the walls come later. Pure.
"""

from mkdocs_gemini_images.config.settings import Settings


def refusal_reason(
    settings: Settings, *, looking: bool = False, ordered: bool = False, serving: bool = False
) -> str:
    """Say why a build may not draw; empty if it may.

    Somebody at the command line may be `looking` alone, or have `ordered` the drawing.
    """
    if looking and settings.server.emulated:
        return "the emulator has not drawn it; a build does"
    if looking:
        return "it is not in stock; run gemini-images draw and commit what it drew"
    if not settings.enabled:
        return "pictures are switched off (enabled: false)"
    if settings.server.emulated:
        return ""
    no_key = f"no API key for {settings.server.host}; set {settings.server.key_places}"
    if ordered:
        return "" if settings.server.key else no_key
    if settings.frozen:
        return "this build is frozen, as in CI; run gemini-images draw and commit what it drew"
    if not settings.server.key:
        return no_key
    if serving:
        return "serve never buys by itself; run gemini-images draw, or with live reload its panel"
    return ""
