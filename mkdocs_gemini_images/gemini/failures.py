"""Describe why a request failed, and what follows from that.

In: what the client saw: no connection, an incomplete answer, or a status and a body. Out: a
`Failure` with the message for the author, whether the request was billed, and whether it may be
sent again. No effects; generation/retry_policy.py decides how often and when.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import message_of, single_line

Billed = Literal["no", "unknown", "yes"]
Again = Literal["never", "soon", "once"]
"""`soon`: as often as `retries` allows; `once`: one more time, and the first counts as billed."""

MAX_WAIT = 120.0
"""Seconds; a request is not sent again to a server that asks to wait longer than this."""

_TEMPORARY = (408, 429, 500, 502, 503, 504)
"""Statuses of errors that pass."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that ended without a picture."""

    what: str
    """A message for the author; it may quote the model or the server."""
    billed: Billed = "no"
    """Whether it cost money; what was billed is never sent again, by this build or a later one."""
    again: Again = "never"
    wait: float | None = None
    """Seconds the server asks to wait, when it says so."""
    ends_build: bool = False
    """Whether every other request of this build would fail the same way; such are not billed."""
    slow_down: bool = False
    """Whether the whole build should send more slowly."""
    refuses_history: bool = False
    """Whether the server may refuse earlier turns of a conversation, and not its last one."""
    unreadable: bool = False
    """Whether an answer arrived that may hold a picture: it is kept, to be read again."""


class RequestFailed(Exception):
    """Raised by the client and by the reader of answers when a request yields no picture."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what)
        self.failure = failure


def not_connected(reason: str) -> Failure:
    """Return the failure of a request that was not sent whole: it cannot have been billed."""
    return Failure(f"no connection: {reason}", again="soon")


def cut(reason: str) -> Failure:
    """Return the failure of a request that was sent without an answer: it may have been billed."""
    return Failure(f"the answer did not arrive: {reason}", billed="unknown", again="once")


def refused_answer(reason: str) -> Failure:
    """Return the failure of an answer without a usable picture: it was billed, and is final."""
    return Failure(reason, billed="yes")


def unreadable_answer(reason: str) -> Failure:
    """Return the failure of an answer in which no picture is found here: it was billed, too."""
    return Failure(reason, billed="yes", unreadable=True)


def picture_elsewhere(address: str) -> Failure:
    """Return the failure of an answer that names a picture's address, which is not fetched."""
    url = single_line(address)
    short = url if len(url) <= 300 else f"{url[:299]}…"
    return unreadable_answer(
        f"the answer has an address instead of a picture, and no address is fetched: {short}"
    )


def of_status(status: int, headers: Mapping[str, str], body: bytes, where: str) -> Failure:
    """Return the failure of an answer whose HTTP status is not 200.

    `headers` have lower-case names; `where` is the URL without its query.
    """
    error = _Error.read(body)
    said = error.words or "no reason given"
    status = error.upstream or status
    match status:
        case 400 if error.key_is_bad:
            return Failure(f"the server refuses the API key: {said}", ends_build=True)
        case 401 | 403:
            return Failure(f"the server refuses the API key: {said}", ends_build=True)
        case 404 if not error.words:
            return Failure(f"404 from {where}: is the version in base_url twice?", ends_build=True)
        case 404:
            return Failure(f"404 from {where}: {said}")
        case 503 if error.unknown_model:
            return Failure(f"the server has no such model: {said}")
        case 429:
            return _too_many(headers, error, said)
        case 500 | 503:
            wait = _wait(headers, error)
            if wait is not None and wait > MAX_WAIT:
                return Failure(f"HTTP {status}, to be tried again in {wait:.0f} s: {said}")
            slow_down = status == 503
            return Failure(f"HTTP {status}: {said}", again="soon", wait=wait, slow_down=slow_down)
        case 499:  # a proxy stopped waiting; the model may have drawn
            return Failure(f"HTTP {status}: {said}", billed="unknown")
        case _ if status < 300:
            return Failure(f"HTTP {status} instead of 200: {said}", billed="unknown")
        case _ if status < 400:
            return Failure(
                f"HTTP {status}: {where} redirects elsewhere, and a key is never sent after a "
                "redirect; name the final address in base_url",
                ends_build=True,
            )
        case _ if status == 408 or status > 500:
            return Failure(f"HTTP {status}: {said}", billed="unknown", again="once")
        case _:
            return Failure(f"HTTP {status}: {said}")


