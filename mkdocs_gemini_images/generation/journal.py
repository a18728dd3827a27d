"""Keep the requests that are under way, and their answers, until the pictures are in stock.

An intent is written before its request is sent; the answer's bytes go to another file as they
arrive, and are durable under their final name before they are parsed. After an interrupted build
the next holder of the generator's lock finds here answers to recover without a further request, and
intents without an answer, which count as billed since their outcome is unknown.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.store.record import STORED_NAMES

_REMEMBERED = 7 * 86400.0
"""Seconds for which a refused request is not sent again."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One request that is about to be sent, with what the sidecar of its picture needs."""

    key: str
    request: Mapping[str, Any]
    """The canonical request that the key is the hash of."""
    author_digest: str
    id: str
    price: float | None
    """USD it is expected to cost."""
    time: str
    """UTC, ISO 8601, seconds."""
    sent: tuple[str, ...] = ()
    """Digests of the pictures whose bytes the request contains."""
    alt: str = ""
    """The text alternative of the directive, if it has a name."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """What an earlier build left of one request: its intent, and its answer if that arrived."""

    intent: Intent
    answer: Path | None


class Journal:
    """A folder of intents and answers. Only the holder of the generator's lock writes to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, intent: Intent) -> "JournalEntry":
        """Write a durable intent to send a request, and return its entry. Raises `OSError`."""
        entry = JournalEntry(self.folder, f"{intent.key}.{time.time_ns():x}")
        atomic_files.write(entry.intent, _as_json(intent))
        return entry

    def left(self) -> Iterator[tuple["JournalEntry", PendingEntry]]:
        """Yield what earlier builds left, and remove intents whose request was never sent."""
        for path in sorted(self.folder.glob("*.intent")):
            entry = JournalEntry(self.folder, path.name.removesuffix(".intent"))
            try:
                value = json.loads(path.read_bytes())
                intent = _intent(value)
            except (ValueError, TypeError, AttributeError):
                # An intent is durable before its request is sent: the request of an incomplete
                # intent was not sent. If it has an answer, the file was damaged later; the answer
                # is paid, so both files stay.
                if not entry.answer.exists():
                    entry.forget()
                continue
            yield entry, PendingEntry(intent, entry.answer if entry.answer.exists() else None)

    def refusal(self, key: str) -> str | None:
        """Return what the model answered lately instead of a picture, and when, or None."""
        try:
            with open(f"{self.folder}/refused/{key}.json", "rb") as file:  # noqa: PTH123 (leaner)
                value = json.loads(file.read())
            what, at = str(value["what"]), float(value["time"])
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError, OverflowError):
            return None  # incomplete: it is written again when the model refuses again
        if not 0 <= time.time() - at < _REMEMBERED:
            return None
        return f"{what} (answered on {time.strftime('%Y-%m-%d', time.gmtime(at))})"


class JournalEntry:
    """The files of one request."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._part: BinaryIO | None = None
        self.intent = folder / f"{name}.intent"
        self.answer = folder / f"{name}.answer"

    def sink(self, pieces: Iterable[bytes]) -> None:
        """Append pieces of the answer, which need not be durable yet. Raises `OSError`."""
        if self._part is None:
            self._part = (self._folder / f"{self._name}.part").open("wb")
        self._part.writelines(pieces)

    def sync(self) -> None:
        """Force to disk what has arrived of the answer. Raises `OSError`."""
        if self._part is None:
            self.sink(())
        assert self._part is not None  # noqa: S101 (sink has just opened it)
        self._part.flush()
        os.fsync(self._part.fileno())

    def begun(self, size: int) -> bytes:
        """Return the answer's first `size` bytes, which were forced to disk. Raises `OSError`."""
        path = self.answer if self.answer.exists() else self._folder / f"{self._name}.part"
        with path.open("rb") as file:
            return file.read(size)

    def arrived(self) -> Path:
        """Make the complete answer durable under its final name, and return its path.

        Raises `OSError`.
        """
        self.sync()
        assert self._part is not None  # noqa: S101 (it has just been forced to disk)
        self._part.close()
        self._part = None
        (self._folder / f"{self._name}.part").replace(self.answer)
        atomic_files.sync_folder(self._folder)
        return self.answer

    def unknown(self) -> None:
        """Put the intent aside: its request may have been billed, and has no answer."""
        if self._part is not None:
            self._part.close()
            self._part = None
        aside = self._folder / "unknown"
        aside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            self.intent.replace(aside / self.intent.name)
        (self._folder / f"{self._name}.part").unlink(missing_ok=True)

    def refuse(self, key: str, what: str) -> None:
        """Put the answer aside, and record for the next builds that it holds no picture."""
        aside = self._folder / "refused"
        atomic_files.write(
            aside / f"{key}.json", json.dumps({"what": what, "time": time.time()}).encode()
        )
        if self.answer.exists():
            self.answer.replace(aside / f"{key}.answer")
        self.forget()

    def forget(self) -> None:
        """Remove all files: the picture is in stock, or the request was not billed."""
        if self._part is not None:
            self._part.close()
            self._part = None
        for ending in ("part", "answer", "intent"):
            (self._folder / f"{self._name}.{ending}").unlink(missing_ok=True)


def _as_json(intent: Intent) -> bytes:
    fields = {STORED_NAMES.get(name, name): value for name, value in asdict(intent).items()}
    return json.dumps(fields, ensure_ascii=False).encode()


def _intent(value: Mapping[str, Any]) -> Intent:
    """Return the intent of a JSON object. Raises `TypeError` when a field is missing."""
    stored = {name: STORED_NAMES.get(name, name) for name in Intent.__dataclass_fields__}
    return Intent(**{name: value[each] for name, each in stored.items() if each in value})
