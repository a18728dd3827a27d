"""The application answers as the API does: paths, keys, answers, streams."""

import asyncio
import base64
import json
import subprocess
import sys
from typing import Any

import httpx
import pytest

from mkdocs_gemini_images.emulator import response_writer
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.models.catalogue import MODELS
from tests.unit.emulator.api_calls import (
    FLASH,
    NB,
    PRO,
    fetch,
    generate,
    inline,
    opened,
    parts,
    picture,
    png,
    prompt,
)

HEADERS = ("application/json; charset=UTF-8", "nosniff")


@pytest.fixture(scope="module", autouse=True)
def _quick_pictures() -> None:
    """Let the application draw as it does for a person."""


def test_a_prompt_is_answered_with_a_sentence_and_an_image() -> None:
    response = generate(create_app(), prompt())
    assert (response.headers["content-type"], response.headers["x-content-type-options"]) == HEADERS
    assert "content-length" not in response.headers
    text, image = parts(response)
    assert set(text) == {"text", "thoughtSignature"}
    assert set(image) == {"inlineData", "thoughtSignature"}
    assert image["inlineData"]["mimeType"] == "image/jpeg"
    body = response.json()
    assert set(body) == {"candidates", "usageMetadata", "modelVersion", "responseId"}
    assert body["candidates"][0]["finishReason"] == "STOP"
    assert body["modelVersion"] == NB
    assert opened(picture(response)) == ("JPEG", (1024, 1024))


@pytest.mark.parametrize("path", [
    "/v1/models", "/v1beta/models", "/gateway/v1/models", "/a/b/v1beta/models",
])  # fmt: skip
def test_any_path_prefix_is_accepted(path: str) -> None:
    app = create_app()
    assert len(fetch(app, path).json()["models"]) == len(MODELS)
    assert fetch(app, f"{path}/{NB}").json()["name"] == f"models/{NB}"
    assert fetch(app, f"{path}/{NB}:countTokens", prompt("12345")).json() == {
        "totalTokens": 2, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 2}],
    }  # fmt: skip


@pytest.mark.parametrize("path", [
    f"/v1beta/v1beta/models/{NB}:generateContent", f"/v1/v1beta/models/{NB}:generateContent",
    f"/v1beta/models/{NB}:predict", f"/v2/models/{NB}:generateContent", "/", "/v1beta",
    f"/models/{NB}:generateContent", f"/v1beta/models/{NB}",
])  # fmt: skip
def test_other_paths_are_404_without_a_body(path: str) -> None:
    for response in (fetch(create_app(), path, {}), fetch(create_app(), path + "/x")):
        assert (response.status_code, response.content) == (404, b"")
        assert response.headers["content-type"].startswith("text/html")


def test_other_http_methods_are_404() -> None:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            return await client.delete("/v1beta/models")

    assert asyncio.run(go()).status_code == 404


def test_models_are_listed_in_pages() -> None:
    first = fetch(create_app(), "/v1beta/models?pageSize=4").json()
    token = first["nextPageToken"]
    rest = fetch(create_app(), f"/v1beta/models?pageSize=4&pageToken={token}").json()
    assert [m["name"] for m in first["models"] + rest["models"]] == [f"models/{m}" for m in MODELS]
    assert "nextPageToken" not in rest


KEYS: list[tuple[dict[str, str], str, int]] = [
    ({"x-goog-api-key": "good"}, "", 200),
    ({}, "?key=good", 200),
    ({"Authorization": "Bearer good"}, "", 200),
    ({"x-goog-api-key": "bad"}, "", 400),
    ({}, "?key=bad", 400),
    ({"Authorization": "Bearer bad"}, "", 401),
    ({}, "", 403),
]


@pytest.mark.parametrize(("headers", "query", "status"), KEYS)
def test_a_key_is_checked_as_google_checks_it(
    headers: dict[str, str], query: str, status: int
) -> None:
    app = create_app(keys={"good"})
    path = f"/v1beta/models/{NB}{query}"
    assert fetch(app, path, headers=headers).status_code == status


