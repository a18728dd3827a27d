"""Keep the records of batch jobs in the journal, and what they send.

Each job has a folder with its `displayName`: first its requests are written there, then `job.json`,
with which the job exists. `later.json` beside the
jobs holds what a person has agreed to and what waits for pictures of an earlier round. Only the
holder of the generator's lock writes here, or removes what a killed process has left; the files are
untrusted input, as those of the journal are.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core import machine_secret
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.files.disk_sync import sync_folder
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.batch.batch_job import (
    JOB_NAME,
    MAX_JOB_BYTES,
    BatchJob,
    ForeignJob,
    job_bytes,
    read_batch_job,
)
from mkdocs_gemini_images.generation.batch.rounds import WaitingRequest
from mkdocs_gemini_images.generation.journal.journal import RefusedFile
from mkdocs_gemini_images.store.record import DIGEST, is_price

BATCHES = "batches"
"""The folder of the jobs, in the journal's folder."""
_RECORD, _REQUESTS = "job.json", "requests.jsonl"
_LATER = "later.json"


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that is on disk, and whether this machine has written its record."""

    job: BatchJob
    proven: bool


class JobsFolder:
    """The batch jobs of one journal. `project` is the folder of the site."""

    def __init__(self, journal: Path, project: Path) -> None:
        self.journal = journal
        self.folder = journal / BATCHES
        self.project = project

    def exists(self) -> bool:
        """Return whether there may be jobs."""
        return self.folder.is_dir()

    def open_jobs(self) -> tuple[list[OpenJob], list[RefusedFile]]:
        """Return the jobs, the oldest first, and the records that are not as we write them."""
        jobs: list[OpenJob] = []
        refused: list[RefusedFile] = []
        for name in self._names():
            path = f"{name}/{_RECORD}"
            try:
                raw = regular_files.read_below(self.folder, path, MAX_JOB_BYTES)
                jobs.append(OpenJob(*read_batch_job(raw, name, self.project)))
            except FileNotFoundError:
                continue  # it is being written, or removed
            except (OSError, ForeignJob) as error:
                refused.append(RefusedFile(f"{BATCHES}/{path}", str(error)))
        return sorted(jobs, key=lambda each: (each.job.time, each.job.name)), refused

    def write_requests(self, name: str, lines: Iterable[bytes]) -> None:
        """Write what a job sends, one request a line. Raises `OSError`."""
        regular_files.check_folder(self.journal, self.folder / name)
        with atomic_files.writing(self.folder / name / _REQUESTS) as file:
            file.writelines(lines)

    def requests(self, job: BatchJob) -> Path:
        """Return the file of what a job sends."""
        return self.folder / job.name / _REQUESTS

    def write(self, job: BatchJob) -> None:
        """Write the record of a job, durably. Raises `OSError`."""
        atomic_files.write(self.folder / job.name / _RECORD, job_bytes(job, self.project))

    def forget_requests(self, job: BatchJob) -> None:
        """Remove what a job has sent: the server has it. Raises `OSError`."""
        atomic_files.remove(self.folder / job.name / _REQUESTS)

    def remove(self, job: BatchJob) -> None:
        """Remove a job: all of it is in stock or told, or it was never sent. Raises `OSError`."""
        atomic_files.remove(self.folder / job.name / _RECORD)
        sync_folder(self.folder / job.name)
        self._remove_rest(job.name)
        self._remove_if_empty()

    def sweep(self) -> None:
        """Remove what killed processes have left of jobs that were not sent. Raises `OSError`."""
        if self.exists():
            atomic_files.sweep(self.folder)
        for name in self._names():
            folder = self.folder / name
            if os.path.lexists(folder / _RECORD):
                atomic_files.sweep(folder)
            else:
                self._remove_rest(name)

    def later(self) -> dict[str, WaitingRequest]:
        """Return by key what was agreed to and waits; nothing that this machine has not written."""
        try:
            value = read_json(regular_files.read_below(self.folder, _LATER, MAX_JOB_BYTES))
            proof, kept = value["proof"], value["later"]
            if not machine_secret.is_proven(_proven_text(kept), proof, self.project):
                return {}
            return {key: _waiting(key, each) for key, each in kept.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def write_later(self, later: Mapping[str, WaitingRequest]) -> None:
        """Write what was agreed to and waits, durably. Raises `OSError`."""
        if not later:
            atomic_files.remove(self.folder / _LATER)
            self._remove_if_empty()
            return
        kept = {
            key: {"price": each.price, "after": list(each.after), "time": each.time}
            for key, each in later.items()
        }
        proof = machine_secret.proof(_proven_text(kept), self.project, make=True)
        regular_files.check_folder(self.journal, self.folder)
        text = json.dumps({"later": kept, "proof": proof})
        atomic_files.write(self.folder / _LATER, text.encode())

    def _names(self) -> list[str]:
        try:
            regular_files.check_folder(self.journal, self.folder)
            names = os.listdir(self.folder)  # noqa: PTH208 (names alone)
        except OSError:
            return []
        return sorted(name for name in names if JOB_NAME.fullmatch(name))

    def _remove_if_empty(self) -> None:
        """Remove the folder without jobs, so that builds look no further."""
        with suppress(OSError):
            self.folder.rmdir()

    def _remove_rest(self, name: str) -> None:
        folder = self.folder / name
        if folder.is_symlink():
            folder.unlink()
        else:
            shutil.rmtree(folder)


def _waiting(key: str, value: Mapping[str, Any]) -> WaitingRequest:
    """Return a waiting request. Raises `ValueError`, `TypeError` or `KeyError`."""
    price, after, time = value["price"], tuple(value["after"]), value["time"]
    known = DIGEST.fullmatch(key) and all(DIGEST.fullmatch(each) for each in after)
    if not (known and is_price(price) and isinstance(time, str)):
        raise ValueError("a field of the wrong kind")
    return WaitingRequest(price, after, time)


def _proven_text(kept: Mapping[str, Any]) -> str:
    return f"batch later\n{canonical_json(kept)}"
