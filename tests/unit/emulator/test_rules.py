"""Each model refuses what it cannot do, in the API's words."""

import base64
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.protocol.signatures import BYPASS_SIGNATURES
from tests.unit.emulator.talk import (
    FLASH,
    NB,
    OLD,
    PRO,
    generate,
    inline,
    opened,
    parts,
    picture,
    png,
)
from tests.unit.emulator.talk import prompt as asked

LITE = "gemini-3.1-flash-lite-image"


def image(**fields: str) -> dict[str, Any]:
    return asked(imageConfig=fields)


def user(*given: object, **more: object) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": list(given)}], **more}


def tool(**fields: object) -> dict[str, Any]:
    return {**asked(), "tools": [fields]}


REFUSED = [
    (NB, {}, "* GenerateContentRequest.contents: contents is not specified\n"),
    (NB, {"contents": [{"role": "user"}]},
     "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n"),
    (NB, user({"thought": True}),
     "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have "
     "one initialized field\n"),
    (NB, {"contents": [{"role": "system", "parts": [{"text": "x"}]}]},
     "Please use a valid role: user, model."),
    (NB, image(aspectRatio="16x9"),
     "Invalid value at 'generation_config.image_config.aspect_ratio' (TYPE_STRING), \"16x9\""),
    (PRO, image(aspectRatio="1:4"),
     f"Aspect ratio 1:4 is not supported for models/{PRO}."),
    (OLD, image(aspectRatio="8:1"),
     f"Aspect ratio 8:1 is not supported for models/{OLD}."),
    (NB, image(imageSize="2k"),
     "Invalid value at 'generation_config.image_config.image_size' (TYPE_STRING), \"2k\""),
    (FLASH, image(imageSize="0.5K"),
     "Invalid value at 'generation_config.image_config.image_size' (TYPE_STRING), \"0.5K\""),
    (NB, image(imageSize="512"), f"Image size 512 is not supported for models/{NB}."),
    (PRO, image(imageSize="512"), f"Image size 512 is not supported for models/{PRO}."),
    (LITE, image(imageSize="2K"), f"Image size 2K is not supported for models/{LITE}."),
    (OLD, image(imageSize="1K"), f"Image size is not supported for models/{OLD}."),
    (NB, asked(candidateCount=2), "Multiple candidates is not enabled for this model"),
    (NB, asked(responseModalities=["TEXT"]),
     "The requested combination of response modalities (TEXT) is not supported by the model. "
     f"models/{NB} accepts the following combination of response modalities:\n* IMAGE\n"
     "* IMAGE, TEXT\n"),
    (NB, asked(responseMimeType="image/png"),
     "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are "
     "`text/plain`, `application/json`, `application/xml`, `application/yaml` and "
     "`text/x.enum`.\n"),
    (NB, asked(responseMimeType="application/json"), "JSON mode is not enabled for this model"),
    (NB, asked(responseSchema={}), "JSON mode is not enabled for this model"),
    (NB, asked(temperature=2.1),
     "* GenerateContentRequest.generation_config.temperature: temperature must be in the range "
     "[0.0, 2.0].\n"),
    (NB, asked(maxOutputTokens=0),
     "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be "
     "positive.\n"),
    (OLD, asked(mediaResolution="MEDIA_RESOLUTION_LOW"),
     f"Media resolution is not enabled for models/{OLD}"),
    (FLASH, asked(thinkingConfig={"thinkingLevel": "MEDIUM"}),
     "Thinking level MEDIUM is not supported for this model."),
    (OLD, asked(thinkingConfig={"thinkingLevel": "HIGH"}),
     "Thinking level HIGH is not supported for this model."),
    (NB, asked(thinkingConfig={"thinkingLevel": "HIGH", "thinkingBudget": 5}),
     "You can only set only one of thinking budget and thinking level."),
    (NB, tool(functionDeclarations=[{"name": "f"}]),
     f"Function calling is not enabled for models/{NB}"),
    (NB, tool(urlContext={}), f"Url context is not supported for models/{NB}"),
    (NB, tool(codeExecution={}), f"Code execution is not enabled for models/{NB}"),
    (NB, tool(googleMaps={}), f"Tool googleMaps is not supported for models/{NB}"),
    (OLD, tool(googleSearch={}), f"Search Grounding is not supported for models/{OLD}"),
    (LITE, tool(google_search={}), f"Search Grounding is not supported for models/{LITE}"),
    (PRO, tool(googleSearch={"searchTypes": {"image_search": {}}}),
     f"Image Search Grounding is not supported for models/{PRO}"),
    (PRO, {**asked(), "serviceTier": "flex"},
     f"Service tier flex is not supported for models/{PRO}."),
    (NB, {**asked(), "cachedContent": "cachedContents/x"},
     f"Cached content is not supported for models/{NB}"),
    (NB, user(inline(png(), "image/jpg")), "Unsupported MIME type: image/jpg"),
    (NB, user(inline(b"GIF89a", "image/gif")), "Unsupported MIME type: image/gif"),
    (PRO, user(inline(b"%PDF-1.7", "application/pdf")), "Unsupported MIME type: application/pdf"),
    (NB, user(inline(png(), "image/jpeg")), "Unhandled generated data mime type: image/png"),
    (NB, user(inline(b"<svg/>", "image/png")),
     "Unable to process input image. Please retry or report in "
     "https://developers.generativeai.google/guide/troubleshooting"),
    (NB, user({"inlineData": {"data": "AA=="}}),
     "* GenerateContentRequest.contents[0].parts[0].inline_data.mime_type: mime_type is "
     "required.\n"),
    (NB, user({"fileData": {"fileUri": "ftp://x/y.png"}}),
     "* GenerateContentRequest.contents[0].parts[0].file_data.file_uri: 'ftp://x/y.png' is not a "
     "URI the API can read.\n"),
    (NB, user(*[inline(png(), "image/png")] * 15),
     f"Too many input images for models/{NB}: 15, at most 14 are supported."),
]  # fmt: skip


