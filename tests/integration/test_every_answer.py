"""One row per answer a server is known to give: how often it is asked, and what the author reads.

Each row is a picture of its own on one page, so that all are drawn by one build, beside each other.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.reading import CI_VARIABLES
from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.emulator.scenarios import SCENARIOS
from mkdocs_gemini_images.generation import retry_policy
from mkdocs_gemini_images.generation.journal import names
from tests.integration.site import CANARY, QUICK, Built, Site, fence

DRAWN = ""
NONE = "the model drew no picture"
REFUSED = "the answer's picture is refused: "
ADDRESS = "the answer has an address instead of a picture, and no address is fetched: https://"
KEPT = "; the paid answer is kept, and later versions read it again: gemini-images adopt "
NO_KEY = "the server refuses the API key"

ONCE = {
    "ok": DRAWN,
    "image-first": DRAWN,
    "thought-drafts": DRAWN,
    "unflagged-drafts": DRAWN,
    "several-images": DRAWN,
    "wrong-mime": DRAWN,
    "ratio-ignored": "came as 512 x 512 in place of 688 x 384 (16:9, 512): it is kept and shown",
    "smaller": "came as 344 x 192 in place of 688 x 384 (16:9, 512): it is kept and shown",
    "markdown-image": DRAWN,
    "snake-case": DRAWN,
    "urlsafe-base64": DRAWN,
    "strange-keys": DRAWN,
    "no-usage": DRAWN,
    "usage-odd-types": DRAWN,
    "bill-above-table": DRAWN,
    "only-thoughts": "only drafts (thoughts) and no picture",
    "text-only": f"{NONE} (STOP: I can describe it",
    "image-safety": f"{NONE} (IMAGE_SAFETY: Unable to show",
    "parts-null": f"{NONE} (IMAGE_SAFETY)",
    "content-absent": f"{NONE} (PROHIBITED_CONTENT)",
    "image-prohibited": f"{NONE} (IMAGE_PROHIBITED_CONTENT: ",
    "recitation": f"{NONE} (IMAGE_RECITATION)",
    "missing-signature": f"{NONE} (MISSING_THOUGHT_SIGNATURE)",
    "new-reason": f"{NONE} (MOON_PHASE)",
    "max-tokens": f"{NONE} (MAX_TOKENS: ",
    "prompt-blocked": f"{NONE} (the prompt is blocked, PROHIBITED_CONTENT)",
    "prompt-safety": f"{NONE} (the prompt is blocked, SAFETY)",
    "hosted-url": ADDRESS,
    "sse-unasked": DRAWN,
    "chunks-unasked": DRAWN,
    "in-response": DRAWN,
    "in-data": DRAWN,
    "in-string": DRAWN,
    "data-url": DRAWN,
    "base64-lines": DRAWN,
    "space-behind": DRAWN,
    "second-candidate": DRAWN,
    "latin-1": DRAWN,
    "byte-order-mark": DRAWN,
    "openai-chat": DRAWN,
    "openai-parts": DRAWN,
    "openai-images": DRAWN,
    "jpg-type": DRAWN,
    "no-signature": DRAWN,
    "foreign-signature": DRAWN,
    "deflate": DRAWN,
    "raw-deflate": DRAWN,
    "usage-nonsense": DRAWN,
    "openai-url": ADDRESS,
    "file-uri": ADDRESS,
    "brotli": "the answer is packed (br), which was not asked for",
    "zstd": "the answer is packed (zstd), which was not asked for",
    "base64-in-words": DRAWN,
    "image-alone": DRAWN,
    "message-and-address": ADDRESS,
    "task-number": f"{NONE} (no reason given)",
    "unknown-place": f"{NONE} (no reason given)",
    "gateway-image-safety": f"{NONE} (geminiException - finish reason: IMAGE_SAFETY)",
    "gateway-blocked": f"{NONE} (The response was blocked by safety filters.)",
    "svg-bytes": f"{REFUSED}it is no PNG, JPEG or WebP",
    "html-bytes": f"{REFUSED}it is no PNG, JPEG or WebP",
    "trailing-bytes": "bytes follow the end of the JPEG",
    "damaged-png": f"{REFUSED}the PNG is cut short",
    "bomb-png": "20000 x 20000 pixels are more than any model draws",
    "strange-error": "the server answered with an error: Oh dear, ***; build again later",
    "empty-body": "the answer is empty",
    "deep-json": "nested too deeply",
    "cut-json": "the answer is no JSON: {",
    "invalid": "HTTP 400: Request contains an invalid argument",
    "list-error": "HTTP 400: Request contains an invalid argument",
}
"""Asked once, whatever `retries` says."""

MAY_PASS = {
    "no-image": f"{NONE} (NO_IMAGE)",
    "image-other": f"{NONE} (IMAGE_OTHER)",
    "malformed": f"{NONE} (MALFORMED_RESPONSE)",
    "function-call": f"{NONE} (MALFORMED_FUNCTION_CALL)",
}
"""Asked once more: the same words may yield a picture."""

UNKNOWN = {
    "timeout-408": "HTTP 408: ",
    "deadline-504": "HTTP 504: ",
    "bad-gateway": "HTTP 502: 502 Bad Gateway",
    "proxy-524": "HTTP 524: 524: A timeout occurred",
    "gateway-upstream": "HTTP 502: bad response status code 502",
    "dropped": "the answer did not arrive: ",
}
"""Asked once more, both times counted as paid, since neither is known to be free."""

UNREADABLE = (
    "only-thoughts", "hosted-url", "openai-url", "file-uri", "brotli", "zstd", "unknown-place",
    "svg-bytes", "html-bytes", "trailing-bytes", "damaged-png", "bomb-png", "deep-json", "cut-json",
    "message-and-address", "task-number",
)  # fmt: skip
"""Those of `ONCE` whose answers stay in the journal, each named in its message."""

SHOWN = {"ratio-ignored", "smaller"}
"""Pictures that are shown, with a warning that they are not what was asked for."""

BUSY = {
    "rate-limit": "HTTP 429: ",
    "rate-limit-message-only": "HTTP 429: ",
    "rate-limit-200": "HTTP 429: Too many requests",
    "retry-after": "HTTP 429: Too many requests",
    "internal": "HTTP 500: Internal error encountered",
}
"""Asked as often as `retries` allows, and not paid."""

SHAPES = {
    "overloaded": "HTTP 503: The model is overloaded",
    "capacity": "HTTP 503: No capacity available",
    "error-200": "HTTP 503: The model is overloaded",
    "error-without-code": "HTTP 503: The model is overloaded",
    "quoted-error": "HTTP 503: The model is overloaded",
    "litellm-error": (
        "HTTP 500: litellm.InternalServerError: geminiException - Internal error encountered."
    ),
    "bare-error": "HTTP 500: upstream connect error",
    "error-in-words": "HTTP 503: Error: 503 Service Unavailable",
    "choice-error": "HTTP 503: The model is overloaded",
    "plain-error": "HTTP 503: upstream connect error",
    "proxy-522": "HTTP 522: 522: Connection timed out",
}
"""Of the same kind as the last table; here for their words alone, with `retries: 0`."""

ENDS = {
    "bad-key": NO_KEY,
    "unauthenticated": NO_KEY,
    "forbidden": f"{NO_KEY}: Your API key was reported as leaked",
    "key-restricted": NO_KEY,
    "quoted-key": f"{NO_KEY}: Invalid token ***; check GEMINI_API_KEY",
    "quoted-key-401": f"{NO_KEY}: Invalid token ***; check GEMINI_API_KEY",
    "billing-off": "the key's account cannot pay",
    "insufficient-quota": "the key's account cannot pay",
    "precondition": "the server serves no requests from this place: User location",
    "quota-zero": "the key's plan has no quota for this model",
    "quota-per-day": "the quota is used up: You exceeded",
    "rate-limit-hours": "the quota is used up for another 1",
    "not-found": "the server has no such model (404 from 127.0.0.1/v1beta/models/",
    "gateway-model-not-found": "the server has no such model: No available channel",
    "path-404": "is the version in base_url twice? Error 404 (Not Found)!!1; end base_url",
    "html-200": "a web page came in place of an answer: ",
    "redirect": "redirects elsewhere, and a key is never sent after a redirect",
}
"""The whole build's requests end with it, or all those to the model."""

