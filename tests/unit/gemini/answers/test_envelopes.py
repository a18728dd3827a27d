"""A picture is found wherever a server puts it: in any place, envelope and framing known here."""

import base64
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.gemini.answers.answer import read_answer
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from tests.unit.pictures import jpeg, png, saved, webp

PNG, JPEG, WEBP = png(9, 7), jpeg(9, 7), webp(9, 7)
REFERENCE = png(3, 3)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url(data: bytes) -> str:
    return f"data:image/png;base64,{b64(data)}"


def gemini(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": "STOP"}], **more}


def blob(text: str) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": text}}


def message(**said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", **said},
                         "finish_reason": "stop"}]}  # fmt: skip


PLACES: dict[str, Callable[[bytes], Any]] = {
    "inlineData": lambda data: gemini(blob(b64(data))),
    "inline_data": lambda data: gemini({"inline_data": {"mime_type": "x", "data": b64(data)}}),
    "a data: URL in inlineData": lambda data: gemini(blob(url(data))),
    "a data: URL with a parameter": lambda data: gemini(
        blob(f"DATA:image/png;charset=utf-8;base64, {b64(data)}")
    ),
    "inlineData is the URL itself": lambda data: gemini({"inlineData": url(data)}),
    "fileData with a data: URL": lambda data: gemini({"fileData": {"fileUri": url(data)}}),
    "Markdown in text": lambda data: gemini({"text": f"Here: ![fox]({url(data)}) Enjoy."}),
    "Markdown with a title": lambda data: gemini({"text": f'![fox]({url(data)} "A fox")'}),
    "HTML in text": lambda data: gemini({"text": f'<img src="{url(data)}" alt="">'}),
    "a data: URL alone": lambda data: gemini({"text": url(data)}),
    "a data: URL before words": lambda data: gemini({"text": f"{url(data)} is your picture"}),
    "base64 alone": lambda data: gemini({"text": b64(data)}),
    "a text in pieces": lambda data: gemini(
        {"text": "Look: ![]("}, {"text": url(data)[:30]}, {"text": url(data)[30:]}, {"text": ")"}
    ),
    "a later candidate": lambda data: {
        "candidates": [{"content": {"parts": [{"text": "No."}]}}, {"content": {}},
                       {"content": {"parts": [blob(b64(data))]}}]
    },
    "candidates as an object": lambda data: {"candidates": {"content": {"parts": blob(b64(data))}}},
    "content as a list": lambda data: {"candidates": [{"content": [blob(b64(data))]}]},
    "content as text": lambda data: {"candidates": [{"content": f"![]({url(data)})"}]},
    "message.images": lambda data: message(
        content="Here", images=[{"type": "image_url", "image_url": {"url": url(data)}}]
    ),
    "image_url as text": lambda data: message(content=None, images=[{"image_url": url(data)}]),
    "images as texts": lambda data: message(content="", images=[url(data)]),
    "message.content": lambda data: message(content=f"![]({url(data)})"),
    "message.content in parts": lambda data: message(
        content=[{"type": "text", "text": "x"},
                 {"type": "image_url", "image_url": {"url": url(data)}}]
    ),
    "message.content with b64_json": lambda data: message(
        content=[{"type": "image", "b64_json": b64(data)}]
    ),
    "message.content with a source": lambda data: message(
        content=[{"type": "image", "source": {"type": "base64", "data": b64(data)}}]
    ),
    "a delta": lambda data: {"choices": [{"delta": {"content": f"![]({url(data)})"}}]},
    "data[].b64_json": lambda data: {"created": 1, "data": [{"b64_json": b64(data)}]},
    "data[].url as a data: URL": lambda data: {"data": [{"url": url(data)}]},
    "predictions": lambda data: {"predictions": [{"bytesBase64Encoded": b64(data)}]},
    "output of a call": lambda data: {
        "output": [{"type": "image_generation_call", "result": b64(data)}]
    },
    "generated images": lambda data: {"generatedImages": [{"image": {"imageBytes": b64(data)}}]},
    "a list of texts": lambda data: {"images": [b64(data)]},
    "one text": lambda data: {"code": 0, "message": "ok", "data": {"image": url(data)}},
    "b64_json alone": lambda data: {"type": "image_generation.completed", "b64_json": b64(data)},
    "artifacts": lambda data: {"artifacts": [{"base64": b64(data), "finishReason": "SUCCESS"}]},
    "steps": lambda data: {"steps": [{"content": [{"type": "image", "data": b64(data)}]}]},
    "output of a response": lambda data: {
        "output": [{"content": [{"type": "output_image", "image_url": url(data)}]}]
    },
    "message.image": lambda data: message(content="Here", image={"b64_json": b64(data)}),
    "message.image_url": lambda data: message(content="Here", image_url={"url": url(data)}),
    "message.attachments": lambda data: message(content="", attachments=[{"url": url(data)}]),
    "message.multi_mod_content": lambda data: message(
        content="", multi_mod_content=[{"text": ""}, {"inline_data": {"data": b64(data)}}]
    ),
    "base64 among words": lambda data: gemini({"text": f"Your picture: {b64(data)} Enjoy!"}),
    "base64 in a code block": lambda data: message(content=f"Here:\n```base64\n{b64(data)}\n```"),
    "JSON in text": lambda data: gemini({"text": f'```json\n{{"image": "{b64(data)}"}}\n```'}),
    "a data: URL of another type": lambda data: gemini(
        {"text": f"![](data:application/octet-stream;base64,{b64(data)})"}
    ),
    "a data: URL without its coding": lambda data: gemini({"text": f"data:image/png,{b64(data)}"}),
    "half a head": lambda data: gemini(blob(f"base64,{b64(data)}")),
    "two heads": lambda data: gemini(blob(f"data:image/png;base64,{url(data)}")),
    "quoted": lambda data: gemini(blob(f'"{b64(data)}"')),
    "beside what was sent": lambda data: {
        "request": gemini(blob(b64(REFERENCE))), **gemini(blob(b64(data))),
        "contents": [{"parts": [blob(b64(REFERENCE))]}],
    },
}  # fmt: skip

