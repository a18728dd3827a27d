"""The scenarios by name: the table behind `--scenario` and `[emulate: NAME]`.

Each row has a one-line description, which the manual prints, and what differs from a good answer:
another `AnswerSpec`, an error or a fixed response in place of an answer, or a function that
corrupts the image, the body or its delivery (API reference, "Response JSON" and "Errors").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import did_you_mean, quoted
from mkdocs_gemini_images.emulator.answers import corruption, delivery
from mkdocs_gemini_images.emulator.answers.response_json import AnswerSpec, PartKind
from mkdocs_gemini_images.emulator.batches.job_scenarios import BATCH_SCENARIOS, GOOD, PREFIX
from mkdocs_gemini_images.emulator.faults import BILLING_OFF, FIXED, KEY_RESTRICTED, QUOTA_PER_DAY
from mkdocs_gemini_images.emulator.gateway_scenarios import GATEWAY_SCENARIOS
from mkdocs_gemini_images.emulator.protocol.errors import (
    INVALID_KEY,
    ApiError,
    error_detail,
    rate_limited,
    unknown_model,
)
from mkdocs_gemini_images.emulator.scenario import FixedResponse, Scenario


def _no_parts(
    reason: str, message: str = "", content: Literal["empty", "absent", "null"] = "empty"
) -> AnswerSpec:
    """Return an answer with status 200 and no parts."""
    return AnswerSpec((), reason, message, content)


def _parts(*pieces: PartKind) -> AnswerSpec:
    return AnswerSpec(pieces)


_UNSAFE = (
    "Unable to show the generated image. The image was filtered out because it violated Google's "
    "Generative AI Prohibited Use policy. You will not be charged for blocked images. Try "
    "rephrasing the prompt."
)
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_DEPTH = 200_000
_JSON = "application/json"

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({
    # The parts of an answer, and how it ends.
    "ok": Scenario("A sentence and the picture."),
    "slow": Scenario("A good answer, two seconds late.", delay=2.0),
    "image-first": Scenario("The picture, then a sentence.", _parts("image", "text")),
    "thought-drafts": Scenario(
        "Thoughts and two drafts marked `thought`, then the picture.",
        _parts("thought", "draft thought", "last thought", "text", "image")),
    "only-thoughts": Scenario(
        "A draft marked `thought`, and no picture.", _parts("thought", "draft thought")),
    "unflagged-drafts": Scenario(
        "Two drafts that look like pictures, each paid, then the picture.",
        _parts("draft", "draft", "image")),
    "several-images": Scenario(
        "A story of three pictures with words between them.",
        _parts("text", "draft", "text", "draft", "text", "image")),
    "text-only": Scenario(
        "A sentence in place of a picture, with finishReason STOP.",
        AnswerSpec(("text",), text="I can describe it, but I have not drawn a picture.")),
    "no-image": Scenario("No parts, finishReason NO_IMAGE.", _no_parts("NO_IMAGE")),
    "image-safety": Scenario(
        "Blocked after drawing: `content` is {}, with a finishMessage.",
        _no_parts("IMAGE_SAFETY", _UNSAFE)),
    "parts-null": Scenario(
        "Blocked after drawing: `parts` is null, without a message.",
        _no_parts("IMAGE_SAFETY", content="null")),
    "content-absent": Scenario(
        "Blocked: the candidate has no `content`.", _no_parts("PROHIBITED_CONTENT",
                                                             content="absent")),
    "image-prohibited": Scenario(
        "Blocked: finishReason IMAGE_PROHIBITED_CONTENT.",
        _no_parts("IMAGE_PROHIBITED_CONTENT", _UNSAFE)),
    "recitation": Scenario("Blocked: too close to a known picture.", _no_parts("IMAGE_RECITATION")),
    "image-other": Scenario("It failed without a reason; may be tried again.",
                            _no_parts("IMAGE_OTHER")),
    "function-call": Scenario("finishReason MALFORMED_FUNCTION_CALL; may be tried again.",
                              _no_parts("MALFORMED_FUNCTION_CALL")),
    "malformed": Scenario("finishReason MALFORMED_RESPONSE.", _no_parts("MALFORMED_RESPONSE")),
    "missing-signature": Scenario("finishReason MISSING_THOUGHT_SIGNATURE.",
                                  _no_parts("MISSING_THOUGHT_SIGNATURE")),
    "new-reason": Scenario("A finishReason that clients do not know yet.", _no_parts("MOON_PHASE")),
    "max-tokens": Scenario("Cut short by maxOutputTokens, no picture.",
                           AnswerSpec(("text",), "MAX_TOKENS", text="Here is the")),
    "prompt-blocked": Scenario("The prompt is blocked: no candidates.",
                               AnswerSpec((), block_reason="PROHIBITED_CONTENT")),
    "prompt-safety": Scenario("The prompt is blocked: SAFETY.",
                              AnswerSpec((), block_reason="SAFETY")),
    # What the image is.
    "wrong-mime": Scenario("The picture's declared type is not its real one.",
                           AnswerSpec(wrong_mime_type=True)),
    "ratio-ignored": Scenario("The picture has another shape than asked.", other_ratio=True),
    "smaller": Scenario("The picture has half the width and height that were asked for.",
                        smaller=True),
    "svg-bytes": Scenario("SVG with a script, declared as a picture.",
                          corrupt_image=lambda _: corruption.SVG_WITH_SCRIPT),
    "html-bytes": Scenario("HTML with a script, declared as a picture.",
                           corrupt_image=lambda _: corruption.HTML_WITH_SCRIPT),
    "trailing-bytes": Scenario("A script hangs behind the end of the picture.",
                               corrupt_image=corruption.with_trailing_bytes),
    "damaged-png": Scenario("A PNG without its last third.", as_png=True,
                            corrupt_image=corruption.truncated),
    "bomb-png": Scenario("A small PNG of 400 million pixels.", as_png=True,
                         corrupt_image=lambda _: corruption.decompression_bomb()),
    "markdown-image": Scenario("A gateway puts the picture into text, as a data: URL.",
                               _parts("markdown")),
    "hosted-url": Scenario("A gateway sends a link instead of the picture.", _parts("link")),
    # How the JSON is written.
    "snake-case": Scenario("All keys in snake_case.", corrupt_body=corruption.in_snake_case),
    "urlsafe-base64": Scenario("URL-safe base64 without padding.",
                               corrupt_body=corruption.in_urlsafe_base64),
    "strange-keys": Scenario("Unknown fields, and a model near its end.",
                             corrupt_body=corruption.with_unknown_keys),
    "no-usage": Scenario("No usageMetadata.", corrupt_body=corruption.without_usage),
    "usage-odd-types": Scenario("Token counts are text, fractions and null.",
                                corrupt_body=corruption.with_odd_usage_types),
    "bill-above-table": Scenario("The picture costs three times its table price.",
                                 AnswerSpec(token_multiplier=3)),
    # Errors the API answers with.
    "rate-limit": Scenario("429, may be tried again in 0.3 s.", error=rate_limited(
        f"{_QUOTA} Please retry in 300ms.", "0.3s")),
    "rate-limit-hours": Scenario("429, may be tried again in five hours.", error=rate_limited(
        f"{_QUOTA} Please retry in 4h59m49.87s.", "17989.87s")),
    "rate-limit-message-only": Scenario("429 that says the delay in its message alone.",
        error=ApiError(429, "RESOURCE_EXHAUSTED", f"{_QUOTA} Please retry in 0.3s.")),
    "retry-after": Scenario("429 with a Retry-After header of one second.", error=ApiError(
        429, "RESOURCE_EXHAUSTED", "Too many requests.", headers={"Retry-After": "1"})),
    "quota-zero": Scenario("429 with `limit: 0`: the plan has no pictures.", error=rate_limited(
        f"{_QUOTA}\n* Quota exceeded for metric: generativelanguage.googleapis.com/"
        "generate_content_free_tier_requests, limit: 0, model: {model}\nPlease retry in 34.4s.",
        "34.4s")),
    "overloaded": Scenario("503: the model is overloaded.", error=ApiError(
        503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
    "capacity": Scenario("503: no capacity for this model.", error=ApiError(
        503, "UNAVAILABLE", "No capacity available for model {model} on the server", (error_detail(
            "ErrorInfo", reason="MODEL_CAPACITY_EXHAUSTED", domain="cloudcode-pa.googleapis.com",
            metadata={"model": "{model}"}),))),
    "internal": Scenario("500.", error=ApiError(500, "INTERNAL", "Internal error encountered.")),
    "timeout-408": Scenario("408.", error=ApiError(408, "CANCELLED", "Request timed out.")),
    "deadline-504": Scenario("504.", error=ApiError(
        504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")),
    "bad-key": Scenario("400: the key is not valid.", error=INVALID_KEY),
    "unauthenticated": Scenario("401: the token is not valid.", error=ApiError(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")),
    "forbidden": Scenario("403: the key may not do this.", error=ApiError(
        403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API "
        "key.")),
    "precondition": Scenario("400: not offered at this place without billing.", error=ApiError(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use.")),
    "invalid": Scenario("400: the request is wrong.", error=ApiError(
        400, "INVALID_ARGUMENT", "Request contains an invalid argument.")),
    "not-found": Scenario("404: no such model.", error=unknown_model("v1beta")),
    "quota-per-day": Scenario("429: a quota per day is used up, with a short delay.",
                              error=QUOTA_PER_DAY),
    "key-restricted": Scenario("403: the key may not use this API.", error=KEY_RESTRICTED),
    "billing-off": Scenario("403: billing is switched off.", error=BILLING_OFF),
    # Responses of proxies and gateways, and faults of the connection.
    **{name: Scenario(text, fixed=fixed) for name, (text, fixed) in FIXED.items()},
    "html-200": Scenario("A sign-in page with status 200.", fixed=FixedResponse(
        200, corruption.HTML_WITH_SCRIPT)),
    "empty-body": Scenario("200 without a body.", fixed=FixedResponse(200, b"", _JSON, lost=True)),
    "deep-json": Scenario("JSON nested 200,000 deep.", fixed=FixedResponse(
        200, b'{"candidates":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}", _JSON)),
    "redirect": Scenario("302 to another host.", fixed=FixedResponse(
        302, b"", headers={"Location": "https://elsewhere.invalid/v1beta/models"})),
    "cut-json": Scenario("Half of the JSON, as if it were all.", deliver=delivery.send_half),
    "dropped": Scenario("Half of the JSON, then the connection closes (needs a server).",
                        deliver=delivery.send_half_and_drop),
    "drip": Scenario("The answer in a thousand pieces over four minutes.",
                     deliver=delivery.send_slowly),
    "huge": Scenario(f"{delivery.HUGE_MIB} MiB of white space before the answer.",
                     deliver=delivery.send_padded),
    "gzip-bomb": Scenario(f"A little gzip that unpacks to {delivery.BOMB_MIB} MiB.",
                          deliver=delivery.send_gzip_bomb, headers={"Content-Encoding": "gzip"}),
    **GATEWAY_SCENARIOS,
})  # fmt: skip
"""Every scenario by name, in the order of the manual."""


def check_name(name: str) -> None:
    """Raise `ValueError` with a suggestion unless a scenario of a request or a job has the name."""
    if name not in SCENARIOS and name not in BATCH_SCENARIOS:
        known = (*SCENARIOS, *BATCH_SCENARIOS)
        near = BATCH_SCENARIOS if name.startswith(PREFIX) else known
        raise ValueError(f"no scenario {quoted(name)}: {did_you_mean(name, near)}")


def single(name: str) -> Scenario:
    """Return what happens to a single request; one that names a job's scenario is answered well."""
    return SCENARIOS.get(name, SCENARIOS["ok"])


def play_scenarios(steps: Sequence[str]) -> tuple[Iterator[str], Iterator[str]]:
    """Return the names for requests and those for batch jobs, one each; the last ones repeat.

    A step is `NAME`, or `NAME*3` for three of them. Raises `ValueError` when a name is unknown.
    """
    steps = (steps,) if isinstance(steps, str) else steps
    requests: list[str] = []
    jobs: list[str] = []
    for step in steps:
        match = re.fullmatch(r"([^*]+?)\s*(?:\*\s*([1-9][0-9]{0,4}))?", step.strip())
        if match is None:
            raise ValueError(f"no scenario {quoted(step)}: write NAME or NAME*3")
        check_name(match[1])
        played = jobs if match[1] in BATCH_SCENARIOS else requests
        played += [match[1]] * int(match[2] or 1)
    return _endless(requests or ["ok"]), _endless(jobs or [GOOD])


def _endless(names: Sequence[str]) -> Iterator[str]:
    yield from names
    while True:
        yield names[-1]
