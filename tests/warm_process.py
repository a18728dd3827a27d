"""Python processes that are born with the plugin, its command line and MkDocs imported.

`started(code)` is `python -c code` without the second of imports: a process that has nothing but
modules and one thread is forked for each. So what a test does to such a process, by signals or by
replacing a function, it does to that one alone. Other systems than Linux start Python each time.
"""

import atexit
import functools
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parents[1]

HOST = """
from mkdocs.__main__ import cli
from mkdocs_gemini_images.imaging import encoder
encoder._EFFORT["webp"] = {"method": 0}
encoder._EFFORT["avif"]["speed"] = 10
cli()
"""
"""Runs the command of MkDocs that the arguments are, and encodes with the least effort."""

COMMAND = """
from mkdocs_gemini_images.cli.main import main
main(prog_name="gemini-images")
"""
"""Runs the command of ours that the arguments are."""

_PARENT = """
import functools, gc, importlib, json, os, signal, socket, ssl, sys

for name in json.loads(sys.argv[2]):
    importlib.import_module(name)


def next_child(orders):
    # Returns in each child, with its code; a process between says which it is, and how it ends.
    while True:
        said, files, _, _ = socket.recv_fds(orders, 2**20, 3)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        if not said:
            os._exit(0)
        order = json.loads(said)
        output, errors, ended = files
        if not os.fork():
            orders.close()
            child = os.fork()
            if not child:
                os.setsid()
                os.close(ended)
                os.dup2(output, 1)
                os.dup2(errors, 2)
                os.close(output)
                os.close(errors)
                os.chdir(order["folder"])
                os.environ.clear()
                os.environ.update(order["environment"])
                sys.argv[:] = ["-c", *order["arguments"]]
                return order["code"]
            os.close(output)
            os.close(errors)
            os.closerange(0, 3)
            os.write(ended, f"{child}\\n".encode())
            os.write(ended, str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
            os._exit(0)
        for file in files:
            os.close(file)


os.fsync = os.fstat  # no test cuts the power
ssl.create_default_context = functools.cache(ssl.create_default_context)
ssl.create_default_context(cafile=None)  # reads this machine's certificates
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
gc.collect()
gc.freeze()
orders = socket.socket(fileno=int(sys.argv[1]))
exec(compile(next_child(orders), "<string>", "exec"), {"__name__": "__main__"})
"""

_IMPORTED = [
    "mkdocs.__main__", "mkdocs.commands.build", "mkdocs.theme", "mkdocs.contrib.search",
    "markdown.extensions.attr_list", "markdown.extensions.fenced_code", "markdown.extensions.meta",
    "markdown.extensions.tables", "markdown.extensions.toc", "PIL.WebPImagePlugin",
    "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "encodings.idna", "stringprep", "anyio",
    "anyio._backends._asyncio", "mkdocs.commands.serve", "filelock",
    "mkdocs_gemini_images.plugin", "mkdocs_gemini_images.cli.main",
    "mkdocs_gemini_images.extension", "mkdocs_gemini_images.gemini.client",
    "mkdocs_gemini_images.generation.generator", "mkdocs_gemini_images.imaging.publisher",
    "mkdocs_gemini_images.imaging.encoder", "mkdocs_gemini_images.imaging.cache.bytes_disk",
    "mkdocs_gemini_images.hosts.mkdocs.build_opening", "mkdocs_gemini_images.generation.worker",
    "mkdocs_gemini_images.preview.controller", "mkdocs_gemini_images.preview.web_server",
]  # fmt: skip
"""Not `mkdocs.config.defaults`, which finds the installed plugins as it is imported."""


@functools.cache
def _orders(of_process: int) -> socket.socket:
    """Start what is forked, once for each process that runs tests, and return our end of it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(theirs.fileno()), json.dumps(_IMPORTED)],
        pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONPATH": str(_ROOT)}, cwd=_ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    theirs.close()

    def end() -> None:
        ours.close()
        parent.wait()

    atexit.register(end)
    return ours


class WarmProcess:
    """A forked process; its methods are those of `subprocess.Popen`."""

    def __init__(
        self, code: str, arguments: list[str], folder: Path, files: Sequence[IO[bytes]]
    ) -> None:
        self.returncode: int | None = None
        self._files = files
        reading, ended = os.pipe()
        self._ended = os.fdopen(reading, "rb")
        order = {"code": code, "arguments": arguments, "folder": str(folder),
                 "environment": dict(os.environ)}  # fmt: skip
        given = [files[0].fileno(), files[-1].fileno(), ended]
        socket.send_fds(_orders(os.getpid()), [json.dumps(order).encode()], given)
        os.close(ended)
        self.pid = int(self._ended.readline())

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def poll(self) -> int | None:
        """Return how the process ended, or None."""
        return self._end(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, and return how it was. Raises `subprocess.TimeoutExpired`."""
        if self._end(timeout) is None:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end, and return output and errors. Raises `subprocess.TimeoutExpired`."""
        self.wait(timeout)
        texts = ["", ""]
        for at, file in enumerate(self._files):
            file.seek(0)
            texts[at] = file.read().decode()
            file.close()
        return texts[0], texts[1]

    def _end(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
            self.returncode = int(self._ended.read())
            self._ended.close()
        return self.returncode


Process = WarmProcess | subprocess.Popen[str]


def started(
    code: str, *arguments: object, folder: Path = _ROOT, merged: bool = False,
    log: Path | None = None,
) -> Process:  # fmt: skip
    """Start Python code in a process and a session of its own; `merged` is its output with errors.

    It has this process's environment. `log` is the file that both are written to.
    """
    words = [str(each) for each in arguments]
    with log.open("wb") if log else nullcontext(subprocess.PIPE) as output:
        if sys.platform == "linux":
            if not isinstance(output, int):
                return WarmProcess(code, words, folder, [output])
            files = [tempfile.TemporaryFile() for _ in range(1 if merged else 2)]  # noqa: SIM115
            return WarmProcess(code, words, folder, files)
        return subprocess.Popen(
            [sys.executable, "-c", code, *words], cwd=folder, text=True, stdout=output,
            stderr=subprocess.STDOUT if merged or log else subprocess.PIPE, start_new_session=True,
        )  # fmt: skip


def run(code: str, *arguments: object, folder: Path = _ROOT, timeout: float = 120) -> str:
    """Run Python code to its end and return its output; it ends well, or its errors are shown."""
    process = started(code, *arguments, folder=folder)
    output, errors = process.communicate(timeout=timeout)
    assert process.returncode == 0, errors
    return output
