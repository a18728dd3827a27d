"""Keep the records of batch jobs in the journal, and what they send.

Each job has two files: first its requests are written, then its record, with which the job exists.
Their names are a digest of its `displayName`, since Windows takes no long paths; earlier versions
made a folder for each job, which is read as well. `later.json` beside the jobs holds what a person
has agreed to and what waits for pictures of an earlier round. Only the holder of the generator's
lock writes here, or removes what a killed process has left; the files are untrusted input, as those
of the journal are.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
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
from mkdocs_gemini_images.generation.journal.names import JOB_FOLDERS
from mkdocs_gemini_images.store.record import DIGEST, is_price

_DIGITS = 8
_RECORD, _REQUESTS = ".json", ".req"
"""How the names of a job's files end."""
_EARLIER = {_RECORD: "job.json", _REQUESTS: "requests.jsonl"}
"""The files' names in the folder that earlier versions made for each job."""
_RECORD_NAME = re.compile(rf"[0-9a-f]{{{_DIGITS}}}\.json")
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
        self.folder, self._earlier = (journal / name for name in JOB_FOLDERS)
        self.project = project

    def exists(self) -> bool:
        """Return whether there may be jobs."""
        return self.folder.is_dir() or self._earlier.is_dir()

    def open_jobs(self) -> tuple[list[OpenJob], list[RefusedFile]]:
        """Return the jobs, the oldest first, and the records that are not as we write them."""
        jobs: list[OpenJob] = []
        refused: list[RefusedFile] = []
        for path, name in self._records():
            try:
                raw = regular_files.read_below(self.journal, path, MAX_JOB_BYTES)
                found = OpenJob(*read_batch_job(raw, name, self.project))
                if not name and not path.endswith(f"/{_stem(found.job.name)}{_RECORD}"):
                    raise ForeignJob("the record of another job")
            except FileNotFoundError:
                continue  # it is being written, or removed
            except (OSError, ForeignJob) as error:
                refused.append(RefusedFile(path, str(error)))
            else:
                jobs.append(found)
        return sorted(jobs, key=lambda each: (each.job.time, each.job.name)), refused

    def write_requests(self, name: str, lines: Iterable[bytes]) -> None:
        """Write what a job sends, one request a line. Raises `OSError`."""
        regular_files.check_folder(self.journal, self.folder)
        with atomic_files.writing(self._file(name, _REQUESTS)) as file:
            file.writelines(lines)

    def requests(self, job: BatchJob) -> Path:
        """Return the file of what a job sends."""
        return self._file(job.name, _REQUESTS)

    def record(self, job: BatchJob) -> Path:
        """Return the file of a job's record."""
        return self._file(job.name, _RECORD)

    def write(self, job: BatchJob) -> None:
        """Write the record of a job, durably. Raises `OSError`."""
        atomic_files.write(self.record(job), job_bytes(job, self.project))

    def forget_requests(self, job: BatchJob) -> None:
        """Remove what a job has sent: the server has it. Raises `OSError`."""
        atomic_files.remove(self.requests(job))

    def remove(self, job: BatchJob) -> None:
        """Remove a job: all of it is in stock or told, or it was never sent. Raises `OSError`."""
        record, requests = self.record(job), self.requests(job)
        atomic_files.remove(record)
        sync_folder(record.parent)
        atomic_files.remove(requests)
        if record.parent != self.folder:
            _remove_whole(record.parent)
        self._remove_if_empty()

    def sweep(self) -> None:
        """Remove what killed processes have left of jobs that were not sent. Raises `OSError`."""
        for folder in (self.folder, self._earlier):
            if folder.is_dir():
                atomic_files.sweep(folder)
        names = _names(self.journal, self.folder)
        for name in names:
            if name.endswith(_REQUESTS) and name.removesuffix(_REQUESTS) + _RECORD not in names:
                atomic_files.remove(self.folder / name)
        for name in filter(JOB_NAME.fullmatch, _names(self.journal, self._earlier)):
            folder = self._earlier / name
            if os.path.lexists(folder / _EARLIER[_RECORD]):
                atomic_files.sweep(folder)
            else:
                _remove_whole(folder)

    def later(self) -> dict[str, WaitingRequest]:
        """Return by key what was agreed to and waits; nothing that this machine has not written."""
        return self._later_in(self._earlier) | self._later_in(self.folder)

    def write_later(self, later: Mapping[str, WaitingRequest]) -> None:
        """Write what was agreed to and waits, durably. Raises `OSError`."""
        if later:
            kept = {
                key: {"price": each.price, "after": list(each.after), "time": each.time}
                for key, each in later.items()
            }
            proof = machine_secret.proof(_proven_text(kept), self.project, make=True)
            regular_files.check_folder(self.journal, self.folder)
            text = json.dumps({"later": kept, "proof": proof})
            atomic_files.write(self.folder / _LATER, text.encode())
        else:
            atomic_files.remove(self.folder / _LATER)
        atomic_files.remove(self._earlier / _LATER)
        self._remove_if_empty()

    def _file(self, name: str, ending: str) -> Path:
        """Return a file of a job, in the folder of its own where an earlier version made that."""
        earlier = self._earlier / name
        if os.path.lexists(earlier):
            return earlier / _EARLIER[ending]
        return self.folder / f"{_stem(name)}{ending}"

    def _records(self) -> Iterator[tuple[str, str]]:
        """Yield paths of records below the journal, each with the job's name if the path has it."""
        for name in filter(_RECORD_NAME.fullmatch, _names(self.journal, self.folder)):
            yield f"{self.folder.name}/{name}", ""
        for name in filter(JOB_NAME.fullmatch, _names(self.journal, self._earlier)):
            yield f"{self._earlier.name}/{name}/{_EARLIER[_RECORD]}", name

    def _later_in(self, folder: Path) -> dict[str, WaitingRequest]:
        try:
            value = read_json(regular_files.read_below(folder, _LATER, MAX_JOB_BYTES))
            proof, kept = value["proof"], value["later"]
            if not machine_secret.is_proven(_proven_text(kept), proof, self.project):
                return {}
            return {key: _waiting(key, each) for key, each in kept.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def _remove_if_empty(self) -> None:
        """Remove the folders without jobs, so that builds look no further."""
        for folder in (self.folder, self._earlier):
            with suppress(OSError):
                folder.rmdir()


def _names(journal: Path, folder: Path) -> list[str]:
    try:
        regular_files.check_folder(journal, folder)
        return sorted(os.listdir(folder))  # noqa: PTH208 (names alone)
    except OSError:
        return []


def _stem(name: str) -> str:
    """Return what the names of a job's files begin with; a path must be short on Windows."""
    return sha256(name.encode()).hexdigest()[:_DIGITS]


def _remove_whole(folder: Path) -> None:
    """Remove the folder of a job. Raises `OSError`."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
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
