"""Order pictures as batch jobs, so that a kill at any moment orders none twice.

In: an open client and prepared requests. Effects, in this order for each job: its requests and its
record are durable; the requests are uploaded, which costs nothing; the record says that the
creation is sent; the job is created; its name is durable. Whether a creation without a reply has
worked is found out by its `displayName`, in the server's list.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from mkdocs_gemini_images.gemini.batches import file_uploads
from mkdocs_gemini_images.gemini.batches.file_uploads import NoFiles
from mkdocs_gemini_images.gemini.batches.job import Job
from mkdocs_gemini_images.gemini.batches.job_requests import BatchJobs, NoBatches
from mkdocs_gemini_images.gemini.batches.request_lines import job_of_requests, request_line
from mkdocs_gemini_images.gemini.client import Client
from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.generation.batch import job_outcome, rounds
from mkdocs_gemini_images.generation.batch.batch_job import BatchItem, BatchJob, job_name
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.journal.names import new_name
from mkdocs_gemini_images.generation.prepared_request import PreparedRequest
from mkdocs_gemini_images.generation.result import GenerationResult, OrderedJob
from mkdocs_gemini_images.store.record import utc_now


class Orderer:
    """Orders the requests of one build at one server; jobs and failures are added to `result`."""

    def __init__(
        self, client: Client, folder: JobsFolder, server: str, result: GenerationResult
    ) -> None:
        self._client = client
        self._jobs = BatchJobs(client)
        self._folder = folder
        self._server = server
        self._result = result

    async def order(self, requests: Sequence[PreparedRequest]) -> None:
        """Order requests, in as many jobs as they need. The first failure ends it.

        Raises `OSError`.
        """
        waiting = _split(requests, rounds.FILE_LIMITS)
        inline = False
        while waiting:
            job = self._prepare(waiting[0])
            try:
                await self._send(job, waiting[0], inline=inline)
            except NoFiles:
                self._folder.remove(job)
                waiting = _split([each for part in waiting for each in part], rounds.INLINE_LIMITS)
                inline = True
                continue
            except RequestFailed as error:
                self._folder.remove(job)
                keys = [each.need.key for part in waiting for each in part]
                self._result.reasons |= dict.fromkeys(keys, _not_ordered(error))
                self._result.shared.add(_not_ordered(error))
                return
            waiting = waiting[1:]

    def _prepare(self, requests: Sequence[PreparedRequest]) -> BatchJob:
        """Write the record of a job that is about to be sent. Raises `OSError`."""
        items: dict[str, BatchItem] = {}
        for each in requests:
            entry = new_name(each.need.key, items.__contains__)
            items[entry] = BatchItem(entry, each.intent)
        name = job_name((item.key for item in items.values()), time.time_ns())
        model = requests[0].need.request.model
        job = BatchJob(name, model, self._server, utc_now(), tuple(items.values()))
        lines = (request_line(each.need.key, each.body) for each in requests)
        self._folder.write_requests(job.name, lines)
        self._folder.write(job)
        return job

    async def _send(
        self, job: BatchJob, requests: Sequence[PreparedRequest], *, inline: bool
    ) -> None:
        """Create a job on the server.

        Raises `RequestFailed` where it certainly was not created, `NoFiles`, and `OSError`.
        """
        file = ""
        if not inline:
            path = self._folder.requests(job)
            file = await file_uploads.upload(self._client, path, f"{job.name}.jsonl")
        job = replace(job, sent=utc_now())
        self._folder.write(job)
        try:
            if inline:
                pairs = ((each.need.key, each.body) for each in requests)
                body = job_of_requests(job.name, pairs)
                created: Job | None = await self._jobs.create_of_requests(job.model, body)
            else:
                created = await self._jobs.create_of_file(job.model, job.name, file)
        except RequestFailed as error:
            if _was_refused(error):
                raise
            created = await self._look_for(job)
        if created is not None:
            job = job.ordered(created.name)
            self._folder.write(job)
            self._folder.forget_requests(job)
        ordered = OrderedJob(job.name, len(job.items), job.price, job.at_most)
        self._result.ordered.append(ordered)

    async def _look_for(self, job: BatchJob) -> Job | None:
        """Return a job whose creation got no reply, if the server lists it already."""
        with suppress(RequestFailed):
            return job_outcome.best(await self._jobs.find(job.name))
        return None


def _split(
    requests: Sequence[PreparedRequest], limits: rounds.JobLimits
) -> list[list[PreparedRequest]]:
    listed = rounds.split(
        requests, limits, lambda each: each.need.request.model, lambda each: len(each.body)
    )
    return list(listed)


def _was_refused(error: RequestFailed) -> bool:
    """Return whether a creation has certainly not worked."""
    return isinstance(error, NoBatches) or error.failure.billed == "no"


def _not_ordered(error: RequestFailed) -> str:
    if isinstance(error, NoBatches):
        return "the server has no batch jobs; gemini-images draw draws them now, at the full price"
    return f"the batch job is not ordered: {error.failure.what}"
