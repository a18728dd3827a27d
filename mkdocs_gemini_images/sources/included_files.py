"""Find the files that a page includes, and those that they include in turn.

In go a text, and the folders in which its Markdown looks for files. Out come those that exist: of
snippets (`--8<--`), include-markdown and Jinja2 (`{% include ... %}`), and markdown-include
(`{! ... !}`). Links are followed, and each file is found once. Reads files, writes none.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_INCLUDES = re.compile(
    r"""(?<!-)-++8<-++[ \t]++["'](?P<snippet>[^"'\n]+)["']"""
    r"""|^[> \t]*+-++8<-++[ \t\r]*+\n(?P<block>(?:(?![> \t]*+-++8<-).*\n)*+)"""
    r"""[> \t]*+-++8<-++[ \t\r]*$"""
    r"""|\{%-?\s*(?:include|include-markdown|import|from)\s+["'](?P<template>[^"'\n]+)["']"""
    r"""|\{!(?P<plain>[^!\n]++)!\}""",
    re.M,
)
_PART = re.compile(r"(?::[\w,.-]*)+$")
"""What names a part of a snippet's file: lines, or a section."""
_MOST_FILES = 200
_MOST_BYTES = 2**20


def included_files(text: str, folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the files that a text includes, each with its own text."""
    seen: set[Path] = set()
    waiting = [(text, [*folders])]
    while waiting and len(seen) < _MOST_FILES:
        text, beside = waiting.pop()
        for name in _names(text):
            file = _find(name, beside)
            if file is None or file in seen:
                continue
            seen.add(file)
            try:
                included = file.read_bytes().decode()
            except (OSError, UnicodeDecodeError):  # the host says what it cannot include
                continue
            yield file, included
            waiting.append((included, [file.parent, *folders]))


def _names(text: str) -> Iterator[str]:
    for found in _INCLUDES.finditer(text):
        block = found["block"]
        names = [found[found.lastgroup or ""]] if block is None else block.splitlines()
        yield from (name for each in names if (name := each.strip("> \t\r")))


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    """Return the file that a name leads to in the first folder that has one, or None."""
    for each in (name, _PART.sub("", name)):
        for folder in folders:
            file = folder / each
            try:
                if file.is_file() and file.stat().st_size <= _MOST_BYTES:
                    return file.resolve()
            except (OSError, ValueError):  # no name of a file
                continue
    return None
