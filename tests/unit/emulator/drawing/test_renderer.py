"""Images have the exact size, are repeatable, follow the prompt and change with edits.

Most images are small to save time; what is tested holds at any size.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from mkdocs_gemini_images.emulator.drawing.renderer import draw_image

SCENE = "A lighthouse above a quiet bay in the afternoon"
SCENES = (
    "A quiet harbour at dawn, boats, soft fog",
    "Pipeline of paper boats on a river, minimal",
    "A mountain observatory under the stars",
    "Two owls in a forest in autumn",
    "A city of bookshelves at night in the rain",
    "A balloon over the desert",
    "A rocket in space",
    "A robot painting a picture in the hills, snow",
    "A cup of tea beside an open book, winter morning",
    "The request flow as a diagram",
    "An abstract pattern of leaves",
    "Blueprint of a printing press",
    "A server room as a greenhouse, isometric",
    "A fox reading a newspaper on a park bench, ink drawing",
    "A lighthouse keeper reading a map at dusk: watercolour",
    "x",
)
LARGE = (480, 270)
SHAPES = ((96, 96), (160, 90), (90, 160), (192, 24), (24, 192))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def picture(*texts: str, size: tuple[int, int] = (192, 108), take: int = 1) -> Image.Image:
    return opened(draw_image(texts, *size, take=take))


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


def warmth(image: Image.Image) -> float:
    red, _, blue = ImageStat.Stat(image).mean
    return red - blue


def outlines(image: Image.Image) -> Image.Image:
    """Return the edges of shapes, blurred first so that grain is ignored."""
    soft = ImageOps.autocontrast(image.convert("L").filter(ImageFilter.GaussianBlur(1.2)))
    return soft.filter(ImageFilter.FIND_EDGES).point([0 if i < 20 else 255 for i in range(256)])


def shared(one: Image.Image, other: Image.Image) -> float:
    """Return the share of the outlines of one image that the other one has."""
    mine, theirs = outlines(one), outlines(other).filter(ImageFilter.MaxFilter(5))
    both = ImageChops.multiply(mine, theirs)
    return ImageStat.Stat(both).sum[0] / ImageStat.Stat(mine).sum[0]


@pytest.mark.parametrize(
    "size", [(1, 1), (7, 5), (192, 1536), (1536, 192), (1024, 1024), (1376, 768), (2048, 1360)]
)
def test_an_image_has_exactly_the_requested_size(size: tuple[int, int]) -> None:
    assert opened(draw_image([SCENE], *size)).size == size


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG\r\n"), ("jpeg", b"\xff\xd8\xff")])
def test_an_image_has_the_requested_format(kind: Literal["png", "jpeg"], magic: bytes) -> None:
    assert draw_image([SCENE], 64, 36, kind=kind).startswith(magic)


def test_the_same_words_give_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys, hashlib\n"
        "from mkdocs_gemini_images.emulator.drawing.renderer import draw_image\n"
        "data = draw_image(sys.argv[1:], 160, 90, take=3)\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    texts = [SCENE, "make it night"]
    run = subprocess.run(
        [sys.executable, "-c", code, *texts], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == sha256(draw_image(texts, 160, 90, take=3)).hexdigest()


def test_several_threads_draw_the_same_as_one() -> None:
    alone = [draw_image([scene], 96, 54) for scene in SCENES]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda scene: draw_image([scene], 96, 54), SCENES)) == alone


def test_different_prompts_give_different_images() -> None:
    assert len({draw_image([scene], 96, 54) for scene in SCENES}) == len(SCENES)


def test_prompts_without_a_known_word_give_different_images() -> None:
    prompts = ("x", "y", "lorem ipsum", "")
    assert len({draw_image([prompt], 96, 54) for prompt in prompts}) == len(prompts)


def test_another_take_has_another_composition() -> None:
    first, second = picture(SCENE, size=LARGE), picture(SCENE, size=LARGE, take=2)
    assert shared(first, second) < 0.65
    assert len({draw_image([SCENE], 96, 54, take=take) for take in range(1, 6)}) == 5


@pytest.mark.parametrize("edit", ["make it night", "dark mode: the same scene", "after sunset"])
def test_an_edit_keeps_the_composition(edit: str) -> None:
    first, second = picture(SCENE, size=LARGE), picture(SCENE, edit, size=LARGE)
    assert first.tobytes() != second.tobytes()
    # Another scene gives the share of outlines that match by chance.
    other_scene = picture("A desert with a balloon", size=LARGE)
    assert shared(first, second) > 0.7 > 0.65 > shared(first, other_scene)


@pytest.mark.parametrize("scene", [*SCENES[:2], *SCENES[5:6], *SCENES[8:15], SCENE])
def test_night_is_darker_in_every_kind_of_scene(scene: str) -> None:
    day, night = picture(scene, "at noon"), picture(scene, "make it night")
    assert brightness(night) < brightness(day) - 25


def test_light_mode_after_dark_mode_is_light_again() -> None:
    assert brightness(picture(SCENE, "dark", "light")) > brightness(picture(SCENE, "dark")) + 25


def test_warmer_and_cooler_move_the_colours_apart() -> None:
    assert warmth(picture(SCENE, "warmer")) > warmth(picture(SCENE, "cooler")) + 15


def test_an_edit_without_a_known_word_changes_the_image() -> None:
    assert draw_image([SCENE], 96, 54) != draw_image([SCENE, "more of the usual"], 96, 54)


def test_a_reference_shifts_the_colours() -> None:
    def lent(colour: str) -> Image.Image:
        file = io.BytesIO()
        Image.new("RGB", (40, 40), colour).save(file, "PNG")
        return opened(draw_image([SCENE], 192, 108, references=[file.getvalue()]))

    assert warmth(lent("#c05020")) > warmth(lent("#2050c0")) + 15


@pytest.mark.parametrize("reference", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_an_unreadable_reference_changes_nothing(reference: bytes) -> None:
    assert draw_image([SCENE], 96, 54, references=[reference]) == draw_image([SCENE], 96, 54)


@pytest.mark.parametrize("size", SHAPES)
def test_every_scene_fits_every_shape_of_canvas(size: tuple[int, int]) -> None:
    for scene in SCENES:
        image = picture(scene, size=size)
        assert image.size == size
        # No image has a single colour.
        assert max(ImageStat.Stat(image).stddev) > 4


def test_an_image_has_a_visible_mark() -> None:
    corner = (600, 310, 640, 360)
    sharp = picture(SCENE, size=(640, 360)).crop(corner).convert("L")
    low, high = sharp.getextrema()
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert high - low > 40


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(), max_size=60), max_size=3),
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    take=st.integers(-3, 9999),
    references=st.lists(st.binary(max_size=40), max_size=2),
)
def test_any_text_is_drawn(
    texts: Sequence[str], size: tuple[int, int], take: int, references: Sequence[bytes]
) -> None:
    data = draw_image(texts, *size, take=take, references=references)
    assert opened(data).size == size