ENVELOPES: dict[str, Callable[[Any], Any]] = {
    "none": lambda value: value,
    "response": lambda value: {"response": value},
    "data": lambda value: {"code": 0, "message": "ok", "data": value},
    "result": lambda value: {"result": value, "error": None},
    "body in a list": lambda value: [{"body": value}],
    "a string": lambda value: {"data": json.dumps(value)},
    "a string alone": json.dumps,
    "a string with line ends": lambda value: {"result": json.dumps(value, indent=1) + "\r\n"},
    "a stream in a string": lambda value: {"body": f"data: {json.dumps(value)}\n\ndata: [DONE]\n"},
}

CHUNK = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hm"}]}, "index": 0}]}


def plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


FRAMINGS: dict[str, Callable[[Any], bytes]] = {
    "JSON": plain,
    "pretty JSON": lambda value: json.dumps(value, indent=2).encode(),
    "a byte order mark": lambda value: b"\xef\xbb\xbf" + plain(value),
    "UTF-16": lambda value: json.dumps(value).encode("utf-16"),
    "a Latin-1 byte": lambda value: plain([{"candidates": [{"content": {"parts": [
        {"text": "Voil\u00e0"}]}, "index": 7}]}, value]).replace("\u00e0".encode(), b"\xe0"),
    "slashes escaped": lambda value: plain(value).replace(b"/", b"\\/"),
    "base64 escaped": lambda value: plain(value).replace(b"+", b"\\u002B").replace(
        b"=", b"\\u003d"),
    "a list of chunks": lambda value: plain([CHUNK, value, {"usageMetadata": {}}]),
    "lines of JSON": lambda value: plain(CHUNK) + b"\n" + plain(value) + b"\n",
    "events": lambda value: b": ping\r\n\r\ndata: %b\r\n\r\ndata: [DONE]\r\n\r\n" % plain(value),
    "events without space": lambda value: b"event: message\nid: 1\ndata:%b\n\n" % plain(value),
    "events, many lines each": lambda value: b"".join(
        b"data: %b\n" % line for line in json.dumps(value, indent=1).encode().split(b"\n")
    ),
    "events without empty lines": lambda value: b"data: %b\ndata: %b\ndata: [DONE]" % (
        plain(CHUNK), plain(value)),
    "a broken event first": lambda value: b"data: {\"candi\n\ndata: %b\n\n" % plain(value),
    "a guard": lambda value: b")]}',\n" + plain(value),
    "a comment behind": lambda value: plain(value) + b"\n<!-- proxy 7 -->\n",
    "white space around": lambda value: b" \r\n\t" * 50 + plain(value) + b"\n" * 50,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("data", [PNG, JPEG, WEBP], ids=["png", "jpeg", "webp"])
def test_a_picture_is_taken_wherever_it_is(place: str, data: bytes) -> None:
    assert read_answer(plain(PLACES[place](data))).data == data


LARGE = saved(Image.effect_noise((300, 300), 90), "PNG")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("envelope", ["none", "a stream in a string"])
def test_a_large_picture_is_taken_wherever_it_is(place: str, envelope: str) -> None:
    assert read_answer(plain(ENVELOPES[envelope](PLACES[place](LARGE)))).data == LARGE


@pytest.mark.parametrize("before", ["\n", "\t", "\u00e0", "\u2028", "\\", " "])
def test_an_escape_before_a_large_picture_is_no_part_of_it(before: str) -> None:
    value = gemini({"text": f"Voil\u00e0:{before}{b64(LARGE)}"})
    for raw in (json.dumps(value).encode(), json.dumps({"data": json.dumps(value)}).encode()):
        assert read_answer(raw, drafts=True).data == LARGE


@pytest.mark.parametrize(
    ("envelope", "framing"),
    [(e, f) for e in ENVELOPES for f in FRAMINGS if (e, f) != ("a string alone", "a guard")],
)
def test_a_picture_is_taken_out_of_any_envelope(envelope: str, framing: str) -> None:
    value = ENVELOPES[envelope](PLACES["inlineData"](JPEG))
    assert read_answer(FRAMINGS[framing](value)).data == JPEG


@pytest.mark.parametrize(
    "raw", [PNG, JPEG, WEBP, b64(PNG).encode(), url(JPEG).encode(), f"![]({url(WEBP)})".encode(),
            plain(url(PNG)), plain([url(JPEG)])],
)  # fmt: skip
def test_an_answer_may_be_a_picture_and_nothing_else(raw: bytes) -> None:
    assert read_answer(raw).data in (PNG, JPEG, WEBP)


def is_taken_or_kept(raw: bytes, data: bytes) -> bool:
    """Return whether an answer gives this picture, or a failure with which it is kept."""
    try:
        return read_answer(raw).data == data
    except RequestFailed as error:
        return error.failure.unreadable


@given(
    st.sampled_from(list(PLACES)),
    st.lists(st.sampled_from(list(ENVELOPES)), max_size=3),
    st.sampled_from(list(FRAMINGS)),
    st.sampled_from([PNG, JPEG, WEBP]),
)
def test_a_picture_in_any_place_envelopes_and_framing_is_taken_or_its_answer_kept(
    place: str, envelopes: list[str], framing: str, data: bytes
) -> None:
    value = PLACES[place](data)
    for name in envelopes:
        value = ENVELOPES[name](value)
    assert is_taken_or_kept(FRAMINGS[framing](value), data)


def spaced(text: str, every: int, between: str) -> str:
    return between.join(text[at : at + every] for at in range(0, len(text), every))


@pytest.mark.parametrize(
    "text",
    [
        spaced(b64(PNG), 76, "\r\n"), spaced(b64(PNG), 64, "\n") + "\n", spaced(b64(PNG), 4, " "),
        b64(PNG).rstrip("="), b64(PNG).rstrip("=") + "=====", f"  {b64(PNG)}  ",
        base64.urlsafe_b64encode(PNG).decode().rstrip("="), b64(PNG + b"\n"),
        b64(PNG + b" \r\n" * 9),
        url(PNG).replace("+", "%2B").replace("/", "%2F", 1),
    ],
)  # fmt: skip
def test_base64_of_any_hand_is_read(text: str) -> None:
    assert read_answer(plain(gemini(blob(text)))).data == PNG


def test_line_ends_within_base64_need_no_escape() -> None:
    raw = plain(gemini(blob("MARK"))).replace(b"MARK", spaced(b64(PNG), 60, "\r\n").encode())
    assert read_answer(raw).data == PNG


def test_white_space_after_the_end_is_cut_and_anything_else_refused() -> None:
    found = read_answer(plain(gemini(blob(b64(JPEG + b"\n\n")))))
    assert (found.data, found.picture) == (JPEG, identify(JPEG))
    assert failure(gemini(blob(b64(JPEG + b"\n<script>")))).unreadable


def test_the_last_picture_of_a_stream_counts_and_a_thought_never() -> None:
    chunks = [gemini(blob(b64(REFERENCE))), gemini(blob(b64(PNG))),
              gemini({**blob(b64(JPEG)), "thought": True}), {"usageMetadata": {
                  "promptTokenCount": 7, "candidatesTokenCount": 9}}]  # fmt: skip
    found = read_answer(plain(chunks))
    assert found.data == PNG
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.candidates) == (7, 9)


