"""Find the point of a picture that a cut is to keep in view, with Pillow alone.

In go an image's bytes; out comes a point in per cent. What stands out is where edges are dense, in
any colour, and where colours differ from those around them and from the picture's own; a point far
from the middle must stand out more. The same bytes always give the same point.
"""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter, ImageStat

from mkdocs_gemini_images.directives.crops import Point
from mkdocs_gemini_images.imaging.encoder import decoded_image
from mkdocs_gemini_images.models.dimensions import Pixels

_SIDE = 96
"""Pixels of the longer side of what is looked at: subjects are larger than a hundredth of it."""
_EDGE, _AROUND, _SPREAD = 2, 4, 10
"""Radius of the blur that edges differ from; the longer side divided by that of colours around;
radius within which what stands out is added up."""
_COLOUR = 0.2
"""The weight of colours beside edges, which tell more of a subject."""
_MIDDLE = 2.0
"""How much a point loses that is far from the middle."""
_TOP = 0.9
"""The part of all points that stands out less than what the found point is the middle of."""


def focal_point(data: bytes, photo: Pixels | None = None) -> Point:
    """Return the point of an image that stands out. `photo` is as in `encoder.encode`.

    Raises `ImageError`.
    """
    with decoded_image(data, photo) as image:
        scale = _SIDE / max(image.size)
        width, height = (max(1, round(side * scale)) for side in image.size)
        small = image.convert("RGB").resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)
    weights = _near_the_middle(_spread(_standing_out(small), small.size), small.size)
    least = sorted(weights)[int(len(weights) * _TOP)]
    # A picture of one colour has no point that stands out: all weigh the same.
    best = [(at, weight - least + 1e-6) for at, weight in enumerate(weights) if weight >= least]
    total = sum(weight for _, weight in best)
    across = sum(weight * (at % width + 0.5) for at, weight in best) / total / width
    down = sum(weight * (at // width + 0.5) for at, weight in best) / total / height
    return round(100 * across), round(100 * down)


def _standing_out(image: Image.Image) -> list[float]:
    """Return how much each pixel stands out, row by row."""
    around = image.filter(ImageFilter.GaussianBlur(max(image.size) / _AROUND))
    own = Image.new("RGB", image.size, tuple(round(each) for each in ImageStat.Stat(image).mean))
    fine = image.filter(ImageFilter.GaussianBlur(1))
    edges = _differences(image, image.filter(ImageFilter.GaussianBlur(_EDGE)))
    nearby, whole = _differences(fine, around), _differences(fine, own)
    colours = [near + far / 2 for near, far in zip(nearby, whole, strict=True)]
    most_edge, most_colour = max(edges) or 1, max(colours) or 1
    return [
        edge / most_edge + _COLOUR * colour / most_colour
        for edge, colour in zip(edges, colours, strict=True)
    ]


def _differences(one: Image.Image, other: Image.Image) -> list[int]:
    """Return how much two images differ at each pixel, in the channel that differs most."""
    channels = (each.tobytes() for each in ImageChops.difference(one, other).split())
    return [max(pixel) for pixel in zip(*channels, strict=True)]


def _spread(weights: Sequence[float], size: Pixels) -> bytes:
    """Return the weights summed up over what is near, from 0 to 255."""
    most = max(weights) or 1
    map_ = Image.frombytes("L", size, bytes(round(255 * weight / most) for weight in weights))
    return map_.filter(ImageFilter.GaussianBlur(_SPREAD)).tobytes()


def _near_the_middle(weights: bytes, size: Pixels) -> list[float]:
    width, height = size
    return [
        weight
        * (
            1
            - _MIDDLE
            * (((at % width + 0.5) / width - 0.5) ** 2 + ((at // width + 0.5) / height - 0.5) ** 2)
        )
        for at, weight in enumerate(weights)
    ]
