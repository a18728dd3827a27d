"""The emulator as a web application: the way from a request to its answer.

In comes HTTP as a client of the Gemini API speaks it, out goes what the API would answer
(API reference, "Auth, URLs, environment" and "Emulator checklist"). Every file beside this one
holds one step of that way; here they are put in order: read, check, bill, wait, draw, deliver.
Drawing runs in a thread, so that the loop stays live. Nothing is kept between requests but the
place in the scenario and the ledger.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Send

from mkdocs_gemini_images.emulator import catalogue, door, replies, rules, scenarios
from mkdocs_gemini_images.emulator.ask import Ask, ask
from mkdocs_gemini_images.emulator.delivery import HungUp
from mkdocs_gemini_images.emulator.door import Address
from mkdocs_gemini_images.emulator.faults import (
    BAD_KEY,
    BAD_TOKEN,
    NO_KEY,
    Fault,
    Refused,
    invalid,
    spoken,
    unknown_model,
)
from mkdocs_gemini_images.emulator.ledger import Auth, Entry, Ledger
from mkdocs_gemini_images.emulator.protojson import load, read
from mkdocs_gemini_images.emulator.scenarios import Scenario
from mkdocs_gemini_images.emulator.writing import Manner, write
from mkdocs_gemini_images.models.catalogue import MODELS, Model

_JSON = "application/json; charset=UTF-8"
_SSE = "text/event-stream"
_HEADERS = {"Vary": "Origin, X-Origin, Referer", "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN", "X-XSS-Protection": "0"}  # fmt: skip
_POSTED = ("generateContent", "streamGenerateContent", "countTokens")


def create_app(
    *,
    keys: Collection[str] | None = None,
    gateway: bool = False,
    scenario: Sequence[str] = (),
    latency: float = 0.0,
    ledger: Ledger | None = None,
) -> Starlette:
    """Make the emulator's application; see `emulator.create_app` for what its options mean."""
    bill = Ledger() if ledger is None else ledger
    house = House(keys, gateway, scenarios.play(scenario), latency, bill)
    everywhere = Route("/{path:path}", house.answer, methods=["GET", "POST"])
    return Starlette(routes=[everywhere], exception_handlers={404: _nowhere, 405: _nowhere})


@dataclass(slots=True)
class House:
    """One running emulator: its options, its place in the play, its bill."""

    keys: Collection[str] | None
    gateway: bool
    acts: Iterator[str]
    latency: float
    ledger: Ledger

    async def answer(self, request: Request) -> Response:
        """Answer one request of any kind."""
        where = door.address(str(request.scope["path"]))
        verbs = _POSTED if request.method == "POST" else ("",)
        if where is None or where.verb not in verbs:
            return await _nowhere(request, None)
        if where.verb.endswith("GenerateContent") or where.verb == "generateContent":
            return await Visit(self, request, where, door.auth(request, self.gateway)[0]).answer()
        try:
            return _json(await self._told(request, where))
        except Refused as refused:
            return self.fault(refused.fault, where.model, "0")

    async def _told(self, request: Request, where: Address) -> object:
        self.admit(request)
        if not where.model:
            return catalogue.listing(request.query_params)
        model = self.model(where)
        if not where.verb:
            return catalogue.card(model)
        return catalogue.count(read("CountTokensRequest", load(await door.content(request))))

    def admit(self, request: Request) -> None:
        """Raise Refused unless the request carries a key that is known here."""
        style, key = door.auth(request, self.gateway)
        if self.keys is None or key in self.keys:
            return
        if self.gateway:
            raise Refused(BAD_KEY)
        raise Refused({"none": NO_KEY, "bearer": BAD_TOKEN}.get(style, BAD_KEY))

    def model(self, where: Address) -> Model:
        """Look a model up, or raise Refused as Google or a gateway would."""
        if where.model not in MODELS:
            raise Refused(unknown_model(where.version))
        return MODELS[where.model]

    def fault(self, fault: Fault, model: str, digest: str, manner: Manner = "unary") -> Response:
        """Make the response of a fault, which in a stream keeps the stream's manner."""
        status, body = spoken(fault, model, digest[:20], gateway=self.gateway)
        if manner == "array" and not self.gateway:
            body = b"[" + body.strip() + b"]\n"
        media = _SSE if manner == "sse" else _JSON
        return Response(body, status, {**_HEADERS, **fault.headers}, media)


