"""Makes the grain and the blots of paper, pigment and print.

A size and a random generator go in, grey textures around 128 come out.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random

from PIL import Image, ImageFilter

from mkdocs_gemini_images.emulator.drawing.painting.geometry import PixelBox
from mkdocs_gemini_images.emulator.drawing.painting.seeded_random import random_from


@lru_cache(maxsize=256)
def tone_curve(slope: float, centre: float = 128.0, lift: float = 128.0) -> list[int]:
    """Return the look-up table of a straight tone curve through (centre, lift)."""
    return [min(255, max(0, round(lift + (i - centre) * slope))) for i in range(256)]


def scale_contrast(texture: Image.Image, box: PixelBox | None, strength: float) -> Image.Image:
    """Return a texture, or a part of it, with its contrast scaled."""
    return (texture.crop(box) if box else texture).point(tone_curve(strength))


class Textures:
    """Grain (fine) and blots (coarse), around middle grey, as large as the canvas."""

    def __init__(self, size: tuple[int, int], rng: Random) -> None:
        width, height = size
        self.grain = Image.frombytes("L", size, rng.randbytes(width * height))
        self._seed = rng.getrandbits(64)

    def blots(self, scale: float, contrast: float) -> Image.Image:
        """Return blots of about `scale` pixels."""
        size, rng = self.grain.size, random_from(self._seed, round(scale))

        # Blurred before it is enlarged, since enlarged noise shows its grid.
        small = (max(2, round(3 * size[0] / scale)), max(2, round(3 * size[1] / scale)))
        noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
        soft = noise.filter(ImageFilter.GaussianBlur(1.2))
        fine = noise.filter(ImageFilter.GaussianBlur(0.5))
        blots = Image.blend(soft, fine, 0.12).point(tone_curve(4.2 * contrast))
        return blots.resize(size, Image.Resampling.BICUBIC)
