"""Every scenario answers as its description says."""

import base64
import gzip
import io
import json
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from mkdocs_gemini_images.emulator.answers import delivery
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.gateway_scenarios import GATEWAY_SCENARIOS
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.emulator.scenarios import SCENARIOS, play_scenarios
from tests.unit.emulator.api_calls import FLASH, NB, fetch, generate, opened, parts, picture, prompt

Check = Callable[[httpx.Response], None]


# The smallest image of a model that thinks: quick to draw, with every token count.
SMALL = prompt(imageConfig={"imageSize": "512"}, thinkingConfig={"thinkingLevel": "HIGH"})


def played(name: str, **options: Any) -> httpx.Response:
    return generate(create_app(scenario=(name,), **options), SMALL, model=FLASH)


def candidate(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200
    found: dict[str, Any] = response.json()["candidates"][0]
    return found


def shape(response: httpx.Response) -> list[str]:
    """Return an answer's parts: t text, i image, in brackets when a thought, ' when signed."""
    letters = [
        ("(%s)" if part.get("thought") else "%s") % ("t" if "text" in part else "i")
        + ("'" if "thoughtSignature" in part else "")
        for part in parts(response)
    ]
    return ["".join(letters)]


SHAPES = {
    "ok": "t'i'",
    "image-first": "i't",
    "thought-drafts": "(t)(i)(i)t'i'",
    "only-thoughts": "(t)(i)",
    "unflagged-drafts": "i'i'i'",
    "several-images": "t'i'ti'ti'",
    "text-only": "t'",
    "markdown-image": "t'",
    "hosted-url": "t'",
}


@pytest.mark.parametrize(("name", "letters"), SHAPES.items())
def test_parts_have_the_order_and_signatures_of_the_scenario(name: str, letters: str) -> None:
    response = played(name)
    assert shape(response) == [letters]
    assert candidate(response)["finishReason"] == "STOP"
    assert response.headers["x-emulator-scenario"] == name


@pytest.mark.parametrize("name", ["unflagged-drafts", "several-images"])
def test_unflagged_drafts_differ_and_are_billed(name: str) -> None:
    ledger = RequestLog()
    response = played(name, request_log=ledger)
    shown = [p["inlineData"]["data"] for p in parts(response) if "inlineData" in p]
    assert len(set(shown)) == 3
    assert ledger.pictures == 3
    tokens = response.json()["usageMetadata"]["candidatesTokensDetails"][0]["tokenCount"]
    assert tokens == 3 * 747
    assert picture(response) == picture(played("ok"))


def test_the_last_thought_is_the_final_image() -> None:
    ledger = RequestLog()
    drafts = [p["inlineData"]["data"] for p in parts(played("thought-drafts", request_log=ledger))
              if "inlineData" in p]  # fmt: skip
    assert drafts[0] != drafts[1] == drafts[2]
    assert ledger.pictures == 1


EMPTY = [
    ("no-image", "NO_IMAGE", {}, False),
    ("image-safety", "IMAGE_SAFETY", {}, True),
    ("parts-null", "IMAGE_SAFETY", {"role": "model", "parts": None}, False),
    ("content-absent", "PROHIBITED_CONTENT", None, False),
    ("image-prohibited", "IMAGE_PROHIBITED_CONTENT", {}, True),
    ("recitation", "IMAGE_RECITATION", {}, False),
    ("image-other", "IMAGE_OTHER", {}, False),
    ("malformed", "MALFORMED_RESPONSE", {}, False),
    ("function-call", "MALFORMED_FUNCTION_CALL", {}, False),
    ("missing-signature", "MISSING_THOUGHT_SIGNATURE", {}, False),
    ("new-reason", "MOON_PHASE", {}, False),
]


@pytest.mark.parametrize(("name", "reason", "content", "explained"), EMPTY)
def test_blocked_answers_have_status_200_and_are_billed(
    name: str, reason: str, content: object, explained: bool
) -> None:
    ledger = RequestLog()
    response = played(name, request_log=ledger)
    answer = candidate(response)
    assert (answer["finishReason"], answer.get("content")) == (reason, content)
    assert ("finishMessage" in answer) is explained
    usage = response.json()["usageMetadata"]
    assert usage["candidatesTokenCount"] == usage["thoughtsTokenCount"]
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["thoughtsTokenCount"]
    assert (ledger.pictures, len(ledger.billed)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "reason"), [("prompt-blocked", "PROHIBITED_CONTENT"), ("prompt-safety", "SAFETY")]
)
def test_a_blocked_prompt_has_no_candidates(name: str, reason: str) -> None:
    body = played(name).json()
    assert "candidates" not in body
    assert body["promptFeedback"]["blockReason"] == reason
    assert body["usageMetadata"]["totalTokenCount"] == body["usageMetadata"]["promptTokenCount"]


