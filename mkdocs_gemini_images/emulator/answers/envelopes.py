"""Puts a good answer into the shapes of gateways: streams, envelopes, other APIs, other packing.

The JSON or the bytes of an answer go in, those that a gateway would send come out. Nothing is lost:
each holds the picture, or says where it is. The forms are those that the API reference lists under
"Shapes of answers that public reports tell of". Pure functions.
"""

import json
import zlib
from base64 import b64decode, b64encode
from typing import Any

from mkdocs_gemini_images.emulator.answers.response_json import ResponseBody

Part = dict[str, Any]


def _parts(body: ResponseBody) -> list[Part]:
    parts: list[Part] = body["candidates"][0]["content"]["parts"]
    return parts


def _with_parts(body: ResponseBody, parts: list[Part]) -> ResponseBody:
    candidate = body["candidates"][0]
    content = {**candidate["content"], "parts": parts}
    return {**body, "candidates": [{**candidate, "content": content}]}


def _changed(body: ResponseBody, name: str, value: Any) -> ResponseBody:
    """Return a body in which each picture's field `name` is what `value` makes of the picture."""
    return _with_parts(body, [
        {**part, "inlineData": {**part["inlineData"], name: value(part["inlineData"])}}
        if "inlineData" in part else part
        for part in _parts(body)
    ])  # fmt: skip


def _data_url(blob: Part) -> str:
    return f"data:{blob['mimeType']};base64,{blob['data']}"


def _picture(body: ResponseBody) -> Part:
    blob: Part = next(part["inlineData"] for part in _parts(body) if "inlineData" in part)
    return blob


# What the JSON holds.


def in_response(body: ResponseBody) -> ResponseBody:
    """Return a body inside `response`."""
    return {"response": body}


def in_data(body: ResponseBody) -> ResponseBody:
    """Return a body inside `data`, beside a code."""
    return {"code": 0, "message": "ok", "data": body}


def in_string(body: ResponseBody) -> ResponseBody:
    """Return a body as JSON in a string."""
    return {"result": json.dumps(body, ensure_ascii=False)}


def with_data_url(body: ResponseBody) -> ResponseBody:
    """Return a body whose base64 begins with the head of a `data:` URL."""
    return _changed(body, "data", _data_url)


def with_base64_in_lines(body: ResponseBody) -> ResponseBody:
    """Return a body whose base64 has a line end after 76 characters, and no padding."""

    def lines(blob: Part) -> str:
        text = str(blob["data"]).rstrip("=")
        return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))

    return _changed(body, "data", lines)


def with_space_after_image(body: ResponseBody) -> ResponseBody:
    """Return a body whose picture has a line end behind its last byte."""
    return _changed(body, "data", lambda blob: b64encode(b64decode(blob["data"]) + b"\n").decode())


def with_jpg_type(body: ResponseBody) -> ResponseBody:
    """Return a body whose picture has a type that no request may have."""
    return _changed(body, "mimeType", lambda blob: "image/jpg")


def without_signatures(body: ResponseBody) -> ResponseBody:
    """Return a body without signatures."""
    drop = "thoughtSignature"
    parts = [{k: v for k, v in part.items() if k != drop} for part in _parts(body)]
    return _with_parts(body, parts)


def with_foreign_signatures(body: ResponseBody) -> ResponseBody:
    """Return a body with signatures that no other server takes."""
    own = b64encode(b"a gateway's own").decode()
    return _with_parts(body, [{**part, "thoughtSignature": own} for part in _parts(body)])


def in_second_candidate(body: ResponseBody) -> ResponseBody:
    """Return a body whose first candidate is words alone."""
    words = {"content": {"role": "model", "parts": [{"text": "Two ideas."}]}, "index": 0}
    return {**body, "candidates": [words, {**body["candidates"][0], "index": 1}]}


def as_file_uri(body: ResponseBody) -> ResponseBody:
    """Return a body with a picture's address in place of the picture."""
    uri = f"https://files.example/{body['responseId']}.png"
    return _with_parts(body, [{"fileData": {"mimeType": "image/png", "fileUri": uri}}])


def as_chat(body: ResponseBody) -> ResponseBody:
    """Return the picture in `message.images` of OpenAI's chat."""
    image = {"type": "image_url", "image_url": {"url": _data_url(_picture(body))}}
    return _choice(body, {"content": "Here it is.", "images": [image]})


def as_chat_parts(body: ResponseBody) -> ResponseBody:
    """Return the picture among the parts of a message of OpenAI's chat."""
    image = {"type": "image_url", "image_url": _data_url(_picture(body))}
    return _choice(body, {"content": [{"type": "text", "text": "Here it is."}, image]})