REMEMBERED = {
    "text-only", "image-safety", "parts-null", "content-absent", "image-prohibited", "recitation",
    "prompt-blocked", "prompt-safety", "gateway-image-safety", "gateway-blocked",
}  # fmt: skip
"""The model's own refusals: the next build does not ask again."""

PAID = {*UNREADABLE, "empty-body"} - {"only-thoughts"}
"""Those of `ONCE` without a picture that cost a cent or more by their usage, or report none."""

ELSEWHERE = {"slow", "drip", "huge", "gzip-bomb"}
"""Proven by the tests of the client, which know of time and memory."""


BOUNDED = {**QUICK, "timeout": 30}
"""No request waits longer than that."""


@dataclass
class Rows:
    """A site with a picture for each scenario of a table, and its build."""

    here: Site
    built: Built


def drawn_together(folder: Path, url: str, names: dict[str, str], retries: int) -> Rows:
    """Build one page with a picture for each scenario."""
    page = "".join(fence(f"{name} picture [emulate: {name}]") for name in names)
    options = {"max_new": 200, "budget": 50, "concurrency": 8, "retries": retries}
    here = Site(folder, {"index.md": page}, {"base_url": url, **BOUNDED, **options}, {}, LEDGER)
    return Rows(here, here.build())


LEDGER = RequestLog()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """One emulator for all rows, short waits for repetitions, and an environment with a key."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("GEMINI_API_KEY", CANARY)
        for name in CI_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(retry_policy, "BACKOFF", (0.1,))
        with serve_in_thread(create_app(request_log=LEDGER)) as url:
            yield url


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, url: str) -> dict[str, Rows]:
    """The tables' pages, each built once."""
    tables = {"once": (ONCE | MAY_PASS | UNKNOWN, 3), "busy": (BUSY, 1), "shapes": (SHAPES, 0)}
    return {
        name: drawn_together(tmp_path_factory.mktemp(name), url, table, retries)
        for name, (table, retries) in tables.items()
    }


