"""Google's own client, unchanged, works with the emulator."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.models.catalogue import MODELS
from tests.unit.emulator.api_calls import NB, OLD, PRO, opened, png

genai: Any
T: Any
errors: Any


@pytest.fixture(scope="module", autouse=True)
def _google_client() -> None:
    """Import Google's client, which takes over a second, where these tests run."""
    global genai, T, errors
    genai = pytest.importorskip("google.genai")
    T, errors = genai.types, pytest.importorskip("google.genai.errors")


class Site:
    """A running emulator with its request log, and clients for it."""

    def __init__(self, **options: Any) -> None:
        self.ledger = RequestLog()
        self.app = create_app(request_log=self.ledger, **options)
        self.url = ""

    def client(self, key: str = "test", **options: Any) -> Any:
        http = T.HttpOptions(base_url=self.url, timeout=30_000, **options)
        return genai.Client(api_key=key, http_options=http)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    site = Site(**getattr(request, "param", {}))
    with serve_in_thread(site.app) as site.url:
        yield site


def _images(response: Any) -> list[bytes]:
    return [part.inline_data.data for part in response.parts if part.inline_data]


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_the_client_gets_an_image(site: Site, version: str) -> None:
    client = site.client(api_version=version)
    config = T.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        system_instruction="Draw calmly.",
        image_config=T.ImageConfig(aspect_ratio="16:9", image_size="1K"),
        thinking_config=T.ThinkingConfig(include_thoughts=True, thinking_level="HIGH"),
        safety_settings=[
            T.SafetySetting(category="HARM_CATEGORY_DANGEROUS_CONTENT", threshold="BLOCK_ONLY_HIGH")
        ],
        tools=[
            T.Tool(
                google_search=T.GoogleSearch(
                    search_types=T.SearchTypes(
                        web_search=T.WebSearch(), image_search=T.ImageSearch()
                    )
                )
            )
        ],
    )
    response = client.models.generate_content(model=NB, contents="A heron", config=config)
    assert opened(_images(response)[-1]) == ("JPEG", (1376, 768))
    assert response.candidates[0].finish_reason == T.FinishReason.STOP
    assert response.candidates[0].grounding_metadata.image_search_queries == ["A heron"]
    usage = response.usage_metadata
    counts = (usage.prompt_token_count, usage.candidates_token_count, usage.thoughts_token_count)
    assert usage.total_token_count == sum(counts)
    assert (response.model_version, bool(response.response_id)) == (NB, True)
    assert site.ledger.entries[0].path == f"/{version}/models/{NB}:generateContent"


def test_the_client_sends_urlsafe_base64(site: Site) -> None:
    noisy = png(64, 36)
    contents = [T.Part.from_bytes(data=noisy, mime_type="image/png"), "Make it night"]
    client = site.client()
    response = client.models.generate_content(model=OLD, contents=contents)
    assert opened(_images(response)[0]) == ("PNG", (1344, 768))
    usage = response.usage_metadata.prompt_tokens_details
    assert {detail.modality: detail.token_count for detail in usage}["IMAGE"] == 1290


@pytest.mark.parametrize("model", [PRO, NB])
def test_a_chat_sends_back_signatures(site: Site, model: str) -> None:
    client = site.client()
    thinking = T.ThinkingConfig(include_thoughts=True)
    config = T.GenerateContentConfig(thinking_config=thinking)
    chat = client.chats.create(model=model, config=config)
    texts = ("A lighthouse at noon", "Now at night", "Now in snow")
    seen = [_images(chat.send_message(text))[-1] for text in texts]
    assert len(set(seen)) == 3
    assert [entry.status for entry in site.ledger.entries] == [200, 200, 200]
    contents = site.ledger.entries[-1].body["contents"]
    assert [content["role"] for content in contents] == ["user", "model"] * 2 + ["user"]
    # The client writes the URL-safe alphabet.
    signature = contents[1]["parts"][-1]["thoughtSignature"]
    assert signature.startswith("-_-_")


def test_a_streamed_chat_continues(site: Site) -> None:
    # This client drops a streamed turn, since its last chunk has no parts.
    client = site.client()
    chat = client.chats.create(model=PRO)
    for text in ("A lighthouse at noon", "Now at night"):
        chunks = list(chat.send_message_stream(text))
        assert any(chunk.parts and _images(chunk) for chunk in chunks)
    assert [entry.status for entry in site.ledger.entries] == [200, 200]


def test_the_client_reads_a_stream(site: Site) -> None:
    client = site.client()
    chunks = list(client.models.generate_content_stream(model=NB, contents="A heron"))
    assert "".join(chunk.text or "" for chunk in chunks) == "Here is the picture you asked for."
    images = [image for chunk in chunks if chunk.parts for image in _images(chunk)]
    assert opened(images[-1])[0] == "JPEG"
    assert chunks[-1].candidates[0].finish_reason == T.FinishReason.STOP


