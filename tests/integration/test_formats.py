"""What is published of a picture: formats, the original, a backdrop, and what comes first."""

import base64
import io
import json
from hashlib import sha256
from typing import Any
from zlib import crc32

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.unit.pictures import image, opened, png, saved

BOTH = {"formats": ["avif", "webp"], "widths": [240, 480]}
DARK_THEME = {"theme": {"name": "mkdocs", "color_mode": "auto"}}


def pictured(page: str) -> list[tuple[str, dict[str, str]]]:
    return [each for each in tags(page) if each[0] in ("picture", "source", "img")]


def test_a_browser_is_offered_the_formats_in_their_order(site: MakeSite) -> None:
    built = site(fence("A fox", caption="A *fox*", width="50%"), **BOTH).build()
    (_, _), (_, source), (_, image) = pictured(built.page)
    assert source["type"] == "image/avif"
    assert source["srcset"].count(".avif ") == 3
    assert source["sizes"] == image["sizes"]
    assert image["srcset"].count(".webp ") == 3
    assert (source["width"], source["height"]) == (image["width"], image["height"])
    assert "<figure" in built.page
    assert sorted(name.split(".")[1] for name in built.files) == ["avif"] * 3 + ["webp"] * 3


def test_amid_text_a_picture_of_two_formats_is_inline(site: MakeSite) -> None:
    built = site('Here ![A fox](gemini: "A fox"){ .left width=50px } it is.\n', **BOTH).build()
    assert '<span class="gemini-image left" style="width: 50px"><picture><source' in built.page
    assert "<figure" not in built.page


@pytest.mark.parametrize("options", [{}, BOTH, {"publish": "original"}], ids=["webp", "two", "own"])
def test_a_page_is_the_same_whether_its_picture_was_drawn_now_or_before(
    site: MakeSite, options: dict[str, object]
) -> None:
    here = site(FOX + fence("An owl", dark="By night"), config=DARK_THEME, **options)
    cold, warm = here.build(), here.build()
    assert len(cold.requests) == 3
    assert warm.requests == ()
    assert cold.page.partition("Build Date")[0] == warm.page.partition("Build Date")[0]
    assert cold.files == warm.files
    assert cold.loud == ()


def test_in_the_dark_each_format_has_its_twin(site: MakeSite) -> None:
    built = site(fence("An owl", dark="By night"), config=DARK_THEME, **BOTH).build()
    sources = [each for tag, each in pictured(built.page) if tag == "source"]
    night = "(prefers-color-scheme: dark)"
    assert [(each.get("media", ""), each.get("type", "")) for each in sources] == [
        (night, "image/avif"), (night, ""), ("", "image/avif"),
    ]  # fmt: skip
    names = {each["srcset"].split("-", 1)[0] for each in sources[:2]}
    assert len(names) == 1
    assert "background" not in built.page, "the light picture's would stand behind the dark one"


def test_a_picture_that_did_not_come_is_offered_in_no_format(site: MakeSite) -> None:
    text = fence("A heron [emulate: image-safety]") + fence("An owl [emulate: image-safety]")
    built = site(FOX + text, **BOTH).build()
    kinds = [image["src"].rsplit(".", 1)[1] for image in built.images()]
    assert kinds == ["webp", "svg", "svg"]
    assert built.page.count("<source") == 1


def test_a_live_preview_makes_one_format_to_be_quick(site: MakeSite) -> None:
    here = site(FOX, **BOTH)
    here.build()
    built = here.build(serving=True)
    assert "<source" not in built.page
    assert not [name for name in built.files if name.endswith(".avif")]


def test_a_named_file_is_offered_in_a_better_format_as_well(site: MakeSite) -> None:
    built = site('![A fox](images/fox.jpg "gemini: A fox")\n', **BOTH).build()
    (_, _), (_, source), (_, image) = pictured(built.page)
    assert image["src"] == "images/fox.jpg"
    assert image["srcset"].endswith("images/fox.jpg 688w")
    assert source["srcset"].count(".avif ") == 3


def test_another_quality_is_encoded_from_stock_without_a_request(site: MakeSite) -> None:
    here = site(FOX, **BOTH)
    here.build()
    built = here.build(quality=30)
    assert built.requests == ()
    small, large = (sum(map(len, each.files.values())) for each in (built, here.build(quality=90)))
    assert small < large


# The original


def test_the_original_is_published_untouched_and_alone(site: MakeSite) -> None:
    here = site(FOX, publish="original", **BOTH)
    built = here.build()
    (image,) = built.images()
    assert "srcset" not in image
    ((name, data),) = built.files.items()
    assert image["src"].endswith(name)
    assert data in [path.read_bytes() for path in here.stock.iterdir()]


def test_a_named_file_of_the_originals_kind_is_the_original(site: MakeSite) -> None:
    text = '![A fox](fox.jpg "gemini: A fox")\n![A fox](fox.png "gemini: A fox")\n'
    here = site(text, publish="original")
    here.build()
    ours = [(here.root / "site" / name).read_bytes() for name in ("fox.jpg", "fox.png")]
    own = [path.read_bytes() for path in here.stock.iterdir() if path.suffix != ".json"]
    assert sum(data in own for data in ours) == 1
    assert [Image.open(io.BytesIO(data)).format for data in ours] == ["JPEG", "PNG"]


