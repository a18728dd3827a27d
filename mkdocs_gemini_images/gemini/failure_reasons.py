"""Describe why a request failed, and what follows from that.

In: what the client saw: no connection, an incomplete answer, or a status and a body; an error with
status 200 counts as the status that it names. Out: a `Failure` with the message for the author,
whether the request was billed, whether it may be sent again, and what else it ends. No effects;
generation/retry_policy.py decides how often and when.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from mkdocs_gemini_images.core.diagnostics import message_of, single_line
from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.gemini.endings import CONTENT, ENDINGS, is_refusal, kind_of
from mkdocs_gemini_images.gemini.error_body import ErrorBody, asked_wait, code_in_words, read_error
from mkdocs_gemini_images.gemini.error_in_answer import error_in_answer
from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.models.catalogue import MODELS

MAX_WAIT = 120.0
"""Seconds; a request is not sent again to a server that asks to wait longer than this."""

_TEMPORARY = (408, 429, 500, 502, 503, 504)
"""Statuses of errors that pass."""


def not_connected(reason: str, *, advice: str = "") -> Failure:
    """Return the failure of a request that was not sent whole: it cannot have been billed."""
    return Failure(_message("connection", reason, advice=advice), again="soon", unreachable=True)


def cut(reason: str) -> Failure:
    """Return the failure of a request that was sent without an answer: it may have been billed."""
    return Failure(_message("cut", reason), billed="unknown", again="once")


def refused_answer(reason: str) -> Failure:
    """Return the failure of an answer without a usable picture, which was billed."""
    return Failure(reason, billed="yes")


def unreadable_answer(reason: str) -> Failure:
    """Return the failure of an answer in which no picture is found here: it was billed, too."""
    return Failure(reason, billed="yes", unreadable=True)


def picture_elsewhere(address: str) -> Failure:
    """Return the failure of an answer that names a picture's address, which is not fetched."""
    url = single_line(address)
    short = url if len(url) <= 300 else f"{url[:299]}…"
    got = "the answer has an address instead of a picture, and no address is fetched"
    return unreadable_answer(f"{got}: {short}")


def of_status(
    status: int, headers: Mapping[str, str], body: bytes, where: str, keys: str = "GEMINI_API_KEY"
) -> Failure:
    """Return the failure of an answer whose HTTP status is not 200.

    `headers` have lower-case names; `where` is the URL without its query; `keys` are the places
    where the key may be defined.
    """
    return _of_error(status, headers, read_error(body), where, keys)


def of_answer(
    body: bytes, failure: Failure, usage: Usage | None, keys: str = "GEMINI_API_KEY"
) -> Failure:
    """Return the failure of an answer with status 200 that holds no picture.

    `failure` is what the reader of answers made of it. An error, or a web page, in place of an
    answer is judged as what it is; `usage` says what the answer cost.
    """
    error = None if failure.remembered else error_in_answer(body)
    if error is None:
        return replace(failure, usage=usage)
    if error.is_page:
        return Failure(_message("page", error.words), ends_build=True)
    said = error.words or error.symbols
    found = _of_code(error, keys) or _of_kind(error, said, "the server", keys)
    found = replace(found or Failure(_message("error", said)), usage=usage)
    if usage is None or not usage.has_output:
        return found
    return replace(found, billed="yes", again="never" if found.again == "never" else "once")


def of_words(text: str, failure: Failure, keys: str) -> Failure:
    """Return the failure of a model's words: an error that a gateway puts there, or `failure`."""
    error = error_in_answer(text.encode("utf-8", "replace"))
    found = None if error is None or error.is_page else _of_code(error, keys)
    return found or failure


def _of_code(error: ErrorBody, keys: str) -> Failure | None:
    """Return the failure of an error with status 200 that names another status, or None."""
    code = error.upstream or error.code or code_in_words(error.text)
    if not code:
        return None
    found = _of_error(code, {}, error, "the server", keys)
    return replace(found, refuses_history=may_refuse_history(code, found))


def _of_error(
    status: int, headers: Mapping[str, str], error: ErrorBody, where: str, keys: str
) -> Failure:
    said = error.words or message_of(error.symbols) or "no reason given"
    if 300 <= status < 400:
        redirect = ENDINGS["redirect"]
        return Failure(
            f"HTTP {status}: {where} {redirect.says}, and a key is never sent after a redirect; "
            f"{redirect.advice}",
            ends_build=True,
        )
    if status >= 400 and (failure := _of_kind(error, said, where, keys, status)):
        return failure
    status = error.upstream if error.upstream in _TEMPORARY else status
    match status:
        case 401 | 403 | 407 | 511 if error.is_page:
            return Failure(_message("page", said, after=f" (HTTP {status})"), ends_build=True)
        case 401 | 403:
            return Failure(_message("key", said, keys=keys), ends_build=True)
        case 402:
            return Failure(_message("billing", said), ends_build=True)
        case 404 if error.is_page or _NO_PATH.fullmatch(error.text):
            asked = f"404 from {where}: is the version in base_url twice?"
            said = f" {error.words}" if error.text else ""
            return Failure(f"{asked}{said}; {ENDINGS['path'].advice}", ends_build=True)
        case 405:
            return Failure(f"HTTP 405: {said}; {ENDINGS['path'].advice}", ends_build=True)
        case 404:
            return Failure(f"404 from {where}: {said}; {ENDINGS['invalid'].advice}")
        case 429:
            return _too_many(headers, error, said)
        case 500 | 503 | 521 | 522 | 523:  # a proxy's last three: it did not reach the server
            wait = asked_wait(headers, error)
            if wait is not None and wait > MAX_WAIT:
                later = f"HTTP {status}, to be tried again in {wait:.0f} s: {said}"
                return Failure(f"{later}; {ENDINGS['trouble'].advice}")
            slow_down = status == 503
            return Failure(_of_http(status, said), again="soon", wait=wait, slow_down=slow_down)
        case 499:  # a proxy stopped waiting; the model may have drawn
            return Failure(_of_http(status, said), billed="unknown")
        case _ if status < 400:
            return Failure(f"HTTP {status} instead of 200: {said}", billed="unknown")
        case _ if status == 408 or status > 500:
            return Failure(_of_http(status, said), billed="unknown", again="once")
        case _:
            return Failure(_of_http(status, said))


