"""Responses of gateways and proxies, and errors that stop everything: rows for `scenarios.py`.

Each fixed response has a one-line description, which the manual prints. `{key}` in its body is
replaced with the key of the request, as by gateways that quote what they refuse.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from mkdocs_gemini_images.emulator.protocol.errors import ApiError, error_detail
from mkdocs_gemini_images.emulator.scenario import FixedResponse

_JSON = "application/json"


def _denied(message: str, reason: str) -> ApiError:
    detail = error_detail("ErrorInfo", reason=reason, domain="googleapis.com")
    return ApiError(403, "PERMISSION_DENIED", message, (detail,))


KEY_RESTRICTED = _denied(
    "Requests to this API generativelanguage.googleapis.com method generateContent are blocked.",
    "API_KEY_SERVICE_BLOCKED",
)
BILLING_OFF = _denied("This API method requires billing to be enabled.", "BILLING_DISABLED")
QUOTA_PER_DAY = ApiError(
    429,
    "RESOURCE_EXHAUSTED",
    "You exceeded your current quota, please check your plan and billing details.",
    (
        error_detail(
            "QuotaFailure",
            violations=[
                {"quotaId": "GenerateRequestsPerDayPerProjectPerModel", "quotaValue": "250"}
            ],
        ),
        error_detail("RetryInfo", retryDelay="0.3s"),
    ),
)


def _json(value: object, status: int = 200) -> FixedResponse:
    return FixedResponse(status, json.dumps(value).encode(), _JSON)


def _error(message: str, status: int, code: int | str = "", **more: object) -> FixedResponse:
    """Return an error; with a number as its code in Google's shape, else in a gateway's."""
    if isinstance(code, int):
        return _json({"error": {"code": code, "message": message, **more}}, status)
    error = {"message": message, "type": "new_api_error", "param": "", "code": code, **more}
    return _json({"error": error}, status)


def _page(status: int, title: str) -> FixedResponse:
    text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return FixedResponse(status, text.encode())


_BUSY = "The model is overloaded. Please try again later."
_INTERNAL = {"error": {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}}

FIXED: Mapping[str, tuple[str, FixedResponse]] = MappingProxyType({
    "gateway-model-not-found": (
        "A gateway's 503 that means: no such model.", _error(
            "No available channel for model under group default (request id: 20261122)", 503,
            "model_not_found")),
    "gateway-upstream": (
        "A gateway says that its upstream answered 502.", _error(
            "bad response status code 502", 502, "bad_response_status_code",
            type="upstream_error")),
    "gateway-image-safety": (
        "A gateway's 400 that passes on the model's own refusal.", _error(
            "geminiException - finish reason: IMAGE_SAFETY", 400)),
    "gateway-blocked": (
        "A gateway's 500 that passes on the model's own refusal in words.", _error(
            "The response was blocked by safety filters.", 500)),
    "litellm-error": (
        "500 with Google's JSON inside a message.", _error(
            f"litellm.InternalServerError: geminiException - {json.dumps(_INTERNAL)}", 500, "500",
            type=None)),
    "list-error": ("400, the error being the only item of a list.", _json([{"error": {
        "code": 400, "message": "Request contains an invalid argument.",
        "status": "INVALID_ARGUMENT"}}], 400)),
    "bare-error": ("500 with nothing but a message.", _json(
        {"message": "upstream connect error"}, 500)),
    "error-200": ("200 with an error 503.", _error(_BUSY, 200, 503)),
    "error-without-code": ("200 with an error that has a status in words alone.", _json(
        {"error": {"status": "UNAVAILABLE", "message": _BUSY}})),
    "rate-limit-200": ("200 with an error 429, may be tried again in 0.3 s.", _error(
        "Too many requests.", 200, 429, details=[error_detail("RetryInfo", retryDelay="0.3s")])),
    "quoted-error": ("200 with an error 503 as JSON inside a string.", _json(
        json.dumps({"error": {"code": 503, "message": _BUSY}}))),
    "quoted-key": ("200 with an error 401 that quotes the key.", _error(
        "Invalid token {key}", 200, 401)),
    "quoted-key-401": ("401 that quotes the key.", _error("Invalid token {key}", 401)),
    "strange-error": ("200 with an error of no known kind, which quotes the key.", _json(
        {"error": {"message": "Oh dear, {key}"}})),
    "error-in-words": ("200 with an error 503 in the model's words.", _json({"choices": [{
        "message": {"content": f"Error: 503 Service Unavailable. {_BUSY}"},
        "finish_reason": "stop"}]})),
    "choice-error": ("200 with an error 503 of the provider, in OpenAI's chat.", _json({"choices": [
        {"message": {"content": ""}, "error": {"code": 503, "message": _BUSY}}]})),
    "plain-error": ("200 with an error in plain words.", FixedResponse(
        200, b"upstream connect error or disconnect/reset before headers", "text/plain")),
    "insufficient-quota": ("429 in OpenAI's shape: the account cannot pay.", _error(
        "You exceeded your current quota.", 429, "insufficient_quota", type="insufficient_quota")),
    "path-404": ("404 of Google's front end: no such path.", _page(
        404, "Error 404 (Not Found)!!1")),
    "bad-gateway": ("502 with an HTML page.", _page(502, "502 Bad Gateway")),
    "proxy-522": ("522: a proxy did not reach the server.", _page(
        522, "522: Connection timed out")),
    "proxy-524": ("524: a proxy stopped waiting for the server.", _page(
        524, "524: A timeout occurred")),
})  # fmt: skip
"""Fixed responses by name, in the order of the manual, each after its description."""
