"""What can happen to a request, by name: the table behind `scenario=` and `[emulate: NAME]`.

Each row says in one line what happens, and holds only what differs from a good answer: another
recipe, a fault in place of the answer, fixed bytes, or a way to spoil a picture, a body or its
delivery (API reference, "Response JSON" and "Errors"). A table, read by the application and
printed by the manual; nothing here acts.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import did_you_mean, quoted
from mkdocs_gemini_images.emulator import delivery, mischief
from mkdocs_gemini_images.emulator.delivery import Delivery
from mkdocs_gemini_images.emulator.faults import BAD_KEY, Fault, detail, retry, unknown_model
from mkdocs_gemini_images.emulator.replies import Body, Piece, Recipe

_GOOD = Recipe()


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that no API made: fixed bytes from something on the way."""

    status: int
    body: bytes
    media: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    """Whether the model had made an answer, which then never arrived."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that can happen; everything left out is as in a good answer."""

    happens: str
    """One line for the manual."""
    recipe: Recipe = _GOOD
    fault: Fault | None = None
    raw: Raw | None = None
    png: bool = False
    """Draw a PNG whatever the model usually answers with."""
    other_ratio: bool = False
    picture: Callable[[bytes], bytes] | None = None
    body: Callable[[Body], Body] | None = None
    deliver: Delivery = delivery.whole
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the answer, on top of the application's latency."""

    @property
    def made(self) -> bool:
        """Whether the model makes an answer, and bills it, whatever then arrives."""
        return self.fault is None and (self.raw is None or self.raw.lost)


def _nothing(
    reason: str, message: str = "", content: Literal["empty", "absent", "null"] = "empty"
) -> Recipe:
    """Make the recipe of an answer with status 200 and no parts."""
    return Recipe((), reason, message, content)


def _several(*pieces: Piece) -> Recipe:
    return Recipe(pieces)


