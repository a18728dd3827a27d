"""Find the line of a page on which a directive stands, for messages.

By the directive's own text: a fence's lines, whatever they are indented or quoted with, or an
inline image's title. Where the text is not there exactly once (snippets, macros, repetitions)
there is no line, and a message names the page alone. Pure.
"""


def line_of(page: str, source: str) -> int | None:
    """Give the 1-based line of `page` on which `source` begins, or None."""
    wanted = [_bare(line) for line in source.strip().splitlines()]
    if not wanted or not any(wanted):
        return None
    lines = [_bare(line) for line in page.splitlines()]
    found = _blocks(lines, wanted)
    if not found and len(wanted) == 1:
        found = [number for number, line in enumerate(lines, 1) if wanted[0] in line]
    return found[0] if len(found) == 1 else None


def _blocks(lines: list[str], wanted: list[str]) -> list[int]:
    count = len(wanted)
    return [
        start + 1
        for start, line in enumerate(lines[: len(lines) - count + 1])
        if line == wanted[0] and lines[start : start + count] == wanted
    ]


def _bare(line: str) -> str:
    """Take indentation and quote marks off."""
    return line.strip().lstrip("> \t")
