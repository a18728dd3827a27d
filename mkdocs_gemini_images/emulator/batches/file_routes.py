"""Answers the requests about files: the two steps of an upload, get, list, delete.

A request goes in, a response comes out. The second step of an upload is known by the id in its
address alone: it needs no key, as at the API.
"""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from mkdocs_gemini_images.emulator.answers.model_list import page_of
from mkdocs_gemini_images.emulator.batches.paths import ServicePath
from mkdocs_gemini_images.emulator.batches.stored_files import (
    MAX_FILE_BYTES,
    FileStore,
    StoredFile,
    Upload,
)
from mkdocs_gemini_images.emulator.protocol.errors import ApiError, RequestRefused, invalid_argument
from mkdocs_gemini_images.emulator.protocol.http_request import receive_body
from mkdocs_gemini_images.emulator.protocol.protojson import parse_json, read_message
from mkdocs_gemini_images.emulator.replies import json_response, no_such_path

if TYPE_CHECKING:
    from mkdocs_gemini_images.emulator.app import ApiHandler

_GRANULARITY = str(8 * 2**20)
_GONE = ApiError(
    403,
    "PERMISSION_DENIED",
    "You do not have permission to access the File or it may not exist.",
)


class FileRoutes:
    """The files of one emulator."""

    def __init__(self, api: "ApiHandler", store: FileStore) -> None:
        self._api = api
        self.store = store

    async def answer(self, request: Request, path: ServicePath) -> Response:
        """Return the response to a request about files. Raises `RequestRefused`."""
        if path.door == "upload":
            if upload_id := request.query_params.get("upload_id"):
                return await self._receive(request, path, upload_id)
            self._api.authenticate(request)
            return await self._begin(request)
        self._api.authenticate(request)
        base = _base(request, path)
        match request.method, path.id:
            case "GET", "":
                page = page_of(self.store.all(), request.query_params)
                listed = {"files": [each.as_json(base) for each in page.items]}
                return json_response({**listed, **page.next})
            case "GET", _:
                file = self._find(path.id)
                if path.verb == "download":
                    return Response(file.data, media_type=file.mime_type)
                return json_response(file.as_json(base))
            case "DELETE", _:
                if not self.store.delete(path.id):
                    raise RequestRefused(_GONE)
                return json_response({})
        return no_such_path()

    async def _begin(self, request: Request) -> Response:
        """Answer the first step of an upload with the address of the second one."""
        headers = request.headers
        if headers.get("x-goog-upload-protocol") != "resumable":
            raise RequestRefused(invalid_argument("Only resumable uploads are emulated."))
        raw = await receive_body(request)
        file = read_message("CreateFileRequest", parse_json(raw) if raw else {}).get("file", {})
        size = headers.get("x-goog-upload-header-content-length", "")
        if not size.isdecimal() or int(size) > MAX_FILE_BYTES:
            raise RequestRefused(invalid_argument("The upload has no size, or is too large."))
        kind = headers.get("x-goog-upload-header-content-type", "") or file.get("mimeType", "")
        upload = Upload(file.get("displayName", ""), kind, int(size), file.get("name", ""))
        upload_id = self.store.begin(upload)
        address = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        return Response(
            b"",
            headers={
                "x-goog-upload-url": f"{address}?upload_id={upload_id}&upload_protocol=resumable",
                "x-goog-upload-status": "active",
                "x-goog-upload-chunk-granularity": _GRANULARITY,
            },
        )

    async def _receive(self, request: Request, path: ServicePath, upload_id: str) -> Response:
        """Take bytes of an upload; with the last ones it becomes a file."""
        upload = self.store.upload(upload_id)
        if upload is None:
            raise RequestRefused(ApiError(404, "NOT_FOUND", "There is no such upload."))
        command = request.headers.get("x-goog-upload-command", "")
        offset = request.headers.get("x-goog-upload-offset", "")
        if "upload" not in command or offset != str(len(upload.data)):
            raise RequestRefused(invalid_argument("The offset is not where the upload has got to."))
        async for chunk in request.stream():
            upload.data += chunk
            if len(upload.data) > upload.size:
                raise RequestRefused(invalid_argument("More bytes were sent than announced."))
        if "finalize" not in command:
            return Response(b"", headers={"x-goog-upload-status": "active"})
        if len(upload.data) != upload.size:
            raise RequestRefused(invalid_argument("Fewer bytes were sent than announced."))
        file = self.store.finish(upload_id)
        response = json_response({"file": file.as_json(_base(request, path))})
        response.headers["x-goog-upload-status"] = "final"
        return response

    def _find(self, name: str) -> StoredFile:
        file = self.store.get(name)
        if file is None:
            raise RequestRefused(_GONE)
        return file


def _base(request: Request, path: ServicePath) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{path.prefix}/{path.version}"