_UNSAFE = (
    "Unable to show the generated image. The image was filtered out because it violated Google's "
    "Generative AI Prohibited Use policy. You will not be charged for blocked images. Try "
    "rephrasing the prompt."
)
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_NESTED = (
    b'{"error":{"message":"litellm.InternalServerError: geminiException - {\\n  \\"error\\": {\\n'
    b'    \\"code\\": 500,\\n    \\"message\\": \\"Internal error encountered.\\",\\n    '
    b'\\"status\\": \\"INTERNAL\\"\\n  }\\n}\\n","type":null,"param":null,"code":"500"}}'
)
_DEPTH = 200_000
_JSON = "application/json"
_PAGE_502 = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({
    # What the model sends.
    "ok": Scenario("A sentence and the picture."),
    "slow": Scenario("A good answer, two seconds late.", delay=2.0),
    "image-first": Scenario("The picture, then a sentence.", _several("image", "text")),
    "thought-drafts": Scenario(
        "Thoughts and two drafts marked `thought`, then the picture.",
        _several("thought", "draft thought", "last thought", "text", "image")),
    "only-thoughts": Scenario(
        "A draft marked `thought`, and no picture.", _several("thought", "draft thought")),
    "unflagged-drafts": Scenario(
        "Two drafts that look like pictures, each paid, then the picture.",
        _several("draft", "draft", "image")),
    "several-images": Scenario(
        "A story of three pictures with words between them.",
        _several("text", "draft", "text", "draft", "text", "image")),
    "text-only": Scenario(
        "A sentence in place of a picture, with finishReason STOP.",
        Recipe(("text",), said="I can describe it, but I have not drawn a picture.")),
    "no-image": Scenario("No parts, finishReason NO_IMAGE.", _nothing("NO_IMAGE")),
    "image-safety": Scenario(
        "Blocked after drawing: `content` is {}, with a finishMessage.",
        _nothing("IMAGE_SAFETY", _UNSAFE)),
    "parts-null": Scenario(
        "Blocked after drawing: `parts` is null, without a message.",
        _nothing("IMAGE_SAFETY", content="null")),
    "content-absent": Scenario(
        "Blocked: the candidate has no `content`.", _nothing("PROHIBITED_CONTENT",
                                                             content="absent")),
    "image-prohibited": Scenario(
        "Blocked: finishReason IMAGE_PROHIBITED_CONTENT.",
        _nothing("IMAGE_PROHIBITED_CONTENT", _UNSAFE)),
    "recitation": Scenario("Blocked: too close to a known picture.", _nothing("IMAGE_RECITATION")),
    "image-other": Scenario("It failed without a reason; may be tried again.",
                            _nothing("IMAGE_OTHER")),
    "malformed": Scenario("finishReason MALFORMED_RESPONSE.", _nothing("MALFORMED_RESPONSE")),
    "missing-signature": Scenario("finishReason MISSING_THOUGHT_SIGNATURE.",
                                  _nothing("MISSING_THOUGHT_SIGNATURE")),
    "new-reason": Scenario("A finishReason that nobody knows yet.", _nothing("MOON_PHASE")),
    "max-tokens": Scenario("Cut short by maxOutputTokens, no picture.",
                           Recipe(("text",), "MAX_TOKENS", said="Here is the")),
    "prompt-blocked": Scenario("The prompt is blocked: no candidates.",
                               Recipe((), blocked="PROHIBITED_CONTENT")),
    "prompt-safety": Scenario("The prompt is blocked: SAFETY.", Recipe((), blocked="SAFETY")),
    # What the picture is.
    "wrong-mime": Scenario("The picture's declared type is not its real one.",
                           Recipe(mislabelled=True)),
    "ratio-ignored": Scenario("The picture has another shape than asked.", other_ratio=True),
    "svg-bytes": Scenario("SVG with a script, declared as a picture.",
                          picture=lambda _: mischief.SVG),
    "html-bytes": Scenario("HTML with a script, declared as a picture.",
                           picture=lambda _: mischief.HTML),
    "trailing-bytes": Scenario("A script hangs behind the end of the picture.",
                               picture=mischief.with_tail),
    "damaged-png": Scenario("A PNG without its last third.", png=True, picture=mischief.cut),
    "bomb-png": Scenario("A small PNG of 400 million pixels.", png=True,
                         picture=lambda _: mischief.bomb()),
    "markdown-image": Scenario("A gateway puts the picture into text, as a data: URL.",
                               _several("markdown")),
    "hosted-url": Scenario("A gateway sends a link instead of the picture.", _several("link")),
    # How the JSON is written.
    "snake-case": Scenario("All keys in snake_case.", body=mischief.in_snake_case),
    "urlsafe-base64": Scenario("URL-safe base64 without padding.",
                               body=mischief.in_urlsafe_base64),
    "strange-keys": Scenario("Fields nobody knows, and a model near its end.",
                             body=mischief.with_strange_keys),
    "no-usage": Scenario("No usageMetadata.", body=mischief.without_usage),
    "usage-odd-types": Scenario("Token counts are text, fractions and null.",
                                body=mischief.with_odd_usage),
    "bill-above-table": Scenario("The picture costs three times its table price.",
                                 Recipe(surcharge=3)),
    # Errors the API answers with.
    "rate-limit": Scenario("429, may be tried again in 0.3 s.", fault=retry(
        f"{_QUOTA} Please retry in 300ms.", "0.3s")),
    "rate-limit-hours": Scenario("429, may be tried again in five hours.", fault=retry(
        f"{_QUOTA} Please retry in 4h59m49.87s.", "17989.87s")),
    "rate-limit-message-only": Scenario("429 that says the delay in its message alone.",
        fault=Fault(429, "RESOURCE_EXHAUSTED", f"{_QUOTA} Please retry in 0.3s.")),
    "retry-after": Scenario("429 with a Retry-After header of one second.", fault=Fault(
        429, "RESOURCE_EXHAUSTED", "Too many requests.", headers={"Retry-After": "1"})),
    "quota-zero": Scenario("429 with `limit: 0`: the plan has no pictures.", fault=retry(
        f"{_QUOTA}\n* Quota exceeded for metric: generativelanguage.googleapis.com/"
        "generate_content_free_tier_requests, limit: 0, model: {model}\nPlease retry in 34.4s.",
        "34.4s")),
    "overloaded": Scenario("503: the model is overloaded.", fault=Fault(
        503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
    "capacity": Scenario("503: no capacity for this model.", fault=Fault(
        503, "UNAVAILABLE", "No capacity available for model {model} on the server", (detail(
            "ErrorInfo", reason="MODEL_CAPACITY_EXHAUSTED", domain="cloudcode-pa.googleapis.com",
            metadata={"model": "{model}"}),))),
    "internal": Scenario("500.", fault=Fault(500, "INTERNAL", "Internal error encountered.")),
    "timeout-408": Scenario("408.", fault=Fault(408, "CANCELLED", "Request timed out.")),
    "deadline-504": Scenario("504.", fault=Fault(
        504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")),
    "bad-key": Scenario("400: the key is not valid.", fault=BAD_KEY),
    "unauthenticated": Scenario("401: the token is not valid.", fault=Fault(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")),
    "forbidden": Scenario("403: the key may not do this.", fault=Fault(
        403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API "
        "key.")),
    "precondition": Scenario("400: not offered at this place without billing.", fault=Fault(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use.")),
    "invalid": Scenario("400: the request is wrong.", fault=Fault(
        400, "INVALID_ARGUMENT", "Request contains an invalid argument.")),
    "not-found": Scenario("404: no such model.", fault=unknown_model("v1beta")),
    # What stands between.
    "gateway-model-not-found": Scenario("A gateway's 503 that means: no such model.", raw=Raw(
        503, b'{"error":{"message":"No available channel for model under group default (request '
        b'id: 20261122)","type":"new_api_error","param":"","code":"model_not_found"}}', _JSON)),
    "gateway-upstream": Scenario("A gateway says that its upstream answered 502.", raw=Raw(
        502, b'{"error":{"message":"bad response status code 502","type":"upstream_error",'
        b'"param":"","code":"bad_response_status_code"}}', _JSON)),
    "litellm-error": Scenario("500 with Google's JSON inside a message.", raw=Raw(
        500, _NESTED, _JSON)),
    "list-error": Scenario("400, the error being the only item of a list.", raw=Raw(
        400, b'[{"error":{"code":400,"message":"Request contains an invalid argument.",'
        b'"status":"INVALID_ARGUMENT"}}]', _JSON)),
    "bare-error": Scenario("500 with nothing but a message.", raw=Raw(
        500, b'{"message":"upstream connect error"}', _JSON)),
    "bad-gateway": Scenario("502 with an HTML page.", raw=Raw(502, _PAGE_502)),
    "html-200": Scenario("A sign-in page with status 200.", raw=Raw(200, mischief.HTML)),
    "empty-body": Scenario("200 without a body.", raw=Raw(200, b"", _JSON, lost=True)),
    "deep-json": Scenario("JSON nested 200,000 deep.", raw=Raw(
        200, b'{"candidates":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}", _JSON)),
    "redirect": Scenario("302 to another host.", raw=Raw(
        302, b"", headers={"Location": "https://elsewhere.invalid/v1beta/models"})),
    "cut-json": Scenario("Half of the JSON, as if it were all.", deliver=delivery.cut),
    "dropped": Scenario("Half of the JSON, then the connection closes (needs `running`).",
                        deliver=delivery.dropped),
    "drip": Scenario("The answer in a thousand pieces over four minutes.",
                     deliver=delivery.drip),
    "huge": Scenario(f"{delivery.HUGE_MIB} MiB of white space before the answer.",
                     deliver=delivery.huge),
    "gzip-bomb": Scenario(f"A little gzip that unpacks to {delivery.BOMB_MIB} MiB.",
                          deliver=delivery.gzip_bomb, headers={"Content-Encoding": "gzip"}),
})  # fmt: skip
"""Every scenario by name, in the order of the manual."""


def find(name: str) -> Scenario:
    """Look a scenario up; an unknown name is a ValueError that says what was meant."""
    if name not in SCENARIOS:
        raise ValueError(f"no scenario {quoted(name)}: {did_you_mean(name, SCENARIOS)}")
    return SCENARIOS[name]


def play(acts: Sequence[str]) -> Iterator[str]:
    """Name a scenario for each request: `NAME*3` three times, the last one for ever."""
    acts = (acts,) if isinstance(acts, str) else acts
    names: list[str] = []
    for act in acts or ("ok",):
        match = re.fullmatch(r"([^*]+?)\s*(?:\*\s*([1-9][0-9]{0,4}))?", act.strip())
        if match is None:
            raise ValueError(f"no scenario {quoted(act)}: write NAME or NAME*3")
        find(match[1])
        names += [match[1]] * int(match[2] or 1)
    return _held(names)


def _held(names: Sequence[str]) -> Iterator[str]:
    yield from names
    while True:
        yield names[-1]
