"""A till for batch jobs: the emulator with small pictures, in a process that outlives the killed.

It writes a bill for each request of a job that is answered, and the digest of each picture that it
makes, so that a picture in stock can be held against what was sold. Jobs take a moment; some
replies are lost, some downloads break off, some results come twice or in another order.
"""

import argparse
import json
import logging
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from mkdocs_gemini_images.emulator import response_writer
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.crash.till import Bill, picture

SCENARIOS = ("batch-ok", "batch-ok", "batch-ok", "batch-reply-503", "batch-reply-lost",
             "batch-download-drops", "batch-twice", "batch-reversed")  # fmt: skip
_JOBS = 3_000
"""Jobs that are played before all are good."""


@dataclass(frozen=True)
class BatchTill:
    """A running till."""

    url: str
    ledger: Path
    drawn: Path

    def bills(self) -> list[Bill]:
        """Read all bills: one for each answered request, with the picture that was made for it."""
        made: dict[str, list[str]] = {}
        for line in _lines(self.drawn):
            prompt, digest = json.loads(line)
            made.setdefault(prompt, []).append(digest)
        billed = Counter(_prompt(json.loads(line)) for line in _lines(self.ledger))
        return [
            Bill(prompt, digest)
            for prompt, times in billed.items()
            for digest in (made.get(prompt, []) + [""] * times)[:times]
        ]

    def jobs(self) -> int:
        """Count the jobs with bills."""
        return len({json.loads(line)["batch"] for line in _lines(self.ledger)})


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _prompt(entry: dict[str, Any]) -> str:
    return str(entry["body"]["contents"][-1]["parts"][-1]["text"])


@contextmanager
def serving_batches(root: Path, seed: str) -> Iterator[BatchTill]:
    """Run a till in a process of its own."""
    root.mkdir(parents=True)
    till = BatchTill("", root / "ledger", root / "drawn")
    command = [sys.executable, "-m", "tests.crash.batch_till", str(root), seed]
    project = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield BatchTill(process.stdout.readline().strip(), till.ledger, till.drawn)
        finally:
            process.kill()


def _serve(root: Path, seed: str) -> None:
    random, number = Random(seed), count()
    writing = threading.Lock()

    def draw(texts: tuple[str, ...], *ignored: object) -> bytes:
        with writing, (root / "drawn").open("a", encoding="utf-8") as file:
            data = picture(next(number), texts[-1])
            file.write(json.dumps([texts[-1], sha256(data).hexdigest()]) + "\n")
        return data

    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of each client that has died
    played = [*random.choices(SCENARIOS, k=_JOBS), "batch-ok"]
    app = create_app(
        scenario=played, request_log=RequestLog(root / "ledger"), clock=Clock(seconds=0.1)
    )
    with patch.object(response_writer, "draw_cached", draw), serve_in_thread(app) as url:
        print(url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("seed")
    _serve(**vars(parser.parse_args()))
