"""Wait for the batch jobs of a command, and collect what is finished, round after round.

In: a finished build that has ordered, and a function that builds once more. Out: the last build,
after which nothing is on its way. Between two builds no lock is held, so that others may build.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_gemini_images.cli.conventions import say
from mkdocs_gemini_images.core.diagnostics import counted

if TYPE_CHECKING:
    from mkdocs_gemini_images.cli.host_build import Finished
    from mkdocs_gemini_images.generation.command import DrawCommand

POLL_SECONDS = 60.0
"""Between two looks at the jobs; a job takes minutes at least."""


def collecting(command: "DrawCommand") -> "DrawCommand":
    """Return a command that collects and sends what was agreed to, and orders nothing new."""
    return replace(command, agree=lambda plan: False, only=frozenset())


def wait_for_batches(done: "Finished", build: Callable[[], "Finished"]) -> "Finished":
    """Build again until nothing is on its way, and return the last build; the others are told."""
    while waiting := sum(bool(image.in_batch) for image in done.group.images):
        done.say()
        pictures = counted(waiting, "picture")
        say(f"waiting for {pictures}; Ctrl-C ends the waiting alone", err=True)
        time.sleep(POLL_SECONDS)
        done = build()
    return done