@pytest.mark.parametrize(("model", "body", "message"), REFUSED)
def test_a_model_refuses(model: str, body: object, message: str) -> None:
    response = generate(create_app(), body, model=model)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


def test_an_unusable_safety_category_is_named() -> None:
    settings = [{"category": "HARM_CATEGORY_MEDICAL", "threshold": "OFF"}]
    response = generate(create_app(), {**asked(), "safetySettings": settings})
    assert "safety_settings[0]: element predicate failed" in response.json()["error"]["message"]


ACCEPTED_BODIES = [
    (FLASH, image(imageSize="512", aspectRatio="1:8"), "JPEG", (192, 1536)),
    (FLASH, image(imageSize="512"), "JPEG", (512, 512)),
    (OLD, image(aspectRatio="16:9"), "PNG", (1344, 768)),
    (NB, image(aspectRatio="21:9"), "JPEG", (1584, 672)),
    (NB, asked(responseFormat={"image": {"aspectRatio": "ASPECT_RATIO_SIXTEEN_BY_NINE",
                                         "imageSize": "IMAGE_SIZE_ONE_K"}}), "JPEG", (1376, 768)),
    (PRO, image(imageSize="2K", aspectRatio="4:5"), "JPEG", (1856, 2304)),
    (NB, user({"text": "Make it night"}, inline(png(90, 160), "image/png")), "JPEG", (768, 1376)),
    (NB, user({"fileData": {"file_uri": "https://x.example/y.png"}}), "JPEG", (1024, 1024)),
    (NB, user({"text": "A fox"}, inline(b"\xff\xd8\xff and no more", "image/jpeg")), "JPEG",
     (1024, 1024)),
    (NB, user({"text": ""}), "JPEG", (1024, 1024)),
    (NB, user(inline(b"%PDF-1.7", "application/pdf")), "JPEG", (1024, 1024)),
    (NB, {**asked(), "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT",
                                         "threshold": "OFF"}]}, "JPEG", (1024, 1024)),
]  # fmt: skip


