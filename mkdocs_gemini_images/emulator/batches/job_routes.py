"""Answers the requests about batch jobs: create, list, get, cancel, delete, and their results.

A request goes in, a response comes out. What a job answers is written into the request log at half
the price when the job ends, each request once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mkdocs_gemini_images.emulator import scenarios
from mkdocs_gemini_images.emulator.answers import delivery
from mkdocs_gemini_images.emulator.answers.model_list import page_of
from mkdocs_gemini_images.emulator.batches import job_json
from mkdocs_gemini_images.emulator.batches.batch import Batch, Clock
from mkdocs_gemini_images.emulator.batches.job_input import (
    BatchInput,
    read_input,
    scenario_in_name,
)
from mkdocs_gemini_images.emulator.batches.job_scenarios import BATCH_SCENARIOS, PREFIX
from mkdocs_gemini_images.emulator.batches.paths import ServicePath
from mkdocs_gemini_images.emulator.batches.stored_files import FileStore
from mkdocs_gemini_images.emulator.protocol import http_request
from mkdocs_gemini_images.emulator.protocol.errors import ApiError, RequestRefused, rate_limited
from mkdocs_gemini_images.emulator.protocol.http_request import ApiPath
from mkdocs_gemini_images.emulator.replies import UnsizedResponse, json_response, no_such_path
from mkdocs_gemini_images.emulator.request_log import LoggedRequest

if TYPE_CHECKING:
    from mkdocs_gemini_images.emulator.app import ApiHandler

MAX_RUNNING = 100
"""How many jobs may run at a time."""
_GONE = ApiError(404, "NOT_FOUND", "Requested entity was not found.")
_LOST = ApiError(503, "UNAVAILABLE", "The service is currently unavailable.")
_HUGE_MIB = 80


class JobRoutes:
    """The batch jobs of one emulator."""

    def __init__(
        self, api: "ApiHandler", files: FileStore, clock: Clock, names: Iterator[str]
    ) -> None:
        self._api, self._files, self._clock, self._names = api, files, clock, names
        self._jobs: dict[str, Batch] = {}

    async def create(self, request: Request, path: ApiPath) -> Response:
        """Return the operation of a new job. Raises `RequestRefused`."""
        self._api.authenticate(request)
        model = self._api.find_model(path)
        raw = await http_request.receive_body(request)
        self._advance()
        wanted = read_input(raw, model, self._files, gateway=self._api.gateway)
        name = self._scenario_name(wanted)
        scenario = BATCH_SCENARIOS[name]
        scheme, _ = http_request.read_credentials(request, self._api.gateway)
        log = self._api.request_log
        entry = LoggedRequest(
            time.time(), str(request.scope["path"]), scheme, model.id, 200, name,
            display_name=wanted.display_name,
        )  # fmt: skip
        if scenario.error is not None:
            raise RequestRefused(scenario.error)
        if sum(not job.has_ended for job in self._jobs.values()) >= MAX_RUNNING:
            raise RequestRefused(rate_limited("You have too many batch jobs.", "60s"))
        job = Batch(
            model, wanted.display_name, wanted.priority, wanted.input_config, wanted.items,
            scenario, name, self._clock, scheme, wanted.problem,
        )  # fmt: skip
        self._jobs[job.id] = job
        log.append(entry.of_batch(job.name))
        # The reply shows a job that has just begun, however fast the clock is.
        reply = job_json.describe(job, None)
        self._advance()
        await asyncio.sleep(self._api.latency)
        if scenario.reply == "error":
            raise RequestRefused(_LOST)
        response = json_response(reply)
        if scenario.reply == "dropped":
            body = delivery.send_half_and_drop(bytes(response.body))
            return UnsizedResponse(body, 200, media_type=response.media_type)
        return response

    async def answer(self, request: Request, path: ServicePath) -> Response:
        """Return the response to a request about jobs. Raises `RequestRefused`."""
        self._api.authenticate(request)
        self._advance()
        match request.method, path.id, path.verb:
            case "GET", "", "":
                return self._list(request)
            case "GET", _, "":
                job = self._find(path.id)
                job.polls += 1
                self._advance()
                return json_response(await self._described(job))
            case "POST", _, "cancel":
                self._find(path.id).cancel(self._bill, time.time())
                return json_response({})
            case "DELETE", _, "" if path.id:
                self._find(path.id).cancel(self._bill, time.time())
                del self._jobs[path.id]
                return json_response({})
        return no_such_path()

    async def download(self, file_id: str) -> Response:
        """Return the results of a job as a file, a line for each request.

        Raises `RequestRefused` where there is no such file.
        """
        self._advance()
        job = self._jobs.get(file_id.removeprefix("batch-"))
        if job is None or not (job.in_file and job.has_results) or job.scenario.results_gone:
            raise RequestRefused(_GONE)
        job.downloads += 1
        drops = job.scenario.drops_once and job.downloads == 1
        return UnsizedResponse(self._lines(job, drops), 200, media_type="application/jsonl")

    async def _lines(self, job: Batch, drops: bool) -> AsyncIterator[bytes]:
        items = await self._items(job)
        if job.scenario.huge_line and items:
            yield items[0][: len(items[0]) // 2]
            for _ in range(_HUGE_MIB):
                yield b"A" * 2**20
            yield b"\n"
        for number, item in enumerate(items):
            if drops and number >= len(items) // 2:
                yield item[: len(item) // 2]
                raise delivery.ConnectionDropped
            async for chunk in delivery.send_whole(item + b"\n"):
                yield chunk

    async def _items(self, job: Batch) -> list[bytes]:
        found = [
            await run_in_threadpool(job_json.result_item, job, at) for at in range(len(job.items))
        ]
        return job.scenario.rearrange([item for item in found if item is not None])

    async def _described(self, job: Batch) -> dict[str, object]:
        if not job.has_results:
            return job_json.describe(job, None)
        if job.in_file:
            return job_json.describe(job, job_json.output_of_file(job))
        return job_json.describe(job, job_json.output_of_list(await self._items(job)))

    def _list(self, request: Request) -> Response:
        shown = []
        for job in reversed(self._jobs.values()):
            if job.lists >= job.scenario.late_lists:
                shown.append(job)
        if not request.query_params.get("pageToken"):
            for job in self._jobs.values():
                job.lists += 1
        page = page_of(shown, request.query_params)
        outputs = (
            (job, job_json.output_of_file(job) if job.in_file and job.has_results else None)
            for job in page.items
        )
        operations = [job_json.describe(job, output) for job, output in outputs]
        return json_response({"operations": operations, **page.next})

    def _find(self, job_id: str) -> Batch:
        job = self._jobs.get(job_id)
        if job is None or job.scenario.vanishes:
            raise RequestRefused(_GONE)
        return job

    def _advance(self) -> None:
        for job in self._jobs.values():
            job.advance(self._bill, time.time())

    def _scenario_name(self, wanted: BatchInput) -> str:
        """Return the scenario of a job: of its name, of a prompt in it, or the next one."""
        asked = [scenario_in_name(wanted.display_name)]
        asked += [item.scenario for item in wanted.items if item.scenario.startswith(PREFIX)]
        return next((name for name in asked if name in BATCH_SCENARIOS), "") or next(self._names)

    def _bill(self, job: Batch) -> None:
        for position in sorted(job.answered):
            item = job.items[position]
            if item.query is None or job_json.failure(job, position) is not None:
                continue
            scenario = scenarios.single(item.scenario)
            entry = LoggedRequest(
                time.time(), f"/{job.name}", job.auth, job.model.id, 200, item.scenario,
                body=item.body, item=item.key, display_name=job.display_name,
            )  # fmt: skip
            billed = entry.billed_for(item.query, scenario.answer, batch=True)
            self._api.request_log.append(billed.of_batch(job.name))
