"""One batch job as the server describes it.

In: the JSON of an operation, or of a job without one around it as gateways write it. Out: a `Job`.
Field names are read in camelCase and snake_case. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.gemini.answers.envelopes import as_object, get

JobState = Literal["pending", "running", "succeeded", "failed", "cancelled", "expired"]

_STATES: dict[str, JobState] = {
    "UNSPECIFIED": "pending", "QUEUED": "pending", "PENDING": "pending", "RUNNING": "running",
    "SUCCEEDED": "succeeded", "PARTIALLY_SUCCEEDED": "succeeded", "FAILED": "failed",
    "CANCELLED": "cancelled", "CANCELLING": "running", "EXPIRED": "expired",
}  # fmt: skip
_JOB_NAME = re.compile(r"batches/[A-Za-z0-9._-]{1,200}")
_FILE_NAME = re.compile(r"files/[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True, slots=True)
class Job:
    """One batch job."""

    name: str
    """The server's name of it, `batches/...`."""
    display_name: str
    """The name that its creator gave it, by which it is found again."""
    state: JobState
    model: str = ""
    requests: int = 0
    answered: int = 0
    failed: int = 0
    created: str = ""
    """The time of its creation as the server writes it, or empty."""
    results_file: str = ""
    """The name of the file of its answers, `files/...`; empty in inline mode and before its end."""
    problem: str = ""
    """Why the job as a whole failed, or empty."""

    @property
    def ended(self) -> bool:
        """Whether the server does nothing more for it."""
        return self.state not in ("pending", "running")


def is_job_name(name: object) -> bool:
    """Return whether a text can be a job's name, and nothing else of a URL."""
    return isinstance(name, str) and _JOB_NAME.fullmatch(name) is not None


def is_file_name(name: object) -> bool:
    """Return whether a text can be a file's name, and nothing else of a URL."""
    return isinstance(name, str) and _FILE_NAME.fullmatch(name) is not None


def read_job(value: Any) -> Job | None:
    """Return the job that a server describes, or None where it describes none."""
    operation = as_object(value)
    metadata = as_object(get(operation, "metadata")) or operation
    name = next((each for each in (get(operation, "name"), get(metadata, "name"))
                 if is_job_name(each)), None)  # fmt: skip
    if name is None:
        return None
    stats, error = as_object(get(metadata, "batchStats")), get(operation, "error")
    return Job(
        name=str(name),
        display_name=_text(get(metadata, "displayName")),
        state=_state(operation, metadata),
        model=_text(get(metadata, "model")).removeprefix("models/"),
        requests=_count(get(stats, "requestCount")),
        answered=_count(get(stats, "successfulRequestCount")),
        failed=_count(get(stats, "failedRequestCount")),
        created=message_of(get(metadata, "createTime"))[:40],
        results_file=_results_file(operation, metadata),
        problem=message_of(get(as_object(error), "message") or error),
    )


def _state(operation: Mapping[str, Any], metadata: Mapping[str, Any]) -> JobState:
    written = get(metadata, "state") or get(operation, "state")
    word = re.sub(r"\A(?:BATCH|JOB)_STATE_", "", str(written or "").upper())
    known = _STATES.get(word)
    if known is not None and (known not in ("pending", "running") or not get(operation, "done")):
        return known
    if get(operation, "error"):
        return "failed"
    return "succeeded" if get(operation, "done") is True else "running"


def _results_file(operation: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    response = as_object(get(operation, "response"))
    places = (as_object(get(metadata, "output")), response, as_object(get(response, "output")))
    names = (get(place, field) for place in places for field in ("responsesFile", "fileName"))
    return next((name for name in names if is_file_name(name)), "")


def _text(value: object) -> str:
    return value[:500] if isinstance(value, str) else ""


def _count(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
        value = int(value)
    return value if type(value) is int and 0 <= value < 10**9 else 0
