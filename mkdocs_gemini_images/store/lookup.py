"""Look up what a site already has for a request.

A request, its key and the store go in; a `LookupResult` comes out. First comes the picture of this
very request; then one drawn for the same options of the author when something else changed (it has
drifted, and is kept); then one drawn earlier under the same id or named file. Whether the build
draws a new picture instead is decided elsewhere.
"""

from collections.abc import Iterable
from typing import NamedTuple

from mkdocs_gemini_images.core.diagnostics import DiagnosticError, single_line
from mkdocs_gemini_images.requests.request import ImageRequest, canonical
from mkdocs_gemini_images.store.pairs import LostSidecarError
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


class InStock(NamedTuple):
    """The picture of this very request."""

    record: Record


class Drifted(NamedTuple):
    """A picture drawn for the same options of the author, when the site's defaults were others."""

    record: Record
    why: str


class Fallback(NamedTuple):
    """A picture drawn under the same id or named file, for other options of the author."""

    record: Record


class Missing(NamedTuple):
    """No picture that can be shown; `damage` says what is wrong with a picture that is damaged."""

    damage: str = ""
    lost: bool = False
    """Whether its picture is there and the sidecar alone is gone, so that it can be adopted."""
    at: str = ""
    """The option of the directive that is wrong, if one is."""
    other: tuple[str, str] = ("", "")
    """The page and source of the directive to correct first, if that is another one."""


class UserFile(NamedTuple):
    """A file of the author's own in the place of a named file: shown, never replaced."""

    width: int
    height: int


LookupResult = InStock | Drifted | Fallback | Missing | UserFile


def look_up(
    request: ImageRequest, key: str | None, author_digests: Iterable[str], name: str, store: Store
) -> InStock | Drifted | Fallback | Missing:
    """Return what the store has for a request; a picture in stock costs one small read.

    `key` is None while it cannot be known, because the request builds on a picture that no page has
    shown yet. `author_digests` are digests of the author's options: first for what `localized` is
    today, then for what it may have been before; they are only computed when the key is not in
    stock. `name` is the directive's id or named file, under which
    an earlier picture may be found.
    """
    try:
        record = None if key is None else store.find(key)
    except DiagnosticError as error:
        return Missing(str(error), isinstance(error, LostSidecarError))
    if record is not None:
        return InStock(record)
    for author_digest in author_digests:
        if (drifted := store.find_by_author_digest(author_digest)) is not None:
            return Drifted(drifted, _difference(drifted, request))
    if name and (earlier := store.find_named(name)) is not None:
        return Fallback(earlier)
    return Missing()


def is_stocked(store: Store, key: str) -> bool:
    """Return whether a picture must not be bought, since the store has it or may have it.

    A sidecar that is damaged or lost and a bucket that does not answer count as a picture that is
    there: damage is repaired, and nothing is bought because a bucket could not be asked.
    """
    try:
        return store.find(key) is not None
    except DiagnosticError:
        return True


_CONFIG = {
    "aspectRatio": ("aspect_ratio", "none"),
    "imageSize": ("size", "1K"),
    "temperature": ("temperature", "unset"),
}
"""For each field of a request's `config`: its option, and its value when it is left out."""


def _difference(record: Record, request: ImageRequest) -> str:
    """Return what changed from a record's request to `request`, without quoting whole prompts."""
    old, new = record.request, canonical(request)
    changes = []
    for name in sorted({*old, *new} - {"v"}):
        before, after = _unnamed(old.get(name)), _unnamed(new.get(name))
        if before == after:
            continue
        if name == "config" and isinstance(before, dict) and isinstance(after, dict):
            for field, (option, unsaid) in _CONFIG.items():
                was, now = before.get(field, unsaid), after.get(field, unsaid)
                if was != now:
                    changes.append(f"{option} {_short(was)} -> {_short(now)}")
        elif name == "model":
            changes.append(f"model {_short(before)} -> {_short(after)}")
        else:
            said = {"text": "the preset's words", "after": "an earlier step"}
            changes.append(f"{said.get(name) or _short(name)} changed")
    if changes:
        return ", ".join(changes)
    return "a picture it refers to changed" if old.get("parts") else "an earlier step changed"


def _short(value: object) -> str:
    """Return a value of a sidecar, which may hold any, for a message."""
    flat = single_line(str(value))
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


def _unnamed(value: object) -> object:
    """Replace parts that name another picture: one request names it by id, the other by key."""
    if not isinstance(value, list):
        return value
    return [
        "picture" if isinstance(part, dict) and part.keys() & {"id", "picture"} else part
        for part in value
    ]
