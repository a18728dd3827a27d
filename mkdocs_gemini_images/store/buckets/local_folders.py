"""The folders that a bucket has in the cache of this machine, and how they are named.

Windows takes 259 characters of a path, so all names are short. Earlier versions named the folder
`bucket-…`, and those in it by whole words and files by whole keys. What waits for the bucket there
was paid for, and is still found; copies are fetched again.
"""

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.store.pair_names import SHORT

LONGEST = f"b-{'0' * 10}/a0/{'0' * SHORT}.json"
"""A path below the cache as long as the longest of these."""


@dataclass(frozen=True, slots=True)
class LocalFolders:
    """The folders of one bucket, all in one folder."""

    folder: Path
    earlier: Path
    """That folder, as earlier versions named it."""

    @property
    def mirror(self) -> Path:
        """The copies of what the bucket has."""
        return self.folder / "m"

    @property
    def waiting(self) -> Path:
        """What was bought here and is not in the bucket yet."""
        return self.folder / "w"

    @property
    def notes(self) -> Path:
        """The notes of files that were made from pictures."""
        return self.folder / "f"

    @property
    def proof(self) -> Path:
        """The file that says that the bucket lets the first of two writes win."""
        return self.folder / "proven"

    def aside(self, number: int) -> Path:
        """What was bought after another machine had been first: one picture of a key in each."""
        return self.folder / f"a{number}"

    @property
    def earlier_waiting(self) -> Path:
        """What waits for the bucket, in the folder of an earlier version."""
        return self.earlier / "waiting"

    @property
    def earlier_notes(self) -> Path:
        """The notes of an earlier version."""
        return self.earlier_waiting / "files"


def local_folders(cache: Path, address: str) -> LocalFolders:
    """Return the folders of the store at an address, below `cache`."""
    proof = sha256(address.encode())
    place = b32encode(proof.digest()).decode().lower()[:10]
    return LocalFolders(cache / f"b-{place}", cache / f"bucket-{proof.hexdigest()[:12]}")
