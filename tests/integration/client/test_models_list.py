"""Whatever a server says when it is asked for its models, the request ends, small and in time."""

import gzip
import json
from pathlib import Path

import pytest

from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.gemini.served_models import list_models
from tests.integration.client.asking import server
from tests.integration.client.hostile import Answer, answers, gzip_bomb, hostile, http, raw
from tests.warm_process import run

LIST = json.dumps({"models": [{"name": "models/a"}]}).encode()
GZIP = {"Content_Encoding": "gzip"}
LISTED = {
    "plain": http(LIST),
    "gzip": http(gzip.compress(LIST), **GZIP),
    "two members": http(gzip.compress(LIST[:9]) + gzip.compress(LIST[9:]), **GZIP),
    "garbage after a gzip": http(gzip.compress(LIST) + b"garbage" * 99, **GZIP),
    "zeros after a gzip": http(gzip.compress(LIST) + bytes(10**5), **GZIP),
}


@pytest.mark.parametrize("name", LISTED)
def test_a_list_is_read_however_it_is_packed(name: str) -> None:
    with hostile(None, LISTED[name]) as running:
        assert list_models(server(running.url)) == {"models": [{"name": "models/a"}]}


REFUSED = {
    name: answer
    for name, answer in answers().items()
    if name
    in (
        "nothing at all", "reset at once", "garbage", "redirect 302", "never", "headers in drops",
        "continue for ever", "endless headers", "body in drops", "error in drops", "endless body",
        "endless error", "gzip bomb", "gzip bomb as an error", "broken gzip", "cut gzip", "brotli",
        "gzip that is none", "packed twice", "empty body", "deep lists", "deep objects", "null",
        "huge number", "no unicode", "error in latin",
    )
}  # fmt: skip
REFUSED |= {
    "bomb in a second member": raw(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}") + gzip_bomb(600)
    ),
    "empty gzip": http(b"", **GZIP),
    "large list": http(b'{"models":[' + b" " * (3 << 20) + b"]}"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_any_other_answer_is_one_failure(name: str) -> None:
    with hostile(None, REFUSED[name]) as running, pytest.raises(RequestFailed) as caught:
        list_models(server(running.url), deadline=1.0)
    assert caught.value.failure.what.isprintable()
    assert len(caught.value.failure.what) < 1000
    assert "may have been billed" not in caught.value.failure.what, "a list is free"


MEASURED = """
import sys
from pathlib import Path
from mkdocs_gemini_images.gemini.served_models import list_models
from mkdocs_gemini_images.gemini.failure import RequestFailed
from tests.integration.client.asking import server
def most():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
before = most()
try:
    said = str(len(list_models(server(sys.argv[1]))))
except RequestFailed as error:
    said = error.failure.what
print(before, most(), said)
"""
LARGE: dict[str, Answer] = {
    "gzip bomb": REFUSED["gzip bomb"],
    "gzip bomb as an error": REFUSED["gzip bomb as an error"],
    "bomb in a second member": REFUSED["bomb in a second member"],
    "endless body": REFUSED["endless body"],
    "endless error": REFUSED["endless error"],
    "endless headers": REFUSED["endless headers"],
    "many lists": http(b'{"models":[' + b"[]," * 600_000 + b"[]]}"),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to measure")
def test_a_list_needs_little_memory(name: str) -> None:
    with hostile(None, LARGE[name]) as running:
        before, peak, *_ = run(MEASURED, running.url).split()
    assert int(peak) < 200, f"{peak} MB, of which {before} were there before"