def test_a_small_token_limit_cuts_the_answer_short() -> None:
    for response in (played("max-tokens"), generate(create_app(), prompt(maxOutputTokens=500))):
        assert candidate(response)["finishReason"] == "MAX_TOKENS"
        assert shape(response) == ["t'"]


ERRORS = [
    ("rate-limit", 429, "RESOURCE_EXHAUSTED"),
    ("rate-limit-hours", 429, "RESOURCE_EXHAUSTED"),
    ("rate-limit-message-only", 429, "RESOURCE_EXHAUSTED"),
    ("retry-after", 429, "RESOURCE_EXHAUSTED"),
    ("quota-zero", 429, "RESOURCE_EXHAUSTED"),
    ("overloaded", 503, "UNAVAILABLE"),
    ("capacity", 503, "UNAVAILABLE"),
    ("internal", 500, "INTERNAL"),
    ("timeout-408", 408, "CANCELLED"),
    ("deadline-504", 504, "DEADLINE_EXCEEDED"),
    ("bad-key", 400, "INVALID_ARGUMENT"),
    ("unauthenticated", 401, "UNAUTHENTICATED"),
    ("forbidden", 403, "PERMISSION_DENIED"),
    ("key-restricted", 403, "PERMISSION_DENIED"),
    ("billing-off", 403, "PERMISSION_DENIED"),
    ("quota-per-day", 429, "RESOURCE_EXHAUSTED"),
    ("precondition", 400, "FAILED_PRECONDITION"),
    ("invalid", 400, "INVALID_ARGUMENT"),
    ("not-found", 404, "NOT_FOUND"),
]


@pytest.mark.parametrize(("name", "status", "code"), ERRORS)
def test_errors_have_the_shape_of_google_or_a_gateway(name: str, status: int, code: str) -> None:
    ledger = RequestLog()
    response = played(name, request_log=ledger)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (status, code)
    assert "{model}" not in response.text
    assert (len(ledger), ledger.price) == (1, 0)
    behind_gateway = played(name, gateway=True)
    assert set(behind_gateway.json()["error"]) == {"message", "type", "param", "code"}
    assert behind_gateway.status_code == {"bad-key": 401, "not-found": 503}.get(name, status)


def retry_info(response: httpx.Response) -> list[str]:
    details = response.json()["error"].get("details", [])
    return [d["retryDelay"] for d in details if d["@type"].endswith("google.rpc.RetryInfo")]


def test_the_retry_delay_is_where_the_scenario_puts_it() -> None:
    assert retry_info(played("rate-limit")) == ["0.3s"]
    assert retry_info(played("rate-limit-hours")) == ["17989.87s"]
    bare = played("rate-limit-message-only")
    assert "details" not in bare.json()["error"]
    assert bare.json()["error"]["message"].endswith("Please retry in 0.3s.")
    assert f"limit: 0, model: {FLASH}" in played("quota-zero").json()["error"]["message"]
    after = played("retry-after")
    assert (after.headers["retry-after"], retry_info(after)) == ("1", [])


def _json(status: int, *path: str | int, value: object) -> Check:
    def check(response: httpx.Response) -> None:
        assert response.status_code == status
        inner: Any = response.json()
        for step in path:
            inner = inner[step]
        assert inner == value

    return check


