"""What a site already has for a picture that is wanted, and how it came to have it.

The order is the contract's: the picture of this very request; the one drawn for the same words of
the author, when something else changed (drifted, and kept); the one drawn earlier under the same
id or file. Each is a fact about the stock; whether to draw instead is decided elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.requests.request import ImageRequest, canonical
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


@dataclass(frozen=True, slots=True)
class InStock:
    """The picture of this very request."""

    record: Record


@dataclass(frozen=True, slots=True)
class Drifted:
    """A picture of the author's same words, drawn when defaults were others."""

    record: Record
    why: str


@dataclass(frozen=True, slots=True)
class Fallback:
    """A picture drawn under the same id for other words."""

    record: Record


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing, or nothing that can be shown: `damage` says what is wrong with what there is."""

    damage: str = ""


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file of the author's own where the picture would be published: shown, never replaced."""

    width: int
    height: int


LookupResult = InStock | Drifted | Fallback | Missing | UserFile


def held(
    step: ImageRequest,
    key: str | None,
    author_digests: Callable[[], Iterable[str]],
    name: str,
    stock: Store,
) -> InStock | Drifted | Fallback | Missing:
    """Look a picture up: one small file read when it is there.

    `key` is None while it cannot be known, because the step builds on a picture not seen yet.
    `author_digests` returns the digests of the author's options: first for the language that the
    picture has today, then for the language that it had before `localized` was changed. `name` is
    the directive's id or named file, under which an earlier picture may be found.
    """
    found = None if key is None else stock.find(key)
    if isinstance(found, Diagnostic):
        return Missing(str(found))
    if found is not None:
        return InStock(found)
    for author_digest in author_digests():
        if (drifted := stock.find_by_author_digest(author_digest)) is not None:
            return Drifted(drifted, _difference(drifted, step))
    if (previous := stock.find_named(name)) is not None:
        return Fallback(previous)
    return Missing()


_CONFIG = {
    "aspectRatio": ("aspect_ratio", "none"),
    "imageSize": ("size", "1K"),
    "temperature": ("temperature", "unset"),
}
"""What an author calls the fields of a request's config, and what they are when left out."""


def _difference(record: Record, step: ImageRequest) -> str:
    """Name what changed between a record's request and today's, without quoting whole prompts."""
    old, new = record.request, canonical(step)
    changes = []
    for name in sorted({*old, *new} - {"v"}):
        before, after = _unnamed(old.get(name)), _unnamed(new.get(name))
        if before == after:
            continue
        if name == "config" and isinstance(before, dict) and isinstance(after, dict):
            for field, (option, unsaid) in _CONFIG.items():
                was, now = before.get(field, unsaid), after.get(field, unsaid)
                if was != now:
                    changes.append(f"{option} {was} -> {now}")
        elif name == "model":
            changes.append(f"model {before} -> {after}")
        else:
            said = {"text": "the preset's words", "after": "an earlier step"}
            changes.append(f"{said.get(name, name)} changed")
    if changes:
        return ", ".join(changes)
    return "a picture it refers to changed" if old.get("parts") else "an earlier step changed"


def _unnamed(value: object) -> object:
    """Leave out which picture a part refers to: it is an id in one request, a key in the other."""
    if not isinstance(value, list):
        return value
    return [
        "picture" if isinstance(part, dict) and part.keys() & {"id", "picture"} else part
        for part in value
    ]
