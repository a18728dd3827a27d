"""Whatever a server answers, the request ends in time, with one failure that says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.client.asking import ask, server
from tests.integration.client.hostile import GOOD, Hostile, answers, hostile, http
from tests.integration.conftest import MakeSite
from tests.integration.site import fence
from tests.warm_process import run

NAMES = list(answers())
ENDS = {f"redirect {status}" for status in (301, 302, 303, 307, 308)}
ENDS |= {"redirect to nowhere", "error in latin"}
"""These end a build: every other request would fail the same way."""
SLOW = {"never", "continue for ever", "headers in drops", "body in drops", "error in drops"}


@pytest.fixture(scope="module")
def trap() -> Iterator[Hostile]:
    """A server to which no request may be sent."""
    with hostile() as running:
        yield running


@pytest.fixture(scope="module")
def bad(trap: Hostile) -> Iterator[Hostile]:
    with hostile(answers(trap.url)) as running:
        yield running


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_is_one_failure(bad: Hostile, trap: Hostile, tmp_path: Path, name: str) -> None:
    before = len(bad.requests)
    asked = ask(tmp_path, server(bad.url), [name], timeout=0.6 if name in SLOW else 60.0)
    assert asked.failure.what
    assert len(bad.requests) - before == 1
    assert trap.connections == 0, "a key was sent after a redirect"
    assert not list((tmp_path / "stock").glob("*"))
    assert ("took longer than" in asked.failure.what) == (name in SLOW)


def test_a_site_of_bad_answers_is_built_with_one_warning_for_each(
    site: MakeSite, bad: Hostile, trap: Hostile
) -> None:
    names = [name for name in NAMES if name not in ENDS]
    here = site("\n".join(fence(name) for name in names))
    built = here.build(
        base_url=bad.url, max_new=200, budget=100, concurrency=25, timeout=6, retries=0
    )
    assert built.error is None
    assert len(built.images()) == len(names)
    assert all(image["src"].endswith(".svg") for image in built.images())
    assert len(built.warnings) == len(names)
    for name, warning in zip(names, built.warnings, strict=True):
        assert f"'{name}' is not drawn: " in warning
        assert warning.isprintable(), name
        assert len(warning) < 1100, name
    assert built.loud == tuple(f"gemini-images: {warning}" for warning in built.warnings)
    assert here.owned == []
    assert trap.connections == 0


def test_bad_answers_between_good_ones_cost_only_themselves(tmp_path: Path) -> None:
    few = {name: each for name, each in answers().items() if name in ("never", "reset at once")}
    with hostile({**few, "one": http(GOOD), "two": http(GOOD)}) as mixed:
        asked = ask(
            tmp_path, server(mixed.url), ["never", "one", "reset at once", "two"], timeout=1
        )
    assert (len(asked.records), len(asked.failures)) == (2, 2)


@pytest.mark.parametrize("name", ["length too short"])
def test_no_more_is_kept_of_an_answer_than_the_server_announced(
    bad: Hostile, tmp_path: Path, name: str
) -> None:
    assert "JSON" in ask(tmp_path, server(bad.url), [name]).failure.what


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("redirect 307", "redirects elsewhere"),
        ("brotli", "br"),
        ("gzip bomb", "larger than 64 MB"),
        ("deflate bomb", "larger than 64 MB"),
        ("zstd", "packed (zstd), which was not asked for"),
        ("endless body", "larger than 64 MB"),
        ("never", "took longer than"),
        ("png bomb", "more than any model draws"),
        ("script after a png", "follow the end"),
        ("svg", "no PNG, JPEG or WebP"),
        ("web page", "a web page came in place of an answer: Sign in"),
        ("deep lists", "nested too deeply"),
        ("damaged pixels", "cannot be decoded"),
        ("error in latin", "refuses the API key"),
    ],
)
def test_the_message_of_a_failure_says_why(
    bad: Hostile, tmp_path: Path, name: str, words: str
) -> None:
    limit = 0.5 if name == "never" else 5.0
    assert words in ask(tmp_path, server(bad.url), [name], timeout=limit).failure.what


MEASURED = """
import sys
from pathlib import Path
from tests.integration.client.asking import ask, server
def most():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
before = most()
asked = ask(Path(sys.argv[1]), server(sys.argv[2]), [sys.argv[3]], timeout=20)
print(before, most(), asked.failure.what)
"""


@pytest.mark.parametrize(
    "name",
    ["gzip bomb", "deflate bomb", "gzip bomb as an error", "endless body", "endless error",
     "endless headers", "one long header", "png bomb", "text bomb", "deep lists", "huge number"],
)  # fmt: skip
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to measure")
def test_a_bad_answer_needs_little_memory(bad: Hostile, tmp_path: Path, name: str) -> None:
    before, peak, *_ = run(MEASURED, tmp_path, bad.url, name).split()
    assert int(peak) < 200, f"{peak} MB, of which {before} were there before"
