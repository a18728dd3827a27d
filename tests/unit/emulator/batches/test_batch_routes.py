"""What the emulator says to requests about jobs and files that are wrong, early or too many."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.unit.emulator.api_calls import FLASH, fetch, generate, prompt

CREATE = f"/v1beta/models/{FLASH}:batchGenerateContent"
SMALL = {"imageConfig": {"imageSize": "512"}}


def job(*texts: str, **more: Any) -> dict[str, Any]:
    """Return the body of a job with its requests in it."""
    requests = [
        {"request": {**prompt(text), "generationConfig": SMALL}, "metadata": {"key": text}}
        for text in texts
    ]
    return {"batch": {"inputConfig": {"requests": {"requests": requests}}, **more}}


def uploaded(app: Starlette, data: bytes) -> str:
    """Upload a file in two pieces, and return its name."""

    async def go() -> str:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            size = {"x-goog-upload-header-content-length": str(len(data)),
                    "x-goog-upload-protocol": "resumable"}  # fmt: skip
            begun = await client.post("/upload/v1beta/files", headers=size, content=b"{}")
            address = begun.headers["x-goog-upload-url"]
            half = len(data) // 2
            first = {"x-goog-upload-command": "upload", "x-goog-upload-offset": "0"}
            await client.post(address, headers=first, content=data[:half])
            last = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": str(half)}
            ended = await client.post(address, headers=last, content=data[half:])
            return str(ended.json()["file"]["name"])

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("clock", "elapsed", "polls", "progress"),
    [
        (Clock(), 0.0, 0, 1.0),
        (Clock(seconds=10), 4.0, 99, 0.4),
        (Clock(seconds=10), 11.0, 0, 1.0),
        (Clock(polls=3), 99.0, 1, 0.25),
        (Clock(polls=3), 0.0, 4, 1.0),
        (Clock(seconds=10, polls=1), 5.0, 2, 0.5),
    ],
)
def test_a_clock_counts_seconds_or_questions(
    clock: Clock, elapsed: float, polls: int, progress: float
) -> None:
    assert clock.progress(elapsed, polls) == progress


def test_a_job_is_billed_once_at_half_the_price() -> None:
    log = RequestLog()
    app = create_app(request_log=log)
    name = fetch(app, CREATE, job("A fox")).json()["name"]
    for _ in range(3):
        fetch(app, f"/v1beta/{name}")
        fetch(app, "/v1beta/batches")
    body = {**prompt("A fox"), "generationConfig": SMALL}
    generate(app, body, model=FLASH)
    (creation,) = log.batches
    assert creation.batch == name
    assert creation.usd == 0
    batch, single = log.billed
    assert (batch.item, batch.batch, batch.pictures) == ("A fox", name, 1)
    assert batch.items.keys() == {"picture", "text_in", "text_out"}
    assert 2 * batch.items["picture"] == single.items["picture"]
    assert log.usd == batch.usd + single.usd


def test_a_refused_request_of_a_job_costs_nothing_and_stops_no_other() -> None:
    log = RequestLog()
    app = create_app(request_log=log)
    wanted = job("A fox", "A heron [emulate: image-safety]", "A town [emulate: overloaded]")
    name = fetch(app, CREATE, wanted).json()["name"]
    done = fetch(app, f"/v1beta/{name}").json()
    answers = done["metadata"]["output"]["inlinedResponses"]["inlinedResponses"]
    assert done["response"]["inlinedResponses"]["inlinedResponses"] == answers
    assert [set(answer) for answer in answers] == [
        {"metadata", "response"}, {"metadata", "response"}, {"metadata", "error"},
    ]  # fmt: skip
    assert answers[2]["error"]["code"] == 14
    assert done["metadata"]["batchStats"] == {
        "requestCount": "3", "successfulRequestCount": "2", "failedRequestCount": "1",
    }  # fmt: skip
    assert [entry.pictures for entry in log.billed] == [1, 0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "no requests are specified"),
        ({"batch": {"inputConfig": {}}}, "no requests are specified"),
        ({"batch": {"inputConfig": {"fileName": "files/none"}}}, "may not exist"),
        ({"batch": {"nonsense": 1}}, "Cannot find field"),
        (job("x" * 20_000_000), "20000000 bytes"),
    ],
)
def test_what_is_no_job_is_refused(body: object, said: str) -> None:
    response = fetch(create_app(), CREATE, body)
    assert response.status_code in (400, 403)
    assert said in response.json()["error"]["message"]


def test_a_line_that_is_no_request_fails_the_job() -> None:
    app = create_app()
    line = json.dumps({"key": "a", "request": prompt()}).encode()
    name = uploaded(app, line + b"\n\nnonsense\n")
    created = fetch(app, CREATE, {"batch": {"inputConfig": {"fileName": name}}}).json()
    done = fetch(app, f"/v1beta/{created['name']}").json()
    assert done["metadata"]["state"] == "BATCH_STATE_FAILED"
    assert done["error"]["message"] == "Failed to parse line 3 of the input file."


def test_a_hundred_jobs_run_at_a_time() -> None:
    app = create_app(clock=Clock(seconds=3600))
    statuses = [fetch(app, CREATE, job("A fox")).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]


def test_jobs_and_files_need_the_key() -> None:
    app = create_app(keys={"right"})
    for path in ("/v1beta/batches", "/v1beta/files", "/v1beta/files/batch-x:download"):
        assert fetch(app, path).status_code == 403
        wrong = fetch(app, path, headers={"x-goog-api-key": "wrong"})
        assert wrong.status_code == 400
    assert fetch(app, CREATE, job("A fox")).status_code == 403
    assert fetch(app, "/upload/v1beta/files", {}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/v1beta/v1beta/batches", "/v2/batches", "/v1/batches:cancel", "/download/v1/batches/x",
     "/v1/batches/x:stop"],
)  # fmt: skip
def test_other_paths_are_not_there(path: str) -> None:
    response = fetch(create_app(), path)
    assert (response.status_code, response.content) == (404, b"")


def test_a_server_without_files_has_no_such_paths() -> None:
    app = create_app(files=False)
    assert fetch(app, "/upload/v1beta/files", {}).status_code == 404
    assert fetch(app, "/v1beta/files").status_code == 404
    assert fetch(app, CREATE, job("A fox")).status_code == 200


def test_results_are_downloaded_at_both_addresses() -> None:
    app = create_app()
    line = json.dumps({"key": "a", "request": {**prompt(), "generationConfig": SMALL}}).encode()
    name = uploaded(app, line)
    created = fetch(app, CREATE, {"batch": {"inputConfig": {"fileName": name}}}).json()
    done = fetch(app, f"/v1beta/{created['name']}").json()
    file = done["metadata"]["output"]["responsesFile"]
    assert file == created["name"].replace("batches/", "files/batch-")
    first = fetch(app, f"/v1beta/{file}:download?alt=media")
    assert json.loads(first.content)["key"] == "a"
    assert fetch(app, f"/download/v1beta/{file}:download?alt=media").content == first.content
