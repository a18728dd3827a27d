"""The commands check and sync: whether pictures are in stock, whole, and in the bucket."""

from pathlib import Path

import pytest

from tests.cli.command import drawn, files_of_fox, picture_file, refusal, run, untouched
from tests.integration.site import Site


def test_check_succeeds_when_every_picture_is_in_stock_and_whole(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(here)
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("CI", "true")
    with untouched(here.root):
        done = run(here, "check")
    assert (done.code, done.requests) == (0, ())
    assert "4 pictures, 4 from stock" in done.stderr


def test_check_names_missing_pictures_with_their_lines(here: Site) -> None:
    here.write()
    with untouched(here.root):
        done = run(here, "check")
    assert (done.code, done.requests) == (1, ())
    assert "index.md:2: 'A fox' is not drawn" in done.stderr
    assert "run gemini-images draw" in done.stderr


@pytest.mark.parametrize("used", [True, False])
def test_check_reads_the_bytes_of_every_picture(here: Site, used: bool) -> None:
    drawn(here)
    name = files_of_fox(here)[0]
    if not used:
        here.pages["index.md"] = "# Empty\n"
        here.write()
    (here.stock / name).write_bytes(b"other bytes")
    done = run(here, "check")
    assert done.code == 1
    assert name in done.stderr
    (here.stock / name).unlink()
    assert run(here, "check").code == 1


def test_check_accepts_a_drifted_picture(drifted: Site) -> None:
    done = run(drifted, "check")
    assert done.code == 0
    assert "drifted: aspect_ratio 16:9 -> 1:1" in done.stderr


def test_sync_refuses_a_stock_in_a_folder(here: Site) -> None:
    assert "the stock is a folder: commit it; sync is for a bucket" in refusal(run(here, "sync"))


def test_sync_uploads_waiting_pictures(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    shared = tmp_path / "shared"
    here.options["stock"] = shared.as_uri()
    here.write()
    shared.mkdir()
    assert run(here, "sync").stdout == "0 stored, 0 stored first by another machine, 0 waiting\n"
    assert run(here, "adopt", "fox", picture_file(here)).code == 0
    done = run(here, "draw", "--yes")
    assert (done.code, len(done.requests)) == (0, 3)
    assert len(list(shared.glob("*.json"))) == 4
    shared.rename(tmp_path / "away")
    built = here.build()
    assert built.requests == (), "nothing is bought while the bucket cannot be had"
    (tmp_path / "away").rename(shared)
    assert run(here, "sync").code == 0
    assert run(here, "check").code == 0
    assert not here.stock.exists()


def test_sync_reports_a_missing_bucket(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    here.options["stock"] = (tmp_path / "none").as_uri()
    here.write()
    run(here, "adopt", "fox", picture_file(here))
    done = run(here, "sync")
    assert done.code == 1
    assert "make it, or mount it" in done.stderr
    assert not (tmp_path / "none").exists()