def may_refuse_history(status: int, failure: Failure) -> bool:
    """Return whether a failure may be about earlier turns: their signatures, roles or types.

    Servers tell it in many words, and some in none but "invalid argument"; such an answer is not
    billed.
    """
    if failure.billed != "no" or failure.ends_build:
        return False
    return status in (400, 422) or _HISTORY.search(failure.what) is not None


_HISTORY = re.compile(r"(?i)thought_?\s?signature|corrupted .{0,20}signature|multi-?\s?turn")


def of_reason(reason: str, message: str) -> Failure:
    """Return the failure of an answer with status 200, a finish or block reason, and no picture."""
    why = f"{reason}: {message}" if message else reason
    return refused_answer(f"the model drew no picture ({why})")


def _too_many(headers: Mapping[str, str], error: "_Error", said: str) -> Failure:
    if re.search(r"\blimit: 0(?![\d.]*[1-9])", error.text):
        return Failure(f"the key's plan has no quota for this model: {said}")
    wait = _wait(headers, error)
    if wait is not None and wait > MAX_WAIT:
        return Failure(f"the quota is used up for another {wait:.0f} s: {said}", wait=wait)
    return Failure(f"HTTP 429: {said}", again="soon", wait=wait, slow_down=True)


def _wait(headers: Mapping[str, str], error: "_Error") -> float | None:
    """Return the seconds to wait: from `Retry-After`, else `RetryInfo`, else the message."""
    for text in (headers.get("retry-after", ""), error.delay):
        if (seconds := _seconds(text)) is not None:
            return seconds
    found = re.search(r"retry in ((?:\d+(?:\.\d+)?(?:ms|[hms]))+)", error.text)
    return _seconds(found[1]) if found else None


def _seconds(text: str) -> float | None:
    """Parse `3`, `34.4s`, `848.5ms` or `4h59m49.87s` as seconds."""
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    parts = re.fullmatch(
        r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9}(?:\.\d+)?)s)?(?:(\d{1,9}(?:\.\d+)?)ms)?", text
    )
    if not text or parts is None:
        return None
    hours, minutes, seconds, thousandths = (float(part or 0) for part in parts.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


@dataclass(frozen=True, slots=True)
class _Error:
    """The content of an error's body, which comes in several shapes."""

    text: str
    """The whole message."""
    key_is_bad: bool = False
    unknown_model: bool = False
    delay: str = ""
    upstream: int = 0
    """A temporary error of the server behind a gateway, which answers with another status."""

    @property
    def words(self) -> str:
        """The message, fit for one line of a log."""
        return message_of(self.text)

    @classmethod
    def read(cls, body: bytes) -> "_Error":
        text = body[:100_000].decode("utf-8", "replace").strip()
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return cls(re.sub(r"<[^<>]*>", " ", text))
        if isinstance(value, list) and value:
            value = value[0]
        error = value.get("error", value) if isinstance(value, dict) else value
        if not isinstance(error, dict):
            return cls(str(error or ""))
        words = str(error.get("message") or error.get("detail") or "")
        details = error.get("details")
        listed = details if isinstance(details, list) else []
        facts = [item for item in listed if isinstance(item, dict)]
        behind = re.match(r"bad response status code (\d{3})\b", words)
        return cls(
            words,
            key_is_bad=any(fact.get("reason") == "API_KEY_INVALID" for fact in facts)
            or "API key not valid" in words,
            unknown_model=error.get("code") == "model_not_found"
            or "No available channel for model" in words,
            delay=next((str(fact["retryDelay"]) for fact in facts if "retryDelay" in fact), ""),
            upstream=int(behind[1]) if behind and int(behind[1]) in _TEMPORARY else 0,
        )
