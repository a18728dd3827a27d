"""The ways in which a request ends without a picture: the words that say it, and what to do.

Each message of `failure_reasons.py` has the words of one `Ending` and closes with its advice. The
manual's page on troubleshooting lists all of them. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ends."""

    says: str
    """What its message says, at its beginning as a rule."""
    advice: str
    """What the author does about it; `{keys}` are the places where a key may be defined."""


_REFUSES = "the server refuses the API key"
_TO_OTHERS = "put another key into {keys}, or use another account"

ENDINGS: Mapping[str, Ending] = MappingProxyType({
    # What is wrong for every request of a build.
    "key": Ending(_REFUSES, "check {keys}"),
    "leaked key": Ending(_REFUSES, "make a new key and put it into {keys}"),
    "restricted key": Ending(
        _REFUSES, "lift its restrictions (API, address or referrer), or put another into {keys}"),
    "suspended": Ending("the key's account is suspended", _TO_OTHERS),
    "service": Ending("the API is switched off for the key's project", "switch it on there"),
    "billing": Ending("the key's account cannot pay", "turn billing on, or add credit"),
    "location": Ending(
        "the server serves no requests from this place", "draw elsewhere, or name a gateway in "
        "base_url"),
    "path": Ending("404 from", "end base_url with the host, or with the version"),
    "redirect": Ending("redirects elsewhere", "name the final address in base_url"),
    # What is wrong for every request to a model.
    "no quota": Ending(
        "the key's plan has no quota for this model", "turn billing on, or choose another model"),
    "quota": Ending("the quota is used up", "draw the rest when the quota is renewed"),
    "model": Ending("the server has no such model", "correct model"),
    # What concerns one request.
    "refused": Ending("the model drew no picture", "change the prompt"),
    "no picture": Ending("the model drew no picture", "build again"),
    "invalid": Ending("HTTP 4", "correct what the server complains about"),
    "patience": Ending("HTTP 429", "build again later, or set requests_per_minute"),
    "trouble": Ending("HTTP 5", "build again later"),
    "page": Ending("a web page came in place of an answer", "check base_url, proxy and network"),
    "error": Ending("the server answered with an error", "build again later"),
    "connection": Ending("no connection", "check base_url, proxy and network; nothing was billed"),
    "cut": Ending("the answer did not arrive", "it may have been billed; build again later"),
})  # fmt: skip
"""Every ending by name."""

# The Chinese words are those of new-api: not enough, used up, no balance, no channel for a model.
_KINDS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in (
    ("leaked key", r"reported as leaked|key (?:was|has been|is) (?:leaked|compromised)"),
    ("restricted key",
     r"API_KEY_\w*BLOCKED|API_KEY_\w*RESTRICT|(?:referr?er|IP address|Android|iOS)\b.{0,80}"
     r"\b(?:blocked|restrict|not allowed)|requests to this API .{0,120}\bblocked\b"),
    ("suspended",
     r"CONSUMER_SUSPENDED|(?:account|consumer|project|key)\b.{0,60}\b(?:suspended|deactivated)"),
    ("service",
     r"SERVICE_DISABLED|accessNotConfigured|API has not been used in project"
     r"|\bAPI\b.{0,60}\bis disabled"),
    ("billing",
     r"BILLING_DISABLED|BILLING_NOT_ACTIVE|BILLING_HARD_LIMIT|INSUFFICIENT_(?:\w+_)?QUOTA"
     r"|INSUFFICIENT_BALANCE|insufficient (?:\w+ )?(?:balance|credits?|funds)"
     r"|billing\b.{0,60}\b(?:disabled|not (?:enabled|active)|to be enabled|hard limit)"
     r"|(?:enable|requires|without) billing|(?:credits?|prepayment)\b.{0,40}\b(?:depleted|exhausted"
     r"|too low|used up)|PAYMENT_REQUIRED|payment required|spending (?:cap|limit)"
     r"|(?:user|token|account) quota is not enough|(?:key|credit) limit exceeded"
     r"|\u989d\u5ea6\u4e0d\u8db3|\u989d\u5ea6\u5df2\u7528\u5c3d|\u4f59\u989d\u4e0d\u8db3"),
    ("location",
     r"location is not supported|unsupported_country"
     r"|(?:country|region|location|territory)\b.{0,60}\bnot (?:supported|available|allowed)"
     r"|not (?:supported|available|allowed) in (?:your|this) (?:country|region|location)"),
    ("key",
     r"API_KEY_INVALID|API_KEY_EXPIRED|INVALID_?API_?KEY|CREDENTIALS_MISSING|ACCESS_TOKEN_\w+"
     r"|API[ -]?key (?:not valid|not found|expired|is (?:invalid|expired|missing|required))"
     r"|(?:invalid|incorrect|wrong|expired|no|missing) (?:API[ -]?|access )?(?:key|token)\b"
     r"|(?:API[ -]?key|access token) (?:invalid|expired|missing)|authentication (?:error|failed)"),
    ("model",
     r"MODEL_NOT_FOUND|No available channel for model|is not found for API version"
     r"|\u65e0\u53ef\u7528\u6e20\u9053|no endpoints found|is not a valid model"
     r"|not available for this model"
     r"|\bmodel\b.{0,60}\bnot support\b.{0,40}(?:image (?:output|generation)|modalit)"
     r"|multi-?modal output is not supported"
     r"|\bmodels?\b.{0,100}\b(?:does not exist|not found|not exist|not available|unavailable in"
     r"|(?:been|was|is) (?:retired|shut ?down|removed|deprecated))"
     r"|(?:unknown|unsupported|invalid|no such) model\b|no access to (?:the )?model"
     r"|not allowed to (?:use|access) (?:the )?model"),
))  # fmt: skip

CONTENT = re.compile(
    r"SAFETY|PROHIBITED|BLOCKLIST|\bSPII\b|RECITATION|\bLANGUAGE\b|ESCALATION|PUP_LIMITED"
    r"|MODEL_ARMOR|JAILBREAK|CONTENT_FILTER|CONTENT_POLICY"
)
"""What the name of a finish or block reason has when it is about the content."""
_REFUSAL = re.compile(
    r"IMAGE_SAFETY|PROHIBITED_CONTENT|IMAGE_RECITATION|IMAGE_PROHIBITED|CONTENT_FILTER"
    r"|(?i:CONTENT_POLICY_VIOLATION|MODERATION_BLOCKED)|(?i:finish_?reason|block_?reason)\W{1,5}(?:SAFETY|BLOCKLIST|SPII"
    r"|RECITATION|PROHIBITED)"
    r"|(?i:blocked (?:by|due to|for|because of) (?:\w+ ){0,3}(?:safety|content)"
    r"|(?:rejected|blocked|flagged) (?:by|because of) \w{0,10} ?(?:the )?"
    r"(?:safety|content|moderation)"
    r"|violat\w+ .{0,60}(?:prohibited use|content|usage|safety) polic)"
)
"""What an error says that passes the model's own refusal on."""


def kind_of(said: str) -> str:
    """Return the name of the ending that an error's symbols or words speak of, or empty."""
    return next((name for name, pattern in _KINDS if pattern.search(said)), "")


def is_refusal(said: str) -> bool:
    """Return whether an error passes the model's own refusal on."""
    return _REFUSAL.search(said) is not None
