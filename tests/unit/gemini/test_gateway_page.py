"""The documentation page of a widely used gateway: each of its rows works, or is refused early.

The tables here have one row for each row there: fields, ratios, sizes and models.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.config.server import Server, choose
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, Turn, write_body
from mkdocs_gemini_images.requests.request import ImageRequest, ResolvedImage, compose, settle
from tests.unit.pictures import jpeg, png, proven

RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1")
FLASH, PRO, OLD = (
    "gemini-3.1-flash-image-preview", "gemini-3-pro-image-preview", "gemini-2.5-flash-image",
)  # fmt: skip
FOX = Directive(prompt="a cat", alt="", model=FLASH)


def gateway() -> Server:
    """Return the page's server: a Bearer key, and no version in the address."""
    found = choose("https://gateway.example", api_key="sk-123456", environment={})
    assert isinstance(found, Server)
    return found


def wanted(**written: Any) -> ResolvedImage | tuple[Diagnostic, ...]:
    full = settle(replace(FOX, **written), ImageDefaults())
    return full if isinstance(full, tuple) else compose(full, ImageDefaults())


def sent(**written: Any) -> dict[str, Any]:
    """Give the JSON that asks a gateway for a directive's picture."""
    found = wanted(**written)
    assert isinstance(found, ResolvedImage), found
    return json.loads(write_body(found.step, [Turn(found.step.text)], google=False))  # type: ignore[no-any-return]


def test_the_request_goes_where_the_page_says_with_its_key_as_bearer() -> None:
    assert gateway().endpoint(PRO) == f"https://gateway.example/v1beta/models/{PRO}:generateContent"
    assert gateway().headers() == {"Authorization": "Bearer sk-123456"}


def test_a_key_of_the_environment_is_not_sent_to_it() -> None:
    found = choose("https://gateway.example", environment={"GEMINI_API_KEY": "AIza"})
    assert isinstance(found, Server)
    assert found.headers() == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("contents", 0, "role"), "user"),
        (("contents", 0, "parts", 0, "text"), "a cat"),
        (("generationConfig", "imageConfig", "aspectRatio"), "16:9"),
        (("generationConfig", "imageConfig", "imageSize"), "2K"),
        (("generationConfig", "responseModalities"), ["TEXT", "IMAGE"]),
        (("generationConfig", "temperature"), 0.5),
    ],
)
def test_each_field_is_written_as_the_page_names_it(path: tuple[Any, ...], value: object) -> None:
    found: Any = sent(size="2K", temperature=0.5)
    for name in path:
        found = found[name]
    assert found == value


def test_temperature_is_not_sent_unless_it_is_written() -> None:
    assert "temperature" not in sent()["generationConfig"]


@pytest.mark.parametrize(("data", "mime"), [(jpeg(), "image/jpeg"), (png(), "image/png")])
def test_a_reference_is_inline_data_of_its_real_type(data: bytes, mime: str) -> None:
    step = ImageRequest(FLASH, "a cat", "1:1", "1K")
    turn = Turn("a cat", (Inline(proven(data), data), FileUri("https://x.example/a.png")))
    first, second, text = json.loads(write_body(step, [turn], google=False))["contents"][0]["parts"]
    assert first["inlineData"]["mimeType"] == mime
    assert second == {"fileData": {"fileUri": "https://x.example/a.png"}}
    assert text == {"text": "a cat"}


@pytest.mark.parametrize("ratio", RATIOS)
def test_each_ratio_of_the_page_is_sent_or_refused_by_its_model_table(ratio: str) -> None:
    assert sent(aspect_ratio=ratio)["generationConfig"]["imageConfig"]["aspectRatio"] == ratio
    extreme = "8" in ratio.split(":") or ("4" in ratio.split(":") and "1" in ratio.split(":"))
    for model in (PRO, OLD):
        assert isinstance(wanted(model=model, aspect_ratio=ratio), tuple) == extreme


@pytest.mark.parametrize(
    ("model", "sizes"),
    [(FLASH, ("0.5K", "1K", "2K", "4K")), (PRO, ("1K", "2K", "4K")), (OLD, ("1K",))],
)
def test_each_size_is_sent_as_written_where_the_model_has_it(
    model: str, sizes: tuple[str, ...]
) -> None:
    for size in ("0.5K", "1K", "2K", "4K"):
        if size in sizes and model != OLD:
            config = sent(model=model, size=size)["generationConfig"]["imageConfig"]
            assert config["imageSize"] == size
        else:
            assert isinstance(wanted(model=model, size=size), tuple) == (size not in sizes)


def test_the_model_without_sizes_is_sent_none() -> None:
    assert "imageSize" not in sent(model=OLD)["generationConfig"]["imageConfig"]


@pytest.mark.parametrize(("model", "most"), [(FLASH, 14), (PRO, 14), (OLD, 3)])
def test_more_references_than_the_model_takes_are_refused(model: str, most: int) -> None:
    names = tuple(f"https://x.example/{n}.png" for n in range(most + 1))
    assert isinstance(wanted(model=model, references=names[:-1]), ResolvedImage)
    (diagnostic,) = wanted(model=model, references=names)  # type: ignore[misc]
    assert f"at most {most} references" in str(diagnostic)


def test_search_for_pictures_is_asked_for_where_the_page_says_it_is_served() -> None:
    assert sent(grounding=("image",))["tools"] == [
        {"googleSearch": {"searchTypes": {"imageSearch": {}}}}
    ]
    assert isinstance(wanted(model=OLD, grounding=("image",)), tuple)