def test_the_client_lists_models_and_counts_tokens(site: Site) -> None:
    client = site.client()
    names = [model.name for model in client.models.list(config={"page_size": 3})]
    assert names == [f"models/{name}" for name in MODELS]
    assert client.models.get(model=PRO).output_token_limit == 32_768
    assert client.models.count_tokens(model=PRO, contents="12345678").total_tokens == 2


@pytest.mark.parametrize(
    ("site", "code", "status"),
    [
        ({"scenario": ("overloaded",)}, 503, "UNAVAILABLE"),
        ({"scenario": ("internal",)}, 500, "INTERNAL"),
        ({"scenario": ("forbidden",)}, 403, "PERMISSION_DENIED"),
        ({"scenario": ("not-found",)}, 404, "NOT_FOUND"),
        ({"scenario": ("quota-zero",)}, 429, "RESOURCE_EXHAUSTED"),
        ({"keys": {"other"}}, 400, "INVALID_ARGUMENT"),
    ],
    indirect=["site"],
)
def test_the_client_raises_the_errors_of_the_api(site: Site, code: int, status: str) -> None:
    client = site.client()
    with pytest.raises(errors.APIError) as caught:
        client.models.generate_content(model=NB, contents="A heron")
    assert (caught.value.code, caught.value.status) == (code, status)
    assert len(site.ledger) == 1


def test_the_client_raises_the_error_of_a_wrong_size(site: Site) -> None:
    client = site.client()
    config = T.GenerateContentConfig(image_config=T.ImageConfig(image_size="2k"))
    with pytest.raises(errors.ClientError, match="image_size"):
        client.models.generate_content(model=NB, contents="A heron", config=config)


@pytest.mark.parametrize("site", [{"scenario": ("rate-limit",)}], indirect=True)
def test_three_attempts_are_logged_as_three_requests(site: Site) -> None:
    retry = T.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02, jitter=0.0)
    client = site.client(retry_options=retry)
    with pytest.raises(errors.ClientError):
        client.models.generate_content(model=NB, contents="A heron")
    assert [entry.status for entry in site.ledger.entries] == [429] * 3
    assert site.ledger.price == 0


@pytest.mark.parametrize("site", [{"scenario": ("overloaded*2", "ok")}], indirect=True)
def test_a_retry_gets_the_image(site: Site) -> None:
    retry = T.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02, jitter=0.0)
    client = site.client(retry_options=retry)
    assert _images(client.models.generate_content(model=NB, contents="A heron"))
    assert site.ledger.pictures == 1


@pytest.mark.parametrize("site", [{"gateway": True, "keys": {"sk-x"}}], indirect=True)
def test_a_gateway_reads_the_token_beside_a_dummy_key(site: Site) -> None:
    client = site.client(key="dummy", headers={"Authorization": "Bearer sk-x"})
    assert _images(client.models.generate_content(model=NB, contents="A heron"))
    assert site.ledger.entries[0].auth == "bearer"


def test_the_client_reads_the_reasons_of_blocked_answers(site: Site) -> None:
    client = site.client()
    reasons = {"image-safety": "IMAGE_SAFETY", "no-image": "NO_IMAGE",
               "parts-null": "IMAGE_SAFETY", "max-tokens": "MAX_TOKENS"}  # fmt: skip
    for name, reason in reasons.items():
        contents = f"A heron [emulate: {name}]"
        response = client.models.generate_content(model=NB, contents=contents)
        assert response.candidates[0].finish_reason == T.FinishReason(reason)
    response = client.models.generate_content(model=NB, contents="[emulate: prompt-blocked]")
    assert response.candidates is None
    assert response.prompt_feedback.block_reason == "PROHIBITED_CONTENT"


def test_extra_fields_of_the_client_are_accepted(site: Site) -> None:
    client = site.client()
    extra = {"generationConfig": {"responseFormat": {"image": {"aspectRatio": "21:9"}}}}
    config = T.GenerateContentConfig(http_options=T.HttpOptions(extra_body=extra))
    response = client.models.generate_content(model=NB, contents="A heron", config=config)
    assert opened(_images(response)[0])[1] == (1584, 672)


def test_the_same_request_gets_the_same_bytes(site: Site) -> None:
    client = site.client()
    response = client.models.generate_content(model=NB, contents="A heron")
    file = io.BytesIO(_images(response)[0])
    again = client.models.generate_content(model=NB, contents="A heron")
    assert base64.b64encode(_images(again)[0]) == base64.b64encode(file.getvalue())
