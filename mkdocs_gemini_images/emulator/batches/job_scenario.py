"""One scenario of a batch job: what happens to it in place of a good answer to each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mkdocs_gemini_images.emulator.protocol.errors import ApiError

End = Literal["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED", "RUNNING"]
"""The state in which a job stays."""
Reply = Literal["whole", "dropped", "error"]
"""What becomes of the reply to the creation of a job."""
Output = Literal["both", "metadata", "response"]
"""Where a finished job says where its answers are."""


@dataclass(frozen=True, slots=True)
class BatchScenario:
    """What happens to one job; each default is that of a good one."""

    description: str
    """One line for the manual."""
    end: End = "SUCCEEDED"
    error: ApiError | None = None
    """The error with which the job is refused, and not created."""
    reply: Reply = "whole"
    late_lists: int = 0
    """How many lists leave the job out after it was created."""
    vanishes: bool = False
    """Whether the server has no such job when it is asked for."""
    answered: Callable[[int, int], bool] = lambda position, count: True
    """Whether the request at a position of so many gets an answer and is billed."""
    failing: Callable[[int], bool] = lambda position: False
    """Whether the request at a position gets an error of its own."""
    rearrange: Callable[[list[bytes]], list[bytes]] = list
    """What becomes of the items of the results."""
    other_pictures: bool = False
    """Whether the pictures differ from those of single requests with the same body."""
    huge_line: bool = False
    """Whether the first line never seems to end."""
    drops_once: bool = False
    """Whether the first download of the results breaks off in the middle."""
    results_gone: bool = False
    """Whether the server has no file of results."""
    output: Output = "both"
