"""Pictures that are drawn and encoded in a tenth of the time, for tests of all that surrounds them.

In goes what the emulator is to draw; out comes a picture of that size and kind, in a few fields of
colour, another one for any other text, take or reference.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from PIL import Image

from mkdocs_gemini_images.emulator import response_writer
from mkdocs_gemini_images.imaging import encoder
from mkdocs_gemini_images.models.dimensions import Pixels

_FIELDS = (4, 2)


def quick_picture(
    texts: tuple[str, ...], size: Pixels, kind: str, take: int, references: tuple[bytes, ...]
) -> bytes:
    """Draw nothing of what a text says, but always the same for the same."""
    digest = sha256(repr((texts, take, references)).encode()).digest()
    fields = Image.frombytes("RGB", _FIELDS, digest[: 3 * _FIELDS[0] * _FIELDS[1]])
    file = io.BytesIO()
    fields.resize(size, Image.Resampling.NEAREST).save(file, kind)
    return file.getvalue()


def _quickly_scaled(image: Image.Image, size: Pixels) -> Image.Image:
    return image.resize(size, Image.Resampling.NEAREST)


@contextmanager
def quick_pictures() -> Iterator[None]:
    """Let the emulator of this process draw so, and scale and encode with the least effort."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(response_writer, "draw_cached", quick_picture)
        patch.setattr(encoder, "_scaled", _quickly_scaled)
        patch.setitem(encoder._EFFORT, "webp", {"method": 0})
        patch.setitem(encoder._EFFORT["avif"], "speed", 10)
        yield
