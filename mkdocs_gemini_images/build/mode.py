"""On whose behalf a build runs, and what it may therefore do."""

from collections.abc import Set
from functools import cached_property
from typing import NamedTuple

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand, DryRun
from mkdocs_gemini_images.generation.permission import refusal_reason


class _BuildModeFields(NamedTuple):
    command: Command | None = None
    serving: bool = False
    all_pages: bool = True
    """Whether the build sees every page of the site, and so every id."""
    refusal: str = ""
    """Why this build never draws, whatever the settings say."""


class BuildMode(_BuildModeFields):
    """A build for a host, for a live preview, or for a command."""

    @cached_property
    def dry(self) -> bool:
        """Whether nothing is drawn or written."""
        return isinstance(self.command, DryRun)

    @cached_property
    def draw_command(self) -> DrawCommand | None:
        """The command to draw, if there is one."""
        return self.command if isinstance(self.command, DrawCommand) else None

    def refusal_reason(self, settings: Settings) -> str:
        """Return why the build may not draw, or empty."""
        return self.refusal or refusal_reason(settings, self.command, serving=self.serving)

    def on_drift(self, settings: Settings) -> OnDrift:
        """Return what the build does about pictures that have drifted."""
        drifted = self.draw_command is not None and self.draw_command.drifted
        return "draw" if drifted else settings.on_drift

    def with_names(self, names: Set[str]) -> "BuildMode":
        """Return the mode of a command that names images, with further names for them."""
        command = self.draw_command
        if command is None or not command.only:
            return self
        return self._replace(command=command._replace(only=command.only | names))

    def asks_for(self, image: SiteImage) -> bool:
        """Return whether the command names the image, or names none and so asks for all."""
        command = self.draw_command
        return command is None or not command.only or image.answers_to(command.only)
