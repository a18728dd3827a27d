"""A till: it answers every request for a picture with a small new one, and writes each bill down.

A process of its own, because those who are killed must not take it with them. A bill is written
when a request has come, before anything is answered: a process that is killed then has paid. No two
pictures are alike, so that a digest tells which bill a picture belongs to.
"""

import argparse
import asyncio
import base64
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

KEY = "canary-7c2a-till-key-of-all-tests"
WIDTH, HEIGHT = 32, 18


@dataclass(frozen=True)
class Bill:
    """One line of the till's roll: what was asked for, and the digest of what was sold."""

    prompt: str
    sha256: str


@dataclass(frozen=True)
class Till:
    """A running till."""

    url: str
    roll: Path

    def bills(self) -> list[Bill]:
        """Read all bills so far."""
        lines = self.roll.read_text(encoding="utf-8").splitlines() if self.roll.exists() else []
        return [Bill(*json.loads(line)) for line in lines]


def picture(number: int, words: str = "") -> bytes:
    """Make a small PNG that is like no other."""
    seed = sha256(f"{number} {words}".encode()).digest()
    pixels = (seed * (WIDTH * HEIGHT * 3 // len(seed) + 1))[: WIDTH * HEIGHT * 3]
    rows = (pixels[at : at + WIDTH * 3] for at in range(0, len(pixels), WIDTH * 3))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def answer(data: bytes, number: int) -> bytes:
    """Write the answer that brings a picture."""
    inline = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
    usage = {
        "promptTokenCount": 9, "candidatesTokenCount": 747,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 747}],
    }  # fmt: skip
    parts = [{"text": "Here it is."}, {"inlineData": inline, "thoughtSignature": f"sig{number}"}]
    value = {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}],
        "usageMetadata": usage,
        "modelVersion": "till-1",
        "responseId": f"r{number}",
    }
    return json.dumps(value).encode()


@contextmanager
def serving(roll: Path, *, slowest: float = 0.06) -> Iterator[Till]:
    """Run a till in a process of its own; `slowest` is the longest wait before an answer."""
    command = [sys.executable, "-m", "tests.crash.till", str(roll), "--slowest", str(slowest)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Till(process.stdout.readline().strip(), roll)
        finally:
            process.kill()


class _Counter:
    """Serves one connection after another."""

    def __init__(self, roll: int, slowest: float) -> None:
        self._roll = roll
        self._slowest = slowest
        self._sold = 0
        self._random = Random(7)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                await self._sell(reader, writer)
        writer.close()

    async def _sell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        prompt = json.loads(await reader.readexactly(length))["contents"][-1]["parts"][-1]["text"]
        self._sold += 1
        number = self._sold
        data = picture(number, prompt)
        line = json.dumps([prompt, sha256(data).hexdigest()])
        os.write(self._roll, f"{line}\n".encode())
        await self._wait()
        body = answer(data, number)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        whole = head + b"content-length: %d\r\n\r\n" % len(body) + body
        if not self._slowest or self._random.random() < 0.5:
            writer.write(whole)
        else:  # in two pieces, so that some die between them
            cut = self._random.randrange(1, len(whole))
            writer.write(whole[:cut])
            await writer.drain()
            await self._wait()
            writer.write(whole[cut:])
        await writer.drain()

    async def _wait(self) -> None:
        if self._slowest:
            await asyncio.sleep(self._random.uniform(0, self._slowest))


async def _main(roll: str, slowest: float) -> None:
    file = os.open(roll, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = await asyncio.start_server(_Counter(file, slowest).serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("roll")
    parser.add_argument("--slowest", type=float, default=0.06)
    asyncio.run(_main(**vars(parser.parse_args())))