def _text(status: int, start: str, media: str = "text/html") -> Check:
    def check(response: httpx.Response) -> None:
        assert (response.status_code, response.text[: len(start)]) == (status, start)
        assert response.headers["content-type"].startswith(media)

    return check


def _bytes(start: bytes, mime: str = "image/jpeg") -> Check:
    def check(response: httpx.Response) -> None:
        assert picture(response).startswith(start)
        assert parts(response)[-1]["inlineData"]["mimeType"] == mime

    return check


def _other_ratio(response: httpx.Response) -> None:
    assert opened(picture(response))[1] == (464, 576)


def _trailing(response: httpx.Response) -> None:
    assert picture(response).startswith(picture(played("ok")))
    assert b"<script>" in picture(response)
    assert opened(picture(response))[0] == "JPEG"


def _damaged(response: httpx.Response) -> None:
    assert parts(response)[-1]["inlineData"]["mimeType"] == "image/png"
    with pytest.raises((OSError, SyntaxError)):
        opened(picture(response))


def _bomb(response: httpx.Response) -> None:
    data = picture(response)
    assert len(data) < 2_000_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(data))
    # All rows are there, not only the header.
    start = data.index(b"IDAT")
    size = int.from_bytes(data[start - 4 : start])
    rows, unpacked = zlib.decompressobj(), 0
    packed = data[start + 4 : start + 4 + size]
    while packed:
        unpacked += len(rows.decompress(packed, 1 << 24))
        packed = rows.unconsumed_tail
    assert (rows.eof, unpacked) == (True, 20_000 * 20_001)


def _markdown(response: httpx.Response) -> None:
    text = parts(response)[0]["text"]
    assert text.startswith("![image](data:image/jpeg;base64,")
    assert opened(base64.b64decode(text.partition(",")[2][:-1]))[0] == "JPEG"


def _link(response: httpx.Response) -> None:
    assert parts(response)[0]["text"].startswith("![image](https://cdn.example/")


def _snake(response: httpx.Response) -> None:
    body = response.json()
    assert set(body) == {"candidates", "usage_metadata", "model_version", "response_id"}
    image = body["candidates"][0]["content"]["parts"][1]
    assert set(image) == {"inline_data", "thought_signature"}
    assert set(image["inline_data"]) == {"mime_type", "data"}


def _urlsafe(response: httpx.Response) -> None:
    image = parts(response)[-1]
    assert image["thoughtSignature"].startswith("-_-_")
    assert image["inlineData"]["data"].startswith("_9j_")
    assert "=" not in image["thoughtSignature"] + image["inlineData"]["data"]


def _strange(response: httpx.Response) -> None:
    assert response.json()["modelStatus"]["modelStage"] == "DEPRECATED"
    assert picture(response)


def _no_usage(response: httpx.Response) -> None:
    assert "usageMetadata" not in response.json()


def _odd_usage(response: httpx.Response) -> None:
    usage = response.json()["usageMetadata"]
    assert isinstance(usage["promptTokenCount"], str)
    assert usage["totalTokenCount"] is None


def _above_table(response: httpx.Response) -> None:
    usage = response.json()["usageMetadata"]
    assert usage["candidatesTokensDetails"][0]["tokenCount"] == 3 * 747


def _cut(response: httpx.Response) -> None:
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


def _deep(response: httpx.Response) -> None:
    with pytest.raises(RecursionError):
        response.json()


def _redirect(response: httpx.Response) -> None:
    assert response.status_code == 302
    assert response.headers["location"].startswith("https://elsewhere.invalid/")


def _late(response: httpx.Response) -> None:
    assert picture(response) == picture(played("ok"))