SCRIPT = "<script>alert(document.domain)</script>"


def forge(here: Site, data: bytes, kind: str) -> None:
    """Put other bytes into the stock, with a sidecar that describes them truly."""
    (sidecar,) = here.stock.glob("*.json")
    for path in here.stock.iterdir():
        if path.suffix in (".png", ".jpg", ".webp"):
            path.unlink()
    told = json.loads(sidecar.read_text())
    suffix = {"jpeg": "jpg"}.get(kind, kind)
    (here.stock / f"{told['key']}.{suffix}").write_bytes(data)
    told |= {"sha256": sha256(data).hexdigest(), "kind": kind, "width": 64, "height": 48}
    sidecar.write_text(json.dumps(told))


@pytest.mark.parametrize("words", [f"<!DOCTYPE html>{SCRIPT}", "<svg onload='alert(1)'>", SCRIPT])
@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_an_original_with_markup_in_it_is_not_published_as_it_is(
    site: MakeSite, kind: str, words: str
) -> None:
    here = site(FOX, publish="original")
    here.build()
    note = PngInfo()
    note.add_text("Comment", words)
    hidden: dict[str, dict[str, Any]] = {
        "png": {"pnginfo": note}, "jpeg": {"comment": words}, "webp": {"xmp": words.encode()},
    }  # fmt: skip
    forged = saved(image(64, 48), kind.upper(), **hidden[kind])
    assert words.encode() in forged
    forge(here, forged, kind)
    for built in (here.build(), here.build()):
        ((name, data),) = built.files.items()
        assert (opened(data).format, opened(data).size) == (kind.upper(), (64, 48))
        assert words.encode() not in data
        assert name.endswith({"jpeg": "jpg"}.get(kind, kind))
        assert built.warnings == []


def test_an_original_whose_pixels_cannot_be_decoded_is_not_published(site: MakeSite) -> None:
    here = site(FOX, publish="original")
    here.build()
    whole = png(64, 48)
    at = whole.index(b"IDAT") + 4
    length = int.from_bytes(whole[at - 8 : at - 4], "big")
    chunk = b"IDAT" + bytes(length)
    forge(
        here,
        whole[: at - 4] + chunk + crc32(chunk).to_bytes(4, "big") + whole[at + length + 4 :],
        "png",
    )
    built = here.build()
    assert not [name for name in built.files if name.endswith(".png")]
    (warning,) = built.warnings
    assert "its pixels cannot be decoded" in warning


# What is seen first


def test_a_blurred_backdrop_stands_where_a_picture_is_to_come(site: MakeSite) -> None:
    here = site(FOX)
    for built in (here.build(), here.build()):
        (image,) = built.images()
        style = image["style"]
        assert style.startswith("background: url(data:image/webp;base64,")
        assert style.endswith(" content-box"), "a theme's frame around images stays clean"
        data = base64.b64decode(style.partition("base64,")[2].partition(")")[0])
        with Image.open(io.BytesIO(data)) as tiny:
            assert max(tiny.size) == 20
    (sidecar,) = here.sidecars
    assert sidecar["backdrop"] in image["style"]


def test_a_backdrop_that_is_no_base64_does_not_come_into_a_page(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    (sidecar,) = here.stock.glob("*.json")
    text = sidecar.read_text().replace('"backdrop": "', '"backdrop": ");}')
    sidecar.write_text(text)
    (image,) = here.build().images()
    assert "style" not in image


def test_a_picture_with_priority_is_fetched_first(site: MakeSite) -> None:
    text = fence("A fox", priority="true") + '\n![An owl](gemini: "An owl"){ priority=true }\n'
    text += fence("A bear", priority="false")
    first, second, third = site(text).build().images()
    assert (first["loading"], first["fetchpriority"]) == ("eager", "high")
    assert (second["loading"], second["fetchpriority"]) == ("eager", "high")
    assert (third["loading"], third.get("fetchpriority")) == ("lazy", None)


def test_a_site_may_let_the_first_picture_of_each_page_hurry(site: MakeSite) -> None:
    text = f'Amid ![An owl](gemini: "An owl") words.\n{fence("A fox")}'
    built = site({"index.md": text, "b.md": text}, priority=True).build()
    for page in ("index.html", "b/index.html"):
        assert [image["loading"] for image in built.images(page)] == ["eager", "lazy"]
        assert [image.get("fetchpriority") for image in built.images(page)] == ["high", None]


def test_priority_is_true_or_false(site: MakeSite) -> None:
    built = site(fence("A fox", priority="maybe")).build()
    assert "priority must be true or false (you wrote 'maybe')" in built.warnings[0]
    assert built.requests == ()


def test_a_preset_says_how_its_pictures_stand(site: MakeSite) -> None:
    margin = {"class": "margin", "align": "right", "width": "30%", "loading": "eager"}
    text = fence("A fox", preset="margin") + fence("An owl", preset="margin", width="50%")
    first, second = site(text, presets={"margin": margin}).build().images()
    assert set(first["class"].split()) == {"gemini-image", "gemini-image--right", "margin"}
    assert first["loading"] == "eager"
    assert first["style"].startswith("width: 30%; background")
    assert second["style"].startswith("width: 50%")
