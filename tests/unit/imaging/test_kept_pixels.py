"""Pixels kept for the encoder: given once, bounded, and the files are the same with them."""

from functools import partial
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.imaging import encoder
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.encoder import backdrop, encode_pixels
from mkdocs_gemini_images.imaging.kept_pixels import PROVEN, KeptPixels
from mkdocs_gemini_images.imaging.large_images import GivenUp
from mkdocs_gemini_images.imaging.publisher import Publisher, PublishJob
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import image, png, record, step

DATA = png(64, 48)
FILES = tuple(
    (f"fox-{width}.{format}", Variant(width, width, width * 3 // 4, format))
    for format in ("webp", "avif") for width in (32, 64)
)  # fmt: skip


def test_pixels_are_given_once_and_what_has_no_room_is_not_kept() -> None:
    kept, small = KeptPixels(most=3 * 4 * 10 * 10), image(10, 10)
    for name in ("a", "a", "b", "c", "d"):
        kept.keep(name, small)
    assert kept.take("d") is None
    assert kept.take("a") is small
    assert kept.take("a") is None
    kept.keep("e", image(11, 10))
    assert kept.take("e") is None, "one that is larger has no room"
    kept.keep("d", small)
    assert kept.take("d") is small
    kept.clear()
    assert kept.take("b") is None
    kept.keep("f", image(30, 10))
    assert kept.take("f") is not None, "all room is there again"


def test_there_is_room_where_the_next_image_is_kept_or_no_encoder_makes_any() -> None:
    kept, side = KeptPixels(most=2 * 32 * 2**20), 2048
    with kept.being_encoded():
        with kept.being_encoded():
            kept.keep("a", image(side, side))
            assert kept.has_room()
            kept.keep("b", image(side, side))
            kept.keep("c", image(side, side))
            assert not kept.has_room()
        assert not kept.has_room(), "another encoder is at work"
        assert kept.take("b") is not None
        assert kept.has_room()
        with kept.giving_way():
            assert not kept.has_room()
        kept.keep("b", image(side, side))
        kept.keep("c", image(side, side))
        kept.keep("d", image(side, side))
        assert not kept.has_room()
    assert kept.has_room(), "what is kept may wait for no encoder"


def test_no_pixels_are_kept_while_the_last_file_of_a_large_image_is_encoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size, beside = (3300, 2430), list[object]()
    as_bytes = GivenUp.tobytes

    def encoding(large: GivenUp, *options: str) -> bytes:
        PROVEN.keep("another", image(10, 10))
        beside.extend((PROVEN.take("before"), PROVEN.take("another")))
        return as_bytes(large, *options)

    monkeypatch.setattr(GivenUp, "tobytes", encoding)
    monkeypatch.setitem(encoder._EFFORT["avif"], "speed", 10)
    PROVEN.keep("before", image(10, 10))
    encode_pixels(image(*size), [Variant(3300, *size, "avif")], EncodingOptions(), b"")
    assert beside == [None, None]
    PROVEN.keep("after", image(10, 10))
    assert PROVEN.take("after") is not None


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA"])
def test_files_made_of_kept_pixels_have_the_same_bytes(mode: str, tmp_path: Path) -> None:
    data = png(64, 48, mode)
    stock, fox = FolderStore(tmp_path / "stock"), record(step("A fox"), data)
    stock.put(fox, data)
    made = []
    for site in ("decoded", "kept"):
        cache = VariantCache(tmp_path / site / "cache", pytest.fail)
        links = HardlinkCache(tmp_path / site / "ready")
        press = Publisher(tmp_path / site, EncodingOptions(), stock, cache, links)
        if site == "kept":
            backdrop(data, keep=partial(PROVEN.keep, fox.sha256))
            stock.path(fox).unlink()  # it is not read again
        press.start(PublishJob("fox", fox, FILES))
        assert press.finish() == {}
        made.append([(tmp_path / site / uri).read_bytes() for uri, _ in FILES])
        cache.close()
    assert made[0] == made[1]


def test_pixels_that_no_file_was_made_of_are_gone_after_the_build(tmp_path: Path) -> None:
    stock, fox = FolderStore(tmp_path), record(step("A fox"), DATA)
    cache = VariantCache(tmp_path / "cache", pytest.fail)
    press = Publisher(tmp_path, EncodingOptions(), stock, cache, HardlinkCache(tmp_path / "ready"))
    backdrop(DATA, keep=partial(PROVEN.keep, fox.sha256))
    press.finish()
    assert PROVEN.take(fox.sha256) is None


def test_a_publisher_at_work_is_an_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has_room = list[bool]()

    class Watched(FolderStore):
        def read(self, found: Record) -> bytes:
            has_room.append(PROVEN.has_room())
            return super().read(found)

    monkeypatch.setattr(PROVEN, "_most", 0)
    stock, fox = Watched(tmp_path), record(step("A fox"), DATA)
    stock.put(fox, DATA)
    cache = VariantCache(tmp_path / "cache", pytest.fail)
    press = Publisher(tmp_path, EncodingOptions(), stock, cache, HardlinkCache(tmp_path / "ready"))
    press.start(PublishJob("fox", fox, FILES))
    assert press.finish() == {}
    assert has_room == [False]
    assert PROVEN.has_room()


def test_an_adopted_photo_is_read_as_it_is_looked_at(tmp_path: Path) -> None:
    stock = FolderStore(tmp_path / "stock")
    fox = record(step("A fox"), DATA)._replace(origin="adopted")
    stock.put(fox, DATA)
    cache = VariantCache(tmp_path / "cache", pytest.fail)
    press = Publisher(tmp_path, EncodingOptions(), stock, cache, HardlinkCache(tmp_path / "ready"))
    backdrop(DATA, keep=partial(PROVEN.keep, fox.sha256))
    press.made(PublishJob("fox", fox, FILES), "fox-32.webp")
    cache.close()
    assert PROVEN.take(fox.sha256) is not None
