"""Draws the images of an answer and encodes its body: the slow part, run in a thread.

An `ImageQuery`, a scenario and the framing of the response go in, the bytes of the body come out.
The drawing package is imported with the first image. The last eight images are cached, so that a
retry of a request does not draw again. Nothing here waits or knows about HTTP.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from mkdocs_gemini_images.emulator.answers import response_json
from mkdocs_gemini_images.emulator.protocol.image_query import HIGHEST_TAKE, ImageQuery
from mkdocs_gemini_images.emulator.scenario import Scenario
from mkdocs_gemini_images.models.dimensions import Pixels

Framing = Literal["unary", "sse", "array"]
"""One JSON object, server-sent events, or a JSON list of the chunks of a stream."""
EncodedFormat = Literal["png", "jpeg"]


def response_of(query: ImageQuery, scenario: Scenario) -> response_json.ResponseBody:
    """Return the JSON of an answer in a batch job, its images drawn."""
    whole = _whole_body(query, scenario)
    return scenario.corrupt_body(whole) if scenario.corrupt_body else whole


def _whole_body(query: ImageQuery, scenario: Scenario) -> response_json.ResponseBody:
    kind: EncodedFormat = "png" if scenario.as_png else query.model.kind
    corrupt = scenario.corrupt_image
    images = [corrupt(image) if corrupt else image for image in _draw_images(query, scenario, kind)]
    return response_json.response_body(query, scenario.answer, images, kind)


def write_response(query: ImageQuery, scenario: Scenario, framing: Framing) -> bytes:
    """Return the body of a response, its images drawn."""
    whole = _whole_body(query, scenario)
    bodies = [whole] if framing == "unary" else list(response_json.stream_chunks(whole))
    if scenario.corrupt_body:
        bodies = [scenario.corrupt_body(body) for body in bodies]
    written = _framed(bodies, framing)
    return scenario.wrap(written) if scenario.wrap else written


def _framed(bodies: list[response_json.ResponseBody], framing: Framing) -> bytes:
    match framing:
        case "unary":
            return (json.dumps(bodies[0], ensure_ascii=False, indent=2) + "\n").encode()
        case "sse":
            lines = (json.dumps(body, ensure_ascii=False) for body in bodies)
            return "".join(f"data: {line}\r\n\r\n" for line in lines).encode()
        case "array":
            return (json.dumps(bodies, ensure_ascii=False, indent=2) + "\n").encode()


def _draw_images(query: ImageQuery, scenario: Scenario, kind: EncodedFormat) -> Iterator[bytes]:
    if scenario.other_ratio:
        query = replace(query, ratio="4:5" if query.ratio == "1:1" else "1:1")
    for position, part in enumerate(response_json.part_kinds(query, scenario.answer)):
        if part not in response_json.DRAWN_PARTS:
            continue
        # A draft is another take of the same prompt; the last thought is the final image.
        offset = 5000 + position if part in ("draft", "draft thought") else 0
        take = (query.take - 1 + offset) % HIGHEST_TAKE + 1
        width, height = query.pixels
        size = (width // 2, height // 2) if scenario.smaller else (width, height)
        yield draw_cached(query.texts, size, kind, take, query.reference_images)


@lru_cache(maxsize=8)
def draw_cached(
    texts: tuple[str, ...],
    size: Pixels,
    kind: EncodedFormat,
    take: int,
    references: tuple[bytes, ...],
) -> bytes:
    """Return an encoded image, from the cache when the same one was drawn lately."""
    from mkdocs_gemini_images.emulator.drawing.renderer import draw_image

    return draw_image(texts, *size, kind=kind, take=take, references=references)
