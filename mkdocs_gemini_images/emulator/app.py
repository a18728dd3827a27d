"""The emulator as a web application: from an HTTP request to the response the API would send.

Requests of a Gemini API client go in, the responses of the API or of a gateway come out (API
reference, "Auth, URLs, environment" and "Emulator checklist"). For an image the steps are: read
and check the request, record its price, wait, draw in a thread, send. Between requests the
application keeps its place in the list of scenarios and the request log.
"""

import asyncio
import hashlib
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mkdocs_gemini_images.emulator import scenarios
from mkdocs_gemini_images.emulator.answers import model_list, word_answers
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.batches.paths import parse_service_path
from mkdocs_gemini_images.emulator.batches.service import BatchService
from mkdocs_gemini_images.emulator.protocol import http_request, rules
from mkdocs_gemini_images.emulator.protocol.errors import (
    INVALID_KEY,
    INVALID_TOKEN,
    MISSING_KEY,
    ApiError,
    RequestRefused,
    encode_error,
    invalid_argument,
    unknown_model,
)
from mkdocs_gemini_images.emulator.protocol.http_request import ApiPath, AuthScheme
from mkdocs_gemini_images.emulator.protocol.image_query import ImageQuery, read_query
from mkdocs_gemini_images.emulator.protocol.protojson import parse_json, read_message
from mkdocs_gemini_images.emulator.replies import (
    HEADERS,
    JSON_TYPE,
    UnsizedResponse,
    json_response,
    no_such_path,
)
from mkdocs_gemini_images.emulator.request_log import LoggedRequest, RequestLog
from mkdocs_gemini_images.emulator.response_writer import Framing, write_response
from mkdocs_gemini_images.emulator.scenario import Scenario
from mkdocs_gemini_images.models.catalogue import MODELS, Model
from mkdocs_gemini_images.models.text_models import TEXT_MODELS

_SSE = "text/event-stream"
_IMAGE_METHODS = ("generateContent", "streamGenerateContent")
_BATCH_METHOD = "batchGenerateContent"
_POST_METHODS = (*_IMAGE_METHODS, "countTokens", _BATCH_METHOD)
_AT_ONCE = Clock()


def create_app(
    *,
    keys: Collection[str] | None = None,
    gateway: bool = False,
    scenario: Sequence[str] = (),
    latency: float = 0.0,
    request_log: RequestLog | None = None,
    clock: Clock = _AT_ONCE,
    files: bool = True,
) -> Starlette:
    """Return the emulator's application, for `httpx.ASGITransport` or any ASGI server.

    keys: the valid keys; None accepts any key and requests without one.
    gateway: answer as a gateway does: Bearer tokens, size `0.5K`, errors in a gateway's shape.
    scenario: names of `scenarios.SCENARIOS`, one for each request: `("overloaded*2", "ok")`, and
        `batches.scenarios.BATCH_SCENARIOS`, one for each batch job. The last one of either stays.
        A prompt that contains `[emulate: NAME]` overrides it for its request, or its job.
    latency: seconds before each response.
    request_log: where each request for an image is recorded with its price.
    clock: how long a batch job takes; without one it has ended when it is first asked for.
    files: whether there is a Files API.

    Raises `ValueError` when a scenario has no such name.
    """
    log = RequestLog() if request_log is None else request_log
    names, jobs = scenarios.play_scenarios(scenario)
    handler = ApiHandler(keys, gateway, names, latency, log)
    handler.batches = BatchService(handler, clock, jobs, files=files)
    route = Route("/{path:path}", handler.answer, methods=["GET", "POST", "DELETE"])
    return Starlette(routes=[route], exception_handlers={404: _not_found, 405: _not_found})


