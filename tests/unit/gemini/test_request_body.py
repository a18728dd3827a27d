"""Bodies of requests, compared whole, and with Google's own description of them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, Turn, merged, write_body
from mkdocs_gemini_images.requests.request import ImageRequest
from tests.unit.pictures import jpeg, png, proven, step, webp

PNG, JPEG, WEBP = png(), jpeg(), webp()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sent(asked: ImageRequest, *turns: Turn, google: bool = True) -> Any:
    return json.loads(write_body(asked, turns or (Turn(asked.text),), google=google))


def inline(data: bytes) -> Inline:
    return Inline(proven(data), data)


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
def test_a_request_is_this_json(
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
def test_google_gets_the_canonical_size_and_a_gateway_the_authors_spelling(
    size: str, spelled: str, google: bool, written: str
) -> None:
    asked = step(model=FLASH, size=size, spelled=spelled)
    assert sent(asked, google=google)["generationConfig"]["imageConfig"]["imageSize"] == written


def test_pictures_stand_before_the_text_in_the_order_they_are_named() -> None:
    turn = Turn(
        "A fox", (inline(PNG), FileUri("gs://b/a.png", "image/png"), inline(JPEG), inline(WEBP))
    )
    assert sent(step("A fox"), turn)["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": b64(PNG)}},
        {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}},
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


def test_text_is_sent_unchanged_even_with_a_lone_surrogate() -> None:
    for text in ('Ä “狐” 🦊 \u2028 \\ "', "\ud83d and no more"):
        assert sent(step(text))["contents"][0]["parts"] == [{"text": text}]


@given(st.dictionaries(st.text(max_size=2), st.integers()))
def test_merging_replaces_values_and_merges_objects(over: dict[str, int]) -> None:
    base = {"a": {"b": 1, "c": [1]}, "d": 2}
    assert merged(base, {}) == base
    assert merged({}, over) == over
    assert merged(base, {"a": over})["a"] == {"b": 1, "c": [1]} | over
    assert merged(base, {"a": {"c": [2]}, "d": {"e": 3}}) == {
        "a": {"b": 1, "c": [2]},
        "d": {"e": 3},
    }


# Requests against Google's discovery document

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
    Turn("A fox", (inline(PNG), FileUri("https://example.org/a.png", "image/png"))),
    Turn(model=({"text": "x", "thought": True}, {"inlineData": {"mimeType": "image/png", "data":
         b64(PNG)}, "thoughtSignature": "c2ln"})),
    Turn("A hat"),
)  # fmt: skip


@pytest.mark.skipif(not DISCOVERY.exists(), reason="needs Google's discovery document beside us")
def test_googles_discovery_document_describes_every_body() -> None:
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
