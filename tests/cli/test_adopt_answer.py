"""Answers that lie aside: doctor lists them, and adopt takes them into stock as they came."""

import tempfile
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.journal import laid_aside, names, temporary_answers
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.requests.request import ImageRequest, canonical, key
from tests.cli.command import CommandResult, drawn, refusal, run, untouched
from tests.integration.client.hostile import reply
from tests.integration.site import QUICK, Site, fence
from tests.unit.pictures import png

PICTURE = png(64, 36)
ANSWER = reply(PICTURE, groundingMetadata={"webSearchQueries": ["foxes"]})
TIME = "2026-11-22T10:00:00Z"


def request(prompt: str = "A fox") -> ImageRequest:
    return ImageRequest(str(QUICK["model"]), prompt, "16:9", "512")


FOX_KEY = key(request())


def begun(site: Site, prompt: str = "A fox") -> JournalEntry:
    made = request(prompt)
    intent = Intent(key(made), canonical(made, {}), "w", "fox", 0.045, TIME)
    return Journal(site.journal, site.root).begin(intent)


def aside(site: Site, folder: Path, data: bytes = ANSWER) -> Path:
    """Put an answer into a temporary folder, as a build does on a full disk; return its file."""
    entry = begun(site)
    place = temporary_answers.make_temporary_folder(folder, entry.name, site.journal, site.stock)
    (place / entry.intent.name).write_bytes(entry.intent.read_bytes())
    (place / entry.answer.name).write_bytes(data)
    temporary_answers.note(site.journal, entry.name, place)
    return place / entry.answer.name


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a temporary folder of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def findings(done: CommandResult, words: str) -> list[str]:
    return [line for line in done.stdout.splitlines() if words in line]


def test_doctor_says_where_a_paid_answer_lies_and_adopt_takes_it(
    here: Site, temporary: Path
) -> None:
    file = aside(here, temporary)
    notes = file.with_name("notes.txt")
    notes.write_text("the author's own")
    with untouched(here.root):
        (found,) = findings(run(here, "doctor"), f"paid answer of fox is in {file}")
    assert found.startswith(f"BAD   the paid answer of fox is in {file}")
    assert f"gemini-images adopt fox {file}" in found
    done = run(here, "adopt", "fox", str(file))
    assert (done.code, done.requests) == (0, ())
    (sidecar,) = here.sidecars
    facts = [sidecar[name] for name in ("id", "price", "origin", "time")]
    assert facts == ["fox", 0.045, "", TIME]
    assert sidecar["turn"], "its conversation can go on"
    assert (here.stock / f"{FOX_KEY}.png").read_bytes() == PICTURE
    assert list(here.journal.rglob("*.*")) == []
    assert list(file.parent.iterdir()) == [notes]
    assert findings(run(here, "doctor"), "answer of fox") == []
    built = here.build(frozen=True)
    assert "may have been billed" not in built.text
    assert "1 from stock" in built.closing


def test_doctor_counts_the_answers_of_other_sites_and_names_their_stocks(
    here: Site, temporary: Path, tmp_path: Path
) -> None:
    stock = tmp_path / "other" / "gemini-images"
    for number in range(2):
        name = f"{number}{FOX_KEY[1:]}.1a"
        place = temporary_answers.make_temporary_folder(
            temporary, name, tmp_path / "other" / "journal", stock
        )
        (place / f"{name}.answer").write_bytes(ANSWER)
    done = run(here, "doctor")
    expected = "note  2 paid answers of other sites in temporary folders: gemini-images doctor "
    assert findings(done, str(temporary)) == []
    assert findings(done, "other sites") == [f"{expected}there says more ({stock})"]


@pytest.mark.parametrize("folder", [*names.EARLIER, *names.EARLIER.values(), ""])
def test_an_answer_in_the_journal_is_listed_and_adopted(here: Site, folder: str) -> None:
    file = here.journal / folder / f"{FOX_KEY}.1a.answer"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(ANSWER)
    assert len(findings(run(here, "doctor"), str(file))) == 1
    assert run(here, "adopt", "fox", str(file)).code == 0
    assert not file.exists()
    assert here.sidecars[0]["turn"]


def test_a_copy_of_an_answer_stays_where_its_owner_put_it(here: Site, tmp_path: Path) -> None:
    file = tmp_path / f"{FOX_KEY}.1a.answer"
    file.write_bytes(ANSWER)
    other = file.with_suffix(".intent")
    other.write_bytes(b"the author's own")
    assert run(here, "adopt", "fox", str(file)).code == 0
    assert file.exists()
    assert other.exists()
    assert here.sidecars[0]["price"] is None, "no intent tells it"


