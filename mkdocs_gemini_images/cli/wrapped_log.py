"""Formats what a command logs in lines that a terminal shows without breaking words.

In: a log record. Out: its level and message, wrapped below the message's first word on a terminal;
elsewhere, as in a log of CI, each line as it is.
"""

import logging
import shutil
import sys
import textwrap

MOST_COLUMNS = 80
"""The longest line on a terminal, in characters."""
_INDENT = " " * 8


class WrappedFormatter(logging.Formatter):
    """Wraps messages for the terminal that standard error is, if it is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as lines."""
        text = f"{record.levelname:<7} {super().format(record)}"
        if not sys.stderr.isatty():
            return text
        columns = min(MOST_COLUMNS, shutil.get_terminal_size().columns)
        return "\n".join(wrapped(line, columns) for line in text.splitlines())


def wrapped(line: str, columns: int) -> str:
    """Return a line as several of at most `columns` characters; a longer word stays whole."""
    if len(line) <= columns:
        return line
    start = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line, max(columns, 2 * len(_INDENT)), subsequent_indent=start or _INDENT,
        break_long_words=False, break_on_hyphens=False, replace_whitespace=False,
        drop_whitespace=True,
    )  # fmt: skip
