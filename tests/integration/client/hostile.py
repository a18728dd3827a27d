"""A server that misbehaves on purpose: raw bytes over a loopback socket, one answer a connection.

A request's prompt is the name of the answer it gets, from `ANSWERS`. Each answer is a function that
is given the socket and does with it what it likes. The server writes down every request, and how
many connections it had: a trap is such a server to which no request may come.
"""

import base64
import io
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from PIL import Image

from mkdocs_gemini_images.emulator.answers.corruption import decompression_bomb, repeated_deflate

Answer = Callable[[socket.socket], None]
MIB = 1 << 20


@dataclass
class Heard:
    """One request as it came."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes
    time: float

    @property
    def prompt(self) -> str:
        """The last turn's text; the path of a request without a body, such as `/v1beta/models`."""
        if not self.body:
            return self.line.split()[1].partition("?")[0]
        text: str = json.loads(self.body)["contents"][-1]["parts"][-1]["text"]
        return text


@dataclass
class Hostile:
    """A running server."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    play: list[Answer] = field(default_factory=list)
    """Answers in their order, the last one again and again; instead of by prompt."""
    requests: list[Heard] = field(default_factory=list)
    connections: int = 0

    def serve(self, connection: socket.socket) -> None:
        """Hear one request and answer it."""
        with connection, suppress(OSError):
            connection.settimeout(20)
            heard = _hear(connection)
            if heard is None:
                return
            self.requests.append(heard)
            if self.play:
                answer = self.play[min(len(self.requests), len(self.play)) - 1]
            else:
                answer = self.answers[heard.prompt]
            answer(connection)


@contextmanager
def hostile(answers: dict[str, Answer] | None = None, *play: Answer) -> Iterator[Hostile]:
    """Run such a server in threads of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server = Hostile(f"http://127.0.0.1:{listener.getsockname()[1]}", answers or {}, list(play))

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    server.connections += 1
                    threading.Thread(target=server.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _hear(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (h.partition(":") for h in rest)]
    length = int(dict(headers).get("content-length", "0"))
    while len(body) < length:
        body += connection.recv(65536)
    return Heard(line, headers, body, time.monotonic())


# How an answer is sent.


def raw(data: bytes) -> Answer:
    """Send these bytes, and hang up."""
    return lambda connection: connection.sendall(data)


def http(body: bytes = b"", status: str = "200 OK", **headers: str) -> Answer:
    """Send a well-formed answer."""
    named = {"Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    return raw("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def reset(data: bytes) -> Answer:
    """Send these bytes, and reset the connection."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return answer


def drip(head: bytes, drops: bytes = b" ", every: float = 0.1) -> Answer:
    """Send the head, then drops, each in time, the whole never."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            time.sleep(every)
            connection.sendall(drops)

    return answer


def flood(head: bytes, wave: bytes, waves: int = 100_000) -> Answer:
    """Send the head, then as much as the client takes."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(waves):
            connection.sendall(wave)

    return answer


def silent(connection: socket.socket) -> None:
    """Say nothing until the client has gone."""
    connection.recv(1)


# What an answer holds.


def png(width: int = 64, height: int = 36, fmt: str = "PNG") -> bytes:
    """Make a small sound picture."""
    file = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(file, fmt)
    return file.getvalue()


def chunks(*named: tuple[bytes, bytes]) -> bytes:
    """Write a PNG of these chunks, with right checksums."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
        for name, data in named
    )


def header(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IHDR", width.to_bytes(4) + height.to_bytes(4) + bytes((8, 2, 0, 0, 0))


def reply(picture: Any, **more: Any) -> bytes:
    """Write the JSON of an answer with a picture."""
    data = base64.b64encode(picture).decode() if isinstance(picture, bytes) else picture
    part = {"inlineData": {"mimeType": "image/png", "data": data}}
    candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", **more}
    return json.dumps({"candidates": [candidate]}).encode()


def said(value: Any) -> Answer:
    return http(json.dumps(value).encode())


def error(value: Any, status: str = "400 Bad Request", **headers: str) -> Answer:
    return http(json.dumps({"error": value}).encode(), status, **headers)


GOOD = reply(png())
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
_GZIP = _OK + b"Content-Encoding: gzip\r\n"
_DEFLATE = _OK + b"Content-Encoding: deflate\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_SOUND, _JPEG = png(), png(fmt="JPEG")
_BITS = zlib.compress(bytes(36 * (64 * 3 + 1)))
_DAMAGED = zlib.compress(
    b"".join(b"\0" + bytes(Random(row).choices(range(9), k=192)) for row in range(36))
)


def _zipped(data: bytes) -> bytes:
    press = zlib.compressobj(wbits=31)
    return press.compress(data) + press.flush()


def gzip_bomb(mib: int) -> bytes:
    """Pack so many megabytes of white space, without ever having them."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + repeated_deflate(b" " * MIB, mib)


def deflate_bomb(mib: int) -> bytes:
    """Pack so many megabytes of white space as deflate without a header."""
    return repeated_deflate(b" " * MIB, mib)


def zlib_bomb(mib: int) -> bytes:
    """Pack so many megabytes of nothing as zlib, as a chunk of a picture has them."""
    check = zlib.adler32(b"")
    for _ in range(mib):
        check = zlib.adler32(bytes(MIB), check)
    return repeated_deflate(bytes(MIB), mib, head=b"\x78\xda") + check.to_bytes(4)


def parts(*values: Any) -> Answer:
    return said({"candidates": [{"content": {"parts": list(values)}}]})


@cache
def answers(trap: str = "http://127.0.0.1:9") -> dict[str, Answer]:
    """Name all answers; redirects lead to `trap`, by default to where no server is."""
    found: dict[str, Answer] = {
        # No HTTP, or a broken one.
        "nothing at all": raw(b""),
        "reset at once": reset(b""),
        "garbage": raw(b"\0\xff\xfe garbage\r\n\r\n"),
        "another protocol": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
        "status in words": raw(b"HTTP/1.1 OK\r\n\r\n"),
        "version nine": raw(b"HTTP/9.9 200 OK\r\n\r\n"),
        "status of two digits": raw(b"HTTP/1.1 20 OK\r\n\r\n"),
        "status 999": http(b"?", "999 Beyond"),
        "switching protocols": raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        "continue for ever": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 2000),
        "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "partial content": http(GOOD, "206 Partial Content"),
        "not modified": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        "endless headers": flood(_OK, b"X-More: and more\r\n" * 100),
        "one long header": flood(_OK + b"X-Long: ", b"x" * 65536),
        "header with nul": raw(_OK + b"X: a\0b\r\n\r\n" + GOOD),
        "header without name": raw(_OK + b": x\r\n\r\n" + GOOD),
        "two lengths": raw(_OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        "length in words": raw(_OK + b"Content-Length: many\r\n\r\n" + GOOD),
        "length below zero": raw(_OK + b"Content-Length: -5\r\n\r\n" + GOOD),
        "length too long": raw(_OK + b"Content-Length: 999999\r\n\r\n" + GOOD),
        "length too short": raw(_OK + b"Content-Length: 99\r\n\r\n" + GOOD),
        "chunk of no size": raw(_CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n"),
        "chunk that is cut": raw(_CHUNKED + b"ffff\r\n" + GOOD[:500]),
        "chunks without end": raw(_CHUNKED + b"%x\r\n%b\r\n" % (len(GOOD), GOOD)),
        "unknown transfer": raw(_OK + b"Transfer-Encoding: quantum\r\n\r\n" + GOOD),
        "cut in the middle": reset(_OK + b"Content-Length: 999\r\n\r\n" + GOOD[:200]),
        # Slow, endless, swollen.
        "never": silent,
        "headers in drops": drip(_OK, b"X: y\r\n"),
        "body in drops": drip(_OK + b"\r\n" + GOOD[:100]),
        "error in drops": drip(b"HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n"),
        "endless body": flood(_OK + b"\r\n", b" " * MIB),
        "endless error": flood(b"HTTP/1.1 400 Bad\r\n\r\n", b"x" * MIB),
        "gzip bomb": raw(_GZIP + b"\r\n" + gzip_bomb(600)),
        "gzip bomb as an error": raw(
            b"HTTP/1.1 500 Bad\r\nContent-Encoding: gzip\r\n\r\n" + gzip_bomb(600)
        ),
        "broken gzip": raw(_GZIP + b"\r\n" + _zipped(GOOD)[:40] + b"\0" * 99),
        "cut gzip": raw(_GZIP + b"\r\n" + _zipped(GOOD)[:-300]),
        "gzip that is none": raw(_GZIP + b"\r\n" + GOOD),
        "brotli": http(GOOD, Content_Encoding="br"),
        "deflate that is none": http(GOOD, Content_Encoding="deflate"),
        "cut deflate": http(zlib.compress(GOOD)[:-300], Content_Encoding="deflate"),
        "deflate bomb": raw(_DEFLATE + b"\r\n" + deflate_bomb(600)),
        "zstd": http(GOOD, Content_Encoding="zstd"),
        "packed twice": http(_zipped(_zipped(GOOD)), Content_Encoding="gzip, gzip"),
        # No JSON, or an odd one.
        "empty body": http(b""),
        "web page": http(b"<!doctype html><title>Sign in</title>", Content_Type="text/html"),
        "cut json": http(GOOD[: len(GOOD) // 2]),
        "deep lists": http(b'{"candidates":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        "deep objects": http(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        "huge number": http(b'{"candidates":' + b"9" * 1_000_000 + b"}"),
        "no unicode": http(b'{"candidates": "\xff\xfe\xfd"}'),
        "null": http(b"null"),
        "a number": http(b"7"),
        "a word": http(b'"picture"'),
        "error with 200": said({"error": {"code": 500, "message": "no"}}),
        "error null with 200": said({"error": None}),
        "candidates as number": said({"candidates": 7}),
        "candidates of lists": said({"candidates": [[{"content": {}}], None, 7]}),
        "content as text": said({"candidates": [{"content": "picture"}]}),
        "parts as object": said({"candidates": [{"content": {"parts": {"inlineData": {}}}}]}),
        "parts of anything": parts(1, None, "x", [], {"inlineData": 7}, {"text": 7}),
        "data as number": parts({"inlineData": {"data": 7, "mimeType": 8}}),
        "data as list": parts({"inlineData": {"data": ["aGVsbG8="]}}),
        "feedback as list": said({"promptFeedback": [1], "candidates": [{"finishReason": {}}]}),
        "reason as number": said({"candidates": [{"finishReason": 7, "finishMessage": [1]}]}),
        "reason with colours": said(
            {"candidates": [{"finishReason": "X\x1b[31m\r\nWARNING: all is well\u202e"}]}
        ),
        "reason without end": said({"candidates": [{"finishReason": "x" * 500_000}]}),
        # No picture, or a bad one.
        "bad base64": http(reply("!!!!" * 50)),
        "base64 of nothing": http(reply("====")),
        "svg": http(reply(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")),
        "html as picture": http(reply(b"<html><script>alert(1)</script></html>")),
        "eps": http(reply(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")),
        "gif": http(reply(png(fmt="GIF"))),
        "bmp": http(reply(png(fmt="BMP"))),
        "tiff": http(reply(png(fmt="TIFF"))),
        "pdf": http(reply(b"%PDF-1.7\n1 0 obj\n")),
        "png bomb": http(reply(decompression_bomb())),
        "text bomb": http(reply(chunks(
            header(64, 36), (b"zTXt", b"k\0\0" + zlib_bomb(64)),
            (b"IDAT", _BITS), (b"IEND", b"")))),
        "jpeg of four gigapixels": http(reply(
            _JPEG.replace(b"\x08\x00\x24\x00\x40", b"\x08\xff\xff\xff\xff", 1))),
        "script after a png": http(reply(_SOUND + b"<script>alert(1)</script>")),
        "script after a jpeg": http(reply(_JPEG + b"<script>alert(1)</script>")),
        "cut png": http(reply(_SOUND[: len(_SOUND) // 2])),
        "cut jpeg": http(reply(_JPEG[: len(_JPEG) // 2])),
        "png without pixels": http(reply(chunks(header(0, 0), (b"IEND", b"")))),
        "png without data": http(reply(chunks(header(64, 36), (b"IEND", b"")))),
        "damaged pixels": http(reply(chunks(
            header(64, 36), (b"IDAT", _DAMAGED[:500] + b"\xff" * 500), (b"IEND", b"")))),
        "wrong checksum": http(reply(_SOUND[:60] + bytes([_SOUND[60] ^ 1]) + _SOUND[61:])),
        "magic alone": http(reply(b"\x89PNG\r\n\x1a\n")),
        "webp without frame": http(reply(b"RIFF\x04\0\0\0WEBP")),
        # Errors, in odd shapes.
        "error null": error(None),
        "error as number": error(7),
        "error as list": error([1, 2]),
        "error of odd types": error({"message": [1], "code": {}, "status": 7, "details": 7}),
        "details of odd types": error({"message": None, "details": [7, None, {"reason": {}}]}),
        "odd delay": error({"message": "slow down", "details": [{"retryDelay": {"s": 1}}]},
                           "429 Too Many Requests", Retry_After="tomorrow"),
        "delay without end": error("x", "429 Too Many Requests", Retry_After="9" * 400),
        "delay below zero": error("x", "429 Too Many Requests", Retry_After="-5"),
        "error with colours": error({"message": "\x1b[2J\r\nERROR: pay now\0"}),
        "error without end": error({"message": "x" * 60_000}),
        "deep error": http(b"[" * 50_000, "500 Bad"),
        "error in latin": http("Schlüssel ungültig".encode("latin-1"), "401 Unauthorized"),
    }  # fmt: skip
    for status in (301, 302, 303, 307, 308):
        found[f"redirect {status}"] = http(b"", f"{status} Moved", Location=f"{trap}/v1beta/x")
    found["redirect to nowhere"] = http(b"", "302 Found")
    found["redirect by refresh"] = http(b"", "200 OK", Refresh=f"0; url={trap}", Link=f"<{trap}>")
    return found