def as_image_list(body: ResponseBody) -> ResponseBody:
    """Return the picture in `data` of OpenAI's images."""
    return {"created": 1, "data": [{"b64_json": _picture(body)["data"]}]}


def as_image_address(body: ResponseBody) -> ResponseBody:
    """Return the picture's address in `data` of OpenAI's images."""
    return {"created": 1, "data": [{"url": f"https://files.example/{body['responseId']}.png"}]}


def in_words(body: ResponseBody) -> ResponseBody:
    """Return the picture's base64 in the model's words, as code."""
    return _with_parts(body, [{"text": f"Here it is:\n```\n{_picture(body)['data']}\n```\nEnjoy."}])


def as_message(body: ResponseBody) -> ResponseBody:
    """Return a message in place of the picture, with its address."""
    uri = f"https://files.example/{body['responseId']}.png"
    return {"message": "Image generated successfully.", "image_url": uri}


def as_task(body: ResponseBody) -> ResponseBody:
    """Return a message in place of the picture, with a number under which it can be had."""
    return {"message": "Image is being generated.", "task_id": body["responseId"]}


def in_unknown_place(body: ResponseBody) -> ResponseBody:
    """Return the picture in a field that no client knows."""
    return {"status": "ok", "rendering": {"pixels": _picture(body)["data"]}}


def with_nonsense_usage(body: ResponseBody) -> ResponseBody:
    """Return a body whose token counts are a thousand times those of the picture."""
    usage = body["usageMetadata"]
    details = [
        {**each, "tokenCount": each["tokenCount"] * 1000}
        for each in usage.get("candidatesTokensDetails", ())
    ]
    counts = {name: 1000 * value for name, value in usage.items() if isinstance(value, int)}
    return {**body, "usageMetadata": {**usage, **counts, "candidatesTokensDetails": details}}


def _choice(body: ResponseBody, message: Part) -> ResponseBody:
    said = {"role": "assistant", **message}
    choice = {"index": 0, "message": said, "finish_reason": "stop"}
    return {"id": body["responseId"], "object": "chat.completion", "choices": [choice]}


# How the bytes are sent.


def as_events(raw: bytes) -> bytes:
    """Return JSON as server-sent events with comments, many lines each, and a mark of the end."""
    lines = b"\r\n".join(b"data: " + line for line in raw.strip().splitlines())
    return b": keep-alive\r\n\r\nevent: message\r\n" + lines + b"\r\n\r\ndata: [DONE]\r\n\r\n"


def as_chunks(raw: bytes) -> bytes:
    """Return JSON as a list of chunks."""
    first = {"candidates": [{"content": {"role": "model", "parts": [{"text": "One"}]}, "index": 0}]}
    return b"[" + json.dumps(first).encode() + b",\n" + raw.strip() + b"]\n"


def as_picture(raw: bytes) -> bytes:
    """Return the picture itself, without JSON."""
    return b64decode(_picture(json.loads(raw))["data"])


def with_latin_1(raw: bytes) -> bytes:
    """Return JSON whose words hold a byte that is no UTF-8."""
    return raw.replace(b"Here is", b"Voil\xe0", 1)


def with_mark(raw: bytes) -> bytes:
    """Return JSON behind a byte order mark."""
    return b"\xef\xbb\xbf" + raw


def without_zlib_header(raw: bytes) -> bytes:
    """Return raw deflate."""
    press = zlib.compressobj(wbits=-15)
    return press.compress(raw) + press.flush()


def as_brotli(raw: bytes) -> bytes:
    """Return a Brotli stream of uncompressed blocks."""
    size = 1 << 16
    blocks = [raw[at : at + size] for at in range(0, len(raw), size)]
    out = b""
    for number, block in enumerate(blocks):
        # The first header has one bit more, for the window.
        shift = 4 if number == 0 else 3
        header = (len(block) - 1) << shift | 1 << (shift + 16)
        out += header.to_bytes(3, "little") + block
    return out + b"\x03"


def as_zstd(raw: bytes) -> bytes:
    """Return a Zstandard frame of raw blocks."""
    size = 1 << 16
    starts = range(0, max(1, len(raw)), size)
    out = b"\x28\xb5\x2f\xfd\xa0" + len(raw).to_bytes(4, "little")
    for at in starts:
        block = raw[at : at + size]
        is_last = at == starts[-1]
        out += (len(block) << 3 | is_last).to_bytes(3, "little") + block
    return out