def _of_kind(error: ErrorBody, said: str, where: str, keys: str, status: int = 0) -> Failure | None:
    """Return the failure of an error whose symbols or words say more than its status, or None."""
    if _OF_A_FILE.search(error.text):  # it concerns one reference
        return Failure(_of_http(status, said)) if status in (401, 403, 404) else None
    kind = kind_of(error.everything)
    busy = status > 500 and not _NO_CHANNEL.search(error.everything)
    if kind == "model" and not busy:
        reason = f"{said}{_near_model(where)}" if "/models/" in where else said
        after = f" (404 from {where})" if status == 404 else ""
        return Failure(_message("model", reason, after=after), ends_model=True)
    if kind not in ("", "model") and not (kind == "key" and status > 500):
        return Failure(_message(kind, said, keys=keys), ends_build=True)
    if status not in (401, 429) and is_refusal(error.everything):
        return Failure(_message("refused", f"({said})", colon=" "), remembered=True)
    return None


_NO_CHANNEL = re.compile(
    r"MODEL_NOT_FOUND|No available channel for model|\u65e0\u53ef\u7528\u6e20\u9053"
)
_OF_A_FILE = re.compile(r"\baccess the File\b|\bFile \S+ (?:is|was|does|may)\b")
_NO_PATH = re.compile(
    r"\W*|(?:404 )?(?:page )?not found\W*|no route matched.*"
    r"|.*\b(?:cannot (?:post|get) /|invalid url|requested url|no such (?:route|path|endpoint)).*",
    re.IGNORECASE | re.DOTALL,
)
"""What is said where a path is not there."""


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
    name = reason.upper()
    said_no = name == "STOP" and message
    refused = _message("refused", f"({why})", colon=" ")
    if said_no or CONTENT.search(name) or name.startswith("THE PROMPT IS BLOCKED"):
        return Failure(refused, billed="yes", remembered=True)
    return Failure(
        _message("no picture", f"({why})", colon=" "),
        billed="yes",
        again="once" if name in _PASSING else "never",
        refuses_history=_HISTORY.search(name) is not None,
    )


_PASSING = (
    "IMAGE_OTHER", "NO_IMAGE", "OTHER", "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE",
    "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
)  # fmt: skip
"""Finish reasons that say nothing about the content: the same request may yield a picture."""


def _message(
    ending: str, said: str, *, keys: str = "", after: str = "", colon: str = ": ", advice: str = ""
) -> str:
    """Return a message: the words of an ending, what the server said, and what to do."""
    row = ENDINGS[ending]
    advice = advice or row.advice.replace("{keys}", keys)
    return f"{row.says}{after}{colon}{said}; {advice}"


def _of_http(status: int, said: str) -> str:
    advice = ENDINGS["invalid" if status < 500 and status != 408 else "trouble"].advice
    return f"HTTP {status}: {said}; {advice}"


def _near_model(where: str) -> str:
    """Return the known model that the address of a request may mean, as a question."""
    from difflib import get_close_matches  # loaded only where there is a mistake

    name = where.rpartition("/models/")[2].partition(":")[0]
    near = [each for each in get_close_matches(name, MODELS, n=1, cutoff=0.7) if each != name]
    return f"; did you mean '{near[0]}'?" if near else ""


def _too_many(headers: Mapping[str, str], error: ErrorBody, said: str) -> Failure:
    everything = f"{error.everything} {error.quota}"
    if re.search(r"\b(?:limit|quotaValue): 0(?![\d.]*[1-9])", everything):
        return Failure(_message("no quota", said), ends_model=True)
    wait = asked_wait(headers, error)
    daily = re.search(r"PerDay|per[ _-]day|\bdaily\b", everything, re.IGNORECASE)
    if daily or (wait is not None and wait > MAX_WAIT):
        after = "" if wait is None or wait <= MAX_WAIT else f" for another {wait:.0f} s"
        return Failure(_message("quota", said, after=after), wait=wait, ends_model=True)
    text = f"HTTP 429: {said}; {ENDINGS['patience'].advice}"
    return Failure(text, again="soon", wait=wait, slow_down=True)
