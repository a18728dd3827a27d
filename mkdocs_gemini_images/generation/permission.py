"""Decide whether a build may draw at all, and if not, say why and what to do about it.

And whether it believes an answer in its journal that another machine may have put there.

In: the settings and the command that runs the build. Out: a reason, or an empty text. Prices do not
matter here; the spending limits are checked against the plan. No effects.
"""

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand, DryRun


def refusal_reason(settings: Settings, command: Command | None, *, serving: bool = False) -> str:
    """Return why a build may not draw, or empty; a build without a command is one of a host."""
    if isinstance(command, DryRun):
        if settings.server.emulated:
            return "the emulator has not drawn it yet; a build draws it"
        return "it is not in stock; run gemini-images draw and commit what it drew"
    if not settings.enabled:
        return "pictures are switched off (enabled: false)"
    if settings.cache_refusal is not None:
        return "the cache is not trusted; the warning about it says what to do"
    if settings.server.emulated:
        return ""
    no_key = settings.server.key_problem or (
        f"no API key for {settings.server.host}; set {settings.server.key_places}"
    )
    if isinstance(command, DrawCommand):
        return "" if settings.server.key else no_key
    if settings.frozen:
        return "this build is frozen, as in CI; run gemini-images draw and commit what it drew"
    if not settings.server.key:
        return no_key
    if serving:
        return "mkdocs serve does not buy pictures: press Draw, or run gemini-images draw"
    return ""


def takes_unproven(settings: Settings, command: Command | None) -> bool:
    """Return whether a build that may draw takes in answers that it cannot prove to be its own.

    It does where a person sees the pictures before others do: not on a CI machine, which publishes
    them, and not into a bucket, unless the command to draw asks for it.
    """
    if settings.server.emulated or isinstance(command, DrawCommand):
        return True
    return not (settings.unattended or settings.bucket)
