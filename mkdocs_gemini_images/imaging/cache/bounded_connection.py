"""Open an SQLite database that a stranger may have made, with bounds on time and memory.

A statement that takes too many steps is interrupted; a text or a value that is too long is an
error before it is read. Functions in a schema are not believed, other databases are not attached.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

_STEPS = 1_000
"""Steps of SQLite's machine between two looks at the budget."""
_WAIT = 60.0
"""Seconds to wait for another process that writes."""


class Budget:
    """How many steps the statements of a connection may still take."""

    def __init__(self, steps: int) -> None:
        self.whole = self.left = steps // _STEPS

    def renew(self, steps: int) -> None:
        """Allow the next statement so many steps."""
        self.left = steps // _STEPS

    def __call__(self) -> bool:
        """Return whether the statement is interrupted; SQLite asks as it goes."""
        self.left -= 1
        return self.left < 0


def connect_database(
    file: str, budget: Budget, *, longest: int, at_rest: bool = False
) -> sqlite3.Connection:
    """Return a connection that reads no text or value of more than `longest` bytes.

    It waits for other processes. `at_rest` says that no process writes to the database: then it is
    only read, and no file is made beside it. Raises `sqlite3.Error`.
    """
    name = f"{Path(file).absolute().as_uri()}?immutable=1" if at_rest else file
    connection = sqlite3.connect(name, timeout=_WAIT, isolation_level=None, uri=at_rest)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(budget, _STEPS)
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA cell_size_check = 1")
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA cache_size = -8192")
        # A new database gets no journal beside it: one that is there is a stranger's.
        if connection.execute("PRAGMA journal_mode").fetchone() == ("delete",):
            with suppress(sqlite3.OperationalError):  # another process has just made it
                connection.execute("PRAGMA journal_mode = memory")
    except BaseException:
        connection.close()
        raise
    return connection
