"""Requests that a model does not support are refused with the API's messages."""

from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from tests.unit.emulator.api_calls import (
    FLASH,
    NB,
    OLD,
    PRO,
    generate,
    inline,
    opened,
    picture,
    png,
)
from tests.unit.emulator.api_calls import prompt as asked

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
def test_an_unsupported_request_is_refused_with_the_message_of_the_api(
    model: str, body: object, message: str
) -> None:
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


def test_a_gateway_accepts_size_0_5k_and_1k_for_the_2_5_model() -> None:
    app = create_app(gateway=True)
    small = generate(app, image(imageSize="0.5K"), model=FLASH)
    assert opened(picture(small))[1] == (512, 512)
    assert generate(app, image(imageSize="1K"), model=OLD).status_code == 200
    many = user(*[inline(png(), "image/png")] * 4)
    assert generate(app, many, model=OLD).status_code == 400
