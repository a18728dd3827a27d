"""Messages on a terminal are lines of whole words; elsewhere each is one line."""

import logging
import sys

import pytest

from mkdocs_gemini_images.cli.wrapped_log import WrappedFormatter, wrapped

LONG = (
    "gemini-images: drawing 3 pictures with gemini-nano-banana-2.1, about $0.11 (at most $0.20), "
    "guide/a-page-with-a-long-name.md:12"
)
ADDRESS = "https://example.org/" + "a" * 90


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        (f"INFO    {LONG}", [
            "INFO    gemini-images: drawing 3 pictures with gemini-nano-banana-2.1, about",
            "        $0.11 (at most $0.20), guide/a-page-with-a-long-name.md:12",
        ]),
        (f"  - {'word ' * 20}end", [
            f"  - {'word ' * 15}".rstrip(), f"  {'word ' * 5}end",
        ]),
        (f"see {ADDRESS} there", ["see", f"        {ADDRESS}", "        there"]),
    ],
)  # fmt: skip
def test_a_line_is_broken_between_words(line: str, lines: list[str]) -> None:
    assert wrapped(line, 80).split("\n") == lines
    assert wrapped(line, 80).split() == line.split()


@pytest.mark.parametrize("terminal", [True, False])
def test_a_message_is_wrapped_on_a_terminal_alone(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    record = logging.LogRecord("x", logging.WARNING, "", 0, f"{LONG}\nrun %s", ("this",), None)
    text = WrappedFormatter("%(message)s").format(record)
    assert text.startswith("WARNING gemini-images: drawing 3")
    assert text.endswith("\nrun this")
    assert text.count("\n") == (2 if terminal else 1)
    assert (max(map(len, text.splitlines())) <= 80) == terminal
