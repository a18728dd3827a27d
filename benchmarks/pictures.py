"""Pictures to measure with: the emulator's drawings, and pictures with the texture of photographs.

The same number gives the same picture. Smooth drawings alone would flatter an encoder, noise alone
would break it: a textured picture has light, edges, and grain at every scale. Written to files as
PNG, since that is what is in stock.
"""

import random
from pathlib import Path

import numpy as np
from PIL import Image

SUBJECTS = (
    "A lighthouse at dusk, watercolour", "A city in the rain at night", "A forest in autumn",
    "Mountains above a lake at dawn, ink drawing", "A table with bread and fruit",
)  # fmt: skip


def drawing(path: Path, n: int, size: tuple[int, int]) -> Path:
    """Have the emulator draw picture number n, if it is not there yet."""
    if not path.exists():
        from mkdocs_gemini_images.emulator.drawing.renderer import draw_image

        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw_image([f"{SUBJECTS[n % len(SUBJECTS)]}, number {n}"], *size))
    return path


def textured(path: Path, n: int, size: tuple[int, int]) -> Path:
    """Make picture number n out of light, edges and grain, if it is not there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _textured(n, size).save(path, compress_level=1)
    return path


def plain(path: Path, n: int, size: tuple[int, int]) -> Path:
    """Make a picture that is soon encoded, for where only its being there counts."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        dice = random.Random(n)  # noqa: S311 (nothing is secret)
        colours = [tuple(dice.randrange(256) for _ in range(3)) for _ in range(16)]
        small = Image.new("RGB", (4, 4))
        small.putdata(colours)
        small.resize(size, Image.Resampling.BICUBIC).save(path)
    return path


def heavy(path: Path, n: int, size: tuple[int, int], weight: int) -> Path:
    """Make a picture whose file weighs about so many bytes: its upper rows are noise."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        dice = np.random.default_rng(n)
        width, height = size
        pixels = np.full((height, width, 3), n, np.uint8)
        rows = min(height, weight // (width * 3))
        pixels[:rows] = dice.integers(0, 256, (rows, width, 3), np.uint8)
        Image.fromarray(pixels).save(path, compress_level=1)
    return path


def _textured(n: int, size: tuple[int, int]) -> Image.Image:
    dice = np.random.default_rng(n)
    width, height = size
    light = _octaves(dice, size, range(2, 6), 0.55)
    ground = _octaves(dice, size, range(3, 10), 0.62)
    # Where the ground is high stands something: an edge, with a surface of its own.
    edge = 1 / (1 + np.exp(-(ground - np.median(ground)) * 60))
    y, x = np.mgrid[0:height, 0:width]
    weave = np.sin(x / (3 + n % 5)) * np.sin(y / (4 + n % 3)) * 0.05
    near, far = dice.uniform(0.1, 0.9, 3), dice.uniform(0.1, 0.9, 3)
    value = light[..., None] * 0.35 + (edge[..., None] * near + (1 - edge[..., None]) * far) * 0.65
    value += (edge * weave + (ground - 0.5) * 0.25)[..., None]
    value += dice.normal(0, 0.012, value.shape)
    return Image.fromarray((np.clip(value, 0, 1) * 255).astype(np.uint8))


def _octaves(
    dice: np.random.Generator, size: tuple[int, int], octaves: range, fade: float
) -> np.ndarray:
    width, height = size
    total = np.zeros((height, width))
    strength = 1.0
    for octave in octaves:
        cells = (2**octave, max(2, 2**octave * height // width))
        small = Image.fromarray(dice.random((cells[1], cells[0])).astype(np.float32))
        total += np.asarray(small.resize(size, Image.Resampling.BICUBIC)) * strength
        strength *= fade
    low, high = total.min(), total.max()
    return (total - low) / (high - low)