SPECIAL: dict[str, Check] = {
    "slow": _late,
    "wrong-mime": _bytes(b"\xff\xd8\xff", "image/png"),
    "ratio-ignored": _other_ratio,
    "svg-bytes": _bytes(b"<svg"),
    "html-bytes": _bytes(b"<!doctype html>"),
    "trailing-bytes": _trailing,
    "damaged-png": _damaged,
    "bomb-png": _bomb,
    "markdown-image": _markdown,
    "hosted-url": _link,
    "snake-case": _snake,
    "urlsafe-base64": _urlsafe,
    "strange-keys": _strange,
    "no-usage": _no_usage,
    "usage-odd-types": _odd_usage,
    "bill-above-table": _above_table,
    "gateway-model-not-found": _json(503, "error", "code", value="model_not_found"),
    "gateway-upstream": _json(502, "error", "code", value="bad_response_status_code"),
    "litellm-error": _json(500, "error", "code", value="500"),
    "list-error": _json(400, 0, "error", "status", value="INVALID_ARGUMENT"),
    "bare-error": _json(500, value={"message": "upstream connect error"}),
    "gateway-image-safety": _json(400, "error", "type", value="new_api_error"),
    "gateway-blocked": _json(500, "error", "type", value="new_api_error"),
    "error-200": _json(200, "error", "code", value=503),
    "error-without-code": _json(200, "error", "status", value="UNAVAILABLE"),
    "rate-limit-200": _json(200, "error", "details", 0, "retryDelay", value="0.3s"),
    "quoted-error": _text(200, '"{', "application/json"),
    "quoted-key": _json(200, "error", "code", value=401),
    "quoted-key-401": _text(401, '{"error": {"message": "Invalid token ', "application/json"),
    "strange-error": _text(200, '{"error": {"message": "Oh dear, ', "application/json"),
    "error-in-words": _json(200, "choices", 0, "finish_reason", value="stop"),
    "choice-error": _json(200, "choices", 0, "error", "code", value=503),
    "plain-error": _text(200, "upstream connect error", "text/plain"),
    "insufficient-quota": _json(429, "error", "type", value="insufficient_quota"),
    "path-404": _text(404, "<html><head><title>Error 404"),
    "proxy-522": _text(522, "<html>"),
    "proxy-524": _text(524, "<html>"),
    "bad-gateway": _text(502, "<html>"),
    "html-200": _text(200, "<!doctype html>"),
    "empty-body": _text(200, "", "application/json"),
    "deep-json": _deep,
    "redirect": _redirect,
    "cut-json": _cut,
}
# These need a real connection and are in test_http_server.
OVER_SOCKETS = {"dropped", "drip", "huge", "gzip-bomb"}
ELSEWHERE = {"max-tokens", "prompt-blocked", "prompt-safety"}


@pytest.mark.parametrize(("name", "check"), SPECIAL.items())
def test_a_special_scenario_answers_as_described(name: str, check: Check) -> None:
    check(played(name))


def test_every_scenario_has_a_test_and_a_description() -> None:
    tested = {*SHAPES, *SPECIAL, *OVER_SOCKETS, *ELSEWHERE}
    tested |= {*GATEWAY_SCENARIOS, "smaller"}
    tested |= {row[0] for row in EMPTY} | {row[0] for row in ERRORS}
    assert tested == set(SCENARIOS)
    assert all(
        s.description.endswith(".") and "\n" not in s.description for s in SCENARIOS.values()
    )


@pytest.mark.parametrize("name", GATEWAY_SCENARIOS)
def test_a_gateway_scenario_differs_from_a_good_answer_and_is_billed(name: str) -> None:
    ledger = RequestLog()
    found, good = played(name, request_log=ledger), played("ok")
    assert found.status_code == 200
    assert (found.content, found.headers) != (good.content, good.headers)
    assert ledger.pictures == 1


def test_a_smaller_image_has_half_the_sides() -> None:
    whole, half = (opened(picture(played(name)))[1] for name in ("ok", "smaller"))
    assert whole == (2 * half[0], 2 * half[1])


def test_the_litellm_error_contains_googles_json() -> None:
    message = played("litellm-error").json()["error"]["message"]
    inner = json.loads(message.partition(" - ")[2])
    assert inner["error"]["status"] == "INTERNAL"


