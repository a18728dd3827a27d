"""Errors as values, and the two dialects they are spoken in.

In comes what went wrong: an HTTP status, Google's name for it, a message, details. Out go the
bytes of Google's shape (API reference, "Google shape") or of a gateway ("Gateway shapes").
A fault never knows which request it answers: `{model}` in its message is filled in when it is
written. Nothing here decides *that* something is wrong.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Detail = Mapping[str, object]
_TYPE = "type.googleapis.com/google.rpc."


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of the API: HTTP status, the google.rpc name, the message and its details."""

    status: int
    code: str
    message: str
    details: tuple[Detail, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    gateway_status: int = 0
    """The HTTP status a gateway answers with, where it is not Google's."""
    gateway_message: str = ""
    """What a gateway says, where it is not what Google says."""
    gateway_code: str = ""
    """What a gateway writes into `code`, for instance `model_not_found`."""


class Refused(Exception):
    """Raised where a request is read, caught once in the application, never shown to a reader."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def detail(kind: str, **fields: object) -> Detail:
    """Make one entry of `error.details`, `kind` being a google.rpc message such as RetryInfo."""
    return {"@type": _TYPE + kind, **fields}


def invalid(message: str, *details: Detail) -> Fault:
    """Make the fault of a wrong request: 400 INVALID_ARGUMENT."""
    return Fault(400, "INVALID_ARGUMENT", message, details)


def violations(found: Sequence[tuple[str, str]]) -> Fault:
    """Make one fault of all wrong fields, as (snake_case path, description) pairs."""
    listed = [
        {"field": path, "description": text} if path else {"description": text}
        for path, text in found
    ]
    message = "\n".join(text for _, text in found)
    return invalid(message, detail("BadRequest", fieldViolations=listed))


def retry(message: str, delay: str) -> Fault:
    """Make a 429 with RetryInfo; `delay` is a Duration such as `0.3s`."""
    quota = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_paid_tier_requests",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": "{model}"},
    }
    link = {
        "description": "Learn more about Gemini API quotas",
        "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
    }
    details = (
        detail("Help", links=[link]),
        detail("QuotaFailure", violations=[quota]),
        detail("RetryInfo", retryDelay=delay),
    )
    return Fault(429, "RESOURCE_EXHAUSTED", message, details)


_NO_GOOD = "API key not valid. Please pass a valid API key."
BAD_KEY = Fault(
    400,
    "INVALID_ARGUMENT",
    _NO_GOOD,
    (
        detail(
            "ErrorInfo",
            reason="API_KEY_INVALID",
            domain="googleapis.com",
            metadata={"service": "generativelanguage.googleapis.com"},
        ),
        detail("LocalizedMessage", locale="en-US", message=_NO_GOOD),
    ),
    gateway_status=401,
    gateway_message="Invalid token",
)
BAD_TOKEN = Fault(
    401,
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential.",
)
NO_KEY = Fault(
    403,
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API.",
)


def unknown_model(version: str) -> Fault:
    """Make the 404 of Google, which a gateway answers as 503 `model_not_found`."""
    said = (
        f"models/{{model}} is not found for API version {version}, or is not supported for "
        "generateContent. Call ListModels to see the list of available models and their "
        "supported methods."
    )
    return Fault(
        404,
        "NOT_FOUND",
        said,
        (detail("DebugInfo", detail=f"[ORIGINAL ERROR] generic::not_found: {said}"),),
        gateway_status=503,
        gateway_message="No available channel for model {model} under group default",
        gateway_code="model_not_found",
    )


def spoken(fault: Fault, model: str, request: str, *, gateway: bool) -> tuple[int, bytes]:
    """Write `fault` in Google's shape or a gateway's: HTTP status and JSON bytes."""
    if gateway:
        said = f"{fault.gateway_message or fault.message} (request id: {request})"
        error: dict[str, Any] = {
            "message": said,
            "type": "new_api_error",
            "param": "",
            "code": fault.gateway_code,
        }
        return fault.gateway_status or fault.status, _dumped(error, model)
    error = {"code": fault.status, "message": fault.message, "status": fault.code}
    if fault.details:
        error["details"] = list(fault.details)
    return fault.status, _dumped(error, model)


def _dumped(error: dict[str, Any], model: str) -> bytes:
    text = json.dumps({"error": _filled(error, model)}, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def _filled(value: Any, model: str) -> Any:
    if isinstance(value, str):
        return value.replace("{model}", model)
    if isinstance(value, list):
        return [_filled(inner, model) for inner in value]
    if isinstance(value, Mapping):
        return {key: _filled(inner, model) for key, inner in value.items()}
    return value
