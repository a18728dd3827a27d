"""One row per answer a server is known to give: how often it is asked, and what the author reads.

Each row is a picture of its own on one page, so that all are drawn by one build, beside each other.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.emulator.scenarios import SCENARIOS
from tests.integration.site import CANARY, QUICK, Built, Site, fence

DRAWN = ""
NONE = "the model drew no picture"
REFUSED = "the answer's picture is refused: "
ADDRESS = "the answer has an address instead of a picture, and no address is fetched: https://"
KEPT = "; the paid answer is kept, and later versions read it again: gemini-images adopt "

ONCE = {
    "ok": DRAWN,
    "image-first": DRAWN,
    "thought-drafts": DRAWN,
    "unflagged-drafts": DRAWN,
    "several-images": DRAWN,
    "wrong-mime": DRAWN,
    "ratio-ignored": "got 512 x 512: it is kept and shown",
    "smaller": "got 344 x 192: it is kept and shown",
    "markdown-image": DRAWN,
    "snake-case": DRAWN,
    "urlsafe-base64": DRAWN,
    "strange-keys": DRAWN,
    "no-usage": DRAWN,
    "usage-odd-types": DRAWN,
    "bill-above-table": DRAWN,
    "only-thoughts": "drafts (thoughts) only, and no picture",
    "text-only": f"{NONE} (STOP: I can describe it",
    "no-image": f"{NONE} (NO_IMAGE)",
    "image-safety": f"{NONE} (IMAGE_SAFETY: Unable to show",
    "parts-null": f"{NONE} (IMAGE_SAFETY)",
    "content-absent": f"{NONE} (PROHIBITED_CONTENT)",
    "image-prohibited": f"{NONE} (IMAGE_PROHIBITED_CONTENT: ",
    "recitation": f"{NONE} (IMAGE_RECITATION)",
    "image-other": f"{NONE} (IMAGE_OTHER)",
    "malformed": f"{NONE} (MALFORMED_RESPONSE)",
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
    "brotli": "the answer is packed (br), which none asked for",
    "zstd": "the answer is packed (zstd), which none asked for",
    "unknown-place": f"{NONE} (no reason given)",
    "svg-bytes": f"{REFUSED}it is no PNG, JPEG or WebP",
    "html-bytes": f"{REFUSED}it is no PNG, JPEG or WebP",
    "trailing-bytes": "bytes follow the end of the JPEG",
    "damaged-png": f"{REFUSED}the PNG is cut short",
    "bomb-png": "20000 x 20000 pixels are more than any model draws",
    "html-200": "the answer is no JSON: <!doctype html>",
    "empty-body": "the answer is no JSON",
    "deep-json": "nested too deeply",
    "cut-json": "the answer is no JSON: {",
    "rate-limit-hours": "the quota is used up for another 1",
    "quota-zero": "the key's plan has no quota for this model",
    "precondition": "HTTP 400: User location is not supported",
    "invalid": "HTTP 400: Request contains an invalid argument",
    "list-error": "HTTP 400: Request contains an invalid argument",
    "not-found": "404 from 127.0.0.1/v1beta/models/",
    "gateway-model-not-found": "the server has no such model",
}
"""Asked once, whatever `retries` says."""

UNKNOWN = {
    "timeout-408": "HTTP 408: ",
    "deadline-504": "HTTP 504: ",
    "bad-gateway": "HTTP 502: 502 Bad Gateway",
    "gateway-upstream": "HTTP 502: bad response status code 502",
    "dropped": "the answer did not arrive: ",
}
"""Asked once more, both times counted as paid, since neither is known to be free."""

UNREADABLE = (
    "only-thoughts", "hosted-url", "openai-url", "file-uri", "brotli", "zstd", "unknown-place",
    "svg-bytes", "html-bytes", "trailing-bytes", "damaged-png", "bomb-png", "html-200", "deep-json",
    "cut-json",
)  # fmt: skip
"""Those of `ONCE` whose answers stay in the journal, each named in its message."""

SHOWN = {"ratio-ignored", "smaller"}
"""Pictures that are shown, with a warning that they are not what was asked for."""

BUSY = {
    "rate-limit": "HTTP 429: ",
    "rate-limit-message-only": "HTTP 429: ",
    "retry-after": "HTTP 429: Too many requests",
    "internal": "HTTP 500: Internal error encountered",
}
"""Asked as often as `retries` allows, and not paid."""

SHAPES = {
    "overloaded": "HTTP 503: The model is overloaded",
    "capacity": "HTTP 503: No capacity available",
    "litellm-error": "HTTP 500: litellm.InternalServerError",
    "bare-error": "HTTP 500: upstream connect error",
}
"""Of the same kind as the last table; here for their words alone, with `retries: 0`."""

ENDS = {
    "bad-key": "the server refuses the API key",
    "unauthenticated": "the server refuses the API key",
    "forbidden": "the server refuses the API key",
    "redirect": "redirects elsewhere, and a key is never sent after a redirect",
}
"""The whole build's requests end with it."""

ELSEWHERE = {"slow", "drip", "huge", "gzip-bomb"}
"""Proven by the tests of the client, which know of time and memory."""