def test_an_answer_may_become_another_take_of_its_picture(here: Site, temporary: Path) -> None:
    file = temporary / f"{FOX_KEY}.1a.answer"
    file.write_bytes(ANSWER)
    drawn(here, "fox")
    with untouched(here.stock):
        assert "a key has exactly one picture" in refusal(run(here, "adopt", "fox", str(file)))
    here.pages["index.md"] = fence("A fox", id="fox", take=2)
    here.write()
    assert run(here, "adopt", "fox", str(file)).code == 0
    assert [sidecar["origin"] for sidecar in here.sidecars] == ["", ""]


def test_an_answer_to_another_request_gives_its_picture_alone(here: Site, temporary: Path) -> None:
    file = aside(here, temporary)
    assert run(here, "adopt", "heron", str(file)).code == 0
    (sidecar,) = here.sidecars
    assert (sidecar["id"], sidecar["origin"], sidecar["turn"]) == ("heron", "adopted", [])
    assert file.exists(), "it is the paid answer of another picture"


NO_PICTURE = "the answer has no picture: {}; save the picture from elsewhere, and adopt that file"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the answer is empty"),
        (b"{}", "the model drew no picture (no reason given)"),
        (b"[" * 10**5, "the answer is nested too deeply to be read"),
        (reply(b"<svg/>"), "the model drew no picture (STOP)"),
        (reply(PICTURE[:-9]), "the model drew no picture (STOP)"),
    ],
    ids=["empty", "no part", "nested", "a drawing in SVG", "cut"],
)
def test_an_answer_without_a_picture_is_refused_and_stays(
    here: Site, temporary: Path, data: bytes, why: str
) -> None:
    file = aside(here, temporary, data)
    with untouched(here.root):
        assert NO_PICTURE.format(why) in refusal(run(here, "adopt", "fox", str(file)))
    assert file.read_bytes() == data


def test_doctor_names_the_file_of_a_request_whose_intent_is_damaged(here: Site) -> None:
    name = begun(here).name
    laid_aside.put_told_aside(here.journal, [name])
    (here.journal / names.UNKNOWN / f"{name}.intent").write_bytes(b"{")
    (found,) = findings(run(here, "doctor"), "brought no picture")
    place = here.journal / names.UNKNOWN
    assert f"1 request with a damaged file in {place} ({name}.intent) brought no picture" in found


def test_a_temporary_folder_does_not_tell_the_random_part_of_an_entrys_name(
    here: Site, temporary: Path
) -> None:
    answer = aside(here, temporary)
    assert answer.stem[:3] in answer.parent.name
    assert answer.stem[3:] not in answer.parent.name


def test_doctor_lists_requests_of_unknown_outcome_and_what_another_site_left(
    here: Site, temporary: Path
) -> None:
    begins = [begun(here, prompt).name for prompt in ("A fox", "A fox", "A heron")]
    half = here.journal / f"{begins[0]}.part"
    half.write_bytes(b'{"candidates": [')
    laid_aside.put_told_aside(here.journal, begins[:1])
    other = (
        temporary_answers.make_temporary_folder(temporary, "b" * 64, temporary, temporary)
        / f"{'b' * 64}.1.answer"
    )
    other.write_bytes(ANSWER)
    for name in ("notes.txt", "x.answer", f"{'a' * 64}.zz.intent"):  # none of the journal's
        (here.journal / names.UNKNOWN / name).write_bytes(b'{"price": 1e9, "time": "\x1b[2J"}')
    done = run(here, "doctor")
    (fox,) = findings(done, "2 requests for fox brought no picture, the last one on 2026-11-22")
    assert fox.startswith("note")
    kept = here.journal / names.UNKNOWN / f"{half.stem}.half"
    assert f"about $0.09 may have been billed; a part of an answer is in {kept}" in fox
    assert len(findings(done, "1 request for heron brought no picture")) == 1
    assert len(findings(done, "may have been billed")) == 2
    assert findings(done, "1 paid answer of other sites")[0].startswith("note")
    drawn(here)
    (found,) = findings(run(here, "doctor"), "may have been billed")
    assert "3 requests for pictures that are in stock brought none" in found
    assert "about $0.14" in found


def test_a_link_in_a_temporary_folder_is_not_taken(
    here: Site, temporary: Path, tmp_path: Path
) -> None:
    file = aside(here, temporary)
    other = file.rename(tmp_path / "other")
    file.symlink_to(other)
    built = here.build(frozen=True)
    assert here.owned == []
    assert "may have been billed" in built.text
