"""Read what an error says, in the shapes in which servers and gateways write errors.

In: the bytes of a response. Out: an `ErrorBody` with the message in words, the code of the server
that really failed, and the symbols and details that tell one failure from another. JSON in a text,
in a list or in a stream of events is taken out of it; of a web page its title is left. No effects.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of

MAX_BYTES = 2**18
"""Bytes of a response that are read as an error."""
_DEPTH = 6
"""How many wrappers and texts an error may be inside of."""

PAGE = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|title|meta|center|h1|\?xml)", re.I | re.S
)
_WRAPPERS = ("response", "data", "detail", "result", "body", "Error", "base_resp")
MESSAGES = ("message", "detail", "msg", "error_description", "error_message", "error_msg",
             "errmsg", "status_msg", "Message", "title")  # fmt: skip
_CODES = {
    "INVALID_ARGUMENT": 400, "FAILED_PRECONDITION": 400, "OUT_OF_RANGE": 400,
    "INVALID_REQUEST_ERROR": 400, "UNAUTHENTICATED": 401, "AUTHENTICATION_ERROR": 401,
    "INVALID_API_KEY": 401, "PERMISSION_DENIED": 403, "PERMISSION_ERROR": 403, "NOT_FOUND": 404,
    "NOT_FOUND_ERROR": 404, "MODEL_NOT_FOUND": 404, "RESOURCE_EXHAUSTED": 429,
    "RATE_LIMIT_ERROR": 429, "RATE_LIMIT_EXCEEDED": 429, "INSUFFICIENT_QUOTA": 429,
    "CANCELLED": 499, "INTERNAL": 500, "UNKNOWN": 500, "SERVER_ERROR": 500,
    "INTERNAL_SERVER_ERROR": 500, "UNAVAILABLE": 503, "SERVICE_UNAVAILABLE": 503,
    "OVERLOADED_ERROR": 503, "DEADLINE_EXCEEDED": 504,
}  # fmt: skip
"""HTTP statuses by the names that Google and OpenAI have for errors."""
_CODES_IN_WORDS = (
    (r"\b(?:status(?: code)?|HTTP(?:/[\d.]+)?|error(?: code)?)\W{0,3}([45]\d\d)\b", 0),
    (r"\boverloaded\b|\bservice unavailable\b|\bhigh demand\b|\bupstream connect error\b", 503),
    (r"\brate limit|\btoo many requests\b|\bquota\b", 429),
    (r"\bunauthori[sz]ed\b|\bnot authenticated\b", 401),
    (r"\bforbidden\b|\bpermission denied\b", 403),
    (r"\bdeadline\b|\bgateway time-?out\b", 504),
    (r"\binternal (?:server )?error\b", 500),
)
"""What a message says of an error that has no code; 0 stands for the number that it names."""


Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The content of an error."""

    text: str = ""
    """The whole message; empty where the server gave none."""
    code: int = 0
    """The HTTP status that the error itself names, or 0."""
    upstream: int = 0
    """The status of a server behind a gateway that answers with another, or 0."""
    symbols: str = ""
    """All names in capitals: status, type, code and the reasons of its details, with spaces."""
    delay: str = ""
    """`RetryInfo`'s delay."""
    quota: str = ""
    """The ids and values of the quotas that are used up, with spaces."""
    is_page: bool = False
    """Whether it is a page of HTML."""

    @property
    def words(self) -> str:
        """The message, fit for one line of a log."""
        return message_of(self.text)

    @property
    def everything(self) -> str:
        """Symbols and message, for what is said in either."""
        return f"{self.symbols} {self.text}"


def read_error(body: bytes) -> ErrorBody:
    """Return what the body of a response says that is known to be an error."""
    text = error_text(body)
    if PAGE.match(text):
        return ErrorBody(title_of(text), is_page=True)
    if isinstance(quoted := loaded(text), str):
        return read_error(quoted.encode("utf-8", "replace"))
    found = error_in(text)
    if found is None:
        return ErrorBody("" if _is_json(text) else without_tags(text))
    return read_fields(found)


def error_text(body: bytes) -> str:
    """Return as much of a response as is read of an error."""
    return body[:MAX_BYTES].decode("utf-8", "replace").strip("\ufeff \t\r\n")


def title_of(page: str) -> str:
    """Return the title of an HTML page, else its first heading, else its words."""
    for name in ("title", "h1", "h2"):
        found = re.search(rf"<{name}\b[^<>]*>([^<>]*\S[^<>]*)<", page, re.I)
        if found:
            return html.unescape(found[1]).strip()
    return without_tags(page)


