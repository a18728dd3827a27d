"""Run a site's own MkDocs build up to the barrier, for a command.

Hooks, macros and includes decide what is on a page, so a command collects a site's images by
running the site's own build, into a temporary folder. MkDocs has no interface for that. This module
is the only one that works around it:

- MkDocs creates the plugin, so the command reaches it through an attribute, `command_run`.
- A build ends only by an exception. `StopBuild` is a `BaseException`, because other plugins catch
  `Exception` around their hooks.
- MkDocs keeps plugins that have an `on_startup` and gives them to the next site that is loaded in
  the same process. Its private cache is emptied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.generation.draw_command import Command
    from mkdocs_gemini_images.generation.tracker import SpendTracker


@dataclass(frozen=True, slots=True)
class CommandRun:
    """A command that runs a site's build, and what the build needs from it."""

    command: "Command"
    tracker: "SpendTracker"
    """The spending of the command in earlier builds."""
    page_texts: Mapping[str, str] = field(default_factory=dict)
    """Texts that replace the texts of pages' files, by source path."""


class StopBuild(BaseException):
    """Ends a build that a command runs, at the barrier."""


class RunsForCommand(Protocol):
    """The attribute of the plugin that a command sets."""

    command_run: CommandRun | None


def stop_at_barrier() -> NoReturn:
    """End the build: all pages are rendered, and no file is written yet."""
    raise StopBuild


def run_to_barrier(config: "MkDocsConfig", plugin: RunsForCommand, run: CommandRun) -> bool:
    """Run a site's build, and return whether it came to the barrier."""
    from mkdocs.commands.build import build

    plugin.command_run = run
    try:
        build(config)
    except StopBuild:
        return True
    return False


def forget_plugins(config: "MkDocsConfig") -> None:
    """Let MkDocs forget the plugins that it has just loaded."""
    option: Any = dict(config._schema)["plugins"]
    option.plugin_cache.clear()
