"""Whatever an answer or an author holds, what is bought is kept, read again and published."""

import base64
import io
import json
import zlib
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image

from tests.cli.command import run
from tests.integration.client.hostile import hostile, http, png
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence


def picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def answer(data: bytes, part: dict[str, Any] | None = None, **more: Any) -> bytes:
    inline = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
    content = {"role": "model", "parts": [{"inlineData": inline, **(part or {})}]}
    candidate = {"content": content, "finishReason": "STOP", **more.pop("candidate", {})}
    return json.dumps({"candidates": [candidate], **more}).encode()


def usage(count: int) -> dict[str, Any]:
    details = [{"modality": "IMAGE", "tokenCount": count}]
    return {"promptTokenCount": count, "candidatesTokenCount": count,
            "candidatesTokensDetails": details}  # fmt: skip


MB = "x" * 2**20
PRICE = "the expected price is counted"
ANSWERS = {
    "tokens of 10^11": lambda: answer(png(), usageMetadata=usage(10**11)),
    "a signature of 20 MB": lambda: answer(png(), {"thoughtSignature": "A" * 20 * 2**20}),
    "a text of 9 MB": lambda: answer(png(), {"text": MB * 9}),
    "grounding of 9 MB": lambda: answer(png(), candidate={"groundingMetadata": {"a": MB * 9}}),
    "grounding of infinity": lambda: answer(
        png(), candidate={"groundingMetadata": {"a": 7e77}}
    ).replace(b"7e+77", b"7e777"),
    "a picture of 20,000 pixels": lambda: answer(picture(20_000, 500)),
    "a picture 20,000 pixels high": lambda: answer(picture(500, 20_000)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_kept_read_again_and_published(site: MakeSite, name: str) -> None:
    with hostile(None, http(ANSWERS[name]())) as server:
        here = site(fence("A fox", id="fox"), base_url=server.url, formats=["avif", "webp"])
        first = here.build()
        assert first.error is None
        assert all("it is kept and shown" in text or PRICE in text for text in first.loud)
        again = here.build()
        assert (again.error, again.loud, len(server.requests)) == (None, (), 1)
        assert "1 from stock" in again.closing
        assert len(again.images()) == 1
        assert ".svg" not in again.images()[0]["src"]
        assert run(here, "check").code == 0


@pytest.mark.parametrize(
    ("length", "kept"), [(240, True), (255, True), (256, False), (300, False), (5000, False)]
)
def test_a_named_file_is_published_under_any_name_that_a_disk_takes(
    site: MakeSite, length: int, kept: bool
) -> None:
    name = "x" * (length - 5) + ".webp"
    here = site(f'![A fox]({name} "gemini: A fox")\n')
    built = here.build()
    assert built.error is None
    assert len(built.requests) == kept
    if kept:
        assert name in [path.name for path in (here.root / "site").iterdir()]
        assert run(here, "draw", "--yes").code == 0
        assert (here.root / "docs" / name).is_file()
    else:
        assert "index.md:1: a name in '" in built.text


def damaged_in_its_pixels(here: Site) -> None:
    """Replace a picture by one that only a decoder finds damaged, with its sidecar."""
    (file,) = here.stock.glob("*.jpg")
    (sidecar,) = here.stock.glob("*.json")
    data = bytearray(png(64, 36))
    at = data.index(b"IDAT") + 4
    length = int.from_bytes(data[at - 8 : at - 4])
    data[at + 9 : at + length] = b"\xff" * (length - 9)
    data[at + length : at + length + 4] = zlib.crc32(data[at - 4 : at + length]).to_bytes(4)
    value = json.loads(sidecar.read_text())
    value |= {"sha256": sha256(data).hexdigest(), "kind": "png", "width": 64, "height": 36}
    sidecar.write_text(json.dumps(value))
    file.with_suffix(".png").write_bytes(data)
    file.unlink()


def test_a_check_finds_what_a_build_could_not_publish(site: MakeSite) -> None:
    here = site(fence("A fox"))
    here.build()
    damaged_in_its_pixels(here)
    built = here.build(quality=50)
    assert "index.md:2: " in built.warnings[0]
    assert "cannot be decoded" in built.warnings[0]
    checked = run(here, "check")
    assert checked.code == 1
    assert "index.md:2: " in checked.stderr
    assert "cannot be decoded" in checked.stderr
