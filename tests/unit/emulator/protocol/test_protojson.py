"""Requests are parsed as strictly, and as leniently, as the API parses them."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.emulator.protocol.errors import RequestRefused
from mkdocs_gemini_images.emulator.protocol.protojson import decode_base64, parse_json, read_message

_PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta."


def refused(body: object) -> list[dict[str, str]]:
    with pytest.raises(RequestRefused) as caught:
        read_message("GenerateContentRequest", body)
    fault = caught.value.error
    assert (fault.status, fault.code) == (400, "INVALID_ARGUMENT")
    detail: Any = fault.details[0]
    assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    found: list[dict[str, str]] = detail["fieldViolations"]
    assert fault.message == "\n".join(one["description"] for one in found)
    return found


def part(**fields: object) -> dict[str, object]:
    return {"contents": [{"parts": [fields]}]}


def config(**fields: object) -> dict[str, object]:
    return {"generationConfig": fields}


UNKNOWN = 'Invalid JSON payload received. Unknown name "%s"%s: Cannot find field.'


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"contnts": []}, None, UNKNOWN % ("contnts", "")),
        (config(foo=1), "generation_config", UNKNOWN % ("foo", " at 'generation_config'")),
        (
            {"generation_config": {"imageConfig": {"ratio": "1:1"}}},
            "generation_config.image_config",
            UNKNOWN % ("ratio", " at 'generation_config.image_config'"),
        ),
        (
            config(imageConfig={"personGeneration": "ALLOW_ALL"}),
            "generation_config.image_config",
            UNKNOWN % ("personGeneration", " at 'generation_config.image_config'"),
        ),
        (
            config(aspectRatio="16:9"),
            "generation_config",
            UNKNOWN % ("aspectRatio", " at 'generation_config'"),
        ),
        (
            part(text="x", colour=1),
            "contents[0].parts[0]",
            UNKNOWN % ("colour", " at 'contents[0].parts[0]'"),
        ),
        (
            part(text=7),
            "contents[0].parts[0].text",
            "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 7",
        ),
        (
            part(text={"a": 1}),
            "contents[0].parts[0].text",
            "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), "
            "Starting an object on a scalar field",
        ),
        (
            part(text=["a"]),
            "contents[0].parts[0]",
            "Invalid JSON payload received. Unknown name \"text\" at 'contents[0].parts[0]': "
            "Proto field is not repeating, cannot start list.",
        ),
        (
            part(text="x", inlineData={"mimeType": "image/png", "data": ""}),
            "contents[0].parts[0]",
            "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. "
            "Cannot set 'inlineData'",
        ),
        (
            part(inline_data={"mime_type": "image/png", "data": "a*b"}),
            "contents[0].parts[0].inline_data.data",
            "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), "
            'Base64 decoding failed for "a*b"',
        ),
        (
            {"contents": "A fox"},
            "contents",
            f"Invalid value at 'contents' ({_PACKAGE}Content), \"A fox\"",
        ),
        (
            config(temperature="warm"),
            "generation_config.temperature",
            "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"warm\"",
        ),
        (
            config(candidateCount=1.5),
            "generation_config.candidate_count",
            "Invalid value at 'generation_config.candidate_count' (TYPE_INT32), 1.5",
        ),
        (
            config(seed=2**31),
            "generation_config.seed",
            "Invalid value at 'generation_config.seed' (TYPE_INT32), 2147483648",
        ),
        (
            config(thinkingConfig={"includeThoughts": "yes"}),
            "generation_config.thinking_config.include_thoughts",
            "Invalid value at 'generation_config.thinking_config.include_thoughts' (TYPE_BOOL), "
            '"yes"',
        ),
        (
            config(responseModalities=["TEXT", "PICTURE"]),
            "generation_config.response_modalities[1]",
            "Invalid value at 'generation_config.response_modalities[1]' "
            f'({_PACKAGE}GenerationConfig.Modality), "PICTURE"',
        ),
        (
            {"safetySettings": [{"category": "HARM_CATEGORY_IMAGE_HATE", "threshold": "OFF"}]},
            "safety_settings[0].category",
            "Invalid value at 'safety_settings[0].category' "
            f'({_PACKAGE}HarmCategory), "HARM_CATEGORY_IMAGE_HATE"',
        ),
        (
            {"safetySettings": [{"threshold": "block_none"}]},
            "safety_settings[0].threshold",
            "Invalid value at 'safety_settings[0].threshold' "
            f'({_PACKAGE}SafetySetting.HarmBlockThreshold), "block_none"',
        ),
        (
            {"tools": [{"googleSearch": {"searchTypes": {"webSearch": True}}}]},
            "tools[0].google_search.search_types.web_search",
            "Invalid value at 'tools[0].google_search.search_types.web_search' "
            f"({_PACKAGE}Tool.GoogleSearch.WebSearch), true",
        ),
    ],
)
def test_a_violation_is_reported_with_its_path(
    body: object, field: str | None, message: str
) -> None:
    violation = refused(body)[0]
    assert violation.get("field") == field
    assert violation["description"] == message


def test_all_violations_are_reported_in_order() -> None:
    found = refused({"a": 1, "generationConfig": {"b": 1, "imageConfig": {"imageSize": 2}}})
    assert [one.get("field") for one in found] == [
        None, "generation_config", "generation_config.image_config.image_size",
    ]  # fmt: skip


def test_camel_and_snake_case_may_be_mixed_and_nulls_are_left_out() -> None:
    read_ = read_message(
        "GenerateContentRequest",
        {
            "contents": {"parts": {"inlineData": {"data": "AA", "mime_type": "image/png"}}},
            "system_instruction": {"parts": [{"text": "Be kind."}], "role": "user"},
            "generationConfig": {"image_config": {"aspectRatio": "16:9", "image_size": None}},
            "cachedContent": None,
            "labels": {"a": "b"},
        },
    )
    assert read_ == {
        "contents": [{"parts": [{"inlineData": {"data": b"\0", "mimeType": "image/png"}}]}],
        "systemInstruction": {"parts": [{"text": "Be kind."}], "role": "user"},
        "generationConfig": {"imageConfig": {"aspectRatio": "16:9"}},
        "labels": {"a": "b"},
    }


def test_the_case_of_modalities_does_not_matter() -> None:
    config = {"generationConfig": {"responseModalities": ["Text", "image"]}}
    read_ = read_message("GenerateContentRequest", config)
    assert read_["generationConfig"]["responseModalities"] == ["TEXT", "IMAGE"]


@given(st.binary(max_size=64))
def test_base64_is_read_in_both_alphabets_with_and_without_padding(data: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(data).decode()
        assert decode_base64(text) == data
        assert decode_base64(text.rstrip("=")) == data


@pytest.mark.parametrize("text", ["a", "a===", "ab cd", "ab\ncd", "ä", "ab=c"])
def test_invalid_base64_is_none(text: str) -> None:
    assert decode_base64(text) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe{}", b'{"a": NaN}', b"[" * 100_000, b'{"a": "\\ud800"}',
     b'{"a": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_invalid_json_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefused, match="Invalid JSON payload received"):
        parse_json(body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["contents", "parts", "text", "inlineData", "data", "generationConfig",
                         "imageConfig", "aspectRatio", "tools", "labels", "seed", "thought"]),
        inner),
    max_leaves=20,
)  # fmt: skip


@given(_JSON)
def test_any_json_is_read_or_refused(body: object) -> None:
    try:
        found: object = read_message("GenerateContentRequest", body)
    except RequestRefused as refused_:
        found = json.loads(json.dumps({"details": refused_.error.details}))
    assert isinstance(found, dict)
