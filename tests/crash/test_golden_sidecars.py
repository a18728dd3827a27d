"""A stock of version 1, as a site committed it: every later version reads it.

When one of these tests fails, the change is wrong: a site's paid pictures would not be found.
The files in `golden/v1` are never written anew; another version gets a folder of its own.
"""

import json
import shutil
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import STORED_NAMES
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, Site, fence

GOLDEN = Path(__file__).parent / "golden" / "v1"
HARBOUR = "A lighthouse above a quiet harbour at dusk: watercolour"
LIGHTHOUSE = fence(HARBOUR, id="lighthouse", grounding="web")
STORM = fence(HARBOUR, id="storm", grounding="web", edits="[Now in a storm]")
FOX = fence(
    "Ein Fuchs – “狐” 🦊 on a bench",
    model="gemini-3.1-flash-image", aspect_ratio="4:3", size="512", take=2,
)  # fmt: skip
KEYS = {
    "lighthouse": "f2acfb1bc4d53fe957503716861e92a8be521600b918950ba944e2e21eeae26b",
    "storm": "57f6fa744bf38b488fed4f177a1a7c06d6c3d48e5906beeb642a8cca1cfd9832",
    "fox": "d0909d9d9ea865536944bc246aa1bc5904f847f276773289672797a81ed97295",
}


@pytest.fixture
def owner(site: MakeSite) -> Site:
    """A site that was illustrated with version 1, and has been upgraded."""
    here = site(LIGHTHOUSE + STORM + FOX, frozen=True)
    for name in ("model", "size", "widths"):
        del here.options[name]
    shutil.copytree(GOLDEN, here.stock)
    return here


def test_every_picture_is_found_by_its_key_and_published(owner: Site) -> None:
    before = {path.name: path.read_bytes() for path in owner.stock.iterdir()}
    built = owner.build()
    assert built.loud == ()
    assert "3 pictures, 3 from stock" in built.closing
    assert len(built.pictures) == 3
    assert [image["width"] for image in built.images()] == ["64", "64", "64"]
    assert 'href="https://example.org/lighthouses"' in built.page
    assert "Lighthouses of the north" in built.page
    assert {path.name: path.read_bytes() for path in owner.stock.iterdir()} == before


def test_a_picture_is_found_by_its_wish_when_a_default_has_changed(owner: Site) -> None:
    built = owner.build(model="gemini-3-pro-image", aspect_ratio="1:1")
    assert built.warnings == []
    assert "1 from stock, 2 drifted" in built.closing
    assert "model gemini-nano-banana-2.1 -> gemini-3-pro-image" in built.text


def test_a_picture_is_found_by_its_id_when_its_words_have_changed(owner: Site) -> None:
    owner.pages["index.md"] = LIGHTHOUSE.replace("dusk", "dawn")
    built = owner.build(on_missing="info")
    assert "an earlier picture of this id is shown in place of" in built.text
    assert len(built.pictures) == 1


@pytest.mark.parametrize("name", KEYS)
def test_everything_a_sidecar_says_is_read(name: str) -> None:
    stock = FolderStore(GOLDEN)
    record = stock.find(KEYS[name])
    assert record is not None
    written = json.loads((GOLDEN / f"{KEYS[name]}.json").read_text(encoding="utf-8"))
    attributes = {stored: name for name, stored in STORED_NAMES.items()}
    read = {
        field: getattr(record, attributes.get(field, field)) for field in written if field != "v"
    }
    assert json.loads(json.dumps(read)) == {k: v for k, v in written.items() if k != "v"}
    data = stock.read(record)
    turn = conversation.restored(record, data)
    assert (turn is None) == (name == "fox")


def test_an_old_picture_can_be_edited_in_the_same_conversation(owner: Site) -> None:
    for file in owner.stock.glob(f"{KEYS['storm']}.*"):
        file.unlink()
    built = owner.build(frozen=False)
    (request,) = built.requests
    user, model, edit = request.body["contents"]
    assert user["parts"][-1]["text"] == HARBOUR
    assert model["parts"][1]["thoughtSignature"] == "c2lnbmF0dXJlIG9uZQ=="
    assert edit["parts"][-1]["text"] == "Now in a storm"


def test_a_sidecar_of_a_later_version_is_refused_politely(owner: Site) -> None:
    file = owner.stock / f"{KEYS['fox']}.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"v": 1', '"v": 2', 1), "utf-8")
    built = owner.build(frozen=False)
    (warning,) = built.warnings
    assert built.requests == (), "what cannot be read is not bought again"
    assert file.name in warning
    assert "upgrade" in warning
    assert len(built.pictures) == 2
    assert CANARY not in built.text
