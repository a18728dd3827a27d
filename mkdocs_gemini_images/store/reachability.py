"""Find the pictures in the store that a site no longer needs.

Records, the keys that pages show and today's requests go in; the records without a use come out.
Needed is what a page shows, what it was made from (earlier turns, pictures it refers to), and every
take of it, also of a picture that has drifted: an author may pick another take. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.store.record import Record


def orphans(
    records: Iterable[Record], shown: Iterable[str], requests: Iterable[Mapping[str, Any]]
) -> list[Record]:
    """Return the records that no picture of the site needs, in their order.

    `shown` are the keys of the pictures on pages; `requests` are today's, drawn or not.
    """
    by_key = {record.key: record for record in records}
    if not by_key:
        return []
    families = {family(request) for request in requests}
    needed, found = set[str](), list(shown)
    while found:
        key = found.pop()
        if key in needed:
            continue
        needed.add(key)
        if (record := by_key.get(key)) is not None:
            families.add(family(record.request))
            found += _made_from(record.request)
    return [
        record
        for record in by_key.values()
        if record.key not in needed and family(record.request) not in families
    ]


def takes_by_family(records: Iterable[Record]) -> dict[str, list[str]]:
    """Return the keys of each family, in the order of their takes."""
    found: dict[str, list[tuple[int, str]]] = {}
    for record in records:
        entry = (take_number(record.request), record.key)
        found.setdefault(family(record.request), []).append(entry)
    return {name: [key for _, key in sorted(kin)] for name, kin in found.items()}


def take_number(request: Mapping[str, Any]) -> int:
    """Return the number of a request's take; a sidecar may hold any value."""
    take = request.get("take", 1)
    return take if type(take) is int else 1


def earlier(record: Record, others: Iterable[Record], made_from: Iterable[str]) -> list[Record]:
    """Return those of `others` that are earlier versions of a record's picture, the newest first.

    Left out are takes of the same request, what the picture was made from (`made_from` are those
    keys), and copies of the very same picture.
    """
    kin = {record.key, *made_from, *_made_from(record.request)}
    its = family(record.request)
    found = [
        other
        for other in others
        if other.key not in kin
        and other.sha256 != record.sha256
        and other.time <= record.time
        and family(other.request) != its
    ]
    return sorted(found, key=lambda other: (other.time, other.key), reverse=True)


def family(request: Mapping[str, Any]) -> str:
    """Return the digest that all takes of one request share."""
    return digest({name: value for name, value in request.items() if name != "take"})


def _made_from(request: Mapping[str, Any]) -> list[str]:
    """Return the keys of the pictures that a request builds on."""
    after, parts = request.get("after"), request.get("parts")
    parts = parts if isinstance(parts, list) else ()
    keys = [part.get("picture") for part in parts if isinstance(part, dict)]
    return [key for key in (after, *keys) if isinstance(key, str)]