def test_a_wrong_key_is_400_with_its_reason() -> None:
    app = create_app(keys={"good"})
    error = generate(app, prompt(), headers={"x-goog-api-key": "bad"}).json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    reasons = [d.get("reason") for d in error["details"]]
    kinds = [d["@type"].rpartition(".")[2] for d in error["details"]]
    assert (reasons[0], kinds) == ("API_KEY_INVALID", ["ErrorInfo", "LocalizedMessage"])


def test_a_gateway_checks_the_bearer_token_first() -> None:
    app = create_app(keys={"sk-good"}, gateway=True)
    both = {"Authorization": "Bearer sk-good", "x-goog-api-key": "dummy"}
    assert generate(app, prompt(), headers=both).status_code == 200
    response = generate(app, prompt(), headers={"Authorization": "Bearer sk-bad"})
    assert response.status_code == 401
    error = response.json()["error"]
    assert error["type"] == "new_api_error"
    assert error["message"].startswith("Invalid token (request id: ")
    assert generate(app, prompt()).status_code == 401


def test_without_keys_any_or_no_key_is_accepted() -> None:
    assert generate(create_app(), prompt()).status_code == 200
    assert generate(create_app(), prompt(), headers={"x-goog-api-key": "any"}).status_code == 200


def test_an_unknown_model_is_404_and_503_behind_a_gateway() -> None:
    response = generate(create_app(), prompt(), model="gemini-9")
    assert response.status_code == 404
    error = response.json()["error"]
    assert error["status"] == "NOT_FOUND"
    assert error["message"].startswith("models/gemini-9 is not found for API version v1beta, or")
    assert "gemini-9" in error["details"][0]["detail"]
    response = generate(create_app(gateway=True), prompt(), model="gemini-9")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "model_not_found"


def test_an_unusual_model_name_is_quoted_in_the_error() -> None:
    path = "/v1beta/models/a%22%7Bmodel%7D%F0%9F%A6%8A:generateContent"
    message = fetch(create_app(), path, prompt()).json()["error"]["message"]
    assert message.startswith('models/a"{model}\N{FOX FACE} is not found')


def test_a_gateway_writes_errors_in_its_own_shape() -> None:
    response = generate(create_app(gateway=True), prompt(imageConfig={"imageSize": "9K"}))
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_another_take_gives_another_answer_and_the_same_request_the_same() -> None:
    first = generate(create_app(), prompt())
    response_writer.draw_cached.cache_clear()
    again = generate(create_app(), prompt())
    other = generate(create_app(), prompt(), headers={"x-emulator-take": "2"})
    assert first.content == again.content
    assert picture(first) != picture(other)
    assert first.json()["responseId"] != other.json()["responseId"]


