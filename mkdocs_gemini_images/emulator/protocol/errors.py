"""The errors of the API as values, and their JSON in Google's shape or a gateway's.

An HTTP status, a google.rpc code, a message and details go in, JSON bytes come out (API
reference, "Google shape" and "Gateway shapes"). `{model}` in an error's strings is replaced with
the model's name when the error is encoded.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ErrorDetail = Mapping[str, object]
_TYPE = "type.googleapis.com/google.rpc."


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error of the API: HTTP status, the google.rpc name, the message and its details."""

    status: int
    code: str
    message: str
    details: tuple[ErrorDetail, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    gateway_status: int = 0
    """The HTTP status a gateway answers with, where it is not Google's."""
    gateway_message: str = ""
    """The message of a gateway, where it is not Google's."""
    gateway_code: str = ""
    """The `code` of a gateway, for instance `model_not_found`."""


class RequestRefused(Exception):
    """Raised by the functions that read a request; `app` turns it into a response."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(error.message)
        self.error = error


def error_detail(kind: str, **fields: object) -> ErrorDetail:
    """Return one entry of `error.details`; `kind` is a google.rpc message such as RetryInfo."""
    return {"@type": _TYPE + kind, **fields}


def invalid_argument(message: str, *details: ErrorDetail) -> ApiError:
    """Return the error of a wrong request: 400 INVALID_ARGUMENT."""
    return ApiError(400, "INVALID_ARGUMENT", message, details)


def field_violations(wrong_fields: Sequence[tuple[str, str]]) -> ApiError:
    """Return one error for all wrong fields, as (snake_case path, description) pairs."""
    listed = [
        {"field": path, "description": text} if path else {"description": text}
        for path, text in wrong_fields
    ]
    message = "\n".join(text for _, text in wrong_fields)
    return invalid_argument(message, error_detail("BadRequest", fieldViolations=listed))


def rate_limited(message: str, delay: str) -> ApiError:
    """Return a 429 with RetryInfo; `delay` is a Duration such as `0.3s`."""
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
        error_detail("Help", links=[link]),
        error_detail("QuotaFailure", violations=[quota]),
        error_detail("RetryInfo", retryDelay=delay),
    )
    return ApiError(429, "RESOURCE_EXHAUSTED", message, details)


_INVALID_KEY_MESSAGE = "API key not valid. Please pass a valid API key."
INVALID_KEY = ApiError(
    400,
    "INVALID_ARGUMENT",
    _INVALID_KEY_MESSAGE,
    (
        error_detail(
            "ErrorInfo",
            reason="API_KEY_INVALID",
            domain="googleapis.com",
            metadata={"service": "generativelanguage.googleapis.com"},
        ),
        error_detail("LocalizedMessage", locale="en-US", message=_INVALID_KEY_MESSAGE),
    ),
    gateway_status=401,
    gateway_message="Invalid token",
)
INVALID_TOKEN = ApiError(
    401,
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential.",
)
MISSING_KEY = ApiError(
    403,
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API.",
)


def unknown_model(version: str) -> ApiError:
    """Return Google's 404, for which a gateway answers 503 `model_not_found`."""
    message = (
        f"models/{{model}} is not found for API version {version}, or is not supported for "
        "generateContent. Call ListModels to see the list of available models and their "
        "supported methods."
    )
    return ApiError(
        404,
        "NOT_FOUND",
        message,
        (error_detail("DebugInfo", detail=f"[ORIGINAL ERROR] generic::not_found: {message}"),),
        gateway_status=503,
        gateway_message="No available channel for model {model} under group default",
        gateway_code="model_not_found",
    )


def encode_error(
    error: ApiError, model: str, request_id: str, *, gateway: bool
) -> tuple[int, bytes]:
    """Return the HTTP status and the JSON of an error, in Google's shape or a gateway's."""
    fields: dict[str, Any]
    if gateway:
        message = error.gateway_message or error.message
        fields = {
            "message": f"{message} (request id: {request_id})",
            "type": "new_api_error",
            "param": "",
            "code": error.gateway_code,
        }
        return error.gateway_status or error.status, _encoded(fields, model)
    fields = {"code": error.status, "message": error.message, "status": error.code}
    if error.details:
        fields["details"] = list(error.details)
    return error.status, _encoded(fields, model)


def _encoded(error: dict[str, Any], model: str) -> bytes:
    text = json.dumps({"error": _with_model(error, model)}, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def _with_model(value: Any, model: str) -> Any:
    if isinstance(value, str):
        return value.replace("{model}", model)
    if isinstance(value, list):
        return [_with_model(inner, model) for inner in value]
    if isinstance(value, Mapping):
        return {key: _with_model(inner, model) for key, inner in value.items()}
    return value
