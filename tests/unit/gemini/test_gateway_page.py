"""The gateway's page that users come with: each of its rows works, or is refused before a request.

One row of a table here for each row there: its fields, its ratios, its sizes, its models.
"""

import json
from typing import Any

import pytest

from mkdocs_gemini_images.config.server import Server, choose
from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, Turn, write_body
from mkdocs_gemini_images.requests.request import ImageRequest
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)
from tests.unit.pictures import jpeg, png, proven

RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1")
FLASH, PRO, OLD = (
    "gemini-3.1-flash-image-preview", "gemini-3-pro-image-preview", "gemini-2.5-flash-image",
)  # fmt: skip
FOX = Directive(prompt="a cat", alt="", model=FLASH)


def gateway() -> Server:
    """The page's own server: Bearer, a key of its own, and no version in the address."""
    return choose("https://gateway.example", api_key="sk-123456", environment={})


def wanted(**written: Any) -> ResolvedImage:
    return compose_image(apply_defaults(FOX._replace(**written), ImageDefaults()), ImageDefaults())


def is_refused(**written: Any) -> bool:
    try:
        wanted(**written)
    except DiagnosticError:
        return True
    return False


def sent(**written: Any) -> dict[str, Any]:
    """Give the JSON that asks a gateway for a directive's picture."""
    request = wanted(**written).light.request
    return json.loads(write_body(request, [Turn(request.text)], google=False))  # type: ignore[no-any-return]


def test_the_request_goes_where_the_page_says_with_its_key_as_bearer() -> None:
    assert gateway().endpoint(PRO) == f"https://gateway.example/v1beta/models/{PRO}:generateContent"
    assert gateway().headers() == {"Authorization": "Bearer sk-123456"}


def test_a_key_of_the_environment_is_not_sent_to_it() -> None:
    found = choose("https://gateway.example", environment={"GEMINI_API_KEY": "AIza"})
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
    turn = Turn(
        "a cat", (Inline(proven(data), data), FileUri("https://x.example/a.png", "image/png"))
    )
    first, second, text = json.loads(write_body(step, [turn], google=False))["contents"][0]["parts"]
    assert first["inlineData"]["mimeType"] == mime
    assert second == {"fileData": {"mimeType": "image/png", "fileUri": "https://x.example/a.png"}}
    assert text == {"text": "a cat"}


@pytest.mark.parametrize("ratio", RATIOS)
def test_each_ratio_of_the_page_is_sent_or_refused_by_its_model_table(ratio: str) -> None:
    assert sent(aspect_ratio=ratio)["generationConfig"]["imageConfig"]["aspectRatio"] == ratio
    extreme = "8" in ratio.split(":") or ("4" in ratio.split(":") and "1" in ratio.split(":"))
    for model in (PRO, OLD):
        assert is_refused(model=model, aspect_ratio=ratio) == extreme


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
            assert is_refused(model=model, size=size) == (size not in sizes)


def test_the_model_without_sizes_is_sent_none() -> None:
    assert "imageSize" not in sent(model=OLD)["generationConfig"]["imageConfig"]


@pytest.mark.parametrize(("model", "most"), [(FLASH, 14), (PRO, 14), (OLD, 3)])
def test_more_references_than_the_model_takes_are_refused(model: str, most: int) -> None:
    names = tuple(f"https://x.example/{n}.png" for n in range(most + 1))
    assert not is_refused(model=model, references=names[:-1])
    with pytest.raises(DiagnosticError) as caught:
        wanted(model=model, references=names)
    (diagnostic,) = caught.value.diagnostics
    assert f"takes {most}: name fewer" in str(diagnostic)


def test_search_for_pictures_is_asked_for_where_the_page_says_it_is_served() -> None:
    assert sent(grounding=("image",))["tools"] == [
        {"googleSearch": {"searchTypes": {"imageSearch": {}}}}
    ]
    assert is_refused(model=OLD, grounding=("image",))


def test_without_a_ratio_none_is_sent_and_the_size_of_the_input_stays() -> None:
    config = sent(aspect_ratio="auto", size="2K")["generationConfig"]
    assert config["imageConfig"] == {"imageSize": "2K"}
    assert "imageConfig" not in sent(aspect_ratio="auto", model=OLD)["generationConfig"]


@pytest.mark.parametrize(
    ("model", "role", "most"),
    [(FLASH, "object", 10), (FLASH, "person", 4), (PRO, "object", 6), (PRO, "person", 5),
     (PRO, "style", 3), ("gemini-nano-banana-2.1", "person", 4), (OLD, "object", 3)],
)  # fmt: skip
def test_more_references_of_a_kind_than_the_model_takes_are_refused(
    model: str, role: str, most: int
) -> None:
    names = tuple(f"https://x.example/{n}.png as {role}" for n in range(most + 1))
    assert not is_refused(model=model, references=names[:-1])
    assert is_refused(model=model, references=names)


def test_kinds_are_counted_apart() -> None:
    objects = tuple(f"{n}.png as object" for n in range(6))
    people = tuple(f"p{n}.png as person" for n in range(5))
    assert not is_refused(model=PRO, references=objects + people)
    assert is_refused(model=PRO, references=(*objects, *people, "a.png", "b.png", "c.png", "d.png"))


def test_the_model_is_told_what_a_reference_is() -> None:
    found = sent(references=("a.png", "b.png as person", "c.png as style"))
    assert found["contents"][0]["parts"][0]["text"] == (
        "a cat. Reference image 2 shows a person: keep the face and the figure. Reference image 3 "
        "shows an example of the style: draw in this style, and nothing of what it shows."
    )


def test_what_is_not_said_changes_no_key() -> None:
    def key_of(**written: Any) -> str:
        return wanted(**written).light.request.lasting_key or ""

    plain = key_of(references=("a.png",))
    assert plain == key_of(), "parts are found by the build, and are not in this key"
    assert key_of(references=("a.png as person",)) != plain
    assert key_of(references=("https://x.example/a type image/png",)) == plain
    assert key_of(aspect_ratio="auto") != key_of(aspect_ratio="1:1")
