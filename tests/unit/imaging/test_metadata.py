"""Every published file says that a machine drew it, in words that other tools read back."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.encoder import encode
from mkdocs_gemini_images.imaging.publisher import Publisher, PublishJob
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, UriPart
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import opened, png, record, step

EXIFTOOL = shutil.which("exiftool")
FORMATS = ("webp", "avif", "jpeg", "png")
TRAINED = f"{metadata.SOURCE_TYPES}trainedAlgorithmicMedia"
COMPOSITE = f"{metadata.SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"
ALGORITHMIC = f"{metadata.SOURCE_TYPES}algorithmicMedia"
PLAIN = {
    "DigitalSourceType": TRAINED,
    "AISystemUsed": "gemini-nano-banana-2.1",
    "Credit": "Made with Google AI",
    "CreatorTool": "mkdocs-gemini-images",
}
DATA = png(64, 48)
RECIPE = EncodingOptions(widths=(), quality=80)

needs_exiftool = pytest.mark.skipif(
    EXIFTOOL is None and not os.environ.get("CI"), reason="exiftool is not installed"
)


def drawn(made: ImageRequest | None = None, **more: Any) -> Record:
    return record(made or step(), DATA, **more)


def fields(packet: bytes) -> dict[str, str]:
    """Read a packet as any XML reader would."""
    (description,) = ElementTree.fromstring(packet).iter(
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
    )
    read = {name.rpartition("}")[2]: value for name, value in description.attrib.items()}
    assert read.pop("about") == ""
    return read


def read_back(files: Sequence[Path]) -> list[dict[str, str]]:
    """Ask exiftool, which takes a while to start, what each file says of itself."""
    assert EXIFTOOL is not None, "CI needs exiftool: apt-get install libimage-exiftool-perl"
    said = subprocess.run(
        [EXIFTOOL, "-json", "-n", "-XMP:all", "-warning", "-error", *map(str, files)],
        check=False, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = json.loads(said)
    assert [Path(each.pop("SourceFile")) for each in found] == [*files]
    return [{name: str(value) for name, value in each.items()} for each in found]


def encoded(format: str, xmp: bytes = b"") -> bytes:
    files = encode(DATA, [Variant(64, 64, 48, format)], RECIPE, xmp)
    assert isinstance(files, list), files
    return files[0]


def test_a_drawn_picture_says_how_it_was_made_and_by_what() -> None:
    assert fields(metadata.packet(drawn())) == PLAIN


def test_the_packet_is_held_fast() -> None:
    assert metadata.packet(drawn()).decode() == (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about=""\n'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"\n'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"\n'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        f' Iptc4xmpExt:DigitalSourceType="{TRAINED}"\n'
        ' Iptc4xmpExt:AISystemUsed="gemini-nano-banana-2.1"\n'
        ' photoshop:Credit="Made with Google AI"\n'
        ' xmp:CreatorTool="mkdocs-gemini-images"/>\n'
        "</rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    )


@pytest.mark.parametrize(
    "part", [FilePart("logo.png", "ab" * 32), UriPart("https://example.org/logo.png")]
)
def test_a_picture_made_from_references_is_a_composite(part: FilePart | UriPart) -> None:
    first = step(parts=(part,))
    assert fields(metadata.packet(drawn(first))) == PLAIN | {"DigitalSourceType": COMPOSITE}
    edited = drawn(step("And now at night", after=first))
    assert fields(metadata.packet(edited))["DigitalSourceType"] == TRAINED, "nothing says it"
    assert fields(metadata.packet(edited, drawn(first)))["DigitalSourceType"] == COMPOSITE


def test_an_emulated_picture_is_not_googles() -> None:
    assert fields(metadata.packet(drawn(step(emulated=True)))) == {
        "DigitalSourceType": ALGORITHMIC,
        "Credit": "Emulated by mkdocs-gemini-images",
        "CreatorTool": "mkdocs-gemini-images",
    }


def test_of_an_adopted_picture_nothing_is_claimed() -> None:
    said = fields(metadata.packet(drawn(origin="adopted")))
    assert said == {"CreatorTool": "mkdocs-gemini-images"}


@pytest.mark.parametrize(("version", "model"), [("gemini-2.5-flash-image", True), ("", False)])
def test_an_accepted_picture_names_the_model_that_drew_it(version: str, model: bool) -> None:
    said = fields(metadata.packet(drawn(origin="accepted abc", model_version=version)))
    expected = PLAIN | {"AISystemUsed": version}
    assert said == {name: text for name, text in expected.items() if text or model}


def test_no_word_of_an_author_and_no_key_is_in_it() -> None:
    one = drawn(step("A secret project"), id="secret-id", text="Here you are", sent=("cd" * 32,))
    packet = metadata.packet(one).decode()
    for hidden in ("secret", "Here you are", one.key, one.key[:12], one.sha256[:12], "2026"):
        assert hidden not in packet
    other = one._replace(
        id="x", author_digest="y", price=1.0, time="2027-01-01T00:00:00Z", tokens={"a": 1}
    )
    assert metadata.packet(other).decode() == packet


@given(st.text(max_size=40))
def test_any_name_of_a_model_stays_inside_its_place(model: str) -> None:
    packet = metadata.packet(drawn()._replace(request={"model": model}))
    shown = "".join(filter(str.isprintable, model))
    assert fields(packet).get("AISystemUsed", "") == shown


MADE = {
    "drawn": drawn(),
    "emulated": drawn(step(emulated=True)),
    "composite": drawn(step(parts=(UriPart("gs://a/b"),))),
}


@pytest.fixture(scope="module")
def said_of_all(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What exiftool reads in a file of each format, of each that is made."""
    folder, files = tmp_path_factory.mktemp("files"), []
    for of, format in product(MADE, FORMATS):
        files.append(folder / f"{of}.{format}")
        files[-1].write_bytes(encoded(format, metadata.packet(MADE[of])))
    return {file.name: said for file, said in zip(files, read_back(files), strict=True)}


