"""Wait for the batch jobs of a command, and collect what is finished, round after round.

In: a finished build that has ordered, and a function that builds once more. Out: the last build,
after which nothing is on its way. Between two builds no lock is held, so that others may build.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from mkdocs_gemini_images.cli.conventions import say

if TYPE_CHECKING:
    from mkdocs_gemini_images.cli.host_build import Finished
    from mkdocs_gemini_images.generation.draw_command import DrawCommand

POLL_SECONDS = 60.0
"""Between two looks at the jobs; a job takes minutes at least."""


def collecting(command: "DrawCommand") -> "DrawCommand":
    """Return a command that collects and sends what was agreed to, and orders nothing new."""
    return command._replace(agree=lambda plan: False, only=frozenset(), approved=None)


def wait_for_batches(done: "Finished", build: Callable[[], "Finished"]) -> "Finished":
    """Build again until nothing is on its way, and return the last build, which is not told.

    Of the others those are told after which another number of pictures is on its way.
    """
    told = 0
    while waiting := sum(bool(image.in_batch) for image in done.group.images):
        if waiting != told:
            done.say()
            are = "picture is" if waiting == 1 else "pictures are"
            end = "Ctrl-C ends the waiting, and the next draw collects them"
            say(f"{waiting} {are} waited for; {end}", err=True)
            told = waiting
        time.sleep(POLL_SECONDS)
        done = build()
    return done