@dataclass(slots=True)
class Visit:
    """One request for a picture, from the door to the bill."""

    house: House
    request: Request
    where: Address
    auth: Auth
    body: Any = None

    async def answer(self) -> Response:
        """Read, check, bill, wait, draw, deliver."""
        manner = self._manner()
        try:
            wish = await self._wish()
        except Refused as refused:
            digest = hashlib.sha256(repr(self.body).encode()).hexdigest()
            response = self.house.fault(refused.fault, self.where.model, digest, manner)
            self._record(response.status_code)
            return response
        name = self._scene(wish)
        scene = scenarios.SCENARIOS[name]
        headers = {**_HEADERS, **scene.headers, "X-Emulator-Scenario": name}
        early = self._early(scene, wish, manner, headers)
        # Billed before it is drawn: who hangs up while waiting pays too.
        self._record(early.status_code if early else 200, name, scene, wish)
        await asyncio.sleep(self.house.latency + scene.delay)
        if early is not None:
            return early
        body = await run_in_threadpool(write, wish, scene, manner)
        media = _SSE if manner == "sse" else _JSON
        return Streamed(scene.deliver(body), 200, headers, media)

    async def _wish(self) -> Ask:
        gateway = self.house.gateway
        self.house.admit(self.request)
        model = self.house.model(self.where)
        raw = await door.content(self.request)
        self.body = load(raw)
        message = read("GenerateContentRequest", self.body)
        rules.check(message, model, gateway=gateway)
        wish = ask(message, raw, model, door.take(self.request), gateway=gateway)
        if wish.tag:
            try:
                scenarios.find(wish.tag)
            except ValueError as error:
                raise Refused(invalid(f"The emulator has {error}")) from None
        return wish

    def _scene(self, wish: Ask) -> str:
        if wish.tag:
            return wish.tag
        name = next(self.house.acts)
        short = wish.limit is not None and wish.limit < wish.model.tokens[wish.size]
        return "max-tokens" if short and name == "ok" else name

    def _early(
        self, scene: Scenario, wish: Ask, manner: Manner, headers: dict[str, str]
    ) -> Response | None:
        if scene.fault is not None:
            response = self.house.fault(scene.fault, self.where.model, wish.digest, manner)
            response.headers.update(headers)
            return response
        if (raw := scene.raw) is not None:
            return Response(raw.body, raw.status, {**headers, **raw.headers}, raw.media)
        return None

    def _manner(self) -> Manner:
        if self.where.verb == "generateContent":
            return "unary"
        return "sse" if self.request.query_params.get("alt") == "sse" else "array"

    def _record(
        self, status: int, name: str = "", scene: Scenario | None = None, wish: Ask | None = None
    ) -> None:
        pictures, price = 0, 0.0
        if scene is not None and wish is not None and scene.made:
            pictures = replies.shown(wish, scene.recipe)
            price = replies.usage(wish, scene.recipe).usd(wish.model.rates)
        path, model = str(self.request.scope["path"]), self.where.model
        self.house.ledger.append(
            Entry(time.time(), path, self.auth, model, status, name, pictures, price, self.body)
        )


class Streamed(StreamingResponse):
    """A response without Content-Length whose body may end in a closed connection."""

    async def stream_response(self, send: Send) -> None:
        """Send what there is; when the stream hangs up, leave the body unfinished."""
        try:
            await super().stream_response(send)
        except HungUp:
            return


def _json(value: object) -> Response:
    body = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    return Response(body, 200, _HEADERS, _JSON)


async def _nowhere(request: Request, error: Exception | None) -> Response:
    return Response(b"", 404, media_type="text/html; charset=UTF-8")
