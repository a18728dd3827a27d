"""The files that clients upload, in memory, and their JSON.

Bytes come in through a resumable upload, in one piece or several; a file is deleted by its client
or after 48 hours (API reference, "Files API and input limits").
"""

import hashlib
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LIFETIME = 48 * 3600.0
"""Seconds until a file expires."""
MAX_FILE_BYTES = 2 * 2**30


def timestamp(seconds: float) -> str:
    """Return a time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")[:26] + "Z"


@dataclass(slots=True)
class Upload:
    """An upload that is not complete."""

    display_name: str
    mime_type: str
    size: int
    name: str = ""
    """The name that the client asks for, or empty."""
    data: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One complete file."""

    id: str
    display_name: str
    mime_type: str
    data: bytes
    created: float

    def as_json(self, base: str) -> dict[str, Any]:
        """Return the file as the API describes it; `base` is the server's address with version."""
        digest = hashlib.sha256(self.data).hexdigest()
        return {
            "name": f"files/{self.id}",
            "displayName": self.display_name,
            "mimeType": self.mime_type,
            "sizeBytes": str(len(self.data)),
            "createTime": timestamp(self.created),
            "updateTime": timestamp(self.created),
            "expirationTime": timestamp(self.created + LIFETIME),
            # The API writes the base64 of the digits, and not of the digest.
            "sha256Hash": b64encode(digest.encode()).decode(),
            "uri": f"{base}/files/{self.id}",
            "state": "ACTIVE",
            "source": "UPLOADED",
        }


class FileStore:
    """All files of one emulator."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}
        self._files: dict[str, StoredFile] = {}

    def begin(self, upload: Upload) -> str:
        """Take the announcement of a file, and return the id of its upload."""
        upload_id = secrets.token_hex(16)
        self._uploads[upload_id] = upload
        return upload_id

    def upload(self, upload_id: str) -> Upload | None:
        """Return an upload that is not complete, or None."""
        return self._uploads.get(upload_id)

    def finish(self, upload_id: str) -> StoredFile:
        """Return the file that an upload has become."""
        upload = self._uploads.pop(upload_id)
        name = upload.name.removeprefix("files/") or secrets.token_hex(6)
        stored = StoredFile(
            name, upload.display_name, upload.mime_type, bytes(upload.data), time.time()
        )
        self._files[name] = stored
        return stored

    def get(self, name: str) -> StoredFile | None:
        """Return a file by its name `files/...` or its id; None when it is gone or has expired."""
        file = self._files.get(name.removeprefix("files/"))
        return file if file is not None and time.time() < file.created + LIFETIME else None

    def delete(self, name: str) -> bool:
        """Delete a file, and return whether it was there."""
        return self._files.pop(name.removeprefix("files/"), None) is not None

    def all(self) -> list[StoredFile]:
        """Return all files, the newest first."""
        return [file for each in reversed(self._files) if (file := self.get(each)) is not None]
