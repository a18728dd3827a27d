"""The record of one batch job, as a value and as a file of the journal.

A `BatchJob` goes in and bytes come out, and the reverse. The file is untrusted input: its fields
are checked, and its proof says whether this machine has written it, as with an intent.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core import machine_secret
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.gemini.batches.job import is_job_name
from mkdocs_gemini_images.generation.journal.intent import (
    Intent,
    intent_fields,
    intent_of_fields,
)
from mkdocs_gemini_images.generation.journal.names import is_entry

JOB_VERSION = 1
JOB_NAME = re.compile(r"mgi-[0-9a-f]{12}-[0-9a-f]{1,16}")
"""A `displayName`: the digest of the keys, and the time of the attempt in nanoseconds."""
MAX_JOB_BYTES = 256 * 2**20
"""More than the record of the largest job has, whose requests are short texts as a rule."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class ForeignJob(ValueError):
    """Raised for a record that is none of ours; the text says why, as a clause of a message."""


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One request of a job."""

    entry: str
    """The name of the journal's entry into which its answer goes."""
    intent: Intent

    @property
    def key(self) -> str:
        """The key of the request."""
        return self.intent.key


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One batch job, from before it is sent until its last answer is taken in."""

    name: str
    """Its `displayName`."""
    model: str
    server: str
    """The address of the server it is for; no other is asked about it."""
    time: str
    """When it was prepared: UTC, ISO 8601, seconds."""
    items: tuple[BatchItem, ...]
    sent: str = ""
    """When its creation was first sent, or empty: then the server cannot know of it."""
    batch: str = ""
    """The server's name of it, or empty while the reply is not here."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its requests."""
        return frozenset(item.key for item in self.items)

    @property
    def price(self) -> float:
        """USD it is expected to cost; an unknown price counts as nothing."""
        return sum(item.intent.price or 0.0 for item in self.items)

    @property
    def at_most(self) -> float:
        """USD it costs at most; an unknown price counts as nothing."""
        return sum(item.intent.at_most or 0.0 for item in self.items)

    def ordered(self, batch: str) -> "BatchJob":
        """Return the job with the server's name of it."""
        return replace(self, batch=batch)


def job_name(keys: Iterable[str], attempt: int) -> str:
    """Return the `displayName` of a job for some keys; `attempt` is a time in nanoseconds.

    A person may order the same pictures once more after a job has failed: that is another attempt.
    """
    listed = "\n".join(sorted(keys))
    return f"mgi-{sha256(listed.encode()).hexdigest()[:12]}-{attempt:x}"


def since(time: str) -> str:
    """Return a time of a record as a person reads it, on this machine's clock: `14:02` if today."""
    at = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone()
    is_today = at.date() == datetime.now(UTC).astimezone().date()
    return at.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")


def job_bytes(job: BatchJob, project: Path) -> bytes:
    """Return the file of a job of the site in the folder `project`."""
    fields = {
        "v": JOB_VERSION,
        "name": job.name,
        "model": job.model,
        "server": job.server,
        "time": job.time,
        "sent": job.sent,
        "batch": job.batch,
        "items": [
            {"entry": each.entry, "intent": intent_fields(each.intent)} for each in job.items
        ],
    }
    proof = machine_secret.proof(_proven_text(fields), project, make=True)
    text = json.dumps(fields | {"proof": proof}, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")


def read_batch_job(raw: bytes, name: str, project: Path) -> tuple[BatchJob, bool]:
    """Return the job in the file of the job `name`, and whether this machine has written it.

    Without a name, it may be that of any job. Raises `ForeignJob`.
    """
    try:
        value = read_json(raw)
    except ValueError as error:
        raise ForeignJob("a record that is damaged") from error
    if (
        not isinstance(value, dict)
        or value.get("v") != JOB_VERSION
        or value.get("name") != (name or value.get("name"))
    ):
        raise ForeignJob("the record of something else, or of a newer version")
    proof = value.pop("proof", "")
    proven = isinstance(proof, str) and machine_secret.is_proven(
        _proven_text(value), proof, project
    )
    try:
        return _from_fields(value), proven
    except (TypeError, KeyError, ValueError) as error:
        raise ForeignJob("a record with a field of the wrong kind") from error


def _from_fields(value: Mapping[str, Any]) -> BatchJob:
    """Return the job in a JSON object. Raises `TypeError`, `KeyError` and `ValueError`."""
    items = []
    for each in value["items"]:
        entry = each["entry"]
        if not is_entry(entry):
            raise ValueError("an entry's name that this plugin does not use")
        items.append(BatchItem(entry, intent_of_fields(each["intent"], entry)))
    texts = {name: value[name] for name in ("name", "model", "server", "time", "sent", "batch")}
    job = BatchJob(items=tuple(items), **texts)
    if not (
        all(isinstance(text, str) for text in texts.values())
        and JOB_NAME.fullmatch(job.name)
        and _TIME.fullmatch(job.time)
        and (not job.sent or _TIME.fullmatch(job.sent))
        and (not job.batch or is_job_name(job.batch))
        and job.items
        and len(job.keys) == len(job.items)
    ):
        raise ValueError("a field of the wrong kind")
    return job


def _proven_text(fields: Mapping[str, Any]) -> str:
    return f"batch job\n{canonical_json(fields)}"
