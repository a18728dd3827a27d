"""Small copies of a stock's pictures: small, whole, marked, made once, and quickly from a JPEG."""

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat

from mkdocs_gemini_images.core.image_format import ImageError, Picture, identify
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.encoder import small_copy
from mkdocs_gemini_images.imaging.thumbnails import thumbnails
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import image, jpeg, opened, png, record, step

DATA = png(64, 48)


class NotingCache(VariantCache):
    """A cache that notes what is put into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, pytest.fail)
        self.put_names: list[str] = []

    def put(self, name: str, data: bytes) -> None:
        """Note the name, and put the file."""
        self.put_names.append(name)
        super().put(name, data)


def in_stock(folder: Path) -> tuple[FolderStore, Record]:
    stock, fox = FolderStore(folder), record(step("A fox"), DATA)
    stock.put(fox, DATA)
    return stock, fox


def test_a_thumbnail_is_small_whole_and_marked(tmp_path: Path) -> None:
    stock, fox = in_stock(tmp_path)
    (small,) = thumbnails([fox], stock, max_side=32).files.values()
    assert identify(small) == Picture("webp", 32, 24)
    assert b"trainedAlgorithmicMedia" in small
    (own,) = thumbnails([fox], stock).files.values()
    assert identify(own) == Picture("webp", 64, 48), "nothing is upscaled"


def test_an_image_of_other_bytes_has_a_diagnostic_also_when_its_thumbnail_is_kept(
    tmp_path: Path,
) -> None:
    stock, fox = in_stock(tmp_path / "stock")
    cache = NotingCache(tmp_path / "cache")
    first, again = (thumbnails([fox], stock, cache=cache).files for _ in range(2))
    assert first == again
    assert len(cache.put_names) == 1, "the second one is taken from the cache"
    thumbnails([fox], stock, max_side=32, cache=cache)
    assert len(set(cache.put_names)) == 2, "one of another size is another"
    stock.path(fox).write_bytes(png(64, 47))
    made = thumbnails([fox], stock, cache=cache)
    assert not made.files
    assert "other bytes than were drawn" in str(made.failures[fox.key])


def test_a_small_copy_of_a_jpeg_looks_like_one_of_all_its_pixels() -> None:
    made = opened(small_copy(jpeg(400, 200, quality=95), (60, 30), 95))
    assert made.size == (60, 30)
    whole = image(400, 200).resize((60, 30), Image.Resampling.LANCZOS)
    assert max(ImageStat.Stat(ImageChops.difference(made.convert("RGB"), whole)).mean) < 4


def test_a_small_copy_of_a_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    lying = jpeg(401, 203, exif=exif)
    assert opened(small_copy(lying, (20, 40), 75, photo=(203, 401))).size == (20, 40)
    upright = image(401, 203).transpose(Image.Transpose.ROTATE_270).resize((20, 40))
    made = opened(small_copy(lying, (20, 40), 95, photo=(203, 401))).convert("RGB")
    assert max(ImageStat.Stat(ImageChops.difference(made, upright)).mean) < 6


def test_a_small_copy_of_a_photo_of_few_columns_stands_upright() -> None:
    photo = Image.new("RGB", (66, 1344), "white")
    photo.paste("black", (0, 0, 66, 672))
    data, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    photo.save(data, "JPEG", exif=exif)
    made = opened(small_copy(data.getvalue(), (160, 8), 75, photo=(1344, 66))).convert("L")
    middle = made.tobytes()[4 * 160 : 5 * 160]
    assert middle[20] > 200
    assert middle[140] < 50


def test_a_small_copy_of_a_damaged_jpeg_is_refused() -> None:
    data = jpeg(400, 200)
    with pytest.raises(ImageError):
        small_copy(data[: len(data) // 2], (40, 20), 75)