@pytest.mark.parametrize(
    ("name", "pictures", "billed"),
    [("empty-body", 1, True), ("cut-json", 1, True), ("no-usage", 1, True),
     ("html-200", 0, False), ("redirect", 0, False), ("bill-above-table", 1, True)],
)  # fmt: skip
def test_an_image_that_the_model_made_is_billed(name: str, pictures: int, billed: bool) -> None:
    ledger = RequestLog()
    played(name, request_log=ledger)
    assert (ledger.pictures, bool(ledger.billed)) == (pictures, billed)


def test_an_image_above_the_table_price_is_logged_at_its_price() -> None:
    ledger = RequestLog()
    played("bill-above-table", request_log=ledger)
    assert ledger.price > 3 * 0.0448


def test_scenarios_are_played_in_order_and_the_last_one_stays() -> None:
    acts, _ = play_scenarios(("overloaded*2", "rate-limit", "ok"))
    names = [next(acts) for _ in range(6)]
    assert names == ["overloaded"] * 2 + ["rate-limit"] + ["ok"] * 3
    assert [next(names) for names in play_scenarios(())] == ["ok", "batch-ok"]
    assert next(play_scenarios("internal")[0]) == "internal"


def test_a_refused_request_uses_up_no_scenario() -> None:
    app = create_app(scenario=("overloaded", "ok"))
    assert generate(app, {}).status_code == 400
    assert generate(app, prompt()).status_code == 503
    assert generate(app, prompt()).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [("overloded", "did you mean 'overloaded'?"), ("bom-png", "did you mean 'bomb-png'?"),
     ("ok*0", r"write NAME or NAME\*3"), ("", "write NAME")],
)  # fmt: skip
def test_an_unknown_scenario_is_an_error_with_a_suggestion(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        create_app(scenario=(name,))


def test_a_scenario_in_a_prompt_applies_to_its_request_and_is_not_drawn() -> None:
    app = create_app(scenario=("internal",))
    tagged = generate(app, prompt("A fox reading [emulate: ok]"))
    assert picture(tagged) == picture(generate(create_app(), prompt()))
    assert generate(app, prompt()).status_code == 500
    unknown = generate(app, prompt("A fox [emulate: overloded]"))
    assert unknown.status_code == 400
    assert "did you mean 'overloaded'?" in unknown.json()["error"]["message"]


def test_a_scenario_in_an_earlier_turn_is_ignored() -> None:
    first = prompt("A fox [emulate: overloaded]")["contents"]
    turn = {"role": "model", "parts": [{"text": "x"}]}
    body = {"contents": [*first, turn, *prompt("At night")["contents"]]}
    assert generate(create_app(), body).status_code == 200


@pytest.mark.parametrize("name", ["image-safety", "prompt-blocked", "text-only", "snake-case"])
def test_scenarios_apply_to_streams(name: str) -> None:
    app = create_app(scenario=(name,))
    path = f"/v1beta/models/{NB}:streamGenerateContent?alt=sse"
    events = [json.loads(block[6:]) for block in fetch(app, path, prompt()).text.split("\r\n\r\n")
              if block]  # fmt: skip
    key = "usage_metadata" if name == "snake-case" else "usageMetadata"
    assert all(key in event for event in events)
    assert len(events) == {"text-only": 3, "snake-case": 4}.get(name, 1)


def test_the_gzip_bomb_is_valid_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(delivery._gzip_bomb(b'{"a":1}')) < 2_000_000
    # A smaller one is unpacked: it is made in the same way.
    monkeypatch.setattr(delivery, "BOMB_MIB", 20)
    monkeypatch.setattr(delivery, "_white_space_crc", delivery._white_space_crc.__wrapped__)
    unpacked = gzip.decompress(delivery._gzip_bomb(b'{"a":1}'))
    assert (len(unpacked), unpacked.lstrip(b" ")) == ((20 << 20) + 7, b'{"a":1}')
    assert delivery.HUGE_MIB > 200