@pytest.mark.parametrize(("model", "body", "kind", "size"), ACCEPTED_BODIES)
def test_a_model_draws_the_documented_pixels(
    model: str, body: object, kind: str, size: tuple[int, int]
) -> None:
    assert opened(picture(generate(create_app(), body, model=model))) == (kind, size)


def test_a_gateway_knows_half_a_k_and_takes_1k_for_the_old_model() -> None:
    app = create_app(gateway=True)
    small = generate(app, image(imageSize="0.5K"), model=FLASH)
    assert opened(picture(small))[1] == (512, 512)
    assert generate(app, image(imageSize="1K"), model=OLD).status_code == 200
    many = user(*[inline(png(), "image/png")] * 4)
    assert generate(app, many, model=OLD).status_code == 400


def _edit(turn: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "contents": [
            {"role": "user", "parts": [{"text": "A fox"}]},
            {"role": "model", "parts": turn},
            {"role": "user", "parts": [{"text": "Now at night"}]},
        ]
    }


@pytest.fixture(scope="module")
def turn() -> list[dict[str, Any]]:
    return parts(generate(create_app(), asked("A fox"), model=PRO))


def test_a_model_turn_is_accepted_as_it_was_received(turn: list[dict[str, Any]]) -> None:
    assert generate(create_app(), _edit(turn), model=PRO).status_code == 200


def test_signatures_are_compared_as_bytes(turn: list[dict[str, Any]]) -> None:
    signature = turn[1]["thoughtSignature"]
    assert "/" in signature
    echoed = signature.translate(str.maketrans("+/", "-_")).rstrip("=")
    edited = [turn[0], {**turn[1], "thoughtSignature": echoed}]
    assert generate(create_app(), _edit(edited), model=PRO).status_code == 200


@pytest.mark.parametrize("place", [0, 1])
def test_a_missing_signature_is_refused_with_its_place(
    turn: list[dict[str, Any]], place: int
) -> None:
    bare = [dict(part) for part in turn]
    del bare[place]["thoughtSignature"]
    kind = ("Text", "Image")[place]
    message = (
        f"{kind} part is missing a thought_signature in content position 2, "
        f"part position {place + 1}."
    )
    response = generate(create_app(), _edit(bare), model=PRO)
    assert (response.status_code, response.json()["error"]["message"]) == (400, message)
    assert generate(create_app(), _edit(bare), model=NB).status_code == 200


def test_a_signature_of_another_picture_is_refused(turn: list[dict[str, Any]]) -> None:
    other = parts(generate(create_app(), asked("A boat"), model=PRO))
    mixed = [turn[0], {**turn[1], "thoughtSignature": other[1]["thoughtSignature"]}]
    response = generate(create_app(), _edit(mixed), model=PRO)
    assert "Thought signature is not valid" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "dummy", sorted(base64.b64encode(one or b"").decode() for one in BYPASS_SIGNATURES)
)
def test_the_dummy_signatures_are_accepted(turn: list[dict[str, Any]], dummy: str) -> None:
    signed = [{**part, "thoughtSignature": dummy} for part in turn]
    assert generate(create_app(), _edit(signed), model=PRO).status_code == 200


@pytest.mark.parametrize(
    "dummy", ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]
)
def test_the_dummy_signatures_may_be_written_literally(
    turn: list[dict[str, Any]], dummy: str
) -> None:
    signed = [{**part, "thoughtSignature": dummy} for part in turn]
    assert generate(create_app(), _edit(signed), model=PRO).status_code == 200


def test_a_streamed_turn_may_come_back_as_several_contents(turn: list[dict[str, Any]]) -> None:
    text, image = turn
    half = [{**text, "text": text["text"][:9]}, {"text": text["text"][9:]}, image]
    body = _edit([])
    body["contents"][1:2] = [{"role": "model", "parts": [part]} for part in half]
    assert generate(create_app(), body, model=PRO).status_code == 200
