"""Holds the end of a scene against its bills: what must be true, whichever process died.

`Seen` remembers what was there between two deaths, and `audit` says what an end is worth.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.gemini.answers.answer import read_answer
from mkdocs_gemini_images.generation.journal.names import ASIDE, REFUSED, UNKNOWN
from mkdocs_gemini_images.generation.one_buyer import one_buyer
from mkdocs_gemini_images.imaging.encoder import backdrop
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.crash.scene import Ended, Scene, name
from tests.crash.till import Bill

PAIR = r"[0-9a-f]{64}\.(json|png|jpg|webp)"
"""The name of a file in stock."""


@dataclass
class Seen:
    """What was there at some moment between two deaths, and must be there ever after."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key of each answer that was complete and digest of its picture, by the answer's name."""
    pairs: dict[str, str] = field(default_factory=dict)
    """Digest of each picture whose pair was complete, by key."""
    put_aside: set[str] = field(default_factory=set)
    """The names of answers that were in a temporary folder."""

    def look(self, scene: Scene) -> None:
        """Look at the journal and the stock; others may be at work in both."""
        aside = [*scene.put_aside()]
        self.put_aside.update(path.name for path in aside)
        for path in (*scene.journals("*.answer"), *aside):
            if path.name not in self.answers:
                with suppress(FileNotFoundError):
                    image = read_answer(path.read_bytes())
                    self.answers[path.name] = _key_of(scene, path), sha256(image.data).hexdigest()
        for path in scene.stock.glob("*.json"):
            if path.stem not in self.pairs:
                record = FolderStore(scene.stock).find(path.stem)
                if isinstance(record, Record):
                    self.pairs[path.stem] = record.sha256


@dataclass
class Verdict:
    """What an end is worth: sums, and everything that is wrong with it, in words."""

    keys: int = 0
    bills: int = 0
    extra: int = 0
    """Bills beyond the first of each key."""
    explained: int = 0
    """Those of them of which the journal has a record."""
    records: int = 0
    """Records in the journal of requests that may or may not have been billed."""
    arrived: int = 0
    """Answers that had come when a process was killed, and whose picture is in stock, or lies
    aside since a process with another cache was first."""
    told: int = 0
    """Records of which a person has heard."""
    lost: int = 0
    wrong: list[str] = field(default_factory=list)


def audit(
    scene: Scene, prompts: Iterable[str], bills: Iterable[Bill], ended: Ended, seen: Seen
) -> Verdict:
    """Hold the end against what was billed and what had been seen."""
    verdict = Verdict()
    stock = FolderStore(scene.stock)
    sold: dict[str, list[str]] = {}
    for bill in bills:
        sold.setdefault(bill.prompt, []).append(bill.sha256)
    unknown = [_key_in(path) for path in scene.journals(f"{UNKNOWN}/*.intent")]
    aside = Counter(unknown)
    aside += Counter(map(_key_in, scene.journals(f"{ASIDE}/*.intent")))
    aside += Counter(map(_key_in, scene.journals(f"{REFUSED}/*.json")))
    verdict.records = aside.total()
    digests: dict[str, str] = {}
    for prompt in dict.fromkeys(prompts):
        name = scene.key_of(prompt)
        paid = sold.pop(prompt, [])
        verdict.keys += 1
        verdict.bills += len(paid)
        verdict.extra += max(0, len(paid) - 1)
        verdict.explained += min(max(0, len(paid) - 1), aside[name])
        if len(paid) - 1 > aside[name]:
            verdict.wrong.append(f"{prompt}: {len(paid)} bills and {aside[name]} records")
        if scene.roll is not None and name in unknown:
            if _was_told(scene.roll, prompt):
                verdict.told += 1
            else:
                verdict.wrong.append(f"{prompt}: what may have been billed was not told")
        trouble = _trouble(stock, name, paid, ended.shown.get(prompt), scene.root / "site")
        if isinstance(trouble, Record):
            digests[name] = trouble.sha256
        else:
            verdict.wrong.append(f"{prompt}: {trouble}")
    verdict.wrong += [f"{prompt} was billed and not asked for" for prompt in sold]
    for answer, (key, digest) in seen.answers.items():
        kept = digests.get(key) == digest or _lies_aside(scene, answer, digest)
        verdict.arrived += kept
        verdict.lost += not kept
    for name, digest in seen.pairs.items():
        if digests.get(name, digest) != digest:
            verdict.wrong.append(f"{name[:12]} changed in stock")
        verdict.lost += name not in digests
    aside_still = [path for path in scene.put_aside() if path.name in seen.put_aside]
    verdict.wrong += [f"left over: {path.name}" for path in (*_litter(scene), *aside_still)]
    for cache in scene.caches:
        with one_buyer(cache, scene.stock, wait=False):
            pass
    return verdict


def _was_told(roll: Path, prompt: str) -> bool:
    """Return whether a person has heard what a prompt may have cost."""
    words = (f"'{prompt}'", rf"\b{name(prompt)}\b", Scene.key_of(prompt)[:12])
    pattern = re.compile(rf"^.*({'|'.join(words)}).*billed", re.MULTILINE)
    return pattern.search(roll.read_text(encoding="utf-8")) is not None


def _lies_aside(scene: Scene, answer: str, digest: str) -> bool:
    """Return whether an answer was laid aside whole, since the stock has another picture."""
    return any(
        sha256(read_answer(path.read_bytes()).data).hexdigest() == digest
        for path in scene.journals(f"{ASIDE}/{answer}")
    )


def _is_whole(data: bytes) -> bool:
    """Return whether all pixels of an image can be decoded."""
    try:
        backdrop(data)
    except ImageError:
        return False
    return True


def _trouble(
    stock: FolderStore, name: str, paid: list[str], shown: RenderedImage | None, site: Path
) -> Record | str:
    """Give the record of a picture that is as it should be, or say what is wrong with it."""
    try:
        record = stock.find(name)
        if record is None:
            return "not in stock"
        data = stock.read(record)
    except DiagnosticError as error:
        return str(error)
    if not _is_whole(data) or sha256(data).hexdigest() not in paid:
        return "other bytes than were sold"
    if shown is None or shown.placeholder:
        return "its page shows a placeholder"
    file = site / shown.src
    if not file.is_file() or not _is_whole(file.read_bytes()):
        return f"{shown.src} is not published"
    return record


def _key_of(scene: Scene, answer: Path) -> str:
    """Return the key of an answer, whose intent may be being removed; the answer goes later.

    Raises `FileNotFoundError` once it is gone.
    """
    endings = (f"{answer.stem}.intent", f"{answer.stem}.done")
    for file in (
        answer.with_suffix(".intent"),
        *(each for ending in endings for each in scene.journals(ending)),
    ):
        with suppress(FileNotFoundError):
            return _key_in(file)
    raise FileNotFoundError(answer)


def _key_in(file: Path) -> str:
    return str(json.loads(file.read_bytes())["key"])


def _litter(scene: Scene) -> list[Path]:
    """List what no build should leave: half files, and answers that no build took in."""
    half = [*scene.stock.rglob("*.part")]
    half += [path for cache in scene.caches for path in cache.rglob("*.part")]
    strays = [path for path in scene.stock.glob("*") if not re.fullmatch(PAIR, path.name)]
    return [*half, *strays, *scene.journals("*.intent*"), *scene.journals("*.answer")]