def test_the_turn_of_a_stream_is_kept_as_one_and_that_of_another_api_is_not() -> None:
    signed = {**blob(b64(PNG)), "thoughtSignature": "c2ln"}
    found = read_answer(b"data: %b\n\ndata: %b\n\n" % (plain(CHUNK), plain(gemini(signed))))
    assert [sorted(part) for part in found.parts] == [["text"], ["inlineData", "thoughtSignature"]]
    assert read_answer(plain(PLACES["message.images"](PNG))).parts == ()


def test_a_long_signature_comes_back_as_it_was() -> None:
    signature = b64(bytes(range(256)) * 300)
    found = read_answer(plain(gemini({**blob(b64(PNG)), "thoughtSignature": signature})))
    assert found.parts[0]["thoughtSignature"] == signature


def failure(value: Any) -> Failure:
    with pytest.raises(RequestFailed) as raised:
        read_answer(plain(value))
    return raised.value.failure


LINK = "https://cdn.example/a/fox.png?sig=1"


@pytest.mark.parametrize(
    "value",
    [
        gemini({"text": f"![fox]({LINK})"}), gemini({"text": f"Here it is: {LINK}"}),
        gemini({"text": f" {LINK}\n"}), gemini({"fileData": {"fileUri": LINK, "mimeType": "x"}}),
        gemini({"file_data": {"file_uri": LINK}}), gemini(blob(LINK)), {"data": [{"url": LINK}]},
        message(content="Done", images=[{"image_url": {"url": LINK}}]),
        message(content=f"![x]({LINK})"),
    ],
)  # fmt: skip
def test_an_address_is_named_and_not_fetched(value: Any) -> None:
    found = failure(value)
    assert found.what.endswith(f"no address is fetched: {LINK}")
    assert found.unreadable


