"""Tell an error that came with status 200 from an answer.

In: the bytes of an answer in which no picture was found. Out: an `ErrorBody`, or None where it may
be an answer all the same. An answer has been paid, and an error has not: what is taken for an
error is not kept. No effects.
"""

import re

from mkdocs_gemini_images.gemini.endings import kind_of
from mkdocs_gemini_images.gemini.error_body import (
    MESSAGES,
    PAGE,
    ErrorBody,
    Fields,
    code_in_words,
    error_in,
    error_text,
    error_words,
    loaded,
    read_fields,
    title_of,
    without_tags,
)

_OF_ERRORS = ("error_msg", "error_message", "error_description", "errmsg", "error_code")
"""Names that no answer has."""
_OF_MESSAGES = (*MESSAGES, "code", "Code", "status", "statusCode", "status_code", "success", "ok",
                "type", "__type", "loc", "timestamp", "path", "instance", "requestId", "request_id",
                "traceId", "trace_id")  # fmt: skip
"""What a message is made of; anything else may be the trace of a picture."""
_GOOD = (0, 200, True, "0", "200", "ok", "OK", "success", "succeeded", "completed")
"""What `code`, `status` or `success` says where there is no error."""
_IN_WORDS = re.compile(
    r"\W*(?:[\w.]+\W+){0,3}(?:error|exception|unauthori[sz]ed|forbidden|too many requests"
    r"|rate limit|quota|service unavailable|bad gateway|overloaded)\b",
    re.IGNORECASE,
)
"""How an error begins that is no JSON."""
_MOST_WORDS = 2000
"""Characters of such an error."""
_JSON = re.compile(r'"|[{\[]\s*["{\[\]}]')


def error_in_answer(body: bytes) -> ErrorBody | None:
    """Return the error that a response with status 200 is, or None where it is none."""
    text = error_text(body)
    if PAGE.match(text):
        return ErrorBody(title_of(text), is_page=True)
    if isinstance(quoted := loaded(text), str):
        return error_in_answer(quoted.encode("utf-8", "replace"))
    found = error_in(text, is_fault=_is_fault)
    if found is not None:
        error = read_fields(found)
        return error if error.text or error.code or error.symbols else None
    is_short = len(text) <= _MOST_WORDS and not _JSON.match(text)
    if is_short and _IN_WORDS.match(text) and code_in_words(text):
        return ErrorBody(without_tags(text))
    return None


def _is_fault(value: Fields) -> bool:
    """Return whether an object with a message is an error, and no answer of an unknown shape."""
    error, words = read_fields(value, depth=1), error_words(value)
    if error.code or code_in_words(words) or kind_of(error.everything):
        return True
    states = [value.get(name) for name in ("code", "status", "success", "ok")]
    if any(state is False for state in states) or any(value.get(name) for name in _OF_ERRORS):
        return True
    is_good = any(state in _GOOD for state in states if isinstance(state, int | str))
    others = [inner for name, inner in value.items() if name not in _OF_MESSAGES]
    return not is_good and "://" not in words and not any(others)
