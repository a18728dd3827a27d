"""The intent to send one request, as a value and as a file of the journal.

An `Intent` goes in and bytes come out, and the reverse. The file is untrusted input: its fields are
checked as those of a sidecar are, and its proof says whether this machine has written it.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core import machine_secret
from mkdocs_gemini_images.core.hashing import canonical_json, digest
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.journal.names import may_be_of
from mkdocs_gemini_images.models.pricing.item_prices import read_item_prices
from mkdocs_gemini_images.store.record import DIGEST, STORED_NAMES, is_price

MAX_REQUEST_CHARACTERS = 10**6
"""Of a request without its pictures, as canonical JSON: a longer one is not sent."""
MAX_INTENT_BYTES = 8 * 2**20
"""More than an intent with such a request has, whose characters take up to four bytes."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class IncompleteIntent(ValueError):
    """Raised for bytes that are no whole intent; the text says why, as a clause of a message."""


class ForeignIntent(ValueError):
    """Raised for an intent that is none of ours; the text says why, as a clause of a message."""


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
    at_most: float | None = None
    """USD it costs at most, as quoted."""
    prices: Mapping[str, int] = field(default_factory=dict)
    """What it is billed by, as `ItemPrices.as_json` writes it; empty for those of the table."""


def intent_fields(intent: Intent) -> dict[str, Any]:
    """Return an intent as the JSON object of its file, without a proof."""
    names = Intent.__dataclass_fields__
    return {STORED_NAMES.get(each, each): getattr(intent, each) for each in names}


def intent_bytes(intent: Intent, name: str, project: Path) -> bytes:
    """Return the file of an intent, for the entry `name` of a site in the folder `project`."""
    fields = intent_fields(intent)
    proof = machine_secret.proof(_proven_text(name, fields), project, make=True)
    text = json.dumps(fields | {"proof": proof}, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair stays an escape


def read_intent(raw: bytes, name: str, project: Path) -> tuple[Intent, bool]:
    """Return the intent in a file of the entry `name`, and whether this machine has written it.

    Raises `IncompleteIntent` and `ForeignIntent`.
    """
    try:
        value = read_json(raw)
    except ValueError as error:
        raise IncompleteIntent("an intent that is damaged") from error
    if not isinstance(value, dict):
        raise IncompleteIntent("something else than an intent")
    intent = intent_of_fields(value, name)
    proof = value.pop("proof", "")
    proven = isinstance(proof, str) and machine_secret.is_proven(
        _proven_text(name, value), proof, project
    )
    return intent, proven


def intent_of_fields(value: Mapping[str, Any], name: str) -> Intent:
    """Return the intent in the JSON object of a file of the entry `name`.

    Raises `IncompleteIntent` and `ForeignIntent`.
    """
    stored = {each: STORED_NAMES.get(each, each) for each in Intent.__dataclass_fields__}
    fields = {each: value[place] for each, place in stored.items() if place in value}
    try:
        intent = Intent(**fields)
    except TypeError as error:
        raise IncompleteIntent("an intent that lacks a field") from error
    _check(intent, name)
    return intent


def _check(intent: Intent, name: str) -> None:
    """Raise `ForeignIntent` for fields that no request of ours has."""
    texts = (intent.key, intent.author_digest, intent.id, intent.time, intent.alt)
    if not (
        all(isinstance(text, str) for text in texts)
        and isinstance(intent.request, dict)
        and is_price(intent.price)
        and is_price(intent.at_most)
        and (intent.prices == {} or read_item_prices(intent.prices) is not None)
        and _TIME.fullmatch(intent.time)
        and isinstance(intent.sent, list | tuple)
        and all(isinstance(each, str) and DIGEST.fullmatch(each) for each in intent.sent)
    ):
        raise ForeignIntent("a field of the wrong type")
    if digest(intent.request) != intent.key or not may_be_of(name, intent.key):
        raise ForeignIntent("the intent of another request")


def _proven_text(name: str, fields: Mapping[str, Any]) -> str:
    return f"{name}\n{canonical_json(fields)}"


def command_to_adopt(name: str, answer: Path) -> str:
    """Return the command that takes an answer for the directive with that id or named file.

    It is quoted: a stranger may have written the names, and a person copies it into a shell.
    """
    return shlex.join(["gemini-images", "adopt", name.removeprefix("file:") or "ID", str(answer)])