def test_an_address_is_cut_and_printed_without_control_characters() -> None:
    found = failure(
        gemini({"fileData": {"fileUri": "https://x.example/\x1b[2J\u202e" + "a" * 900}})
    )
    assert found.what.isprintable()
    assert len(found.what) < 400


@pytest.mark.parametrize(
    ("value", "is_unreadable"),
    [
        (gemini({"text": "I will not draw that; see https://policies.example/ai"}), False),
        (message(content=None, refusal="I cannot draw that."), False),
        ({"request": gemini(blob(b64(PNG))), "candidates": [{"finishReason": "SAFETY"}]}, False),
        ({"error": {"code": 503, "message": "busy"}, "promptFeedback": {"blockReason": "SAFETY"}},
         False),
        (message(content="Done", canvas={"pixels": b64(PNG)}), True),
        (message(content="Done", tool_calls=[{"arguments": json.dumps({"pixels": url(PNG)})}]),
         True),
        ({"candidates": [{"finishReason": "IMAGE_SAFETY", "content": {}}]}, False),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, False),
        (message(content="I cannot draw that."), False),
        (gemini({"futureImage": {"pixels": b64(PNG)}}), True),
        (gemini(), True),
        ({"status": "ok", "picture": b64(PNG)}, True),
        ({}, True),
        (gemini(blob(b64(PNG[:-9]))), True),
        (gemini({**blob(b64(PNG)), "thought": True}), True),
        ({"candidates": [{"finishReason": "NO_IMAGE", "raw": b64(bytes(99_000))}]}, True),
    ],
)  # fmt: skip
def test_what_a_model_refuses_is_told_from_what_cannot_be_read(
    value: Any, is_unreadable: bool
) -> None:
    assert failure(value).unreadable == is_unreadable


KEPT: list[Any] = [
    {"message": "ok", "picture": b64(PNG)},
    {"message": "Image generated", "task_id": "abc-123", "status": "processing"},
    {"code": 0, "message": "success", "data": None},
    {"title": "Fox", "id": "file-123"},
    {"detail": "done", "hex": PNG.hex()},
    {"message": "ok", "bytes": list(PNG)},
    {"msg": "https://cdn.example/fox"},
    {"success": True, "message": "drawn"},
    {"error": {"code": 503, "message": "busy"}, "pixels": b64(PNG)},
    {"error": {"message": f"odd picture {url(PNG)}"}},
    {"error": {"message": base64.urlsafe_b64encode(JPEG).decode()}},
    {"error": "x", "raw": b64(bytes(99_000))},
]
"""Each may stand for a picture that was paid: none is taken for an error and forgotten."""


