"""Write the requests of a batch job: lines of a file, or one body with all of them.

In: keys and bodies of requests, as for a single picture. Out: bytes. A key names the answer of its
request. Pure.
"""

import json
from collections.abc import Iterable

MAX_INLINE_BYTES = 20 * 10**6
"""The most that a job without a file may hold."""
MAX_FILE_BYTES = 2 * 10**9
"""The most that a file of requests may hold."""


def request_line(key: str, body: bytes) -> bytes:
    """Return one line of a file of requests; `body` is JSON on one line."""
    return b'{"key":"%s","request":%s}\n' % (key.encode(), body)


def job_of_file(display_name: str, file_name: str) -> bytes:
    """Return the body that creates a job whose requests are in an uploaded file."""
    batch = {"displayName": display_name, "inputConfig": {"fileName": file_name}}
    return json.dumps({"batch": batch}).encode()


def job_of_requests(display_name: str, items: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the body that creates a job with its requests in it, as pairs of key and body."""
    written = b",".join(
        b'{"request":%s,"metadata":{"key":"%s"}}' % (body, key.encode()) for key, body in items
    )
    name = json.dumps(display_name).encode()
    config = b'{"requests":{"requests":[%s]}}' % written
    return b'{"batch":{"displayName":%s,"inputConfig":%s}}' % (name, config)