@pytest.fixture(scope="module")
def again(rows: dict[str, Rows]) -> Built:
    """The next build of all rows that are asked once or once more."""
    return rows["once"].here.build(retries=0)


def seen(built: Built, name: str) -> tuple[int, list[str]]:
    """Count the requests for a row's picture, and give what its author reads."""
    warnings = [text for text in built.warnings if f"'{name} picture " in text]
    return sum(prompt.startswith(f"{name} picture ") for prompt in built.prompts), warnings


def test_no_scenario_is_left_out() -> None:
    tables = (ONCE, MAY_PASS, UNKNOWN, BUSY, SHAPES, ENDS)
    assert sorted([name for table in tables for name in table] + list(ELSEWHERE)) == sorted(
        SCENARIOS
    )


@pytest.mark.parametrize(
    ("table", "requests", "name", "words"),
    [("once", 1, name, words) for name, words in ONCE.items()]
    + [("once", 2, name, words) for name, words in (MAY_PASS | UNKNOWN).items()]
    + [("busy", 2, name, words) for name, words in BUSY.items()]
    + [("shapes", 1, name, words) for name, words in SHAPES.items()],
)
def test_an_answer_is_told_in_its_own_words(
    rows: dict[str, Rows], table: str, requests: int, name: str, words: str
) -> None:
    sent, warnings = seen(rows[table].built, name)
    assert sent == requests
    assert len(warnings) == (words != DRAWN)
    for warning in warnings:
        assert warning.startswith("index.md:")
        assert words in warning
        assert (" may have been billed" in warning) == (name in UNKNOWN or name in PAID)
        assert (KEPT in warning) == (name in UNREADABLE)
        if name in UNREADABLE:
            assert kept(warning).stat().st_size > 0


def kept(warning: str) -> Path:
    """Return the file that a message names."""
    return Path(warning.partition(KEPT)[2].split(" ", 1)[1].partition(";")[0])


@pytest.mark.parametrize("name", ONCE)
def test_what_became_of_an_answer_is_stored_remembered_and_counted(
    rows: dict[str, Rows], name: str
) -> None:
    here = rows["once"].here
    stored = [each for each in here.sidecars if each["request"]["text"].startswith(f"{name} pic")]
    is_shown = name in SHOWN or ONCE[name] == DRAWN
    assert len(stored) == is_shown
    for sidecar in stored:
        picture = next(here.stock.glob(f"{sidecar['key']}.[pjw]*g*"))
        assert identify(picture.read_bytes()).width == sidecar["width"]
        assert 0.045 <= sidecar["price"] < 0.15, "never ten times the table's price"
    folders = (here.journal, here.journal / names.UNREADABLE)
    paths = [path for folder in folders for path in folder.glob("*.intent")]
    intents = [json.loads(path.read_bytes()) for path in paths]
    waiting = [each for each in intents if each["request"]["text"].startswith(f"{name} pic")]
    assert len(waiting) == (name in UNREADABLE), "remembered with its request"


def test_nonsense_on_a_bill_is_one_warning_with_both_numbers(rows: dict[str, Rows]) -> None:
    (warning,) = [each for each in rows["once"].built.warnings if "by its tokens" in each]
    assert warning.startswith("a picture of gemini-3.1-flash")
    assert " costs $" in warning
    assert "not about $0.045" in warning


@pytest.mark.parametrize("name", ONCE | MAY_PASS | UNKNOWN)
def test_only_the_models_own_refusal_is_remembered(again: Built, name: str) -> None:
    is_shown = name in SHOWN or ONCE.get(name) == DRAWN
    is_asked_again = not is_shown and name not in REMEMBERED and name not in UNREADABLE
    assert seen(again, name)[0] == is_asked_again


def test_no_entry_is_left_open_in_the_journal(rows: dict[str, Rows], again: Built) -> None:
    assert again.error is None
    for each in rows.values():
        assert list(each.here.journal.glob("*.*")) == []


@pytest.mark.parametrize(("name", "words"), ENDS.items())
def test_what_would_fail_for_all_is_asked_once_and_said_once(
    name: str, words: str, tmp_path: Path, url: str
) -> None:
    pages = {
        f"{page}.md": "".join(fence(f"{page} {n} [emulate: {name}]") for n in range(3))
        for page in ("index", "other")
    }
    options = {"base_url": url, "retries": 3, "concurrency": 1}
    site = Site(tmp_path, pages, {**BOUNDED, **options}, {}, LEDGER)
    built = site.build()
    assert len(built.requests) == 1
    assert len(built.warnings) == 6
    first, *others = built.warnings
    assert words in first
    assert first.endswith("(6 pictures on 2 pages)")
    assert all(each.endswith("is not drawn: as above") for each in others)
    assert "spent without a picture" not in built.closing
    kept = [path for path in site.journal.rglob("*") if path.is_file()]
    assert kept == [], "a fault is remembered nowhere: the next build asks again"