@pytest.mark.parametrize("value", KEPT)
def test_an_answer_that_may_stand_for_a_picture_is_kept_whatever_it_says(value: Any) -> None:
    found = failure(value)
    assert (found.unreadable, found.billed) == (True, "yes")


@pytest.mark.parametrize(
    "value",
    [{"message": "done", "image_url": "https://cdn.example/a?sig=1"},
     {"data": {"status": "ok", "link": "https://cdn.example/a?sig=1"}},
     {"message": "done", "see": "https://cdn.example/a.png"}, {"output": "https://cdn.example/a"},
     {"images": ["https://cdn.example/a.webp"]}],
)  # fmt: skip
def test_an_address_beside_a_message_is_named_as_well(value: Any) -> None:
    assert "no address is fetched: https://cdn.example/a" in failure(value).what


@pytest.mark.parametrize(
    "text",
    [json.dumps({"error": {"code": 503, "message": "The model is overloaded."}}),
     "Error: 503 Service Unavailable",
     "[GoogleGenerativeAI Error]: Error fetching: [503 Service Unavailable] It is overloaded."],
)  # fmt: skip
@pytest.mark.parametrize("shape", [lambda text: gemini({"text": text}),
                                   lambda text: message(content=text)])  # fmt: skip
def test_an_outage_that_a_gateway_puts_into_the_models_words_is_no_refusal(
    text: str, shape: Callable[[str], Any]
) -> None:
    found = failure(shape(text))
    assert found.what.startswith("HTTP 503: ")
    assert (found.remembered, found.unreadable, found.again) == (False, False, "soon")


@pytest.mark.parametrize(
    "text", ["I cannot draw errors.", "Sorry, that is over my quota of gore.",
             json.dumps({"title": "A fox"}), "Error handling is no subject of a picture."],
)  # fmt: skip
def test_the_models_own_words_stay_its_refusal(text: str) -> None:
    assert failure(gemini({"text": text})).remembered


def test_what_a_choice_says_of_its_provider_counts() -> None:
    broken = message(content="")
    broken["choices"][0] |= {"error": {"code": 503, "message": "busy"}, "finish_reason": "error"}
    assert failure(broken).what.startswith("HTTP 503: busy")
    refused = message(content="")
    refused["choices"][0]["native_finish_reason"] = "IMAGE_SAFETY"
    assert failure(refused).remembered


@pytest.mark.parametrize(
    "value", [{"status": "ok", "rendering": {"pixels": b64(PNG)}}, *map(plain, KEPT[:1]),
              gemini({**blob(b64(PNG)), "thought": True}), plain({"a": b64(PNG)})[:-1],
              {"a": spaced(b64(PNG), 40, "\n")}, {"a": json.dumps({"b": f"See {b64(PNG)} there"})},
              {"images": [{"url": "busy", "more": url(PNG)}]}],
)  # fmt: skip
def test_a_person_who_adopts_an_answer_gets_the_picture_wherever_it_is(value: Any) -> None:
    raw = value if isinstance(value, bytes) else plain(value)
    assert read_answer(raw, drafts=True).data == PNG


BIG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3_000


@pytest.mark.parametrize(
    ("place", "framing", "envelope", "between"),
    [
        ("inlineData", "JSON", "none", ""),
        ("inlineData", "events", "none", ""),
        ("inlineData", "slashes escaped", "none", ""),
        ("inlineData", "JSON", "a string", ""),
        ("inlineData", "JSON", "none", "\\n"),
        ("inlineData", "JSON", "a string", "\\\\n"),
        ("inlineData", "events", "none", "\\r\\n"),
        ("a data: URL in inlineData", "JSON", "response", ""),
        ("Markdown in text", "JSON", "none", ""),
        ("Markdown in text", "events", "a string", ""),
        ("message.images", "JSON", "none", ""),
        ("data[].b64_json", "a list of chunks", "none", ""),
        ("base64 alone", "JSON", "none", ""),
    ],
)
def test_a_large_picture_is_copied_a_few_times_at_most(
    place: str, framing: str, envelope: str, between: str
) -> None:
    raw = FRAMINGS[framing](ENVELOPES[envelope](PLACES[place](BIG)))
    if between:
        raw = raw.replace(b64(BIG).encode(), spaced(b64(BIG), 76, between).encode())
    tracemalloc.start()
    with pytest.raises(RequestFailed, match="the PNG"):
        read_answer(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (8 if between else 5) * len(BIG), f"{peak / len(BIG):.1f} times the picture"
