"""A loopback server that stands for every API: it answers each request after a fixed time.

In come the pictures it has, all PNG, out goes an address. No two answers of a model are the same
bytes: each picture has the number of its answer in it. It speaks just enough HTTP for Gemini's
`generateContent`, for Kroki and for plain images, and draws nothing: it runs in a process of its
own, and its processor time would otherwise be taken from what is measured. `/count` tells how many
requests there were since it was last asked, and when the first of them came.
"""

import asyncio
import base64
import json
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_END = 12
"""Bytes of the last chunk of a PNG."""


class Server:
    """Answers with one picture after the other."""

    def __init__(self, pictures: list[bytes], latency: float) -> None:
        self._pictures = pictures
        self._answers = [_Answer(data) for data in pictures]
        self._latency = latency
        self._count = 0
        self._first = 0.0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line.partition(b":")[2]))
                kind, body = await self._body(path)
                writer.write(
                    f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n"
                    f"content-length: {len(body)}\r\n\r\n".encode()
                )
                if method != "HEAD":
                    writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _body(self, path: str) -> tuple[str, bytes]:
        if path == "/count":
            told = {"requests": self._count, "first": self._first}
            self._count, self._first = 0, 0.0
            return "application/json", json.dumps(told).encode()
        self._first = self._first or time.time()
        number, which = self._count, self._count % len(self._pictures)
        self._count += 1
        await asyncio.sleep(self._latency)
        if path.endswith(":generateContent"):
            return "application/json", self._answers[which].numbered(number)
        return "image/png", self._pictures[which]


class _Answer:
    """An answer of the Gemini API: what is the same in all with one picture is written once."""

    def __init__(self, picture: bytes) -> None:
        end = len(picture) - _END
        cut = end - end % 3
        part = {"inlineData": {"mimeType": "image/png", "data": "DATA"}}
        content = {"role": "model", "parts": [part]}
        answer = json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]}).encode()
        before, self._after = answer.split(b"DATA")
        self._before = before + base64.b64encode(picture[:cut])
        self._rest, self._end = picture[cut:end], picture[end:]

    def numbered(self, number: int) -> bytes:
        """Write the answer with a number in a comment of its picture."""
        text = b"tEXtComment\0%d" % number
        size, check = (len(text) - 4).to_bytes(4, "big"), zlib.crc32(text).to_bytes(4, "big")
        rest = self._rest + size + text + check + self._end
        return self._before + base64.b64encode(rest) + self._after


@contextmanager
def serving(pictures: list[Path], latency: float) -> Iterator[str]:
    """Run the server in a process of its own; the value is its address."""
    command = [sys.executable, "-m", "benchmarks.server", str(latency), *map(str, pictures)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def asked(url: str) -> tuple[int, float]:
    """Ask a server how many requests there were, and when the first one came; it begins anew."""
    with urllib.request.urlopen(f"{url}/count") as answer:  # noqa: S310 (loopback)
        told = json.load(answer)
    return told["requests"], told["first"]


async def _main(latency: float, paths: list[str]) -> None:
    server = Server([Path(path).read_bytes() for path in paths], latency)
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0, backlog=512, limit=2**20)
    print(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1]), sys.argv[2:]))