def without_tags(text: str) -> str:
    """Return the words of HTML."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
    return html.unescape(re.sub(r"<[^<>]*>", " ", text)).strip()


def loaded(text: str) -> Any:
    """Return the value of a text that is a JSON object, list or string, or None."""
    if text[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _events(text: str) -> Iterator[str]:
    """Yield the data of a stream of events, the last one first: an error ends a stream."""
    if re.match(r"(?:data|event|id|retry)?:", text):
        yield from reversed(re.findall(r"^data:[ \t]*(.*\S)", text, re.MULTILINE))


def error_in(
    value: Any, depth: int = _DEPTH, *, is_fault: Callable[[Fields], bool] = bool
) -> Fields | str | None:
    """Return the error inside a value: an object, or a text where the error is a text.

    `is_fault` says of an object without the name `error` whether its message is that of an error.
    """
    if depth == 0:
        return None
    inside = partial(error_in, depth=depth - 1, is_fault=is_fault)
    if isinstance(value, str):
        inner = loaded(value.strip())
        parts = list(_events(value)) if inner is None else [inner]
        return next((found for each in parts if (found := inside(each))), None)
    if isinstance(value, list):
        return next((found for each in value[:20] if (found := inside(each))), None)
    if not isinstance(value, dict):
        return None
    if error := value.get("error") or value.get("errors"):
        return inside(error) or _named(error, value)
    if value.get("candidates"):
        return None
    if choices := value.get("choices"):
        listed = choices if isinstance(choices, list) else []
        errors = [each.get("error") for each in listed if isinstance(each, dict)]
        return next((_named(each, {}) for each in errors if each), None)
    if error_words(value) and is_fault(value):
        return value
    return next((e for name in _WRAPPERS if (e := inside(value.get(name)))), None)


def error_words(value: Fields) -> str:
    """Return the message of an error's object, or empty."""
    texts = (value.get(name) for name in MESSAGES)
    return next((text for text in texts if isinstance(text, str) and text), "")


def _named(error: Any, around: Fields) -> Fields | None:
    """Return an error that has no message of its own, with what stands beside it."""
    if isinstance(error, dict):
        return error
    words = error_words(around)
    if isinstance(error, list):
        error = next((each for each in error if isinstance(each, str)), None)
    if isinstance(error, str):
        words = f"{error}: {words}" if words else error
    code = around.get("code", error)
    return {"message": words, "code": code, "status": around.get("status")} if words else None


def read_fields(error: Fields | str, depth: int = _DEPTH) -> ErrorBody:
    """Return the content of an error's object or text."""
    fields = {"message": error} if isinstance(error, str) else error
    words = error_words(fields)
    if PAGE.match(words):
        words = title_of(words)
    behind = fields.get("metadata")  # what the server behind a gateway has said
    if isinstance(behind, dict) and isinstance(raw := behind.get("raw"), str):
        words = f"{words}: {raw}"
    listed = fields.get("details")
    facts = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    named = ("status", "type", "code", "Code", "reason")
    names = [fields.get(name) for name in named]
    names += [fact.get("reason") for fact in facts]
    symbols = [name.upper() for name in names if isinstance(name, str) and not name.isdigit()]
    read = ErrorBody(
        words,
        code=_code(fields, symbols),
        upstream=_upstream(words),
        symbols=" ".join(symbols),
        delay=next((str(fact["retryDelay"]) for fact in facts if "retryDelay" in fact), ""),
        quota=" ".join(_quotas(facts)),
    )
    return _with_inner(read, depth)


def _code(fields: Fields, symbols: list[str]) -> int:
    for name in ("code", "status", "status_code", "statusCode", "error_code", "Code"):
        value = fields.get(name)
        number = int(value) if isinstance(value, str) and re.fullmatch(r"\d{3}", value) else value
        if type(number) is int and 400 <= number < 600:
            return number
    return next((_CODES[name] for name in symbols if name in _CODES), 0)


def code_in_words(text: str) -> int:
    """Return the status that the message of an error without a code speaks of, or 0."""
    for pattern, code in _CODES_IN_WORDS:
        if found := re.search(pattern, text, re.I):
            return code or int(found[1])
    return 0


def asked_wait(headers: Mapping[str, str], error: ErrorBody) -> float | None:
    """Return the seconds that a server asks to wait.

    `Retry-After` says it, else `RetryInfo`, else the message.
    """
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


def _upstream(words: str) -> int:
    behind = re.match(r"bad response status code (\d{3})\b", words)
    return int(behind[1]) if behind else 0


def _quotas(facts: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the id and the value of each quota that `QuotaFailure` names."""
    for fact in facts:
        violations = fact.get("violations")
        for each in violations if isinstance(violations, list) else []:
            if isinstance(each, dict):
                yield f"{each.get('quotaId') or ''} quotaValue: {each.get('quotaValue')}"


def _with_inner(outer: ErrorBody, depth: int) -> ErrorBody:
    """Return an error with the message, code and details of JSON inside its message."""
    begin = min((at for at in map(outer.text.find, "{[") if at >= 0), default=-1)
    if begin < 0 or depth == 0:
        return outer
    try:
        value, end = json.JSONDecoder().raw_decode(outer.text, begin)
    except (ValueError, RecursionError):
        return outer
    found = error_in(value)
    if not found:
        return outer
    inner = read_fields(found, depth - 1)
    rest = outer.text[end:].strip(" \n.")
    return ErrorBody(
        f"{outer.text[:begin]}{inner.text}{f' {rest}' if rest else ''}",
        code=inner.code or outer.code,
        upstream=inner.upstream or inner.code or outer.upstream,
        symbols=f"{outer.symbols} {inner.symbols}".strip(),
        delay=outer.delay or inner.delay,
        quota=f"{outer.quota} {inner.quota}".strip(),
    )
