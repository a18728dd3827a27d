"""Requests as JSON, compared whole; and answers, row by row as the API reference has seen them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.gemini.codec import (
    MAX_TEXT_CHARACTERS,
    Drawn,
    FileUri,
    Inline,
    Turn,
    Usage,
    body,
    by_digest,
    merged,
)
from mkdocs_gemini_images.gemini.codec import read as read_answer
from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.requests.request import ImageRequest
from tests.unit.pictures import jpeg, png, proven, step, webp

PNG, JPEG, WEBP = png(), jpeg(), webp()
DRAFT = png(5, 5)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sent(asked: ImageRequest, *turns: Turn, google: bool = True) -> Any:
    return json.loads(body(asked, turns or (Turn(asked.text),), google=google))


def inline(data: bytes) -> Inline:
    return Inline(proven(data), data)


# Requests

FLASH, OLD = "gemini-3.1-flash-image", "gemini-2.5-flash-image"
BODIES: list[tuple[str, ImageRequest, dict[str, Any], dict[str, Any]]] = [
    ("the smallest", step(), {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}}, {}),
    ("2K", step(size="2K", aspect_ratio="1:8"),
     {"imageConfig": {"aspectRatio": "1:8", "imageSize": "2K"}}, {}),
    ("512", step(model=FLASH, size="512", spelled="0.5K"),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "512"}}, {}),
    ("2.5 has no sizes", step(model=OLD), {"imageConfig": {"aspectRatio": "16:9"}}, {}),
    ("an unknown model at 1K", step(model="x"), {"imageConfig": {"aspectRatio": "16:9"}}, {}),
    ("an unknown model at 4K", step(model="x", size="4K"),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "4K"}}, {}),
    ("temperature", step(temperature=0.0),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}, "temperature": 0.0}, {}),
    ("web search", step(grounding=("web",)),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}},
     {"tools": [{"googleSearch": {}}]}),
    ("image search", step(grounding=("image",)),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}},
     {"tools": [{"googleSearch": {"searchTypes": {"imageSearch": {}}}}]}),
    ("both searches", step(grounding=("image", "web")),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}},
     {"tools": [{"googleSearch": {"searchTypes": {"imageSearch": {}, "webSearch": {}}}}]}),
    ("safety settings", step(request='{"safetySettings":[{"category":"C","threshold":"OFF"}]}'),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1K"}},
     {"safetySettings": [{"category": "C", "threshold": "OFF"}]}),
    ("merged deeply", step(temperature=1.0, request=canonical_json(
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "HIGH"}, "temperature": 0.5,
                              "imageConfig": {"imageSize": "1k"},
                              "responseModalities": ["IMAGE"]}})),
     {"imageConfig": {"aspectRatio": "16:9", "imageSize": "1k"}, "temperature": 0.5,
      "responseModalities": ["IMAGE"], "thinkingConfig": {"thinkingLevel": "HIGH"}}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "config", "more"), [row[1:] for row in BODIES],
                         ids=[row[0] for row in BODIES])  # fmt: skip
def test_a_step_is_this_json(
    asked: ImageRequest, config: dict[str, Any], more: dict[str, Any]
) -> None:
    assert sent(asked) == {
        "contents": [{"role": "user", "parts": [{"text": "A fox reading"}]}],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"], **config},
        **more,
    }


@pytest.mark.parametrize(
    ("size", "spelled", "google", "written"),
    [("512", "0.5K", True, "512"), ("512", "512", True, "512"), ("512", "0.5K", False, "0.5K"),
     ("512", "512", False, "512"), ("512", "", False, "512"), ("2K", "2K", False, "2K")],
)  # fmt: skip
def test_google_gets_the_sizes_own_name_and_a_gateway_the_authors(
    size: str, spelled: str, google: bool, written: str
) -> None:
    asked = step(model=FLASH, size=size, spelled=spelled)
    assert sent(asked, google=google)["generationConfig"]["imageConfig"]["imageSize"] == written


def test_pictures_stand_before_the_text_in_the_order_they_are_named() -> None:
    turn = Turn("A fox", (inline(PNG), FileUri("gs://b/a.png"), inline(JPEG), inline(WEBP)))
    assert sent(step("A fox"), turn)["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": b64(PNG)}},
        {"fileData": {"fileUri": "gs://b/a.png"}},
        {"inlineData": {"mimeType": "image/jpeg", "data": b64(JPEG)}},
        {"inlineData": {"mimeType": "image/webp", "data": b64(WEBP)}},
        {"text": "A fox"},
    ]


def test_a_models_turn_is_sent_as_it_was_received() -> None:
    parts = ({"text": "Thinking", "thought": True}, {"text": "Here", "thoughtSignature": "c2ln"})
    contents = sent(step(), Turn("A fox"), Turn(model=parts), Turn("A hat"))["contents"]
    assert contents == [
        {"role": "user", "parts": [{"text": "A fox"}]},
        {"role": "model", "parts": list(parts)},
        {"role": "user", "parts": [{"text": "A hat"}]},
    ]


def test_text_is_sent_as_it_is_even_half_a_surrogate_pair() -> None:
    for text in ('Ä “狐” 🦊 \u2028 \\ "', "\ud83d and no more"):
        assert sent(step(text))["contents"][0]["parts"] == [{"text": text}]


@given(st.dictionaries(st.text(max_size=2), st.integers()))
def test_merging_lays_one_object_over_another(over: dict[str, int]) -> None:
    base = {"a": {"b": 1, "c": [1]}, "d": 2}
    assert merged(base, {}) == base
    assert merged({}, over) == over
    assert merged(base, {"a": over})["a"] == {"b": 1, "c": [1]} | over
    assert merged(base, {"a": {"c": [2]}, "d": {"e": 3}}) == {
        "a": {"b": 1, "c": [2]},
        "d": {"e": 3},
    }


# Requests against Google's own description of them

DISCOVERY = Path(__file__).parents[3].parent / "shared" / "generativelanguage.v1beta.json"
GAPS = {"GoogleSearch.searchTypes"}
"""Fields that are newer than the document."""


def unknown(value: Any, schema: dict[str, Any], schemas: dict[str, Any], where: str) -> list[str]:
    """List what in `value` a discovery schema does not describe."""
    if "$ref" in schema:
        return unknown(value, schemas[schema["$ref"]], schemas, schema["$ref"])
    match schema.get("type"):
        case "object" if not isinstance(value, dict):
            return [f"{where}: no object"]
        case "object" if "properties" in schema:
            found = [f"{where}.{name}" for name in value if name not in schema["properties"]]
            for name, field in schema["properties"].items():
                if name in value:
                    found += unknown(value[name], field, schemas, f"{where}.{name}")
            return found
        case "array":
            if not isinstance(value, list):
                return [f"{where}: no list"]
            return [each for item in value
                    for each in unknown(item, schema["items"], schemas, f"{where}[]")]  # fmt: skip
        case "string" if not isinstance(value, str):
            return [f"{where}: no text"]
        case "string" if value not in schema.get("enum", [value]):
            return [f"{where}: {value}"]
        case "number" if not isinstance(value, int | float):
            return [f"{where}: no number"]
        case "boolean" if not isinstance(value, bool):
            return [f"{where}: no boolean"]
    return []


CONVERSATION = (
    Turn("A fox", (inline(PNG), FileUri("https://example.org/a.png"))),
    Turn(model=({"text": "x", "thought": True}, {"inlineData": {"mimeType": "image/png", "data":
         b64(PNG)}, "thoughtSignature": "c2ln"})),
    Turn("A hat"),
)  # fmt: skip


@pytest.mark.skipif(not DISCOVERY.exists(), reason="needs Google's discovery document beside us")
def test_every_body_is_one_that_googles_own_document_describes() -> None:
    schemas = json.loads(DISCOVERY.read_text(encoding="utf-8"))["schemas"]
    asked = [row[1] for row in BODIES if row[0] != "safety settings"]
    bodies = [sent(each) for each in asked] + [sent(step(), *CONVERSATION)]
    strange = {
        each
        for value in bodies
        for each in unknown(value, {"$ref": "GenerateContentRequest"}, schemas, "")
    }
    assert strange == GAPS
    wrong = sent(step()) | {"contents": 3, "sytemInstruction": {}}
    assert unknown(wrong, {"$ref": "GenerateContentRequest"}, schemas, "") == [
        "GenerateContentRequest.sytemInstruction", "GenerateContentRequest.contents: no list",
    ]  # fmt: skip


# Answers


def part(data: bytes | str = PNG, mime: str = "image/png", **more: object) -> dict[str, Any]:
    text = data if isinstance(data, str) else b64(data)
    return {"inlineData": {"mimeType": mime, "data": text}, **more}


def answer(*parts: object, finish: str = "STOP", **more: object) -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)}
    return {"candidates": [{"content": content, "finishReason": finish, "index": 0}], **more}


def read(value: object) -> Drawn | Failure:
    return read_answer(value if isinstance(value, bytes) else json.dumps(value).encode())


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
def test_an_answer_with_a_picture(value: object, data: bytes) -> None:
    found = read(value)
    assert isinstance(found, Drawn), found
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
     "the answer holds drafts (thoughts) only, and no picture"),
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
     f"{DREW} (STOP: ![fox](https://example.org/fox.png))"),
    ("an error in a 200", {"error": {"code": 429, "message": "Slow down"}},
     "the answer is an error: {'code': 429, 'message': 'Slow down'}"),
    ("no JSON", b"<html>Bad gateway</html>", "the answer is no JSON: <html>Bad gateway</html>"),
    ("not a byte", b"", "the answer is no JSON: "),
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
def test_an_answer_without_a_picture_is_told_in_words_and_counted_as_paid(
    value: object, said: str
) -> None:
    found = read(value)
    assert isinstance(found, Failure)
    assert found.what.startswith(said)
    assert (found.billed, found.again, found.remember) == ("yes", "never", True)


def test_all_that_comes_with_a_picture_is_kept() -> None:
    parts = [{"text": "Here", "thoughtSignature": "c2ln"}, part(thoughtSignature="c2ln")]
    found = read(answer(
        *parts, modelVersion="m-1", responseId="r-1",
        usageMetadata={"promptTokenCount": 15, "candidatesTokenCount": 1318,
                       "thoughtsTokenCount": 60,
                       "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120},
                                                   {"modality": "TEXT", "tokenCount": 9}]},
    ))  # fmt: skip
    assert isinstance(found, Drawn)
    assert found.parts == by_digest(parts)
    assert (found.text, found.model_version, found.response_id) == ("Here", "m-1", "r-1")
    assert found.usage == Usage(prompt=15, candidates=1318, thoughts=60, image=1120)


def test_grounding_is_kept_and_text_is_not_without_end() -> None:
    value = answer(part(), {"text": "x" * 2 * MAX_TEXT_CHARACTERS})
    value["candidates"][0]["groundingMetadata"] = {"webSearchQueries": ["fox"]}
    found = read(value)
    assert isinstance(found, Drawn)
    assert found.grounding == {"webSearchQueries": ["fox"]}
    assert len(found.text) == MAX_TEXT_CHARACTERS


def test_a_pictures_own_data_is_not_among_the_words() -> None:
    found = read(answer({"text": f"Look ![fox](data:image/png;base64,{b64(PNG)})"}))
    assert isinstance(found, Drawn)
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
def test_what_an_answer_cost_follows_from_its_tokens(
    usage: Usage, model: str, usd: float | None
) -> None:
    assert usage.price(model) == (None if usd is None else pytest.approx(usd))


@pytest.mark.parametrize("count", ["12", 12, 12.5, "x", None, True, -1, [], 10**30, "9" * 30])
def test_counts_of_odd_types_count_nothing(count: object) -> None:
    found = read(answer(part(), usageMetadata={"promptTokenCount": count}))
    assert isinstance(found, Drawn)
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
def test_any_json_is_read_without_an_exception(value: object) -> None:
    assert isinstance(read(value), Drawn | Failure)


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(value: bytes) -> None:
    assert isinstance(read(value), Drawn | Failure)


@given(st.sampled_from([row[1] for row in DRAWN if isinstance(row[1], dict)]), anything, st.data())
def test_an_answer_with_anything_in_the_place_of_something_is_read(
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
    assert isinstance(read(changed), Drawn | Failure)