@dataclass(slots=True)
class ApiHandler:
    """Answers each request of one application; holds its options and its scenarios."""

    keys: Collection[str] | None
    gateway: bool
    scenario_names: Iterator[str]
    latency: float
    request_log: RequestLog
    batches: BatchService = field(init=False)

    async def answer(self, request: Request) -> Response:
        """Return the response to a request of any kind."""
        service = parse_service_path(str(request.scope["path"]))
        if service is not None:
            try:
                return await self.batches.answer(request, service)
            except RequestRefused as refused:
                return self.error_response(refused.error, "", "0")
        path = http_request.parse_path(str(request.scope["path"]))
        methods = {"POST": _POST_METHODS, "GET": ("",)}.get(request.method, ())
        if path is None or path.method not in methods:
            return no_such_path()
        if path.method in _IMAGE_METHODS and path.model in TEXT_MODELS:
            return await self._words(request, path)
        if path.method in _IMAGE_METHODS:
            scheme, _ = http_request.read_credentials(request, self.gateway)
            return await ImageHandler(self, request, path, scheme).answer()
        try:
            if path.method == _BATCH_METHOD:
                return await self.batches.create(request, path)
            return json_response(await self._describe(request, path))
        except RequestRefused as refused:
            return self.error_response(refused.error, path.model, "0")

    async def _words(self, request: Request, path: ApiPath) -> Response:
        """Return the answer of a model that writes."""
        scheme, _ = http_request.read_credentials(request, self.gateway)
        body: Any = None
        try:
            self.authenticate(request)
            body = parse_json(await http_request.receive_body(request))
            query = word_answers.read_query(read_message("GenerateContentRequest", body))
            scenario = query.scenario or next(self.scenario_names)
            answer, items = word_answers.answer(query, scenario, path.model)
            response, status = json_response(answer), 200
        except RequestRefused as refused:
            scenario, items = "", {}
            response = self.error_response(refused.error, path.model, "0")
            status = response.status_code
        self.request_log.append(
            LoggedRequest(
                time.time(), str(request.scope["path"]), scheme, path.model, status, scenario,
                price=float(sum(items.values())), body=body, items=items,
            )
        )  # fmt: skip
        await asyncio.sleep(self.latency)
        return response

    async def _describe(self, request: Request, path: ApiPath) -> object:
        """Return the JSON of `models.list`, `models.get` or `countTokens`."""
        self.authenticate(request)
        if not path.model:
            return model_list.model_page(request.query_params)
        model = self.find_model(path)
        if not path.method:
            return model_list.describe_model(model)
        body = await http_request.receive_body(request)
        return model_list.token_count(read_message("CountTokensRequest", parse_json(body)), model)

    def authenticate(self, request: Request) -> None:
        """Raise `RequestRefused` unless the request carries a valid key."""
        scheme, key = http_request.read_credentials(request, self.gateway)
        if self.keys is None or key in self.keys:
            return
        if self.gateway:
            raise RequestRefused(INVALID_KEY)
        errors = {"none": MISSING_KEY, "bearer": INVALID_TOKEN}
        raise RequestRefused(errors.get(scheme, INVALID_KEY))

    def find_model(self, path: ApiPath) -> Model:
        """Return the model that a path names. Raises `RequestRefused` when it is unknown."""
        if path.model not in MODELS:
            raise RequestRefused(unknown_model(path.version))
        return MODELS[path.model]

    def error_response(
        self, error: ApiError, model: str, digest: str, framing: Framing = "unary"
    ) -> Response:
        """Return the response of an error, framed as the stream it answers.

        `digest` names the request; a gateway shows its first 20 characters as the request id.
        """
        status, body = encode_error(error, model, digest[:20], gateway=self.gateway)
        if framing == "array" and not self.gateway:
            body = b"[" + body.strip() + b"]\n"
        media_type = _SSE if framing == "sse" else JSON_TYPE
        return Response(body, status, {**HEADERS, **error.headers}, media_type)


@dataclass(slots=True)
class ImageHandler:
    """Answers one request for an image."""

    api: ApiHandler
    request: Request
    path: ApiPath
    auth: AuthScheme
    body: Any = None

    async def answer(self) -> Response:
        """Read, check, record, wait, draw and return the response."""
        framing = self._framing()
        try:
            query = await self._read_query()
        except RequestRefused as refused:
            digest = hashlib.sha256(repr(self.body).encode()).hexdigest()
            response = self.api.error_response(refused.error, self.path.model, digest, framing)
            self._record(response.status_code)
            return response
        name = self._scenario_name(query)
        scenario = scenarios.single(name)
        headers = {**HEADERS, **scenario.headers, "X-Emulator-Scenario": name}
        fixed = self._fixed_response(scenario, query, framing, headers)
        # Recorded before the image is drawn: a client that disconnects while it waits pays too.
        self._record(fixed.status_code if fixed else 200, name, query)
        await asyncio.sleep(self.api.latency + scenario.delay)
        if fixed is not None:
            return fixed
        body = await run_in_threadpool(write_response, query, scenario, framing)
        media_type = _SSE if framing == "sse" else JSON_TYPE
        return UnsizedResponse(scenario.deliver(body), 200, headers, media_type)

    async def _read_query(self) -> ImageQuery:
        gateway = self.api.gateway
        self.api.authenticate(self.request)
        model = self.api.find_model(self.path)
        raw = await http_request.receive_body(self.request)
        self.body = parse_json(raw)
        message = read_message("GenerateContentRequest", self.body)
        rules.check_request(message, model, gateway=gateway)
        take = http_request.read_take(self.request)
        query = read_query(message, raw, model, take, gateway=gateway)
        if query.scenario:
            try:
                scenarios.check_name(query.scenario)
            except ValueError as error:
                raise RequestRefused(invalid_argument(f"The emulator has {error}")) from None
        return query

    def _scenario_name(self, query: ImageQuery) -> str:
        if query.scenario:
            return query.scenario
        name = next(self.api.scenario_names)
        limit = query.max_output_tokens
        too_few = limit is not None and limit < query.model.tokens[query.size]
        return "max-tokens" if too_few and name == "ok" else name

    def _fixed_response(
        self, scenario: Scenario, query: ImageQuery, framing: Framing, headers: dict[str, str]
    ) -> Response | None:
        """Return the response of a scenario that draws nothing; None when it draws."""
        if scenario.error is not None:
            response = self.api.error_response(
                scenario.error, self.path.model, query.digest, framing
            )
            response.headers.update(headers)
            return response
        if (fixed := scenario.fixed) is not None:
            _, key = http_request.read_credentials(self.request, self.api.gateway)
            body = fixed.body.replace(b"{key}", key.encode())
            return Response(body, fixed.status, {**headers, **fixed.headers}, fixed.media_type)
        return None

    def _framing(self) -> Framing:
        if self.path.method == "generateContent":
            return "unary"
        return "sse" if self.request.query_params.get("alt") == "sse" else "array"

    def _record(self, status: int, name: str = "", query: ImageQuery | None = None) -> None:
        path, model = str(self.request.scope["path"]), self.path.model
        entry = LoggedRequest(time.time(), path, self.auth, model, status, name, body=self.body)
        if query is not None and (scenario := scenarios.single(name)).is_billed:
            entry = entry.billed_for(query, scenario.answer)
        self.api.request_log.append(entry)


async def _not_found(request: Request, error: Exception | None) -> Response:
    return no_such_path()
