"""Answers, row by row as the API reference documents them, and answers of any other shape."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.gemini.answers.answer import (
    MAX_TEXT_CHARACTERS,
    ReceivedImage,
    by_digest,
    read_answer,
)
from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.models.pricing.item_prices import item_prices
from tests.unit.pictures import jpeg, png, proven, webp

PNG, JPEG, WEBP = png(), jpeg(), webp()
DRAFT = png(5, 5)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def part(data: bytes | str = PNG, mime: str = "image/png", **more: object) -> dict[str, Any]:
    text = data if isinstance(data, str) else b64(data)
    return {"inlineData": {"mimeType": mime, "data": text}, **more}


def answer(*parts: object, finish: str = "STOP", **more: object) -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)}
    return {"candidates": [{"content": content, "finishReason": finish, "index": 0}], **more}


def read(value: object) -> ReceivedImage:
    return read_answer(value if isinstance(value, bytes) else json.dumps(value).encode())


def failure(value: object) -> Failure:
    """Return the failure of an answer without a picture."""
    with pytest.raises(RequestFailed) as raised:
        read(value)
    return raised.value.failure


def has_a_picture_or_a_reason(value: object) -> bool:
    """Return whether an answer yields a whole picture, or fails, and is repeated if not billed."""
    try:
        found = read(value)
    except RequestFailed as error:
        failure = error.failure
        return bool(failure.what) and (failure.billed != "yes" or failure.again != "soon")
    return identify(found.data) == found.picture


TOUGH = next(data for data in (png(7, 3 + n) for n in range(99)) if {"+", "/"} <= set(b64(data)))
URL_SAFE = base64.urlsafe_b64encode(TOUGH).decode()

DRAWN: list[tuple[str, object, bytes]] = [
    ("a picture alone", answer(part()), PNG),
    ("text and picture", answer({"text": "Here:"}, part(JPEG, "image/jpeg")), JPEG),
    ("picture and text", answer(part(WEBP, "image/webp"), {"text": "There"}), WEBP),
    ("interleaved", answer({"text": "a"}, part(DRAFT), {"text": "b"}, part()), PNG),
    ("drafts, flagged", answer({"text": "Hm", "thought": True}, part(DRAFT, thought=True),
                               part(thoughtSignature="c2ln")), PNG),
    ("a draft flagged behind the picture", answer(part(), part(DRAFT, thought=True)), PNG),
    ("drafts, unflagged", answer(*[part(DRAFT, thoughtSignature="c2ln")] * 10, part()), PNG),
    ("a lying type", answer(part(JPEG, "image/png")), JPEG),
    ("a type that is none", answer(part(PNG, "application/octet-stream")), PNG),
    ("no type", answer({"inlineData": {"data": b64(PNG)}}), PNG),
    ("snake_case", {"candidates": [{"content": {"parts": [
        {"inline_data": {"mime_type": "image/png", "data": b64(PNG)}}]}, "finish_reason": "STOP"}]},
     PNG),
    ("URL-safe base64", answer(part(URL_SAFE)), TOUGH),
    ("URL-safe base64, not padded", answer(part(URL_SAFE.rstrip("="))), TOUGH),
    ("base64, not padded", answer(part(b64(TOUGH).rstrip("="))), TOUGH),
    ("base64 in lines", answer(part("\r\n".join(b64(TOUGH)[i : i + 60]
                                                for i in range(0, 400, 60)) + b64(TOUGH)[420:])),
                                                TOUGH),
    ("base64, padded too much", answer(part(b64(TOUGH).rstrip("=") + "====")), TOUGH),
    ("a data: URL in Markdown",
     answer({"text": f"Here: ![fox](data:image/png;base64,{b64(PNG)})."}),
     PNG),
    ("two data: URLs", answer({"text": f"![](data:image/png;base64,{b64(DRAFT)}) "
                                       f"![](data:image/jpeg;base64,{b64(JPEG)})"}), JPEG),
    ("in a list of one", [answer(part())], PNG),
    ("unknown fields", answer(part(future={"x": 1}), modelStatus={"message": "old"}, x=1), PNG),
    ("MAX_TOKENS, and yet a picture", answer(part(), finish="MAX_TOKENS"), PNG),
    ("an error beside a picture", answer(part(), error=None), PNG),
    ("parts that are none", answer(None, "text", 3, [part(DRAFT)], part()), PNG),
    ("a text that is none", answer(part(), {"text": 7}, {"text": None}), PNG),
    ("NaN", json.dumps(answer(part(), score=float("nan"))).encode(), PNG),
    ("a byte order mark", b"\xef\xbb\xbf" + json.dumps(answer(part())).encode(), PNG),
    ("UTF-16", json.dumps(answer(part())).encode("utf-16"), PNG),
]  # fmt: skip


@pytest.mark.parametrize(("value", "data"), [row[1:] for row in DRAWN],
                         ids=[row[0] for row in DRAWN])  # fmt: skip
def test_the_last_picture_of_an_answer_is_read(value: object, data: bytes) -> None:
    found = read(value)
    assert found.data == data
    assert found.picture == proven(data)


def no_picture(reason: str, **more: object) -> dict[str, Any]:
    return {"candidates": [{"finishReason": reason, **more}]}


def blocked(reason: str, **more: object) -> dict[str, Any]:
    return {"promptFeedback": {"blockReason": reason, **more}, "usageMetadata": {}}


FINISH = (
    "STOP", "MAX_TOKENS", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION",
    "LANGUAGE", "ESCALATION", "PUP_LIMITED_DISABLED", "MODEL_ARMOR", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "OTHER",
    "MALFORMED_RESPONSE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE", "CONTINUATION", "A_NEW_ONE",
)  # fmt: skip
BLOCK = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR",
         "JAILBREAK")  # fmt: skip
WORDS = "I cannot draw that."
DREW = "the model drew no picture"

REFUSED: list[tuple[str, object, str]] = [
    *[(reason, no_picture(reason), f"{DREW} ({reason})") for reason in FINISH],
    *[(f"blocked: {reason}", blocked(reason), f"{DREW} (the prompt is blocked, {reason})")
      for reason in BLOCK],
    ("blocked, with words", blocked("SAFETY", blockReasonMessage="Unsafe."),
     f"{DREW} (the prompt is blocked, SAFETY: Unsafe.)"),
    ("finishMessage", no_picture("IMAGE_SAFETY", finishMessage=WORDS),
     f"{DREW} (IMAGE_SAFETY: {WORDS})"),
    ("snake_case", {"candidates": [{"finish_reason": "IMAGE_SAFETY", "finish_message": WORDS}]},
     f"{DREW} (IMAGE_SAFETY: {WORDS})"),
    ("content {}", no_picture("IMAGE_SAFETY", content={}), f"{DREW} (IMAGE_SAFETY)"),
    ("content null", no_picture("IMAGE_SAFETY", content=None), f"{DREW} (IMAGE_SAFETY)"),
    ("parts null", no_picture("NO_IMAGE", content={"parts": None}), f"{DREW} (NO_IMAGE)"),
    ("parts []", no_picture("NO_IMAGE", content={"parts": []}), f"{DREW} (NO_IMAGE)"),
    ("text only", answer({"text": "I cannot"}, {"text": "draw\nthat."}), f"{DREW} (STOP: {WORDS})"),
    ("text beside thoughts", answer({"text": "Hm", "thought": True}, {"text": WORDS}),
     f"{DREW} (STOP: {WORDS})"),
    ("finishMessage before text", no_picture("OTHER", finishMessage="Why",
                                             content={"parts": [{"text": "x"}]}),
     f"{DREW} (OTHER: Why)"),
    ("drafts alone", answer(part(DRAFT, thought=True)),
     "the answer has only drafts (thoughts) and no picture"),
    ("no candidates", {"candidates": []}, f"{DREW} (no reason given)"),
    ("nothing", {}, f"{DREW} (no reason given)"),
    ("an empty picture", answer(part("")), f"{DREW} (STOP)"),
    ("a picture that is cut", answer(part(PNG[:-9])),
     "the answer's picture is refused: the PNG is cut short"),
    ("the last picture is cut", answer(part(DRAFT), part(PNG[:-9])),
     "the answer's picture is refused: the PNG is cut short"),
    ("base64 that is none", answer(part("!!!!")),
     "the answer's picture is refused: it is no PNG, JPEG or WebP (it begins with b'')"),
    ("an SVG", answer(part(b"<svg/>", "image/svg+xml")),
     "the answer's picture is refused: it is no PNG, JPEG or WebP (it begins with b'<svg/>')"),
    ("a hosted URL", answer({"text": "![fox](https://example.org/fox.png)"}),
     "the answer has an address instead of a picture, and no address is fetched: "
     "https://example.org/fox.png"),
    ("an error in a 200", {"error": {"code": 429, "message": "Slow down"}},
     "HTTP 429: Slow down"),
    ("a web page", b"<html>Bad gateway</html>",
     "a web page came in place of an answer: Bad gateway"),
    ("no JSON", b"Bad gateway", "the answer is no JSON: Bad gateway"),
    ("not a byte", b"", "the answer is empty"),
    ("cut JSON", json.dumps(answer(part())).encode()[:-5],
     'the answer is no JSON: {"candidates": [{"content": {"role": "model"'),
    ("no object", b"[1, 2]", "the answer is no JSON object"),
    ("null", b"null", "the answer is no JSON object"),
    ("a list of nothing", b"[]", "the answer is no JSON object"),
    ("nested 101 deep", b'{"a":' * 101 + b"1" + b"}" * 101,
     "the answer is nested too deeply to be read"),
    ("nested 200,000 deep", b"[" * 200_000, "the answer is nested too deeply to be read"),
    ("objects nested 200,000 deep", b'{"a":' * 200_000,
     "the answer is nested too deeply to be read"),
    ("a reason of an odd type", no_picture("x") | {"candidates": [{"finishReason": {"a": [1]}}]},
     f"{DREW} ({{'a': [1]}})"),
    ("control characters", no_picture("OTHER", finishMessage="a\x1b[2J\nb"),
     f"{DREW} (OTHER: a [2J b)"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), [row[1:] for row in REFUSED],
                         ids=[row[0] for row in REFUSED])  # fmt: skip
def test_an_answer_without_a_picture_fails_with_a_reason(value: object, said: str) -> None:
    assert failure(value).what.startswith(said)


CONTENT = ("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "LANGUAGE",
           "ESCALATION", "PUP_LIMITED_DISABLED", "MODEL_ARMOR", "IMAGE_SAFETY",
           "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION")  # fmt: skip
PASSING = ("IMAGE_OTHER", "NO_IMAGE", "OTHER", "MALFORMED_RESPONSE",
           "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS")  # fmt: skip


@pytest.mark.parametrize("reason", FINISH)
def test_a_reason_about_the_content_is_a_refusal_and_some_others_may_pass(reason: str) -> None:
    found = failure(no_picture(reason))
    assert found.billed == "yes"
    assert found.remembered == (reason in CONTENT)
    assert found.again == ("once" if reason in PASSING else "never")


@pytest.mark.parametrize("reason", BLOCK)
def test_a_blocked_prompt_is_a_refusal(reason: str) -> None:
    assert failure(blocked(reason)).remembered


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"promptTokenCount": 20}, 0.0),
        ({"promptTokenCount": 20, "candidatesTokenCount": 0, "thoughtsTokenCount": 0}, 0.0),
        ({"candidatesTokenCount": 100, "thoughtsTokenCount": 300}, 400 * 7.5 / 1e6),
        ({"candidatesTokenCount": 300, "thoughtsTokenCount": 300}, 300 * 7.5 / 1e6),
        ({"candidatesTokenCount": 10**9}, 0.0336),
        (None, 0.0336),
    ],
)
def test_an_answer_without_a_picture_costs_what_it_says_and_no_more_than_a_picture(
    usage: object, usd: float
) -> None:
    found = failure(no_picture("IMAGE_SAFETY") | ({"usageMetadata": usage} if usage else {}))
    assert found.cost(item_prices("gemini-nano-banana-2.1", "1K", {}), 0.0336) == pytest.approx(usd)


def test_an_image_comes_with_the_text_usage_and_ids_of_its_answer() -> None:
    parts = [{"text": "Here", "thoughtSignature": "c2ln"}, part(thoughtSignature="c2ln")]
    found = read(answer(
        *parts, modelVersion="m-1", responseId="r-1",
        usageMetadata={"promptTokenCount": 15, "candidatesTokenCount": 1318,
                       "thoughtsTokenCount": 60,
                       "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120},
                                                   {"modality": "TEXT", "tokenCount": 9}]},
    ))  # fmt: skip
    assert found.parts == by_digest(parts)
    assert (found.text, found.model_version, found.response_id) == ("Here", "m-1", "r-1")
    assert found.usage == Usage(prompt=15, candidates=1318, thoughts=60, image=1120)


def test_grounding_is_kept_and_text_is_cut() -> None:
    value = answer(part(), {"text": "x" * 2 * MAX_TEXT_CHARACTERS})
    value["candidates"][0]["groundingMetadata"] = {"webSearchQueries": ["fox"]}
    found = read(value)
    assert found.grounding == {"webSearchQueries": ["fox"]}
    assert len(found.text) == MAX_TEXT_CHARACTERS


def test_a_data_url_is_not_part_of_the_text() -> None:
    found = read(answer({"text": f"Look ![fox](data:image/png;base64,{b64(PNG)})"}))
    assert found.text == "Look ![fox]()"


@pytest.mark.parametrize(
    ("usage", "model", "usd"),
    [
        (Usage(424, 1585, 0, 1120), "gemini-nano-banana-2.1",
         (1120 * 30 + 465 * 7.5 + 424 * 1.5) / 1e6),
        (Usage(15, 1318, 60, 1290), "gemini-2.5-flash-image",
         (1290 * 30 + 88 * 2.5 + 15 * 0.3) / 1e6),
        (Usage(0, 1000, 0, 2000), "gemini-3-pro-image", 2000 * 120 / 1e6),
        (Usage(15, 1318, 60, 0), "gemini-3-pro-image", None),
        (Usage(15, 1318, 60, 1120), "gemini-9-image", None),
    ],
)  # fmt: skip
def test_the_price_of_an_answer_follows_from_its_tokens(
    usage: Usage, model: str, usd: float | None
) -> None:
    billed = usage.bill(item_prices(model, "1K", {}))
    assert (None if billed is None else sum(billed.values())) == (
        None if usd is None else pytest.approx(usd * 1e9)
    )


@pytest.mark.parametrize("count", ["12", 12, 12.5, "x", None, True, -1, [], 10**30, "9" * 30])
def test_token_counts_of_wrong_types_are_zero(count: object) -> None:
    found = read(answer(part(), usageMetadata={"promptTokenCount": count}))
    assert found.usage is not None
    assert found.usage.prompt == (12 if count in ("12", 12) else 0)
    assert isinstance(found.usage.prompt, int)


NAMES = ("candidates", "content", "parts", "inlineData", "inline_data", "data", "text", "thought",
         "finishReason", "finishMessage", "promptFeedback", "blockReason", "usageMetadata", "error",
         "candidatesTokensDetails", "modality", "tokenCount", "groundingMetadata",
         "modelVersion")  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from(["IMAGE", b64(PNG), f"data:image/png;base64,{b64(PNG)}"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(anything)
def test_any_json_is_read_or_fails(value: object) -> None:
    assert has_a_picture_or_a_reason(value)


@given(st.binary())
def test_any_bytes_are_read_or_fail(value: bytes) -> None:
    assert has_a_picture_or_a_reason(value)


@given(st.sampled_from([row[1] for row in DRAWN if isinstance(row[1], dict)]), anything, st.data())
def test_an_answer_with_any_value_replaced_is_read_or_fails(
    value: dict[str, Any], strange: object, data: st.DataObject
) -> None:
    changed = json.loads(json.dumps(value))
    at: Any = changed
    while True:
        names = list(at) if isinstance(at, dict) else list(range(len(at)))
        name = data.draw(st.sampled_from(names))
        if not isinstance(at[name], dict | list) or not at[name] or data.draw(st.booleans()):
            at[name] = strange
            break
        at = at[name]
    assert has_a_picture_or_a_reason(changed)