@needs_exiftool
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("of", MADE)
def test_exiftool_reads_it_back_from_every_format(
    of: str, format: str, said_of_all: dict[str, dict[str, str]]
) -> None:
    said = said_of_all[f"{of}.{format}"]
    said.pop("XMPToolkit", None)
    assert said == fields(metadata.packet(MADE[of]))


@pytest.mark.parametrize("format", FORMATS)
def test_it_costs_less_than_a_kilobyte_and_no_pixel(format: str) -> None:
    bare, told = encoded(format), encoded(format, metadata.packet(drawn()))
    assert 0 < len(told) - len(bare) < 1000
    assert opened(told).tobytes() == opened(bare).tobytes()
    assert encoded(format, metadata.packet(drawn())) == told
    if format != "avif":
        identify(told)


def test_without_it_nothing_is_written() -> None:
    for format in FORMATS:
        assert b"xmpmeta" not in encoded(format)


def in_stock(folder: Path, *steps: ImageRequest) -> tuple[FolderStore, list[Record]]:
    stock = FolderStore(folder)
    records = [drawn(each) for each in steps]
    for each in records:
        stock.put(each, DATA)
    return stock, records


@needs_exiftool
def test_what_is_published_carries_it_and_the_original_stays_untouched(tmp_path: Path) -> None:
    first = step(parts=(FilePart("logo.png", "ab" * 32),))
    stock, (_, edited) = in_stock(tmp_path / "stock", first, step("At night", after=first))
    cache = VariantCache(tmp_path / "cache", pytest.fail)
    press = Publisher(tmp_path / "site", RECIPE, stock, cache, HardlinkCache(tmp_path / "ready"))
    files = tuple((f"fox.{format}", Variant(64, 64, 48, format)) for format in FORMATS)
    press.start(PublishJob("fox", edited, files))
    assert press.finish() == {}
    said = read_back([tmp_path / "site" / uri for uri, _ in files])
    assert [each["DigitalSourceType"] for each in said] == [COMPOSITE] * len(FORMATS)
    assert (
        press.made(PublishJob("fox", edited, files), "fox.png")
        == (tmp_path / "site" / "fox.png").read_bytes()
    )
    cache.close()
    assert stock.path(edited).read_bytes() == DATA
