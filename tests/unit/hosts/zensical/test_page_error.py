"""A page in error ends Zensical's build with its sentences, and any other error as before."""

import sys
from collections.abc import Iterator

import pytest

from mkdocs_gemini_images.hosts.zensical.page_error import PageError

LINES = "gemini-images\nindex.md:4: got 'sise:': did you mean 'size'?\nb.md:1: no alt"
TRACE = '\nTraceback (most recent call last):\n  File "x.py", line 1, in <module>\n'


@pytest.fixture(autouse=True)
def _hook() -> Iterator[None]:
    former = sys.excepthook
    sys.excepthook = sys.__excepthook__
    yield
    sys.excepthook = former


@pytest.mark.parametrize(
    "name", ["PageError", "mkdocs_gemini_images.hosts.zensical.page_error.PageError"]
)
@pytest.mark.parametrize("trace", ["", TRACE])
def test_the_sentences_are_printed_alone(
    capsys: pytest.CaptureFixture[str], name: str, trace: str
) -> None:
    for _ in range(2):
        assert str(PageError(*LINES.split("\n"))) == LINES
    error = RuntimeError(f"Python error: {name}: {LINES}{trace}")
    sys.excepthook(RuntimeError, error, None)
    assert capsys.readouterr().err == f"{LINES}\n"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("no page"),
        RuntimeError(f"Python error: OtherPageError: {LINES}"),
        RuntimeError("Python error: ValueError: PageError: x"),
        ValueError(f"Python error: PageError: {LINES}"),
        KeyboardInterrupt(),
    ],
    ids=repr,
)
def test_another_error_is_printed_as_before(
    capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    PageError("x")
    sys.excepthook(type(error), error, None)
    hooked = capsys.readouterr().err
    sys.__excepthook__(type(error), error, None)
    assert hooked == capsys.readouterr().err
