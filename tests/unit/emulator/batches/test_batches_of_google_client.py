"""Google's own client, unchanged, works with the emulator's batch jobs and files."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.unit.emulator.api_calls import FLASH, NB, opened, prompt

genai: Any
T: Any
errors: Any


@pytest.fixture(scope="module", autouse=True)
def _google_client() -> None:
    """Import Google's client, which takes over a second, where these tests run."""
    global genai, T, errors
    genai = pytest.importorskip("google.genai")
    T, errors = genai.types, pytest.importorskip("google.genai.errors")


@contextmanager
def served(**options: Any) -> Iterator[tuple[Any, RequestLog]]:
    """Serve an emulator; yield a client of it, and its log."""
    log = RequestLog()
    with serve_in_thread(create_app(request_log=log, **options)) as url:
        http = T.HttpOptions(base_url=url, timeout=30_000, api_version="v1beta")
        yield genai.Client(api_key="test", http_options=http), log


def _uploaded(client: Any, tmp_path: Path, *lines: object) -> Any:
    path = tmp_path / "requests.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    config = T.UploadFileConfig(display_name="requests", mime_type="application/jsonl")
    return client.files.upload(file=path, config=config)


def _pictures(response: Any) -> list[bytes]:
    return [part.inline_data.data for part in response.parts if part.inline_data]


def test_files_are_uploaded_listed_read_and_deleted(tmp_path: Path) -> None:
    with served() as (client, _):
        first = _uploaded(client, tmp_path, {"a": 1})
        large = client.files.upload(
            file=io.BytesIO(bytes(17 * 2**20)), config={"mime_type": "image/png"}
        )
        assert (first.display_name, first.mime_type) == ("requests", "application/jsonl")
        assert (first.state, first.size_bytes) == (T.FileState.ACTIVE, 9)
        assert client.files.get(name=large.name).size_bytes == 17 * 2**20
        assert client.files.download(file=first.name) == b'{"a": 1}\n'
        listed = [each.name for each in client.files.list(config={"page_size": 1})]
        assert listed == [large.name, first.name]
        client.files.delete(name=first.name)
        with pytest.raises(errors.ClientError, match="may not exist"):
            client.files.get(name=first.name)


def test_a_job_of_a_file_answers_in_a_file(tmp_path: Path) -> None:
    with served() as (client, log):
        file = _uploaded(
            client,
            tmp_path,
            {"key": "r1", "request": prompt("A heron")},
            {"metadata": {"key": "r2"}, "request": prompt("A boat", noSuchField=1)},
        )
        job = client.batches.create(model=NB, src=file.name, config={"display_name": "herons"})
        assert (job.state, job.display_name) == (T.JobState.JOB_STATE_PENDING, "herons")
        job = client.batches.get(name=job.name)
        assert job.state == T.JobState.JOB_STATE_SUCCEEDED
        raw = client.files.download(file=job.dest.file_name)
        first, second = (json.loads(line) for line in raw.splitlines())
        assert (first["key"], second["metadata"]) == ("r1", {"key": "r2"})
        assert second["error"]["code"] == 3
        assert "noSuchField" in second["error"]["message"]
        assert [entry.item for entry in log.billed] == ["r1"]


def test_a_job_of_requests_answers_in_itself() -> None:
    with served() as (client, log):
        requests = [
            T.InlinedRequest(
                contents=text,
                metadata={"key": text},
                config=T.GenerateContentConfig(image_config=T.ImageConfig(aspect_ratio="16:9")),
            )
            for text in ("A heron", "A boat")
        ]
        job = client.batches.create(model=NB, src=requests, config={"display_name": "two"})
        job = client.batches.get(name=job.name)
        answers = job.dest.inlined_responses
        assert opened(_pictures(answers[0].response)[0]) == ("JPEG", (1376, 768))
        assert [answer.metadata for answer in answers] == [{"key": "A heron"}, {"key": "A boat"}]
        single = client.models.generate_content(model=NB, contents="A heron")
        assert _pictures(single)
        listed = list(client.batches.list())
        assert [each.name for each in listed] == [job.name]
        assert listed[0].dest is None  # a list leaves the answers out
        assert len(log.batches) == 1


def test_one_request_twice_in_a_job_gets_two_pictures() -> None:
    with served() as (client, _):
        requests = [T.InlinedRequest(contents="A heron") for _ in range(2)]
        job = client.batches.create(model=FLASH, src=requests)
        answers = client.batches.get(name=job.name).dest.inlined_responses
        first, second = (_pictures(answer.response)[0] for answer in answers)
        assert first != second


def test_jobs_are_listed_page_by_page(tmp_path: Path) -> None:
    with served() as (client, _):
        file = _uploaded(client, tmp_path, {"key": "a", "request": prompt()})
        names = [client.batches.create(model=NB, src=file.name).name for _ in range(5)]
        listed = [each.name for each in client.batches.list(config={"page_size": 2})]
        assert listed == names[::-1]


def test_a_cancelled_job_costs_nothing_and_a_deleted_one_is_gone(tmp_path: Path) -> None:
    with served(clock=Clock(polls=4)) as (client, log):
        file = _uploaded(client, tmp_path, {"key": "a", "request": prompt()})
        job = client.batches.create(model=NB, src=file.name)
        states = [client.batches.get(name=job.name).state for _ in range(2)]
        assert states == [T.JobState.JOB_STATE_PENDING, T.JobState.JOB_STATE_RUNNING]
        client.batches.cancel(name=job.name)
        assert client.batches.get(name=job.name).state == T.JobState.JOB_STATE_CANCELLED
        client.batches.delete(name=job.name)
        with pytest.raises(errors.ClientError, match="not found"):
            client.batches.get(name=job.name)
        assert log.usd == Decimal()


@pytest.mark.parametrize(
    ("scenario", "state"),
    [("batch-failed", "JOB_STATE_FAILED"), ("batch-expired", "JOB_STATE_EXPIRED"),
     ("batch-cancelled", "JOB_STATE_CANCELLED"), ("batch-stuck", "JOB_STATE_RUNNING")],
)  # fmt: skip
def test_the_client_reads_each_state(scenario: str, state: str) -> None:
    with served() as (client, log):
        job = client.batches.create(
            model=NB, src=[T.InlinedRequest(contents=f"A heron [emulate: {scenario}]")]
        )
        assert client.batches.get(name=job.name).state == T.JobState(state)
        assert not log.billed
