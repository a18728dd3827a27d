"""What a repository, or a cache that CI restores, may bring along: journal, stock and notes.

A stranger writes files where a build expects its own. A build, and each command, says what is
wrong, and neither follows, repeats, adopts nor overwrites.
"""

import base64
import json
import os
import shutil
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.cli.command import CommandResult, drawn, run
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.unit.hostile_files import KINDS, SECRET, put_something
from tests.unit.pictures import png

FOX = fence("A fox in snow", id="fox")
FORGED = png(688, 384)  # of the size that is asked for
SOME_KINDS = [kind for kind in KINDS if kind != "endless"]
"""Without the file that is too large to be searched for secrets after a build."""
ACTING = ("\x1b", "\x07", "\u202e", "\u200b", "\u2066", "\ud83d", "\r")
HOSTILE = (
    "".join(ACTING) + "\n::error::x\n##vso[task.x]y\n@octocat me@evil.example "
    "![x](https://evil.example/a.png) <img src=https://evil.example/b.png> www.evil.example"
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each command in a folder of its own: `gallery` writes its file there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def known(site: MakeSite) -> tuple[Site, dict[str, Any]]:
    """Return a site whose picture is not in stock, and the sidecar that it would have."""
    here = site(FOX)
    here.build()
    (sidecar,) = here.sidecars
    for folder in (here.stock, here.cache, here.root / "site"):
        shutil.rmtree(folder)
    return here, sidecar


def answer(data: bytes = FORGED) -> bytes:
    blob = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
    return json.dumps({"candidates": [{"content": {"parts": [{"inlineData": blob}]}}]}).encode()


def forge(here: Site, sidecar: Mapping[str, Any], name: str = "", **fields: object) -> Path:
    """Write an entry of the journal as a stranger would, and return the path of its answer."""
    names = ("key", "request", "wish", "id", "price", "time")
    intent = {name: sidecar[name] for name in names} | fields
    here.journal.mkdir(parents=True, exist_ok=True)
    stem = here.journal / (name or f"{sidecar['key']}.18b2c3d4e5f60718")
    stem.with_name(f"{stem.name}.intent").write_text(json.dumps(intent))
    path = stem.with_name(f"{stem.name}.answer")
    path.write_bytes(answer())
    return path


both_layouts = pytest.mark.parametrize("name", ["{key:.3}x0x0x", "{key}.18b2c3d4e5f60718"])
"""Names of entries as builds give them today, and as earlier versions gave them."""


def own(here: Site, sidecar: Mapping[str, Any]) -> Path:
    """Leave an entry as a build of this machine does that is killed; return its answer's path."""
    intent = Intent(
        sidecar["key"], sidecar["request"], sidecar["wish"], sidecar["id"], 0.05, sidecar["time"]
    )
    entry = Journal(here.journal, here.root).begin(intent)
    entry.sink([answer()])
    return entry.arrived()


def is_harmless(said: str) -> bool:
    """Return whether a text holds nothing that acts upon a terminal, an eye or a CI runner."""
    return not any(each in said for each in ACTING) and not any(
        line.lstrip().startswith("::") or "##vso[" in line for line in said.splitlines()
    )


# The journal


@both_layouts
@pytest.mark.parametrize("machine", ["frozen", "without a key", "serving"])
def test_a_forged_answer_is_not_adopted_where_nothing_may_be_drawn(
    known: tuple[Site, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, machine: str, name: str
) -> None:
    here, sidecar = known
    path = forge(here, sidecar, name.format(key=sidecar["key"]))
    if machine == "without a key":
        monkeypatch.delenv("GEMINI_API_KEY")
    for _ in range(2):
        built = here.build(serving=machine == "serving", frozen=machine == "frozen")
        assert (built.pictures, built.requests) == ({}, ())
        (said,) = [text for text in built.infos if "are not stored" in text]
        assert path.name in said
        assert "gemini-images draw stores them" in said
        assert path.read_bytes() == answer(), "what may be paid for stays"
    assert here.owned == []


def test_an_own_answer_is_adopted_where_nothing_may_be_drawn(
    known: tuple[Site, dict[str, Any]],
) -> None:
    here, sidecar = known
    own(here, sidecar)
    built = here.build(frozen=True)
    assert "1 that had arrived earlier" in built.closing
    assert built.warnings == []
    assert not [text for text in built.infos if "journal" in text]


def test_a_machine_without_a_home_takes_in_nothing_that_it_may_not_draw(
    known: tuple[Site, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, sidecar = known
    monkeypatch.setenv("XDG_STATE_HOME", str(here.root / "home"))
    own(here, sidecar)
    built = here.build(frozen=True)
    assert len([text for text in built.infos if "are not stored" in text]) == 1
    assert "1 that had arrived earlier" in here.build().closing, "with a key it is not paid again"


def test_an_answer_of_another_machine_is_adopted_where_it_would_be_bought_and_is_told(
    known: tuple[Site, dict[str, Any]],
) -> None:
    here, sidecar = known
    forge(here, sidecar)
    built = here.build()
    assert (built.requests, built.warnings) == ((), [])
    assert "1 that had arrived earlier" in built.closing
    (said,) = [text for text in built.infos if "look at the pictures" in text]
    assert sidecar["key"] in said


@both_layouts
@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS"])
def test_a_ci_machine_that_draws_neither_adopts_a_forged_answer_nor_pays_again(
    known: tuple[Site, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, variable: str, name: str
) -> None:
    """It would publish the picture before any person has seen it."""
    here, sidecar = known
    monkeypatch.setenv(variable, "true")
    path = forge(here, sidecar, name.format(key=sidecar["key"]))
    built = here.build(frozen=False)
    assert (built.pictures, built.requests) == ({}, ())
    assert "its answer waits in the journal" in built.warnings[0]
    assert path.exists()
    done = drawn(here)
    assert (done.requests, path.exists()) == ((), False)


def test_an_own_intent_under_another_name_proves_nothing(
    known: tuple[Site, dict[str, Any]],
) -> None:
    here, sidecar = known
    path = own(here, sidecar)
    for file in (path, path.with_suffix(".intent")):
        file.rename(file.with_stem(f"{file.stem[:3]}x0x0x"))
    built = here.build(frozen=True)
    assert built.pictures == {}
    assert len([text for text in built.infos if "are not stored" in text]) == 1


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("key", ["../../../../docs/victim", "docs/victim", "{root}/docs/victim"])
def test_a_forged_key_overwrites_no_file(
    known: tuple[Site, dict[str, Any]], key: str, frozen: bool
) -> None:
    here, sidecar = known
    key = key.format(root=here.root)
    for suffix in ("png", "json", "webp", "jpg"):
        (here.root / "docs" / f"victim.{suffix}").write_text("mine")
    path = forge(here, sidecar, key=key)
    built = here.build(frozen=frozen)
    for suffix in ("png", "json", "webp", "jpg"):
        assert (here.root / "docs" / f"victim.{suffix}").read_text() == "mine"
    (said,) = [text for text in built.warnings if "files in the journal" in text]
    assert f"{path.stem}.intent, the intent of another request" in said
    assert path.exists()


@pytest.mark.parametrize(
    "fields",
    [{"price": "x"}, {"price": 1e999}, {"time": 7}, {"request": []}, {"sent": 7}, {"wish": None},
     {"request": {"text": [[[]]]}}, {"id": {}}, {"alt": 7}, {"price": 10**400}],
)  # fmt: skip
def test_wrong_types_crash_no_build(
    known: tuple[Site, dict[str, Any]], fields: dict[str, Any]
) -> None:
    here, sidecar = known
    forge(here, sidecar, **fields)
    built = here.build()
    assert built.error is None
    assert len(built.requests) == 1
    assert len([text for text in built.warnings if "files in the journal" in text]) == 1


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_an_entry_that_is_no_file_is_neither_followed_nor_repeated(
    known: tuple[Site, dict[str, Any]], kind: str
) -> None:
    here, sidecar = known
    paths = [forge(here, sidecar, f"{sidecar['key']}.{number}") for number in range(2)]
    paths[0] = paths[0].with_suffix(".intent")
    for path in paths:
        put_something(path, kind)
    built = here.build()
    (said,) = [text for text in built.warnings if "files in the journal" in text]
    assert all(path.name in said and os.path.lexists(path) for path in paths)
    assert SECRET not in built.text + run(here, "plan", "--markdown").text
    assert not [file for file in here.journal.rglob("*.json") if SECRET in file.read_text()]


def test_many_strange_entries_are_one_message(known: tuple[Site, dict[str, Any]]) -> None:
    here, sidecar = known
    for number in range(500):
        forge(here, sidecar, f"stray {number}")
    built = here.build(frozen=True)
    (said,) = [text for text in built.warnings if "files in the journal" in text]
    assert "and 497 more" in said
    assert len(said) < 1000


@pytest.mark.parametrize("what", [HOSTILE, "x" * 60_000, "x" * 10**6])
def test_a_forged_refusal_reaches_no_report_as_it_is(
    known: tuple[Site, dict[str, Any]], what: str
) -> None:
    here, sidecar = known
    path = here.journal / "refused" / f"{sidecar['key']}.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"what": what, "time": time.time() - 5}))
    here.write()
    said = [run(here, "plan", *form).text for form in ((), ("--json",), ("--markdown",))]
    said.append(here.build().text)
    for text in said:
        assert is_harmless(text)
        assert len(text) < 6000
    check_markdown(said[2])


def check_markdown(said: str) -> None:
    for markup in ("![", "](", "<img", "@octocat", "me@", "https://", "www.evil"):
        assert markup not in said


# The stock


@pytest.mark.parametrize("what", ["picture", "sidecar"])
def test_something_else_in_the_stock_is_a_complaint_of_every_command(
    site: MakeSite, what: str
) -> None:
    here = site(FOX)
    here.build()
    (path,) = (
        each for each in here.stock.iterdir() if (each.suffix == ".json") == (what == "sidecar")
    )
    for kind in SOME_KINDS:
        put_something(path, kind)
        for name in ("check", "doctor"):
            done = run(here, name)
            assert (done.code, done.text.count(path.name)) == (1, 1), done.text
    path.rmdir()
    put_something(path, "link")
    shutil.rmtree(here.cache)
    built = here.build()
    assert (built.error, built.requests, built.pictures) == (None, (), {})
    assert len([text for text in built.warnings if path.name in text]) == 1
    said = built.text
    for command in COMMANDS:
        said += run(here, *command).text
    assert SECRET not in said


def hostile(here: Site, sidecar: Mapping[str, Any], **fields: Any) -> Record:
    """Put a picture into stock whose sidecar has hostile words wherever it may have any."""
    request = {"v": 1, "model": HOSTILE, "text": HOSTILE, "config": {"aspectRatio": HOSTILE}}
    request |= {HOSTILE: HOSTILE, "after": HOSTILE, "parts": [{"picture": HOSTILE, "uri": HOSTILE}]}
    record = Record(
        digest(request), sha256(FORGED).hexdigest(), "png", 688, 384,
        **({"author_digest": sidecar["wish"], "id": "fox"} | fields),
        request=request, text=HOSTILE, turn=({HOSTILE: HOSTILE},), model_version=HOSTILE,
        grounding={"groundingChunks": [{"web": {"uri": "https://x.example", "title": HOSTILE}}],
                   "webSearchQueries": [HOSTILE]},
        response_id=HOSTILE, time=HOSTILE, origin=HOSTILE, alt=HOSTILE,
    )  # fmt: skip
    FolderStore(here.stock).put(record, FORGED)
    return record


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("plan",), ("plan", "--json"), ("plan", "--markdown"), ("check",), ("doctor",), ("prune",),
    ("gallery",), ("accept",), ("pick", "fox", "2"), ("eject",), ("prune", "--delete"), ("draw",),
)  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{}, {"author_digest": ""}, {"author_digest": "", "id": HOSTILE}]
)
def test_hostile_words_in_a_sidecar_reach_no_report_as_they_are(
    known: tuple[Site, dict[str, Any]], fields: dict[str, str]
) -> None:
    """As those of a drifted picture, of an earlier one, and of one that no page shows."""
    here, sidecar = known
    hostile(here, sidecar, **fields)
    built = here.build(frozen=True)
    assert built.error is None
    assert is_harmless(built.text)
    for command in COMMANDS:
        done = run(here, *command)
        assert is_harmless(done.text), command
        if "--markdown" in command:
            check_markdown(done.text)


def test_a_stock_behind_a_link_out_of_the_site_is_not_written_to(site: MakeSite) -> None:
    here = site(FOX)
    elsewhere = here.root.parent / "another checkout"
    elsewhere.mkdir()
    here.stock.symlink_to(elsewhere)
    built = here.build()
    assert built.requests == (), "what cannot be kept is not bought"
    assert "a link out of the site's folder" in built.warnings[0]
    done = run(here, "check")
    assert "a link out of the site's folder" in done.text
    assert run(here, "draw", "--yes").requests == ()
    assert list(elsewhere.iterdir()) == []
    built = here.build(stock="../another checkout")
    assert len(built.requests) == 1, "as the owner names it"


# Notes


def test_a_forged_note_does_not_let_draw_replace_the_authors_file(site: MakeSite) -> None:
    here = site('![A fox](images/fox.webp "gemini: A fox in snow")\n')
    photo = here.root / "docs" / "images" / "fox.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(FORGED)
    note = here.stock / "files" / f"{sha256(FORGED).hexdigest()}.json"
    note.parent.mkdir(parents=True)
    note.write_text(json.dumps({"v": 1, "key": "a" * 64}))
    here.write()
    run(here, "draw", "--yes")
    assert photo.read_bytes() == FORGED
    assert "images/fox.webp is your own file" in here.build().text


def test_a_named_file_of_ours_is_still_replaced(site: MakeSite) -> None:
    here = site('![A fox](fox.webp "gemini: A fox in snow")\n')
    drawn(here)
    first = (here.root / "docs" / "fox.webp").read_bytes()
    here.pages["index.md"] = '![A fox](fox.webp "gemini: A fox at night")\n'
    done: CommandResult = drawn(here)
    assert len(done.requests) == 1
    assert (here.root / "docs" / "fox.webp").read_bytes() != first
