"""Answers while encoders lag behind: durable at once, decoded when their pixels have room."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.gemini.client import MAX_ERROR_BYTES
from mkdocs_gemini_images.generation import worker
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.generation.worker import RequestWorker
from mkdocs_gemini_images.requests.planning import PlannedRequest
from tests.integration.client import asking
from tests.integration.client.asking import ask, server
from tests.integration.client.hostile import GOOD, hostile, http

LONG = GOOD + b" " * MAX_ERROR_BYTES


class Pixels:
    """Has room when a function says so, which is given the number of the look."""

    def __init__(self, has_room: Callable[[int], bool]) -> None:
        self._has_room = has_room
        self.looks = 0

    def has_room(self) -> bool:
        self.looks += 1
        return self._has_room(self.looks)


def test_an_answer_waits_in_the_journal_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    def has_room(look: int) -> bool:
        answers = [path.read_bytes() for path in (tmp_path / "journal").glob("*.answer")]
        seen.append((answers.count(LONG), len(list(tmp_path.glob("stock/*.png")))))
        return look == 3

    monkeypatch.setattr(worker, "PROVEN", Pixels(has_room))
    with hostile(None, http(LONG)) as there:
        (record,) = ask(tmp_path, server(there.url), ["A fox"]).records
    assert seen == [(1, 0)] * 3
    assert (tmp_path / "stock" / record.file_name).is_file()


def test_the_next_request_is_sent_while_an_answer_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile(None, http(LONG)) as there:
        monkeypatch.setattr(worker, "PROVEN", Pixels(lambda look: len(there.requests) == 3))
        prompts = ["A fox", "A hen", "A cat"]
        assert len(ask(tmp_path, server(there.url), prompts, concurrency=1).records) == 3


def test_a_short_answer_which_may_be_an_error_does_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PROVEN", pixels := Pixels(lambda look: False))
    with hostile(None, http(GOOD)) as there:
        assert ask(tmp_path, server(there.url), ["A fox"]).records
    assert pixels.looks == 0


def test_a_build_that_is_interrupted_stores_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(RequestWorker):
        async def fulfil(self, needs: tuple[PlannedRequest, ...]) -> list[RequestOutcome]:
            def has_room(look: int) -> bool:
                self.stop()
                return False

            monkeypatch.setattr(worker, "PROVEN", Pixels(has_room))
            return await super().fulfil(needs)

    monkeypatch.setattr(asking, "RequestWorker", Interrupted)
    with hostile(None, http(LONG)) as there:
        assert ask(tmp_path, server(there.url), ["A fox"]).records