def drawn_together(
    folder: Path, names: dict[str, str], retries: int, sites: dict[str, Site]
) -> Built:
    """Build one page with a picture for each scenario, and add its site to `sites`."""
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger)) as url:
        page = "".join(fence(f"{name} picture [emulate: {name}]") for name in names)
        options = {"max_new": 200, "budget": 50, "concurrency": 8, "retries": retries}
        here = Site(folder, {"index.md": page}, {"base_url": url, **QUICK, **options}, {}, ledger)
        sites[folder.name.rstrip("0")] = here
        return here.build()


@pytest.fixture(scope="module")
def journals() -> dict[str, Site]:
    """The sites of `built`, by table."""
    return {}


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, journals: dict[str, Site]
) -> Iterator[dict[str, Built]]:
    """Build the tables' pages, each once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("GEMINI_API_KEY", CANARY)
        for name in ("CI", "GITHUB_ACTIONS"):
            monkeypatch.delenv(name, raising=False)
        tables = {"once": (ONCE | UNKNOWN, 3), "busy": (BUSY, 1), "shapes": (SHAPES, 0)}
        yield {
            name: drawn_together(tmp_path_factory.mktemp(name), table, retries, journals)
            for name, (table, retries) in tables.items()
        }


def seen(built: Built, name: str) -> tuple[int, list[str]]:
    """Count the requests for a row's picture, and give what its author reads."""
    warnings = [text for text in built.warnings if f"'{name} picture " in text]
    return sum(prompt.startswith(f"{name} picture ") for prompt in built.prompts), warnings


def test_no_scenario_is_left_out() -> None:
    tables = (ONCE, UNKNOWN, BUSY, SHAPES, ENDS)
    assert sorted([name for table in tables for name in table] + list(ELSEWHERE)) == sorted(
        SCENARIOS
    )


@pytest.mark.parametrize(
    ("table", "requests", "name", "words"),
    [("once", 1, name, words) for name, words in ONCE.items()]
    + [("once", 2, name, words) for name, words in UNKNOWN.items()]
    + [("busy", 2, name, words) for name, words in BUSY.items()]
    + [("shapes", 1, name, words) for name, words in SHAPES.items()],
)
def test_an_answer_is_told_in_its_own_words(
    built: dict[str, Built], table: str, requests: int, name: str, words: str
) -> None:
    sent, warnings = seen(built[table], name)
    assert sent == requests
    assert len(warnings) == (words != DRAWN)
    for warning in warnings:
        assert warning.startswith("index.md:")
        assert words in warning
        assert (" may have been billed" in warning) == (name in UNKNOWN or _is_paid(name))
        assert (KEPT in warning) == (name in UNREADABLE)
        if name in UNREADABLE:
            assert kept(warning).stat().st_size > 0


def kept(warning: str) -> Path:
    """Return the file that a message names."""
    return Path(warning.partition(KEPT)[2].split(" ", 1)[1].partition(";")[0])


@pytest.mark.parametrize("name", ONCE)
def test_what_became_of_an_answer_is_stored_remembered_and_counted(
    built: dict[str, Built], journals: dict[str, Site], name: str
) -> None:
    here = journals["once"]
    stored = [each for each in here.sidecars if each["request"]["text"].startswith(f"{name} pic")]
    is_shown = name in SHOWN or ONCE[name] == DRAWN
    assert len(stored) == is_shown
    for sidecar in stored:
        picture = next(here.stock.glob(f"{sidecar['key']}.[pjw]*g*"))
        assert identify(picture.read_bytes()).width == sidecar["width"]
        assert 0.045 <= sidecar["price"] < 0.15, "never ten times the table's price"
    intents = [json.loads(path.read_bytes()) for path in here.journal.rglob("*.intent")]
    waiting = [each for each in intents if each["request"]["text"].startswith(f"{name} pic")]
    assert len(waiting) == (name in UNREADABLE), "remembered with its request"


def test_nonsense_on_a_bill_is_one_warning_with_both_numbers(built: dict[str, Built]) -> None:
    (warning,) = [each for each in built["once"].warnings if "expected a bill" in each]
    assert warning.startswith("expected a bill of about $0.045 for a picture of gemini-3.1-flash")
    assert ", got tokens that make $" in warning


def test_another_build_buys_none_of_them_again(journals: dict[str, Site]) -> None:
    here = journals["once"]
    with serve_in_thread(create_app(request_log=here.ledger)) as url:
        again = here.build(base_url=url)
    asked = {prompt.partition(" picture ")[0] for prompt in again.prompts}
    assert asked.isdisjoint(UNREADABLE)
    assert asked.isdisjoint(name for name, words in ONCE.items() if words == DRAWN)


def _is_paid(name: str) -> bool:
    """Whether an answer came with status 200: then its tokens were billed, picture or not."""
    free = ("HTTP ", "404 ", "the quota", "the key's", "the server")
    return name in ONCE and name not in SHOWN and not ONCE[name].startswith(free)


@pytest.mark.parametrize(("name", "words"), ENDS.items())
def test_what_would_fail_for_all_is_asked_once(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger)) as url:
        page = "".join(fence(f"Fox {n} [emulate: {name}]") for n in range(3))
        options = {"base_url": url, "retries": 3, "concurrency": 1}
        built = Site(tmp_path, {"index.md": page}, {**QUICK, **options}, {}, ledger).build()
    assert len(built.requests) == 1
    assert len(built.warnings) == 3
    assert all(words in warning for warning in built.warnings)
