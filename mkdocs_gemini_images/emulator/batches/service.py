"""Batch jobs and files of one emulator: which request goes where.

A request and its path go in, a response comes out. A server without files answers at their paths
as if they were not there, as gateways do.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.batches.file_routes import FileRoutes
from mkdocs_gemini_images.emulator.batches.job_routes import JobRoutes
from mkdocs_gemini_images.emulator.batches.paths import ServicePath
from mkdocs_gemini_images.emulator.batches.stored_files import FileStore
from mkdocs_gemini_images.emulator.protocol.http_request import ApiPath
from mkdocs_gemini_images.emulator.replies import no_such_path

if TYPE_CHECKING:
    from mkdocs_gemini_images.emulator.app import ApiHandler


class BatchService:
    """The jobs and the files, and the paths to them."""

    def __init__(
        self, api: "ApiHandler", clock: Clock, names: Iterator[str], *, files: bool
    ) -> None:
        self._api = api
        store = FileStore()
        self._files = FileRoutes(api, store) if files else None
        self._jobs = JobRoutes(api, store, clock, names)

    async def create(self, request: Request, path: ApiPath) -> Response:
        """Return the response to `batchGenerateContent`. Raises `RequestRefused`."""
        return await self._jobs.create(request, path)

    async def answer(self, request: Request, path: ServicePath) -> Response:
        """Return the response to a request about jobs or files. Raises `RequestRefused`."""
        if path.kind == "batches":
            return no_such_path() if path.door else await self._jobs.answer(request, path)
        if self._files is None:
            return no_such_path()
        is_result = path.id.startswith("batch-") and path.verb == "download"
        if is_result and request.method == "GET":
            self._api.authenticate(request)
            return await self._jobs.download(path.id)
        return await self._files.answer(request, path)
