"""An S3 server on loopback that fails on request, and records the calls it receives.

It implements what a store needs of S3: list, get, put if absent, delete. Tests of a working bucket
use moto or a real server; this one simulates failures.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@dataclass
class Fake:
    """The objects of the server, how it answers, and the calls it received."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    """By path: `/bucket/prefix/name`."""
    asked: list[str] = field(default_factory=list)
    """Methods and paths of the calls, in order."""
    answer: Callable[[str, str], int] = lambda method, path: 0
    """The status to answer with; 0 handles the call; -1 answers nothing until the end."""
    conditional: bool = True
    """Whether the server honours `If-None-Match: *`."""
    forgetful: set[str] = field(default_factory=set)
    """Names whose first write is stored but answered with 500."""
    seconds: float = 0.0
    """How long each answer takes, in seconds."""
    sizes: dict[str, int] = field(default_factory=dict)
    """By path: a size to announce in place of the object's own; then no byte of it comes."""
    most_at_once: dict[str, int] = field(default_factory=dict)
    """By suffix: the largest number of calls to get an object that were answered together."""
    getting: dict[str, int] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def getting_of(self, method: str, path: str) -> Iterator[None]:
        """Count a call to get an object while it is answered."""
        suffix = path.rsplit(".", 1)[-1] if method == "GET" else ""
        with self.lock:
            self.getting[suffix] = self.getting.get(suffix, 0) + 1
            self.most_at_once[suffix] = max(self.getting[suffix], self.most_at_once.get(suffix, 0))
        yield
        with self.lock:
            self.getting[suffix] -= 1

    def names(self) -> set[str]:
        """Return the last path component of each object's name."""
        return {path.rsplit("/", 1)[-1] for path in self.objects}


@contextmanager
def running() -> Iterator[Fake]:
    """Run a server until the end of the block."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # buffer an answer into one packet, which avoids delayed acknowledgements

        def handle_all(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            parts = urlsplit(self.path)
            path, query = unquote(parts.path), parse_qs(parts.query)
            fake.asked.append(f"{self.command} {path}")
            with fake.getting_of(self.command, path):
                time.sleep(fake.seconds)
            status = fake.answer(self.command, path)
            if status == -1:
                fake.ended.wait(30)
                self.close_connection = True
                return
            # Some servers echo signed headers in the answer to a refused call.
            echo = f"<Error><Got>{self.headers.get('authorization')}</Got></Error>".encode()
            if status:
                self.reply(status, echo)
            elif self.command == "GET" and "list-type" in query:
                self.reply(200, self.listing(path, query["prefix"][0]))
            elif self.command == "GET":
                found = fake.objects.get(path)
                status = 404 if found is None else 200
                self.reply(status, echo if found is None else found, fake.sizes.get(path))
            elif self.command == "PUT":
                self.put(path, body)
            else:  # POST deletes several objects, listed by name
                names = re.findall("<Key>(.*?)</Key>", body.decode())
                for name in names:
                    fake.objects.pop(f"{path.rstrip('/')}/{name}", None)
                done = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
                self.reply(200, f"<DeleteResult>{done}</DeleteResult>".encode())

        def put(self, path: str, body: bytes) -> None:
            condition = self.headers.get("if-none-match") == "*" and fake.conditional
            with fake.lock:
                if condition and path in fake.objects:
                    return self.reply(412, b"")
                fake.objects[path] = body
            name = path.rsplit("/", 1)[-1]
            if name in fake.forgetful:
                fake.forgetful.remove(name)
                return self.reply(500, b"")
            return self.reply(200, b"")

        def listing(self, path: str, prefix: str) -> bytes:
            bucket = f"/{path.strip('/')}/"
            contents = "".join(
                f"<Contents><Key>{escape(name.removeprefix(bucket))}</Key><Size>{len(data)}</Size>"
                "<LastModified>2026-11-22T10:00:00.000Z</LastModified><ETag>e</ETag></Contents>"
                for name, data in sorted(fake.objects.items())
                if name.startswith(bucket + prefix)
            )
            start = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            return f"{start}<IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()

        def reply(self, status: int, body: bytes, size: int | None = None) -> None:
            self.send_response(status)
            self.send_header("ETag", '"e"')
            self.send_header("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")
            self.send_header("Content-Length", str(len(body) if size is None else size))
            self.end_headers()
            if size is not None:
                self.wfile.flush()
                fake.ended.wait(5)  # a client that waits for these bytes runs into its timeout
                self.close_connection = True
                return
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = handle_all

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that timed out has closed its connection

    server = Server(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        fake.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
