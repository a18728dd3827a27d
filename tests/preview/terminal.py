"""A live preview in a terminal of its own, at which a test reads and types as an author does."""

import os
import pty
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from tests.integration.site import Site
from tests.preview.serving import Served, connect, wait_until


class Terminal:
    """The author's side of a terminal."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._seen = bytearray()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def text(self) -> str:
        """What has been on the screen so far."""
        return self._seen.decode(errors="replace").replace("\r\n", "\n")

    @property
    def questions(self) -> list[str]:
        return [line for line in self.text.split("\n") if "[y/N]" in line]

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def until_asked(self, times: int = 1) -> str:
        wait_until(lambda: len(self.questions) == times and self.text.endswith("\n"))
        return self.questions[-1]

    def _read(self) -> None:
        with suppress(OSError):  # the other side has gone
            while part := os.read(self._master, 4096):
                self._seen += part


_LEADER = """
import fcntl, os, signal, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
if sys.argv[1] == "background":
    other = subprocess.Popen(["sleep", "600"], process_group=0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, other.pid)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
os.execv(sys.argv[2], sys.argv[2:])
"""


@contextmanager
def serve_in_terminal(
    here: Site, *, place: str = "foreground"
) -> Iterator[tuple[Served, Terminal]]:
    """Serve a site from a terminal, in its foreground or in its background."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"]
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _LEADER, place, *command], cwd=here.root, start_new_session=True,
        stdin=slave, stdout=slave, stderr=slave, text=True,
    )  # fmt: skip
    os.close(slave)
    terminal = Terminal(master)
    served = Served(port, process)
    try:
        connect(served, lambda: terminal.text)
        yield served, terminal
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(40)
        os.close(master)
    assert "Traceback" not in terminal.text, terminal.text
    here.check_secrets([terminal.text])
