"""Every way in which a request fails: whether it was billed, and whether it is sent again.

The rows are those of the API reference ("Errors") and of the retry table for requests that cost
money. `test_failure_reasons_mutated.py` proves that each changed decision fails at least one row.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.gemini.endings import ENDINGS
from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.gemini.failure_reasons import MAX_WAIT, of_status

WHERE = "example.org/v1beta/models/x:generateContent"


@dataclass(frozen=True)
class Row:
    """What the client received, and the failure that it is to be."""

    what: str
    status: int
    body: bytes
    words: str
    headers: dict[str, str] = field(default_factory=dict)
    billed: str = "no"
    again: str = "never"
    wait: float | None = None
    ends_build: bool = False
    slow_down: bool = False
    ends_model: bool = False
    remembered: bool = False


def google(code: int, status: str, message: str, *details: object) -> bytes:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return json.dumps({"error": error}).encode()


def gateway(message: str, **more: object) -> bytes:
    error = {"message": message, "type": "new_api_error", "param": "", "code": ""}
    return json.dumps({"error": error | more}).encode()


def delay(text: object) -> dict[str, object]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": text}


def quota(name: str, value: str = "") -> dict[str, object]:
    violation = {"quotaId": name} | ({"quotaValue": value} if value else {})
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}


def fact(reason: str) -> dict[str, object]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}


QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more "
    "information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To "
    "monitor your current usage, head to: https://ai.dev/usage?tab=rate-limit. \n* Quota exceeded "
    "for metric: generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count, "
    "limit: 20, model: gemini-3-pro-image\n* Quota exceeded for metric: "
    "generativelanguage.googleapis.com/generate_content_paid_tier_requests, limit: {limit}, model: "
    "gemini-3-pro-image\nPlease retry in {delay}."
)
BAD_KEY = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}  # fmt: skip
LITELLM = 'litellm.RateLimitError: geminiException - {"error": {"message": "Please retry in 7s."}}'
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"

ROWS = [
    # Google's shape, one row of its table each
    Row("400, a bad field", 400, google(400, "INVALID_ARGUMENT", "Unknown name \"x\": no field."),
        'HTTP 400: Unknown name "x": no field.'),
    Row("400, a bad key by its detail", 400, google(400, "INVALID_ARGUMENT", "Bad", BAD_KEY),
        "the server refuses the API key: Bad", ends_build=True),
    Row("400, a bad key by its words", 400, gateway("API key not valid. Please pass one."),
        "the server refuses the API key: API key not valid. Please pass one.", ends_build=True),
    Row("400, no billing", 400, google(400, "FAILED_PRECONDITION",
                                       "User location is not supported"),
        "the server serves no requests from this place: User location is not supported; draw",
        ends_build=True),
    Row("401", 401, google(401, "UNAUTHENTICATED", "Invalid credentials"),
        "the server refuses the API key: Invalid credentials", ends_build=True),
    Row("403", 403, google(403, "PERMISSION_DENIED", "Your key was reported as leaked"),
        "the server refuses the API key: Your key was reported as leaked", ends_build=True),
    Row("403, no reason", 403, google(403, "PERMISSION_DENIED", "The caller does not have it"),
        "the server refuses the API key: The caller does not have it", ends_build=True),
    Row("404, no such model", 404, google(404, "NOT_FOUND", "models/X is not found for v1beta"),
        f"the server has no such model (404 from {WHERE}): models/X is not found for v1beta",
        ends_model=True),
    Row("404, a file that is gone", 404,
        google(404, "NOT_FOUND", "Requested entity was not found."),
        f"404 from {WHERE}: Requested entity was not found.; correct"),
    Row("404, no such model of this version", 404,
        google(404, "NOT_FOUND", "models/x is not found for API version v1beta, or is not ..."),
        f"the server has no such model (404 from {WHERE}): models/x is not found", ends_model=True),
    Row("404, no such path", 404, b"",
        f"404 from {WHERE}: is the version in base_url twice?", ends_build=True),
    Row("408", 408, b"", "HTTP 408: no reason given", billed="unknown", again="once"),
    Row("409", 409, b"{}", "HTTP 409: no reason given"),
    Row("413", 413, b"<h1>Request Entity Too Large</h1>", "HTTP 413: Request Entity Too Large"),
    Row("418", 418, b"", "HTTP 418: no reason given"),
    Row("422", 422, b'{"detail": "missing field"}', "HTTP 422: missing field"),
    Row("499", 499, google(499, "CANCELLED", "The operation was cancelled."),
        "HTTP 499: The operation was cancelled.", billed="unknown"),
    Row("429", 429, google(429, "RESOURCE_EXHAUSTED", "Slow down"),
        "HTTP 429: Slow down", again="soon", slow_down=True),
    Row("429 with RetryInfo", 429, google(429, "RESOURCE_EXHAUSTED", "Slow down", delay("34.4s")),
        "HTTP 429: Slow down", again="soon", slow_down=True, wait=34.4),
    Row("429, said in words after 500 letters", 429,
        google(429, "RESOURCE_EXHAUSTED", QUOTA.format(limit=20, delay="52.529088744s")),
        "HTTP 429: You exceeded your current quota", again="soon", slow_down=True,
        wait=52.529088744),
    Row("429, less than a second", 429, google(429, "RESOURCE_EXHAUSTED",
                                               "Please retry in 848.5ms."),
        "HTTP 429: Please retry in 848.5ms.", again="soon", slow_down=True, wait=0.8485),
    Row("429, limit 0 after 500 letters", 429,
        google(429, "RESOURCE_EXHAUSTED", QUOTA.format(limit=0, delay="5s"), delay("5s")),
        "the key's plan has no quota for this model: You exceeded", ends_model=True),
    Row("429, limit 0.5 is not 0", 429, gateway("limit: 0.5"),
        "HTTP 429: limit: 0.5", again="soon", slow_down=True),
    Row("429, limit 05", 429, gateway("limit: 05"), "HTTP 429: limit: 05",
        again="soon", slow_down=True),
    Row("429 for hours", 429, google(429, "RESOURCE_EXHAUSTED", "Daily", delay("4h59m49.87s")),
        "the quota is used up for another 17990 s: Daily", wait=17989.87, ends_model=True),
    Row("429 for as long as a build waits", 429, gateway("Slow down"), "HTTP 429: Slow down",
        headers={"retry-after": "120"}, again="soon", slow_down=True, wait=MAX_WAIT),
    Row("429 for a little longer", 429, gateway("Slow down"),
        "the quota is used up for another 121 s: Slow down",
        headers={"retry-after": "121"}, wait=121.0, ends_model=True),
    Row("429 per day, whatever the delay", 429,
        google(429, "RESOURCE_EXHAUSTED", "Slow down", quota("GenerateRequestsPerDayPerProject"),
               delay("3s")),
        "the quota is used up: Slow down; draw the rest", wait=3.0, ends_model=True),
    Row("429 per minute", 429,
        google(429, "RESOURCE_EXHAUSTED", "Slow down", quota("GenerateRequestsPerMinute", "10"),
               delay("3s")),
        "HTTP 429: Slow down", wait=3.0, again="soon", slow_down=True),
    Row("429, a quota whose value is 0", 429,
        google(429, "RESOURCE_EXHAUSTED", "Slow down", quota("GenerateRequestsPerMinute", "0")),
        "the key's plan has no quota for this model: Slow down", ends_model=True),
    Row("500", 500, google(500, "INTERNAL", "An internal error"),
        "HTTP 500: An internal error", again="soon"),
    Row("502, a proxy's page", 502, HTML, "HTTP 502: 502 Bad Gateway; build again later",
        billed="unknown", again="once"),
    Row("503", 503, google(503, "UNAVAILABLE", "The model is overloaded."),
        "HTTP 503: The model is overloaded.", again="soon", slow_down=True),
    Row("503 with a delay", 503, google(503, "UNAVAILABLE", "No capacity", delay("3s")),
        "HTTP 503: No capacity", again="soon", slow_down=True, wait=3.0),
    Row("503 for an hour", 503, gateway("Maintenance"),
        "HTTP 503, to be tried again in 3600 s: Maintenance", headers={"retry-after": "3600"}),
    Row("500 for an hour", 500, gateway("Maintenance"),
        "HTTP 500, to be tried again in 3600 s: Maintenance", headers={"retry-after": "3600"}),
    Row("504", 504, google(504, "DEADLINE_EXCEEDED", "Deadline expired"),
        "HTTP 504: Deadline expired", billed="unknown", again="once"),
    Row("501", 501, b"", "HTTP 501: no reason given", billed="unknown", again="once"),
    Row("524, a proxy's own", 524, b"", "HTTP 524: no reason given", billed="unknown",
        again="once"),
    # Gateways' shapes
    Row("401 of new-api", 401, gateway("Invalid token (request id: 1)"),
        "the server refuses the API key: Invalid token (request id: 1)", ends_build=True),
    Row("503, a model it has not", 503, gateway("No channel", code="model_not_found"),
        "the server has no such model: No channel", ends_model=True),
    Row("503, a model it has not, in words", 503, gateway("No available channel for model x"),
        "the server has no such model: No available channel for model x", ends_model=True),
    Row("503, a model that is busy", 503, gateway("The model is not available, try again"),
        "HTTP 503: The model is not available", again="soon", slow_down=True),
    Row("429 of LiteLLM", 429, gateway(LITELLM, type=None, param=None, code="429"),
        "HTTP 429: litellm.RateLimitError", again="soon", slow_down=True, wait=7.0),
    Row("500 of LiteLLM", 500, gateway("litellm.InternalServerError: x", code="500"),
        "HTTP 500: litellm.InternalServerError: x", again="soon"),
    Row("one error in a list", 503, b'[{"error": {"message": "Overloaded"}}]',
        "HTTP 503: Overloaded", again="soon", slow_down=True),
    Row("a code in words", 400, b'{"error": {"code": "invalid_request", "message": "No"}}',
        "HTTP 400: No"),
    Row("a bare message", 500, b'{"message": "Oh"}', "HTTP 500: Oh", again="soon"),
    Row("an error that is text", 500, b'{"error": "Oh"}', "HTTP 500: Oh", again="soon"),
    Row("an error that is null", 500, b'{"error": null}', "HTTP 500: no reason given",
        again="soon"),
    Row("no JSON", 503, b"Service Unavailable", "HTTP 503: Service Unavailable",
        again="soon", slow_down=True),
    Row("502 behind a 400", 400, gateway("bad response status code 502",
        code="bad_response_status_code"), "HTTP 502: bad response status code 502",
        billed="unknown", again="once"),
    Row("503 behind a 500", 500, gateway("bad response status code 503"),
        "HTTP 503: bad response status code 503", again="soon", slow_down=True),
    Row("429 behind a 500", 500, gateway("bad response status code 429"),
        "HTTP 429: bad response status code 429", again="soon", slow_down=True),
    Row("504 behind a 403", 403, gateway("bad response status code 504 (request id: 1)"),
        "HTTP 504: bad response status code 504", billed="unknown", again="once"),
    Row("500 behind a 400", 400, gateway("bad response status code 500"),
        "HTTP 500: bad response status code 500", again="soon"),
    Row("408 behind a 400", 400, gateway("bad response status code 408"),
        "HTTP 408: bad response status code 408", billed="unknown", again="once"),
    Row("400 behind a 400", 400, gateway("bad response status code 400"),
        "HTTP 400: bad response status code 400"),
    # What ends all requests of a build, or those to a model
    *[Row(f"403 {reason}", 403, google(403, "PERMISSION_DENIED", "No.", fact(reason)),
          f"{says}: No.; ", ends_build=True)
      for reason, says in (
          ("API_KEY_SERVICE_BLOCKED", "the server refuses the API key"),
          ("API_KEY_HTTP_REFERRER_BLOCKED", "the server refuses the API key"),
          ("API_KEY_IP_ADDRESS_BLOCKED", "the server refuses the API key"),
          ("CONSUMER_SUSPENDED", "the key's account is suspended"),
          ("SERVICE_DISABLED", "the API is switched off for the key's project"),
          ("BILLING_DISABLED", "the key's account cannot pay"))],
    Row("400, expired", 400, google(400, "INVALID_ARGUMENT", "API key expired. Renew the API key."),
        "the server refuses the API key: API key expired.", ends_build=True),
    Row("402", 402, gateway("Insufficient"), "the key's account cannot pay: Insufficient",
        ends_build=True),
    Row("429 of OpenAI", 429, gateway("Check your plan", type="insufficient_quota"),
        "the key's account cannot pay: Check your plan", ends_build=True),
    Row("403, not for this model", 403, gateway("This token has no access to model x"),
        "the server has no such model: This token has no access to model x", ends_model=True),
    Row("404 of Google's front end", 404, b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>",
        f"404 from {WHERE}: is the version in base_url twice? Error 404 (Not Found)!!1; end",
        ends_build=True),
    Row("404 of FastAPI", 404, b'{"detail": "Not Found"}',
        f"404 from {WHERE}: is the version in base_url twice? Not Found; end", ends_build=True),
    Row("404 of Express", 404, b"<html><body><pre>Cannot POST /v1beta/v1beta</pre>",
        f"404 from {WHERE}: is the version in base_url twice? Cannot POST", ends_build=True),
    Row("400 of Google's front end", 400, b"<html><title>Error 400 (Bad Request)!!1</title>",
        "HTTP 400: Error 400 (Bad Request)!!1; correct"),
    Row("a file that it may not read", 403, google(
        403, "PERMISSION_DENIED", "You do not have permission to access the File abc"),
        "HTTP 403: You do not have permission"),
    *[Row(f"a page with {status}", status, b"<html><title>Just a moment...</title>",
          f"a web page came in place of an answer (HTTP {status}): Just a moment...; check",
          ends_build=True) for status in (401, 403, 407, 511)],
    *[Row(f"{status}, a proxy that did not reach it", status, b"<title>Down</title>",
          f"HTTP {status}: Down; build again later", again="soon") for status in (521, 522, 523)],
    Row("405, a path that takes no requests", 405, b'{"detail": "Method Not Allowed"}',
        "HTTP 405: Method Not Allowed; end base_url with the host", ends_build=True),
    *[Row(f"{status}, {words}", status, gateway(words), f"the key's account cannot pay: {words}",
          ends_build=True)
      for status, words in (
          (403, "user quota is not enough, user quota: $0.00"), (401, "token quota is not enough"),
          (403, "Key limit exceeded (total limit)."), (403, "\u7528\u6237\u989d\u5ea6\u4e0d\u8db3"),
          (429, "Your project has exceeded its spending cap."))],
    *[Row(f"{status}, {words}", status, gateway(words), f"the server has no such model: {words}",
          ends_model=True)
      for status, words in (
          (400, "x is not a valid model ID"), (400, "Model x does not support image output"),
          (400, "Model does not support the requested response modalities: image"),
          (400, "Multi-modal output is not supported."), (503, "\u65e0\u53ef\u7528\u6e20\u9053"),
          (400, "Image generation is not available for this model"))],
    Row("400, a size that a model has not", 400, gateway("Model x does not support size 4K"),
        "HTTP 400: Model x does not support size 4K"),
    Row("400, a bad key behind it", 400, gateway("Provider returned error", metadata={
        "raw": json.dumps({"error": {"code": 400, "message": "API key not valid."}})}),
        "the server refuses the API key: Provider returned error: API key not valid.",
        ends_build=True),
    # The model's own refusal, passed on
    *[Row(f"{status}, {words}", status, gateway(words),
          f"the model drew no picture ({words}); change the prompt", remembered=True)
      for status, words in (
          (400, "finish reason: IMAGE_SAFETY"), (500, "Blocked: PROHIBITED_CONTENT"),
          (400, "Your request was blocked by safety filters"), (422, "rejected by content filter"),
          (500, "finishReason: SAFETY"), (400, "rejected because of our safety system"),
          (400, "Blocked: content_policy_violation"))],
    Row("400, a schema that has such words", 400, gateway("Invalid safety_settings category"),
        "HTTP 400: Invalid safety_settings category"),
    # Neither a picture nor an error
    Row("a redirect", 307, b"", f"HTTP 307: {WHERE} redirects elsewhere", ends_build=True),
    Row("300", 300, b"", f"HTTP 300: {WHERE} redirects elsewhere", ends_build=True),
    Row("399", 399, b"", f"HTTP 399: {WHERE} redirects elsewhere", ends_build=True),
    Row("no content", 204, b"", "HTTP 204 instead of 200: no reason given", billed="unknown"),
    # Which delay counts: Retry-After, then RetryInfo, then the words
    Row("Retry-After first", 429, google(429, "X", "Please retry in 3s.", delay("2s")),
        "HTTP 429: Please retry in 3s.", headers={"retry-after": "1"}, again="soon",
        slow_down=True, wait=1.0),
    Row("then RetryInfo", 429, google(429, "X", "Please retry in 3s.", delay("2s")),
        "HTTP 429", again="soon", slow_down=True, wait=2.0),
    Row("then the words", 429, google(429, "X", "Please retry in 1m3.5s."),
        "HTTP 429", again="soon", slow_down=True, wait=63.5),
    Row("a date in Retry-After is passed over", 429, google(429, "X", "x", delay("2s")),
        "HTTP 429", headers={"retry-after": "Sun, 22 Nov 2026 10:00:00 GMT"}, again="soon",
        slow_down=True, wait=2.0),
    Row("a delay that is none", 429, google(429, "X", "Please retry in a while.", delay("soon")),
        "HTTP 429", headers={"retry-after": "-1"}, again="soon", slow_down=True),
]  # fmt: skip


def others(room: ModuleType) -> Iterator[tuple[str, Any, tuple[object, ...]]]:
    """Yield the failures that have no status: what, as it is, as it is to be."""
    yield "no connection", room.not_connected("DNS"), (
        "no connection: DNS", "no", "soon", None, False, False, False, False,
    )  # fmt: skip
    yield "cut", room.cut("reset"), (
        "the answer did not arrive: reset", "unknown", "once", None, False, False, False, False,
    )  # fmt: skip
    yield "refused", room.refused_answer("no picture"), (
        "no picture", "yes", "never", None, False, False, False, False,
    )  # fmt: skip
    yield "unreadable", room.unreadable_answer("no JSON"), (
        "no JSON", "yes", "never", None, False, False, False, False,
    )  # fmt: skip
    yield "elsewhere", room.picture_elsewhere("https://x.example/a.png"), (
        "the answer has an address instead of a picture, and no address is fetched: "
        "https://x.example/a.png", "yes", "never", None, False, False, False, False,
    )  # fmt: skip
    yield "a reason", room.of_reason("SAFETY", "unsafe"), (
        "the model drew no picture (SAFETY: unsafe)", "yes", "never", None, False, False, False,
        True,
    )  # fmt: skip
    yield "words", room.of_reason("STOP", "I cannot"), (
        "the model drew no picture (STOP: I cannot)", "yes", "never", None, False, False, False,
        True,
    )  # fmt: skip
    yield "a page with 200", room.of_answer(b"<html><title>Hi</title>", room.cut(""), None), (
        "a web page came in place of an answer: Hi", "no", "never", None, True, False, False, False,
    )  # fmt: skip
    paid = room.of_answer(b'{"error": {"code": 503}}', room.cut(""), Usage(image=9))
    yield "an error of a picture that was drawn", paid, (
        "HTTP 503: no reason given", "yes", "once", None, False, True, False, False,
    )  # fmt: skip
    yield "a bare reason", room.of_reason("NO_IMAGE", ""), (
        "the model drew no picture (NO_IMAGE)", "yes", "once", None, False, False, False, False,
    )  # fmt: skip
    yield "a fault", room.of_reason("MAX_TOKENS", ""), (
        "the model drew no picture (MAX_TOKENS)", "yes", "never", None, False, False, False, False,
    )  # fmt: skip


def facts(found: Any) -> tuple[object, ...]:
    return (
        found.what, found.billed, found.again, found.wait, found.ends_build, found.slow_down,
        found.ends_model, found.remembered,
    )  # fmt: skip


def same(found: Any, wanted: tuple[object, ...]) -> bool:
    """Whether a failure is as it is to be; its message begins with the words and gives advice."""
    _, *is_ = facts(found)
    words, *rest = wanted
    return is_ == rest and found.what.startswith(words)


def differs(room: ModuleType, row: Row) -> str:
    """Say in which way a row is judged otherwise by `room` than it is to be, or nothing."""
    found = room.of_status(row.status, row.headers, row.body, WHERE)
    wanted = (row.words, row.billed, row.again, row.wait, row.ends_build, row.slow_down,
              row.ends_model, row.remembered)  # fmt: skip
    return "" if same(found, wanted) else f"{row.what}: {facts(found)}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_each_row_of_the_table(row: Row) -> None:
    assert differs(failure_reasons, row) == ""


def test_each_failure_without_a_status() -> None:
    for what, found, wanted in others(failure_reasons):
        assert same(found, wanted), what


def test_no_request_that_is_sent_again_soon_was_billed() -> None:
    for row in ROWS:
        found = of_status(row.status, row.headers, row.body, WHERE)
        assert (found.again == "soon") <= (found.billed == "no"), row.what
        assert not ((found.ends_build or found.ends_model) and found.again != "never"), row.what


def test_every_message_says_what_to_do() -> None:
    for row in ROWS:
        if row.status >= 300:
            found = of_status(row.status, row.headers, row.body, WHERE)
            assert found.what.rpartition("; ")[2].split("{")[0] in ADVICE, found.what
    for what, found, _ in others(failure_reasons):
        # The journal adds to what is kept where it is, and how a picture is taken instead.
        is_complete = what == "refused" or found.unreadable
        assert is_complete or found.what.rpartition("; ")[2] in ADVICE, found.what


ADVICE = {
    each.advice.rpartition("; ")[2].replace("{keys}", "GEMINI_API_KEY") for each in ENDINGS.values()
}


BUSY = {"error": {"code": 503, "message": "The model is overloaded."}}
IN_200: list[tuple[str, object, str, dict[str, object]]] = [
    ("503", BUSY, "HTTP 503: The model is overloaded.", {"again": "soon", "slow_down": True}),
    ("in a list", [BUSY], "HTTP 503: ", {"again": "soon"}),
    ("in a text", json.dumps(BUSY), "HTTP 503: ", {"again": "soon"}),
    ("in a text twice", json.dumps(json.dumps(BUSY)), "HTTP 503: ", {"again": "soon"}),
    ("in a wrapper", {"data": {"response": BUSY}}, "HTTP 503: ", {"again": "soon"}),
    ("without a code", {"error": {"status": "UNAVAILABLE"}}, "HTTP 503: ", {"again": "soon"}),
    (
        "a code as text",
        {"error": {"code": "503", "message": "x"}},
        "HTTP 503: x",
        {"again": "soon"},
    ),
    ("as a text", {"error": "The model is overloaded"}, "HTTP 503: ", {"again": "soon"}),
    ("beside it", {"code": 503, "msg": "busy"}, "HTTP 503: busy", {"again": "soon"}),
    ("as a number", {"error": 503, "message": "busy"}, "HTTP 503: busy", {"again": "soon"}),
    (
        "429",
        {"error": {"code": 429, "message": "Slow", "details": [delay("7s")]}},
        "HTTP 429: Slow",
        {"again": "soon", "wait": 7.0, "slow_down": True},
    ),
    (
        "429 per day",
        {
            "error": {
                "code": 429,
                "message": "Slow",
                "details": [quota("RequestsPerDay"), delay("7s")],
            }
        },
        "the quota is used up: Slow",
        {"ends_model": True},
    ),
    (
        "401",
        {"error": {"code": 401, "message": "Invalid token"}},
        "the server refuses the API key: Invalid token",
        {"ends_build": True},
    ),
    (
        "a bad key in words",
        {"error": "Unauthorized"},
        "the server refuses the API key",
        {"ends_build": True},
    ),
    (
        "OpenAI",
        {"error": {"type": "insufficient_quota", "code": "insufficient_quota"}},
        "the key's account cannot pay",
        {"ends_build": True},
    ),
    (
        "LiteLLM",
        {"error": {"message": f"litellm.X: {json.dumps(BUSY)}", "code": "500"}},
        "HTTP 503: litellm.X: The model is overloaded.",
        {"again": "soon"},
    ),
    (
        "a refusal passed on",
        {"error": {"code": 400, "message": "IMAGE_SAFETY"}},
        "the model drew no picture (IMAGE_SAFETY)",
        {"remembered": True},
    ),
    (
        "a field error",
        {"detail": [{"loc": ["body"], "msg": "Oh", "type": "missing"}]},
        "the server answered with an error: Oh",
        {},
    ),
    (
        "in capitals",
        {"Error": {"Code": "InvalidApiKey", "Message": "Invalid API-key provided."}},
        "the server refuses the API key: Invalid API-key",
        {"ends_build": True},
    ),
    (
        "texts",
        {"errors": ["No API key found"]},
        "the server refuses the API key: No API key found",
        {"ends_build": True},
    ),
    (
        "of a choice",
        {"choices": [{"error": {"code": 503, "message": "x"}}]},
        "HTTP 503: x",
        {"again": "soon"},
    ),
    (
        "without success",
        {"success": False, "message": "Oh", "result": {"x": 1}},
        "the server answered with an error: Oh",
        {},
    ),
    (
        "a code and a message",
        {"error_code": 110, "error_msg": "Oh"},
        "the server answered with an error: Oh",
        {},
    ),
    (
        "in a reply's state",
        {"base_resp": {"status_code": 1004, "status_msg": "Oh"}},
        "the server answered with an error: Oh",
        {},
    ),
    ("none of these", {"error": {"message": "Oh"}}, "the server answered with an error: Oh", {}),
    ("a message alone", {"message": "Oh"}, "the server answered with an error: Oh", {}),
    (
        "504",
        {"error": {"code": 504, "message": "x"}},
        "HTTP 504: x",
        {"again": "once", "billed": "unknown"},
    ),
]


@pytest.mark.parametrize("row", IN_200, ids=lambda row: row[0])
@pytest.mark.parametrize("stream", [False, True])
def test_an_error_with_status_200_is_what_it_says(
    row: tuple[str, object, str, dict[str, object]], stream: bool
) -> None:
    _, value, words, wanted = row
    body = json.dumps(value).encode()
    if stream:
        body = b"event: error\r\ndata: " + body + b"\r\n\r\n"
    found = failure_reasons.of_answer(body, failure_reasons.refused_answer("no picture"), None)
    assert found.what.startswith(words)
    kept = {name: getattr(found, name) for name in ("again", "billed", "ends_build", "ends_model",
                                                    "remembered")}  # fmt: skip
    usual = {"again": "never", "billed": "no", "ends_build": False, "ends_model": False,
             "remembered": False}  # fmt: skip
    assert kept == usual | {name: each for name, each in wanted.items() if name in usual}
    for name in ("wait", "slow_down"):
        assert name not in wanted or getattr(found, name) == wanted[name]


@pytest.mark.parametrize(
    "page",
    [b"<!doctype html><html><head><title>Sign in</title></head>",
     b"\xef\xbb\xbf\n<HTML><h1>Sign in", json.dumps("<html><title>Sign in</title>").encode(),
     b"<!-- x --><html><title> Sign in\n</title>"],
)  # fmt: skip
def test_a_web_page_with_status_200_is_a_fault_that_was_not_billed(page: bytes) -> None:
    found = failure_reasons.of_answer(page, failure_reasons.refused_answer("no JSON"), None)
    assert found.what == ENDINGS["page"].says + ": Sign in; " + ENDINGS["page"].advice
    assert (found.billed, found.again, found.remembered) == ("no", "never", False)


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"Unauthorized", "the server refuses the API key: Unauthorized"),
     (b"Rate limit exceeded", "HTTP 429: Rate limit exceeded"),
     (b"upstream connect error or disconnect/reset before headers", "HTTP 503: upstream connect"),
     (b"Once upon a time there was no error", "no picture")],
)  # fmt: skip
def test_an_error_may_be_plain_words(body: bytes, words: str) -> None:
    assert failure_reasons.of_answer(
        body, failure_reasons.refused_answer("no picture"), None
    ).what.startswith(words)


@pytest.mark.parametrize("status", [401, 200])
def test_a_refused_key_is_looked_for_where_it_is_defined(status: int) -> None:
    body, keys = b'{"error": {"code": 401, "message": "No"}}', "api_key"
    refused = failure_reasons.refused_answer("no picture")
    found = (
        failure_reasons.of_answer(body, refused, None, keys) if status == 200
        else of_status(status, {}, body, WHERE, keys)
    )  # fmt: skip
    assert found.what.endswith("; check api_key")


def test_a_refused_history_is_told_with_any_status() -> None:
    body = b'{"error": {"code": 400, "message": "Corrupted thought signature."}}'
    assert failure_reasons.of_answer(body, failure_reasons.refused_answer(""), None).refuses_history
    assert failure_reasons.of_reason("MISSING_THOUGHT_SIGNATURE", "").refuses_history
    assert not failure_reasons.of_reason("NO_IMAGE", "").refuses_history


def test_a_refusal_with_an_error_beside_it_stays_a_refusal() -> None:
    refusal = failure_reasons.of_reason("SAFETY", "")
    assert failure_reasons.of_answer(json.dumps(BUSY).encode(), refusal, None).remembered


def test_a_model_that_the_table_nearly_knows_is_named() -> None:
    where = "x/v1beta/models/gemini-3-pro-imag:generateContent"
    found = of_status(404, {}, google(404, "NOT_FOUND", "is not found for API version v1"), where)
    assert "did you mean 'gemini-3-pro-image'?" in found.what


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["error", "message", "details", "detail", "code", "retryDelay", "reason"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.integers(100, 599),
       json_values.map(lambda value: json.dumps(value).encode()) | st.binary(),
       st.text(max_size=20))  # fmt: skip
def test_any_answer_has_a_failure_and_raises_nothing(status: int, body: bytes, after: str) -> None:
    found = of_status(status, {"retry-after": after}, body, WHERE)
    assert isinstance(found, Failure)
    assert found.what.isprintable()


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"error":' * 100_000, b"<" * 200_000, b"\xff" * 9]
)
def test_hostile_bodies_have_a_failure_and_raise_nothing(body: bytes) -> None:
    found = of_status(500, {}, body, WHERE)
    assert len(found.what) < 700


def test_messages_fit_on_one_line_of_a_log() -> None:
    assert message_of("a\x1b[31m\n\tb\u202e") == "a [31m b"
    assert message_of(None) == ""
    assert len(message_of("x" * 9999)) == 500
