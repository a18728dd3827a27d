"""The scenarios of batch jobs by name, chosen as those of requests: `--scenario`, `[emulate: ...]`.

Each row has a one-line description, which the manual prints, and what differs from a good job.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from mkdocs_gemini_images.emulator.batches.job_scenario import BatchScenario
from mkdocs_gemini_images.emulator.protocol.errors import ApiError, rate_limited

GOOD = "batch-ok"
PREFIX = "batch-"


def _twice(items: list[bytes]) -> list[bytes]:
    return [*items, *items]


def _reversed(items: list[bytes]) -> list[bytes]:
    return items[::-1]


def _with_stranger(items: list[bytes]) -> list[bytes]:
    """Return the items after one of a key that was never asked for, with another's answer."""
    first = json.loads(items[0]) if items else {}
    response = first.get("response", {"candidates": []})
    strange = {"key": "never-asked", "response": response, "metadata": {"key": "never-asked"}}
    return [json.dumps(strange).encode(), *items]


def _with_broken_line(items: list[bytes]) -> list[bytes]:
    """Return the items, the one in the middle cut to half of its bytes."""
    middle = len(items) // 2
    return [each[: len(each) // 2] if at == middle else each for at, each in enumerate(items)]


def _first_missing(items: list[bytes]) -> list[bytes]:
    return items[1:]


_BUSY = ApiError(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")

BATCH_SCENARIOS: Mapping[str, BatchScenario] = MappingProxyType({
    GOOD: BatchScenario("A batch job with an answer to each request."),
    # How it is created and found.
    "batch-refused": BatchScenario("429: the job is not created.", error=rate_limited(
        "You have too many batch jobs. Please retry in 300ms.", "0.3s")),
    "batch-busy": BatchScenario("503: the job is not created.", error=_BUSY),
    "batch-reply-lost": BatchScenario(
        "The job is created, and the connection closes in the reply (needs a server).",
        reply="dropped"),
    "batch-reply-503": BatchScenario("The job is created, and the reply is an error 503.",
                                     reply="error"),
    "batch-listed-late": BatchScenario("The first three lists leave the job out.", late_lists=3),
    "batch-lost-and-late": BatchScenario(
        "The reply is lost, and the first three lists leave the job out.",
        reply="error", late_lists=3),
    "batch-gone": BatchScenario("The job is created, and is not there when asked for.",
                                vanishes=True),
    # How it ends.
    "batch-stuck": BatchScenario("The job never ends.", end="RUNNING",
                                 answered=lambda position, count: False),
    "batch-failed": BatchScenario("The whole job fails.", end="FAILED",
                                  answered=lambda position, count: False),
    "batch-expired": BatchScenario("The job expires without answers.", end="EXPIRED",
                                   answered=lambda position, count: False),
    "batch-expired-half": BatchScenario(
        "The job expires with the first half of its answers.", end="EXPIRED",
        answered=lambda position, count: position < count // 2),
    "batch-cancelled": BatchScenario("Another client cancels the job.", end="CANCELLED",
                                     answered=lambda position, count: False),
    # What its results are.
    "batch-item-errors": BatchScenario("Every second request gets an error of its own.",
                                       failing=lambda position: position % 2 == 1),
    "batch-all-errors": BatchScenario("Each request gets an error of its own.",
                                      failing=lambda position: True),
    "batch-missing": BatchScenario("The first request gets neither an answer nor an error.",
                                   rearrange=_first_missing),
    "batch-twice": BatchScenario("Each answer comes twice.", rearrange=_twice),
    "batch-other-pictures": BatchScenario(
        "The pictures differ from those of single requests, as the API's do.",
        other_pictures=True),
    "batch-reversed": BatchScenario("The answers come in the opposite order.",
                                    rearrange=_reversed),
    "batch-strange-key": BatchScenario("The first answer is to a request that was not in the job.",
                                       rearrange=_with_stranger),
    "batch-broken-line": BatchScenario("The line in the middle is cut to half.",
                                       rearrange=_with_broken_line),
    "batch-huge-line": BatchScenario("A line of 80 MiB comes before the answers.",
                                     huge_line=True),
    "batch-download-drops": BatchScenario(
        "The first download breaks off in the middle (needs a server).", drops_once=True),
    "batch-results-gone": BatchScenario("The job succeeds, and its file of results is gone.",
                                        results_gone=True),
    "batch-output-in-metadata": BatchScenario("`metadata` alone says where the results are.",
                                              output="metadata"),
    "batch-output-in-response": BatchScenario("`response` alone says where the results are.",
                                              output="response"),
})  # fmt: skip
"""Every scenario of a job by name, in the order of the manual."""
