"""Batch jobs and uploads at a hostile server: who gets the key, how much is read, what is lost."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.job_scenarios import BATCH_SCENARIOS
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.gemini.answers.answer import read_answer
from mkdocs_gemini_images.gemini.batches import file_uploads
from mkdocs_gemini_images.gemini.batches.item import ItemAnswer
from mkdocs_gemini_images.gemini.batches.job import Job
from mkdocs_gemini_images.gemini.batches.job_requests import BatchJobs, JobGone, NoBatches
from mkdocs_gemini_images.gemini.batches.request_lines import job_of_requests, request_line
from mkdocs_gemini_images.gemini.batches.results import ResultsRead
from mkdocs_gemini_images.gemini.client import Client, connect_client
from mkdocs_gemini_images.gemini.failure import RequestFailed
from tests.integration.client.asking import KEY, server
from tests.integration.client.hostile import GOOD, Hostile, drip, error, flood, hostile, http, said

T = TypeVar("T")
FLASH = "gemini-3.1-flash-image"
JOB = Job("batches/abc", "site", "succeeded", results_file="files/batch-abc")
OPERATION = {"name": JOB.name, "metadata": {"state": "BATCH_STATE_PENDING", "displayName": "site"}}
KEYS = ("a", "b", "c", "d")


def on(there: Server, work: Callable[[Client], Awaitable[T]], deadline: float = 20.0) -> T:
    """Do something with an open client."""

    async def go() -> T:
        async with connect_client(there, deadline=deadline, concurrency=2) as client:
            return await work(client)

    return asyncio.run(go())


def failing(there: Server, work: Callable[[Client], Awaitable[Any]], deadline: float = 20.0) -> str:
    """Return the message with which something ends."""
    with pytest.raises(RequestFailed) as caught:
        on(there, work, deadline)
    return caught.value.failure.what


@dataclass
class Taken:
    """The answers that were handed on."""

    pictures: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def take(self, each: ItemAnswer) -> None:
        try:
            if each.failure is not None:
                raise RequestFailed(each.failure)
            read_answer(each.raw)
            self.pictures.append(each.key)
        except RequestFailed as error:
            self.failures[each.key] = error.failure.what


def line(key: str, answer: bytes = GOOD) -> bytes:
    return b'{"key":"%s","response":%s}\n' % (key.encode(), answer)


def collected(body: bytes, keys: tuple[str, ...] = KEYS) -> tuple[Taken, ResultsRead]:
    taken = Taken()
    with hostile(None, http(body)) as there:
        read = on(server(there.url), lambda c: BatchJobs(c).results(JOB, keys, taken.take))
    return taken, read


# --- Who gets the key and the bytes ----------------------------------------------------------


def begun(url: str) -> Any:
    return http(X_Goog_Upload_Status="active", X_Goog_Upload_URL=url)


def finished(size: int, **more: Any) -> Any:
    file = {"name": "files/x", "sizeBytes": str(size), "state": "ACTIVE", **more}
    return http(json.dumps({"file": file}).encode(), X_Goog_Upload_Status="final")


def requests_file(tmp_path: Path) -> Path:
    path = tmp_path / "requests.jsonl"
    path.write_bytes(request_line("a", b'{"contents":[]}'))
    return path


def has_key(there: Hostile) -> list[bool]:
    return [any(KEY in value for _, value in heard.headers) for heard in there.requests]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_upload_stays_at_the_own_host_and_its_second_step_has_no_key(
    tmp_path: Path, scheme: str
) -> None:
    path = requests_file(tmp_path)
    with hostile() as trap:
        elsewhere = f"{scheme}://{trap.url.removeprefix('http://')}/upload/v1beta/files?upload_id=7"
        with hostile(None, begun(elsewhere), finished(path.stat().st_size)) as there:
            name = on(server(f"{there.url}/gw"), lambda c: file_uploads.upload(c, path, "site"))
    assert name == "files/x"
    assert trap.connections == 0
    first, second = there.requests
    assert first.line == "POST /gw/upload/v1beta/files HTTP/1.1"
    assert second.line == "POST /upload/v1beta/files?upload_id=7 HTTP/1.1"
    assert has_key(there) == [True, False]
    assert second.body == path.read_bytes()
    headers = dict(second.headers)
    assert headers["x-goog-upload-command"] == "upload, finalize"
    assert headers["x-goog-upload-offset"] == "0"


@pytest.mark.parametrize(
    "address", ["", "files", "http://[", "javascript:alert(1)",
                "https://elsewhere.invalid", "http://x//y"]
)  # fmt: skip
def test_an_upload_without_an_address_sends_no_bytes(tmp_path: Path, address: str) -> None:
    path = requests_file(tmp_path)
    with hostile(None, begun(address)) as there:
        message = failing(server(there.url), lambda c: file_uploads.upload(c, path, "site"))
    assert message == "the server names no address for the upload"
    assert len(there.requests) == 1


def test_no_redirect_is_followed(tmp_path: Path) -> None:
    path = requests_file(tmp_path)
    with hostile() as trap:
        away = http(b"", "307 Temporary Redirect", Location=f"{trap.url}/x")
        for work in (
            lambda c: file_uploads.upload(c, path, "site"),
            lambda c: BatchJobs(c).create_of_file(FLASH, "site", "files/x"),
            lambda c: BatchJobs(c).get(JOB.name),
            lambda c: BatchJobs(c).find("site"),
            lambda c: BatchJobs(c).results(JOB, KEYS, print),
            lambda c: BatchJobs(c).cancel(JOB.name),
            lambda c: file_uploads.delete(c, "files/x"),
        ):
            with hostile(None, away) as there:
                assert "a key is never sent after a redirect" in failing(server(there.url), work)
    assert trap.connections == 0


def test_an_upload_that_arrives_in_part_is_no_upload(tmp_path: Path) -> None:
    path = requests_file(tmp_path)
    with hostile(None, begun("/u"), finished(3)) as there:
        message = failing(server(there.url), lambda c: file_uploads.upload(c, path, "site"))
    assert message == "the upload of the requests did not arrive whole"


@pytest.mark.parametrize("name", ["../v1/x", "files/../../x", "https://elsewhere.invalid/f", ""])
def test_an_uploaded_file_has_a_name_that_is_one(tmp_path: Path, name: str) -> None:
    path = requests_file(tmp_path)
    with hostile(None, begun("/u"), finished(path.stat().st_size, name=name)) as there:
        message = failing(server(there.url), lambda c: file_uploads.upload(c, path, "site"))
    assert message == "the server gives the uploaded file no name"


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed", "501 No"])
def test_a_gateway_without_files_or_jobs_is_known(tmp_path: Path, status: str) -> None:
    path = requests_file(tmp_path)
    with hostile(None, http(b"", status)) as there:
        with pytest.raises(file_uploads.NoFiles):
            on(server(there.url), lambda c: file_uploads.upload(c, path, "site"))
        with pytest.raises(NoBatches):
            on(server(there.url), lambda c: BatchJobs(c).create_of_requests(FLASH, b"{}"))
        with pytest.raises(NoBatches):
            on(server(there.url), lambda c: BatchJobs(c).find("site"))


# --- Jobs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "billed"),
    [(http(b"", "503 Busy"), "unknown"), (http(b"", "504 Late"), "unknown"),
     (error({"code": 400, "message": "no"}), "no"), (error({"code": 429}, "429 Many"), "no")],
)  # fmt: skip
def test_an_error_of_a_proxy_may_hide_a_created_job(answer: Any, billed: str) -> None:
    with hostile(None, answer) as there, pytest.raises(RequestFailed) as caught:
        on(server(there.url), lambda c: BatchJobs(c).create_of_file(FLASH, "site", "files/x"))
    assert caught.value.failure.billed == billed


@pytest.mark.parametrize(
    "answer", [http(b""), said({}), said([]), said({"name": "batches/../x"}), http(b"<html>")]
)
def test_a_created_job_of_which_nothing_is_known_may_be_billed(answer: Any) -> None:
    with hostile(None, answer) as there, pytest.raises(RequestFailed) as caught:
        on(server(there.url), lambda c: BatchJobs(c).create_of_file(FLASH, "site", "files/x"))
    assert caught.value.failure.billed == "unknown"


def test_a_body_above_the_limit_is_not_sent() -> None:
    with hostile() as there:
        body = b" " * 20_000_001
        message = failing(server(there.url), lambda c: BatchJobs(c).create_of_requests(FLASH, body))
    assert message.startswith("a batch job without a file holds at most 20 MB")
    assert there.connections == 0


def page(token: str, *names: str) -> Any:
    jobs = [{"name": f"batches/{name}", "metadata": {"displayName": "site"}} for name in names]
    return said({"operations": jobs, "nextPageToken": token})


def test_a_job_is_found_on_every_page() -> None:
    with hostile(None, page("a&b=c", "1"), page("t2"), page("", "2", "1")) as there:
        found = on(server(there.url), lambda c: BatchJobs(c).find("site"))
        assert [job.name for job in found] == ["batches/1", "batches/2"]
    assert "pageToken=a%26b%3Dc" in there.requests[1].line


@pytest.mark.parametrize("pages", [(page("same"),), (page("x" * 20_000), page("y"), page("y"))])
def test_a_list_without_end_is_no_list_without_the_job(pages: Any) -> None:
    with hostile(None, *pages) as there:
        failing(server(there.url), lambda c: BatchJobs(c).find("site"))
    assert len(there.requests) < 10


@pytest.mark.parametrize("answer", [http(b"null"), http(b"<html>"), said({"error": {"code": 5}})])
def test_a_list_that_is_none_is_no_list_without_the_job(answer: Any) -> None:
    with hostile(None, answer) as there:
        message = failing(server(there.url), lambda c: BatchJobs(c).find("site"))
    assert message == "the server's list of batch jobs is no JSON object"


def test_a_job_is_gone_only_where_the_server_says_so() -> None:
    gone = error({"code": 404, "message": "Requested entity was not found."}, "404 Not Found")
    with hostile(None, gone) as there, pytest.raises(JobGone):
        on(server(there.url), lambda c: BatchJobs(c).get(JOB.name))
    with hostile(None, http(b"", "404 Not Found")) as there, pytest.raises(RequestFailed) as caught:
        on(server(there.url), lambda c: BatchJobs(c).get(JOB.name))
    assert not isinstance(caught.value, JobGone)


def test_another_job_is_not_taken_for_the_one_asked_for() -> None:
    with hostile(None, said({**OPERATION, "name": "batches/other"})) as there:
        message = failing(server(there.url), lambda c: BatchJobs(c).get(JOB.name))
    assert message == "the server's answer describes no batch job"


def test_a_name_that_is_none_is_not_asked_for() -> None:
    with hostile() as there:
        for name in ("batches/../x", "models/x", "batches/a?b"):
            failing(server(there.url), lambda c, n=name: BatchJobs(c).get(n))  # type: ignore[misc]
    assert there.connections == 0


# --- Results ---------------------------------------------------------------------------------


def test_a_broken_line_costs_its_own_picture_alone() -> None:
    taken, read = collected(line("a") + line("b")[:-60] + b"\n" + line("c") + line("d"))
    assert taken.pictures == ["a", "c", "d"]
    assert list(taken.failures) == ["b"]
    assert read == ResultsRead(frozenset())


def test_what_was_read_before_a_break_is_kept() -> None:
    taken = Taken()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"
    with hostile(None, lambda s: s.sendall(head + line("a") + line("b")[:-90])) as there:
        failing(server(there.url), lambda c: BatchJobs(c).results(JOB, KEYS, taken.take))
    assert taken.pictures == ["a"]


@pytest.mark.parametrize("wave", [b"A" * 2**20, b"{}\n" * 2**16, b'{"key":"a"}\n' * 2**16])
def test_results_without_end_are_given_up(wave: bytes) -> None:
    head = b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"key":"a","response":"'
    with hostile(None, flood(head, wave)) as there:
        message = failing(
            server(there.url), lambda c: BatchJobs(c).results(JOB, ("a",), lambda each: None)
        )
    assert "is larger than 132 MB" in message or "more than 104 lines" in message


def test_results_in_drops_end_with_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with hostile(None, drip(head)) as there:
        message = failing(
            server(there.url), lambda c: BatchJobs(c).results(JOB, (), lambda each: None), 0.3
        )
    assert "took longer than" in message


def test_the_key_is_taken_out_of_results() -> None:
    seen: list[bytes] = []
    body = line("a", json.dumps({"candidates": [], "said": f"your key {KEY}"}).encode())
    with hostile(None, http(body)) as there:
        on(
            server(there.url),
            lambda c: BatchJobs(c).results(JOB, KEYS, lambda e: seen.append(e.raw)),
        )
    assert b"***" in seen[0]
    assert KEY.encode() not in seen[0]


# --- The whole way, in each scenario ---------------------------------------------------------

ITEMS = [(key, {"contents": [{"parts": [{"text": f"A fox {key}"}]}],
                "generationConfig": {"imageConfig": {"imageSize": "512", "aspectRatio": "1:1"}}})
         for key in KEYS]  # fmt: skip
OUTCOMES: dict[str, tuple[str, list[str], list[str]]] = {
    "batch-ok": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-listed-late": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-stuck": ("running", [], []),
    "batch-failed": ("failed", [], []),
    "batch-expired": ("expired", [], []),
    "batch-expired-half": ("expired", ["a", "b"], []),
    "batch-cancelled": ("cancelled", [], []),
    "batch-item-errors": ("succeeded", ["a", "c"], ["b", "d"]),
    "batch-all-errors": ("succeeded", [], ["a", "b", "c", "d"]),
    "batch-missing": ("succeeded", ["b", "c", "d"], []),
    "batch-twice": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-other-pictures": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-reversed": ("succeeded", ["d", "c", "b", "a"], []),
    "batch-strange-key": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-broken-line": ("succeeded", ["a", "b", "d"], ["c"]),
    "batch-huge-line": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-output-in-metadata": ("succeeded", ["a", "b", "c", "d"], []),
    "batch-output-in-response": ("succeeded", ["a", "b", "c", "d"], []),
}
NOT_CREATED = ("batch-refused", "batch-busy")
REPLY_LOST = ("batch-reply-lost", "batch-reply-503", "batch-lost-and-late")
GONE = ("batch-gone", "batch-results-gone")


def test_each_scenario_of_a_job_is_tried() -> None:
    tried = {*OUTCOMES, *NOT_CREATED, *REPLY_LOST, *GONE, "batch-download-drops"}
    assert tried == set(BATCH_SCENARIOS)


async def created(client: Client, path: Path | None) -> Job:
    """Create a job of a file, or of requests."""
    lines = [(key, json.dumps(body).encode()) for key, body in ITEMS]
    if path is None:
        return await BatchJobs(client).create_of_requests(FLASH, job_of_requests("site", lines))
    path.write_bytes(b"".join(request_line(*each) for each in lines))
    name = await file_uploads.upload(client, path, "site")
    return await BatchJobs(client).create_of_file(FLASH, "site", name)


async def whole_way(client: Client, path: Path | None, taken: Taken) -> Job:
    job = await BatchJobs(client).get((await created(client, path)).name)
    if job.ended and job.state != "failed" and (job.results_file or path is None):
        await BatchJobs(client).results(job, KEYS, taken.take)
    return job


@pytest.mark.parametrize("mode", ["file", "inline"])
@pytest.mark.parametrize("name", OUTCOMES)
def test_the_answers_of_a_job_are_collected(tmp_path: Path, name: str, mode: str) -> None:
    if mode == "inline" and name in ("batch-broken-line", "batch-huge-line"):
        pytest.skip("a list has no lines")
    taken, log = Taken(), RequestLog()
    path = tmp_path / "requests.jsonl" if mode == "file" else None
    with serve_in_thread(create_app(scenario=(name,), request_log=log)) as url:
        job = on(server(url), lambda client: whole_way(client, path, taken))
    state, pictures, failures = OUTCOMES[name]
    assert (job.state, taken.pictures, list(taken.failures)) == (state, pictures, failures)
    made = {entry.item for entry in log.billed}
    assert made >= set(pictures)


@pytest.mark.parametrize("name", REPLY_LOST)
def test_a_job_whose_reply_is_lost_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "requests.jsonl"
    with serve_in_thread(create_app(scenario=(name,))) as url:
        with pytest.raises(RequestFailed):
            on(server(url), lambda client: created(client, path))
        lists = 4 if name.endswith("late") else 1
        found = [on(server(url), lambda c: BatchJobs(c).find("site")) for _ in range(lists)]
    assert [len(jobs) for jobs in found] == [0] * (lists - 1) + [1]


@pytest.mark.parametrize("name", NOT_CREATED)
def test_a_refused_job_is_not_there(tmp_path: Path, name: str) -> None:
    with serve_in_thread(create_app(scenario=(name,))) as url:
        failing(server(url), lambda client: created(client, tmp_path / "requests.jsonl"))
        assert on(server(url), lambda c: BatchJobs(c).find("site")) == ()


@pytest.mark.parametrize("name", GONE)
def test_a_job_that_is_gone_is_known(tmp_path: Path, name: str) -> None:
    with serve_in_thread(create_app(scenario=(name,))) as url, pytest.raises(JobGone):
        on(server(url), lambda c: whole_way(c, tmp_path / "requests.jsonl", Taken()))


def test_a_download_that_broke_off_is_begun_again(tmp_path: Path) -> None:
    first, second = Taken(), Taken()
    path = tmp_path / "requests.jsonl"
    with serve_in_thread(create_app(scenario=("batch-download-drops",))) as url:
        with pytest.raises(RequestFailed):
            on(server(url), lambda client: whole_way(client, path, first))
        (job,) = on(server(url), lambda c: BatchJobs(c).find("site"))
        on(server(url), lambda c: BatchJobs(c).results(job, KEYS, second.take))
    assert (first.pictures, second.pictures) == (["a", "b"], ["a", "b", "c", "d"])


def test_a_gateway_without_files_takes_requests(tmp_path: Path) -> None:
    taken = Taken()
    with serve_in_thread(create_app(files=False, gateway=True)) as url:
        with pytest.raises(file_uploads.NoFiles):
            on(server(url), lambda client: created(client, tmp_path / "requests.jsonl"))
        on(server(url, auth="bearer"), lambda client: whole_way(client, None, taken))
    assert taken.pictures == list(KEYS)
