"""The commands adopt and accept: which pictures they put into stock, and what they refuse."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from tests.cli.command import PICTURE, drawn, picture_file, plan, refusal, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, Site, fence
from tests.unit.pictures import jpeg, opened, png, webp


@pytest.mark.parametrize("data", [png(64, 36), jpeg(64, 36), webp(64, 36), png(9, 9, "RGBA")])
def test_an_adopted_picture_is_shown_and_not_drawn(here: Site, data: bytes) -> None:
    done = run(here, "adopt", "fox", picture_file(here, data))
    assert (done.code, done.requests) == (0, ())
    (sidecar,) = here.sidecars
    assert (sidecar["origin"], sidecar["price"], sidecar["id"]) == ("adopted", 0.0, "fox")
    picture = next(path for path in here.stock.glob("*") if path.suffix != ".json")
    assert picture.read_bytes() == data
    assert done.stdout.endswith(f" as {picture.name}\n")
    built = here.build(frozen=True)
    assert [text for text in built.warnings if "A fox" in text] == []
    assert built.images()[0]["width"] == str(sidecar["width"])
    assert run(here, "draw", "--yes", "fox").requests == ()


def test_a_photo_is_shown_upright_at_every_width_under_names_that_say_it(here: Site) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    photo = picture_file(here, jpeg(600, 1000, exif=exif))
    assert run(here, "adopt", "fox", photo).code == 0
    built = here.build(frozen=True, widths=[480, 960, 1440])
    (image,) = built.images()
    assert (image["width"], image["height"]) == ("1000", "600")
    files = {name: opened(data).size for name, data in built.pictures.items() if "fox" in name}
    assert {size: name.rpartition("-")[2] for name, size in files.items()} == {
        (480, 288): "480.webp", (960, 576): "960.webp", (1000, 600): "1000.webp",
    }  # fmt: skip
    whole = here.build(frozen=True, publish="original")
    (image,) = whole.images()
    assert (image["width"], image["height"]) == ("1000", "600")
    assert [data for name, data in whole.files.items() if name.endswith("-1000.jpg")] == [
        Path(photo).read_bytes()
    ]


def test_an_adopted_picture_that_is_accepted_stays_an_adopted_one(here: Site) -> None:
    assert run(here, "adopt", "fox", picture_file(here, jpeg(1000, 600))).code == 0
    here.options["aspect_ratio"] = "1:1"
    here.write()
    assert run(here, "accept", "fox").code == 0
    assert [sidecar["origin"] for sidecar in here.sidecars] == ["adopted", "adopted"]


def test_a_kept_answer_gives_its_picture(here: Site, tmp_path: Path) -> None:
    answer = tmp_path / f"{'a' * 64}.1.answer"
    data = base64.b64encode(PICTURE).decode()
    parts = [{"thought": True, "inlineData": {"mimeType": "image/png", "data": data}}]
    answer.write_text(json.dumps({"candidates": [{"content": {"parts": parts}}]}))
    assert run(here, "adopt", "fox", str(answer)).code == 0
    assert here.sidecars[0]["sha256"] == sha256(PICTURE).hexdigest()


def test_an_answer_without_a_picture_says_so(here: Site, tmp_path: Path) -> None:
    answer = tmp_path / "kept.answer"
    answer.write_text('{"candidates": [{"finishReason": "SAFETY"}]}')
    said = refusal(run(here, "adopt", "fox", str(answer)))
    assert (
        "the answer has no picture: the model drew no picture (SAFETY); change the prompt" in said
    )


@pytest.mark.parametrize(
    ("name", "id"), [("index.md", "fox"), ("images/map.webp", "file:images/map.webp"),
                     ("named.md", "file:images/map.webp")],
)  # fmt: skip
def test_a_page_or_a_file_name_finds_its_only_picture(here: Site, name: str, id: str) -> None:
    assert run(here, "adopt", name, picture_file(here)).code == 0
    assert here.sidecars[0]["id"] == id


def test_an_adopted_picture_stands_for_the_last_edit(site: MakeSite) -> None:
    made = site(fence("A fox", edits="[add snow]", id="fox"))
    made.write()
    assert run(made, "adopt", "fox", picture_file(made)).code == 0
    assert made.build().requests == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", PICTURE[:-20], PICTURE[:40], b"<svg xmlns='x'/>", jpeg(64, 36)[:200],
     b"version https://git-lfs.github.com/spec/v1\n"],
)  # fmt: skip
def test_a_damaged_file_is_not_adopted(here: Site, data: bytes) -> None:
    with untouched(here.root):
        done = run(here, "adopt", "fox", picture_file(here, data))
    assert "the file is not a whole PNG, JPEG or WebP" in refusal(done)


def test_adopt_does_not_replace_a_picture_in_stock(here: Site) -> None:
    drawn(here, "fox")
    with untouched(here.stock):
        done = run(here, "adopt", "fox", picture_file(here))
    assert "a key has exactly one picture; write another take: in the directive" in refusal(done)
    here.pages["index.md"] = fence("A fox", id="fox", take=2)
    here.write()
    assert run(here, "adopt", "fox", picture_file(here)).code == 0
    assert len(here.sidecars) == 2


def test_adopt_does_not_replace_a_picture_that_a_user_file_hides(here: Site) -> None:
    drawn(here, "named.md")
    (here.root / "docs/images/map.webp").write_bytes(webp(9, 9))
    with untouched(here.stock):
        assert "in stock already" in refusal(
            run(here, "adopt", "images/map.webp", picture_file(here))
        )


def test_adopt_does_not_replace_a_damaged_sidecar(here: Site) -> None:
    drawn(here, "fox")
    next(here.stock.glob("*.json")).write_text("{")
    with untouched(here.stock):
        assert "git checkout" in refusal(run(here, "adopt", "fox", picture_file(here)))


@pytest.mark.parametrize(
    ("name", "words"),
    [("heorn", "did you mean 'heron'"), ("guide/page.md", "names 2 pictures"),
     ("zebra", "known are fox, guide/page.md, heron, images/map.webp"), ("", "known are fox")],
)  # fmt: skip
def test_adopt_needs_the_name_of_one_picture(here: Site, name: str, words: str) -> None:
    with untouched(here.root):
        assert words in refusal(run(here, "adopt", name, picture_file(here)))


def test_an_unknown_reference_is_reported_as_an_error(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", references="['#gone']"))
    made.write()
    assert "no picture has the id" in refusal(run(made, "adopt", "fox", picture_file(made)))
    assert "no picture has the id" in refusal(run(made, "accept", "fox"))


def test_an_unwritable_stock_is_reported_in_one_line(here: Site) -> None:
    here.stock.write_bytes(b"a file where a folder is wanted")
    assert "Not a directory" in refusal(run(here, "adopt", "fox", picture_file(here)))


def test_a_missing_file_argument_is_a_usage_error(here: Site) -> None:
    assert run(here, "adopt", "fox", str(here.root / "none.png")).code == 2


def test_adopt_reports_that_another_machine_was_first(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    (tmp_path / "shared").mkdir()
    here.options["stock"] = (tmp_path / "shared").as_uri()
    here.write()
    assert run(here, "adopt", "fox", picture_file(here)).code == 0
    here.write(cache_dir=".cache/other")
    assert "in stock already" in refusal(run(here, "adopt", "fox", picture_file(here, jpeg(8, 8))))


def test_an_accepted_picture_keeps_its_bytes_under_todays_key(drifted: Site) -> None:
    before = {each["key"]: each for each in drifted.sidecars}
    done = run(drifted, "accept", "fox")
    assert (done.code, done.requests) == (0, ())
    (new,) = (each for each in drifted.sidecars if each["key"] not in before)
    old = next(each for each in before.values() if each["id"] == "fox")
    assert done.stdout == f"accepted {new['key']}.jpg\n"
    assert (new["origin"], new["price"]) == (f"accepted {old['key']}", 0.0)
    assert (new["sha256"], new["wish"], new["width"]) == (old["sha256"], old["wish"], old["width"])
    assert new["request"]["config"]["aspectRatio"] == "1:1"
    assert old["turn"]
    assert new["turn"] == [], "a conversation is not continued from it"
    pair = [(drifted.stock / f"{each['key']}.jpg").read_bytes() for each in (old, new)]
    assert pair[0] == pair[1]
    states = [row["state"] for row in plan(drifted)["pictures"] if row["what"] == "A fox"]
    assert states == ["in stock", "orphaned"], "the old pair can be pruned"


def test_without_names_all_drifted_pictures_are_accepted(drifted: Site) -> None:
    assert run(drifted, "accept").stdout.count("accepted ") == 4
    assert run(drifted, "accept").stdout == "nothing has drifted\n"
    built = drifted.build()
    assert built.closing == "4 pictures, 4 from stock"


def test_a_name_given_twice_is_accepted_once(drifted: Site) -> None:
    assert run(drifted, "accept", "fox", "fox").stdout.count("accepted ") == 1


def test_a_picture_is_accepted_with_its_dark_twin(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", dark="at night"), config=DARK)
    drawn(made)
    made.options["aspect_ratio"] = "1:1"
    made.write()
    assert run(made, "accept", "fox").stdout.count("accepted ") == 2
    assert "drifted" not in made.build().text


def test_an_edit_of_an_accepted_picture_is_drawn_from_its_bytes(drifted: Site) -> None:
    run(drifted, "accept", "fox")
    drifted.pages["index.md"] = fence("A fox", id="fox", edits="[add snow]")
    drifted.write()
    done = run(drifted, "draw", "--yes", "fox")
    assert (done.code, done.prompts) == (0, ["add snow"])


@pytest.mark.parametrize(
    ("name", "words"),
    [("fox", "the picture has not drifted"),
     ("heorn", "did you mean 'heron'"), ("guide/page.md", "names 2 pictures")],
)  # fmt: skip
def test_accept_refuses_a_picture_that_has_not_drifted(here: Site, name: str, words: str) -> None:
    drawn(here)
    with untouched(here.stock):
        assert words in refusal(run(here, "accept", name))


def test_accept_refuses_damaged_bytes(drifted: Site) -> None:
    old = next(each for each in drifted.sidecars if each["id"] == "fox")
    (drifted.stock / f"{old['key']}.jpg").write_bytes(b"other")
    with untouched(drifted.stock):
        assert "git checkout" in refusal(run(drifted, "accept", "fox"))
