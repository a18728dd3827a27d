"""Asks the author at the terminal whether a press beyond the session's limits may spend.

In: a question. Out: whether the answer was yes. A page's script can press buttons but cannot type
here. The question is a whole line, so that lines of the log before and after it stay whole; what
was typed before it does not count. It waits in the thread that asks, holds no lock of the standard
input, and ends with the process: Ctrl-C is as quick as without it. There is no question where the
preview has no terminal, where it runs in the background of one, or on systems without termios.
"""

import os
import select
import sys
import time
from collections.abc import Callable

_PAUSE = 0.2
"""Seconds between two looks at whether the question is over."""
_MAX_ANSWER = 2**10
"""Bytes; a longer line is no answer."""


def can_ask() -> bool:
    """Return whether there is a terminal at which the author can read and type."""
    try:
        import termios  # noqa: F401 (exists where terminals can be asked)

        both = sys.stdin.isatty() and sys.stderr.isatty()
        return both and _is_in_foreground(sys.stdin.fileno())
    except (ImportError, AttributeError, ValueError, OSError):
        return False  # a process may have no standard streams, or closed ones


def ask_at_terminal(question: str, is_over: Callable[[], bool]) -> bool:
    """Write a question, wait for a line, and return whether it is `y` or `yes`.

    False as well when `is_over` returns true, or when the terminal is lost.
    """
    import termios

    try:
        terminal = sys.stdin.fileno()
        termios.tcflush(terminal, termios.TCIFLUSH)
        sys.stderr.write(f"{question}\n")
        sys.stderr.flush()
        return _read_line(terminal, is_over).strip().lower() in (b"y", b"yes")
    except (OSError, ValueError, termios.error):
        return False


def _read_line(terminal: int, is_over: Callable[[], bool]) -> bytes:
    typed = b""
    while not is_over():
        if not _is_in_foreground(terminal):
            time.sleep(_PAUSE)  # to read there would stop the process
        elif select.select([terminal], [], [], _PAUSE)[0]:
            part = os.read(terminal, _MAX_ANSWER)
            typed += part
            if not part or typed.endswith(b"\n") or len(typed) > _MAX_ANSWER:
                return typed
    return b""


def _is_in_foreground(terminal: int) -> bool:
    """Whether this process may read the terminal: not one that a shell has put in background."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return True  # the terminal controls no processes
