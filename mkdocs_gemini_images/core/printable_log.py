"""Let nothing into a log that acts upon a terminal, a reader's eye or a CI runner.

The one place through which all log lines of this package pass: messages quote sidecars, servers and
journals, and a message that forgets to clean what it quotes is cleaned here.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from mkdocs_gemini_images.core.diagnostics import single_line


class _SingleLine(logging.Filter):
    """Writes each record's message on one line of printable characters."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = single_line(record.getMessage()), ()
        return True


class PrefixedLogger(logging.LoggerAdapter[logging.Logger]):
    """Writes each message behind the name of the package."""

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """Return the message with the name."""
        return f"gemini-images: {msg}", kwargs


def printable_logger(name: str) -> logging.Logger:
    """Return the logger of that name, whose messages are printable lines."""
    logger = logging.getLogger(name)
    if not any(isinstance(each, _SingleLine) for each in logger.filters):
        logger.addFilter(_SingleLine())
    return logger
