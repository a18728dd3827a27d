"""Make, find, ask for, collect, cancel and delete batch jobs.

In: an open client. Out: jobs as values, and their answers, one by one. A job that was created
without an answer is found again by its display name: look with `find` before anything is sent a
second time, since each job is billed.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers.envelopes import get, listed
from mkdocs_gemini_images.gemini.batches.job import Job, is_file_name, is_job_name, read_job
from mkdocs_gemini_images.gemini.batches.request_lines import MAX_INLINE_BYTES, job_of_file
from mkdocs_gemini_images.gemini.batches.result_pieces import (
    MAX_ITEM_BYTES,
    ListedItems,
    ResultLines,
)
from mkdocs_gemini_images.gemini.batches.results import AllAnswered, ResultsRead, Sorter, Take
from mkdocs_gemini_images.gemini.client import Client
from mkdocs_gemini_images.gemini.exchange import Exchange, StatusFailed
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed

MAX_JOB_BYTES = 4 * 2**20
"""A job without its results, or a page of the list of jobs."""
_PER_ANSWER, _MOST_SECONDS = 10.0, 3600.0
"""Seconds that an answer may take, and all of them."""
_MOST_PASSED_OVER = 40
"""How many of the largest answers may stand in a job whose state alone is asked for."""
_MAX_PAGES = 100
_PAGE = 100
_JSON = {"content-type": "application/json"}


class NoBatches(RequestFailed):
    """Raised where a server knows no batch jobs, as gateways that only draw."""


class JobGone(RequestFailed):
    """Raised for a job that the server does not have, or has no longer."""


class BatchJobs:
    """The batch jobs of one server and key."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create_of_file(self, model: str, display_name: str, file_name: str) -> Job:
        """Create a job whose requests are in an uploaded file, and return it.

        Where it fails, `billed` is "no" if no job can be there; else look for it with `find`.
        Raises `NoBatches`, `RequestFailed`.
        """
        return await self._create(model, job_of_file(display_name, file_name))

    async def create_of_requests(self, model: str, body: bytes) -> Job:
        """Create a job from a body of `request_lines.job_of_requests`, and return it.

        Raises as `create_of_file` does, and `RequestFailed` for more than `MAX_INLINE_BYTES`.
        """
        if len(body) > MAX_INLINE_BYTES:
            large = f"a batch job without a file holds at most {MAX_INLINE_BYTES // 10**6} MB"
            raise RequestFailed(Failure(f"{large}, and this one has {len(body) / 1e6:.1f} MB"))
        return await self._create(model, body)

    async def find(self, display_name: str) -> tuple[Job, ...]:
        """Return the jobs of that name, in whatever state; none where the list has none.

        A server may list a job some time after it has created it. Raises `NoBatches`, and
        `RequestFailed` also where the list has no end, so that an absent job is never guessed.
        """
        found: dict[str, Job] = {}
        token, seen = "", set[str]()
        for _ in range(_MAX_PAGES):
            jobs, token = await self._page(token)
            found |= {job.name: job for job in jobs if job.display_name == display_name}
            if not token:
                return tuple(found.values())
            if token in seen:
                break
            seen.add(token)
        raise RequestFailed(Failure("the server's list of batch jobs has no end"))

    async def get(self, name: str) -> Job:
        """Return a job as it is. Raises `JobGone`, `RequestFailed`."""
        return await self._job(name, lambda items: None)

    async def results(self, job: Job, keys: Collection[str], take: Take) -> ResultsRead:
        """Hand each answer of a job that has ended to `take`, and return what there was.

        `keys` are those of its requests. An answer is handed on as soon as it has arrived, one a
        key; errors follow when all is read. Where reading fails, what was handed on is good, and
        reading may begin again. Raises `JobGone`, `RequestFailed`, and what `take` raises.
        """
        sorter = Sorter(keys, take)
        try:
            if job.results_file:
                await self._file(job.results_file, len(keys), sorter)
            else:
                await self._job(job.name, sorter.add, len(keys))
        except AllAnswered:
            pass
        return sorter.end()

    async def cancel(self, name: str) -> None:
        """Ask the server to stop a job; its finished answers are billed. Raises as `get` does."""
        await self._ask("POST", f"{_checked(name)}:cancel", b"")

    async def delete(self, name: str) -> None:
        """Delete a job on the server, with its results. Raises as `get` does."""
        await self._ask("DELETE", _checked(name), None)

    async def _create(self, model: str, body: bytes) -> Job:
        url = f"{self._client.url}/models/{model}:batchGenerateContent"
        said = bytearray()
        exchange = Exchange(
            "POST", url, "its answer", MAX_JOB_BYTES, content=body, headers=_JSON, may_bill=True
        )
        try:
            await self._client.send(exchange, said.extend)
        except StatusFailed as error:
            if error.has_no_route:
                raise NoBatches(error.failure) from error
            if error.status >= 500 or error.status in (408, 499):
                # Such an error may come from a proxy, when the job has been created.
                raise RequestFailed(replace(error.failure, billed="unknown")) from error
            raise
        job = read_job(_value(said))
        if job is None:
            raise RequestFailed(
                failure_reasons.cut("the server says nothing of the batch job it created")
            )
        return job

    async def _page(self, token: str) -> tuple[list[Job], str]:
        after = f"&pageToken={quote(token, safe='')}" if token else ""
        url = f"{self._client.url}/batches?pageSize={_PAGE}{after}"
        items = ListedItems()

        def sink(chunk: bytes) -> None:
            for _ in items.feed(chunk):
                pass  # the list should leave the answers out

        try:
            await self._client.send(
                Exchange("GET", url, "its list of batch jobs", MAX_JOB_BYTES), sink
            )
        except StatusFailed as error:
            if error.has_no_route:
                raise NoBatches(error.failure) from error
            raise
        value = _value(items.rest)
        if not isinstance(value, dict) or get(value, "error"):
            raise RequestFailed(Failure("the server's list of batch jobs is no JSON object"))
        written = get(value, "operations") or get(value, "batches")
        token = get(value, "nextPageToken")
        jobs = [job for each in listed(written) if (job := read_job(each)) is not None]
        return jobs, token if isinstance(token, str) else ""

    async def _job(self, name: str, take: Callable[..., None], count: int = 0) -> Job:
        """Return a job, and pass the items of its results on."""
        items = ListedItems()

        def sink(chunk: bytes) -> None:
            take(items.feed(chunk)) if count else _drop(items.feed(chunk))
            if items.rest_size > MAX_JOB_BYTES:
                large = f"a batch job's JSON is larger than {MAX_JOB_BYTES // 2**20} MB"
                raise RequestFailed(Failure(large))

        # The results are in the JSON twice.
        await self._ask("GET", _checked(name), None, sink, answers=2 * count or _MOST_PASSED_OVER)
        job = read_job(_value(items.rest))
        if job is None or job.name != name:
            raise RequestFailed(Failure("the server's answer describes no batch job"))
        return job

    async def _file(self, name: str, count: int, sorter: Sorter) -> None:
        if not is_file_name(name):
            raise RequestFailed(Failure("the batch job has no file of results"))
        lines = ResultLines()
        await self._ask(
            "GET",
            f"{name}:download?alt=media",
            None,
            lambda chunk: sorter.add(lines.feed(chunk)),
            answers=2 * count,
        )
        sorter.add(lines.end())

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        sink: Callable[[bytes], None] = lambda chunk: None,
        *,
        answers: int = 0,
    ) -> None:
        """Send a request about a job; `answers` is how many of them may come back."""
        exchange = Exchange(
            method,
            f"{self._client.url}/{path}",
            "its answer about a batch job",
            MAX_JOB_BYTES + answers * MAX_ITEM_BYTES,
            content=body,
            headers=_JSON if body else {},
            seconds=self._client.deadline + min(answers * _PER_ANSWER, _MOST_SECONDS),
        )
        try:
            await self._client.send(exchange, sink)
        except StatusFailed as error:
            # Google says 403 of a file that "may not exist".
            gone = (403, 404, 410) if is_file_name(path.partition(":")[0]) else (404, 410)
            if error.status in gone and not error.failure.ends_build:
                raise JobGone(error.failure) from error
            raise


def _checked(name: str) -> str:
    if not is_job_name(name):
        raise RequestFailed(Failure("the server gives the batch job no valid name"))
    return name


def _drop(items: Any) -> None:
    for _ in items:
        pass


def _value(raw: bytes | bytearray) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
