"""Commands of the command line that run a build: draw pictures, or only look at the site.

The commands are values. The command line makes them; a build and the generator read them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mkdocs_gemini_images.requests.approved_plan import ApprovedPlan
    from mkdocs_gemini_images.requests.planning import Plan

NOT_AGREED = "not agreed to"
"""Why nothing is drawn when the author does not agree to a plan."""


class DrawCommand(NamedTuple):
    """A command to draw pictures."""

    agree: Callable[["Plan"], bool]
    """Returns whether the author agrees to the price of a plan."""
    only: frozenset[str] = frozenset()
    """Ids and pages of the images to draw; empty for every image that a build would draw."""
    drifted: bool = False
    """Whether pictures that have drifted are drawn anew."""
    takes: int = 1
    """How many takes of each picture there are to be, for the author to choose from."""
    asks_again: bool = False
    """Whether requests that the model refused lately are sent again."""
    approved: "ApprovedPlan | None" = None
    """The plan that a person has approved, which is drawn as it is, or not at all."""
    batch: bool = False
    """Whether pictures are ordered in batch jobs, at half the price, and come later."""


class DryRun(NamedTuple):
    """A command that only looks: the build draws and writes nothing."""

    thorough: bool = False
    """Whether every picture is read and compared with its digest."""


Command = DrawCommand | DryRun