@pytest.mark.parametrize("take", ["0", "10000", "x", "-1", "²"])
def test_a_take_outside_of_the_range_is_refused(take: str) -> None:
    headers = {b"x-emulator-take": take.encode()}
    response = generate(create_app(), prompt(), headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 400


def test_a_later_turn_draws_another_image() -> None:
    app = create_app()
    turn = {"role": "model", "parts": parts(generate(app, prompt(), model=PRO))}
    user = {"role": "user", "parts": [{"text": "Now at night"}]}
    edited = generate(app, {"contents": [*prompt()["contents"], turn, user]}, model=PRO)
    assert picture(edited) != picture(generate(app, prompt(), model=PRO))


@pytest.mark.parametrize(
    ("model", "level"), [*((model, "") for model in MODELS), (NB, "HIGH"), (NB, "MINIMAL")]
)
def test_usage_adds_up(model: str, level: str) -> None:
    body = prompt("A fox" * 9)
    body["contents"][0]["parts"].append(inline(png(), "image/png"))
    if level:
        body["generationConfig"] = {"thinkingConfig": {"thinkingLevel": level}}
    usage = generate(create_app(), body, model=model).json()["usageMetadata"]
    thoughts = usage.get("thoughtsTokenCount", 0)
    prompt_, out = usage["promptTokenCount"], usage["candidatesTokenCount"]
    assert usage["totalTokenCount"] == prompt_ + out + thoughts
    assert sum(d["tokenCount"] for d in usage["promptTokensDetails"]) == prompt_
    assert prompt_ == 12 + MODELS[model].input_tokens
    image = usage["candidatesTokensDetails"][0]["tokenCount"]
    assert image == MODELS[model].tokens["1K"]
    assert 41 <= out - image <= 630
    # MINIMAL is the default of 3.1 Flash; 2.5 does not think.
    silent = level == "MINIMAL" or "2.5" in model or "3.1" in model
    assert ("thoughtsTokenCount" in usage) is not silent


def test_thoughts_are_included_when_requested() -> None:
    body = prompt(thinkingConfig={"include_thoughts": True})
    shown = parts(generate(create_app(), body))
    assert [part.get("thought", False) for part in shown] == [True, True, False, False]
    assert all("thoughtSignature" in part for part in shown[2:])
    assert not any("thoughtSignature" in part for part in shown[:2])
    assert shown[1]["inlineData"] == shown[3]["inlineData"]


def test_the_image_modality_alone_gets_no_text() -> None:
    (only,) = parts(generate(create_app(), prompt(responseModalities=["IMAGE"])))
    assert "inlineData" in only
    assert "thoughtSignature" in only


def test_grounding_returns_queries_and_sources() -> None:
    types: dict[str, Any] = {"webSearch": {}, "image_search": {}}
    body = {**prompt("A heron"), "tools": [{"googleSearch": {"searchTypes": types}}]}
    found = generate(create_app(), body).json()["candidates"][0]["groundingMetadata"]
    assert found["webSearchQueries"] == found["imageSearchQueries"] == ["A heron"]
    assert [list(chunk) for chunk in found["groundingChunks"]] == [["web"], ["image"]]
    plain = {**prompt(), "tools": [{"google_search": {}}]}
    found = generate(create_app(), plain).json()["candidates"][0]["groundingMetadata"]
    assert "imageSearchQueries" not in found


def _events(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("\r\n\r\n")
    blocks = response.text.split("\r\n\r\n")[:-1]
    assert all(block.startswith("data: ") for block in blocks)
    return [json.loads(block[6:]) for block in blocks]


def _stream(query: str = "?alt=sse", body: object = None, **options: Any) -> httpx.Response:
    path = f"/v1beta/models/{FLASH}:streamGenerateContent{query}"
    return fetch(create_app(**options), path, prompt() if body is None else body)


def test_a_stream_splits_the_text_and_sends_the_image_whole() -> None:
    events = _events(_stream())
    contents = [event["candidates"][0]["content"] for event in events]
    given = [content["parts"][0] for content in contents[:-1]]
    assert "".join(p["text"] for p in given[:-1]) == "Here is the picture you asked for."
    assert opened(base64.b64decode(given[-1]["inlineData"]["data"]))[0] == "JPEG"
    assert contents[-1] == {"role": "model"}
    assert ["finishReason" in e["candidates"][0] for e in events] == [False, False, False, True]
    totals = [event["usageMetadata"]["totalTokenCount"] for event in events]
    assert totals == sorted(totals)
    assert len({event["responseId"] for event in events}) == 1


def test_a_stream_without_sse_is_a_json_list() -> None:
    response = _stream("")
    assert response.headers["content-type"] == HEADERS[0]
    assert [len(one["candidates"]) for one in response.json()] == [1, 1, 1, 1]


def test_errors_in_a_stream_keep_its_framing() -> None:
    response = _stream(body={})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.json()["error"]["code"] == 400
    assert _stream("", {}).json()[0]["error"]["code"] == 400


@pytest.mark.parametrize(("latency", "size"), [(60, "1K"), (0, "4K")])
def test_waiting_and_drawing_do_not_block_other_requests(latency: float, size: str) -> None:
    app = create_app(latency=latency)
    path = f"/v1beta/models/{NB}:generateContent"
    body = prompt(imageConfig={"imageSize": size})

    async def first_answered() -> str:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            image = asyncio.create_task(client.post(path, json=body), name="image")
            models = asyncio.create_task(client.get("/v1beta/models"), name="models")
            done, _ = await asyncio.wait((image, models), return_when=asyncio.FIRST_COMPLETED)
            image.cancel()
            return " ".join(sorted(task.get_name() for task in done))

    assert asyncio.run(first_answered()) == "models"


def test_importing_the_application_imports_neither_pillow_nor_a_server() -> None:
    code = (
        "import sys, mkdocs_gemini_images.emulator.app; "
        "print(sorted({'PIL', 'uvicorn', 'httpx'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
