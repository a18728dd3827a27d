"""When a bucket fails, nothing is bought, no picture is lost, and the build goes on soon."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.buckets.bucket import BucketStore, SyncResult, open_bucket
from mkdocs_gemini_images.store.buckets.object_storage import Timeouts
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Missing, look_up
from mkdocs_gemini_images.store.pair_names import SHORT
from mkdocs_gemini_images.store.record import sidecar_bytes
from tests.integration.bucket.conftest import SECRET, Machine, aside_of, opened
from tests.integration.bucket.fake import Fake, running
from tests.unit.errors import error_of
from tests.unit.pictures import jpeg, png, record, step

FOX = step("A fox reading")
KEY = key(FOX)
DATA = png()
RECORD = record(FOX, DATA, author_digest="w" * 64, id="fox")
PLACE = "/shared/site/"

STATUS = (301, 400, 401, 403, 404, 409, 412, 429, 500, 501, 503)


def diagnostic(call: Callable[..., object], *arguments: object) -> str:
    """Return the text of the error that a call must raise."""
    return _without_secrets(error_of(call, *arguments))


def _without_secrets(text: str) -> str:
    """Return a message after checking that it quotes nothing of a signed request."""
    assert SECRET not in text
    assert "canary" not in text
    assert "Signature" not in text
    assert "\n" not in text
    return text


def always(status: int) -> Callable[[str, str], int]:
    return lambda method, path: status


@pytest.fixture
def stocked(faulty: Machine, fake: Fake) -> Fake:
    """Return a server that has the picture of the fox."""
    assert faulty("other").put(RECORD, DATA) == RECORD
    fake.asked.clear()
    return fake


# Reading


@pytest.mark.parametrize("status", STATUS)
def test_a_refused_read_raises_instead_of_a_missing_picture(
    fake: Fake, faulty: Machine, status: int
) -> None:
    fake.answer = always(status)
    stock: Any = faulty("a")
    text = diagnostic(lambda: stock.find(KEY))
    assert "nothing is bought" in text
    assert "redirect" in text if status == 301 else f"HTTP {status}" in text
    assert stock.find_by_author_digest("w" * 64) is None
    assert stock.find_named("fox") is None
    assert list(stock.records()) == []
    found = look_up(FOX, KEY, ["w" * 64], "fox", stock)
    assert isinstance(found, Missing)
    assert found.damage == text
    diagnostic(lambda: stock.check_ready())
    assert len(fake.asked) <= 3, "one call with its retries, then no other"


def test_a_stopped_server_raises_instead_of_a_missing_picture(tmp_path: Path) -> None:
    with running() as server:
        address = server.url
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        stock = opened("s3://shared/site", tmp_path)
        assert "no connection" in diagnostic(lambda: stock.find(KEY))


def test_after_a_timeout_no_further_call_is_made(fake: Fake, faulty: Machine) -> None:
    fake.answer = always(-1)
    stock = faulty("a")
    for number in range(200):
        assert "no answer in time" in diagnostic(stock.find, key(step(f"A fox {number}")))
    assert "no answer in time" in diagnostic(lambda: stock.check_ready())
    assert stock.put(RECORD, DATA) == RECORD
    assert len(fake.asked) <= 3, "one call with its retries, then no other"
    assert stock.find(KEY) == RECORD


def test_a_metadata_service_that_hangs_is_asked_once(
    fake: Fake, faulty: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", fake.url)
    fake.answer = always(-1)
    stock = faulty("a")
    diagnostic(stock.find, KEY)
    asked = len(fake.asked)
    diagnostic(stock.find, KEY)
    assert len(fake.asked) == asked


def test_sidecars_of_a_slow_bucket_are_fetched_over_several_builds(
    stocked: Fake, tmp_path: Path
) -> None:
    made = FolderStore(tmp_path / "made")
    for number in range(40):
        other = record(step(f"A fox {number}"), png())
        made.put(other, png())
        raw = (made.folder / f"{other.key}.json").read_bytes()
        stocked.objects[f"{PLACE}{other.key}.json"] = raw
    stocked.seconds = 0.15
    hasty = Timeouts(connect=1, call=1, picture=1, all=0.4)
    stock = opened("s3://shared/site", tmp_path / "a", hasty)
    assert "only a part of it" in diagnostic(lambda: stock.find(key(step("An owl"))))
    asked = len(stocked.asked)
    diagnostic(lambda: stock.find(key(step("Another owl"))))
    assert len(stocked.asked) == asked, "a build gives up once"
    for _ in range(9):
        with suppress(DiagnosticError):
            owl = key(step("An owl"))
            assert opened("s3://shared/site", tmp_path / "a", hasty).find(owl) is None
            break
    else:
        pytest.fail("sidecars that have copies are fetched again")


def test_a_local_copy_costs_no_request(stocked: Fake, faulty: Machine) -> None:
    assert faulty("a").find(KEY) == RECORD
    assert faulty("a").read(RECORD) == DATA
    stocked.asked.clear()
    stocked.answer = always(503)
    stock = faulty("a")
    assert stock.find(KEY) == RECORD
    assert stock.read(RECORD) == DATA
    assert stocked.asked == []
    assert stock.find_by_author_digest("w" * 64) == RECORD, (
        "local records are found without the bucket"
    )


def test_a_web_site_at_the_address_allows_no_buying(fake: Fake, faulty: Machine) -> None:
    """It answers every GET, and refuses writes."""
    fake.answer = lambda method, path: 200 if method == "GET" else 405
    assert "shared" in diagnostic(lambda: faulty("a").check_ready())


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [("json", 404, "no such object"), ("json", 403, "HTTP 403"), ("json", 503, "HTTP 503")],
)
def test_a_listed_sidecar_that_cannot_be_fetched_raises(
    stocked: Fake, faulty: Machine, name: str, status: int, said: str
) -> None:
    stocked.answer = lambda method, path: status if path.endswith(name) else 0
    assert said in diagnostic(lambda: faulty("a").find(KEY))


@pytest.mark.parametrize(("status", "said"), [(404, "no such object"), (403, "HTTP 403")])
def test_a_picture_that_cannot_be_fetched_raises(
    stocked: Fake, faulty: Machine, status: int, said: str
) -> None:
    stocked.answer = lambda method, path: status if path.endswith("png") else 0
    stock = faulty("a")
    assert stock.find(KEY) == RECORD
    assert said in diagnostic(lambda: stock.read(RECORD))
    stocked.answer = always(0)
    assert faulty("a").read(RECORD) == DATA


def test_changed_bytes_of_a_picture_raise_and_are_not_copied(
    stocked: Fake, faulty: Machine
) -> None:
    stocked.objects[f"{PLACE}{RECORD.sha256}.png"] = png(14)
    assert "other bytes" in diagnostic(lambda: faulty("a").read(RECORD))
    assert not list((faulty("a").folder).rglob("*.png"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: b"<html>", "damage"),
        (lambda raw: raw[: len(raw) // 2], "damage"),
        (lambda raw: b"", "damage"),
        (lambda raw: raw.replace(KEY.encode(), b"a" * 64), "another's"),
        (lambda raw: raw.replace(b'"v": 1', b'"v": 2'), "upgrade"),
        (lambda raw: b"version https://git-lfs.github.com/spec/v1\n", "LFS pointer"),
        (
            lambda raw: raw.replace(RECORD.sha256.encode(), b"../" * 21 + b"x"),
            "a field has the wrong type",
        ),
    ],
)
def test_a_damaged_sidecar_in_a_bucket_raises(
    stocked: Fake, faulty: Machine, change: Callable[[bytes], bytes], said: str
) -> None:
    name = f"{PLACE}{KEY}.json"
    good = stocked.objects[name]
    stocked.objects[name] = change(good)
    stock = faulty("a")
    text = diagnostic(lambda: stock.find(KEY))
    assert said in text
    assert "git checkout" not in text
    assert stock.find(key(step("An owl"))) is None, "other pictures can be looked up"
    stocked.objects[name] = good
    assert faulty("a").find(KEY) == RECORD


def test_objects_with_other_names_are_ignored(stocked: Fake, faulty: Machine) -> None:
    for name in ("notes.json", f"sub/{'a' * 64}.json", f"{'A' * 64}.json"):
        stocked.objects[f"{PLACE}{name}"] = b"{}"
    stock = faulty("a")
    assert stock.find("b" * 64) is None
    assert [path.name for path in stock.folder.rglob("*.json")] == [f"{KEY[:SHORT]}.json"]
    assert not any("notes" in asked for asked in stocked.asked)
    stocked.objects[f"{PLACE}../../../{'a' * 64}.json"] = b"{}"
    assert "invalid path" in diagnostic(lambda: faulty("a").find("b" * 64))


def test_an_unmounted_folder_raises_instead_of_an_empty_store(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    stock = opened(folder.as_uri(), tmp_path / "a")
    folder.rename(tmp_path / "elsewhere")
    assert "no such folder" in diagnostic(lambda: stock.find(KEY))
    assert stock.put(RECORD, DATA) == RECORD
    assert not folder.exists()
    (tmp_path / "elsewhere").rename(folder)
    assert opened(folder.as_uri(), tmp_path / "a").sync() == SyncResult(pushed=1)


# Writing


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_a_picture_waits_while_the_bucket_refuses_writes(
    fake: Fake, faulty: Machine, status: int
) -> None:
    faulty("a").check_ready()
    before = dict(fake.objects)
    fake.answer = lambda method, path: status if method == "PUT" and KEY in path else 0
    stock = faulty("a")
    assert stock.put(RECORD, DATA) == RECORD
    assert stock.find(KEY) == RECORD
    assert stock.read(RECORD) == DATA
    assert "gemini-images sync" in str(stock.unsynced())
    assert f"{KEY}.json" not in fake.names() | set(before)
    synced = faulty("a").sync()
    assert (synced.pushed, synced.waiting) == (0, 1)
    _without_secrets(str(synced.trouble))
    fake.answer = always(0)
    assert faulty("a").sync() == SyncResult(pushed=1)
    assert faulty("b").read(RECORD) == DATA


def test_a_picture_waits_while_the_one_of_another_machine_cannot_be_read(
    fake: Fake, faulty: Machine
) -> None:
    early = record(FOX, png(14))
    assert faulty("a").find(KEY) is None
    faulty("b").put(early, png(14))
    fake.answer = lambda method, path: 503 if method == "GET" and path.endswith("png") else 0
    stock = faulty("a")
    assert stock.put(RECORD, DATA) == RECORD, "it is kept here until the other can be read"
    assert stock.unsynced() is not None
    fake.answer = always(0)
    assert faulty("a").sync() == SyncResult(yielded=1)
    assert faulty("a").find(KEY) == early


def test_a_write_whose_answer_is_lost_counts_as_this_machines(fake: Fake, faulty: Machine) -> None:
    stock = faulty("a")
    stock.check_ready()
    fake.forgetful = {f"{KEY}.json", f"{RECORD.sha256}.png"}
    assert stock.put(RECORD, DATA) == RECORD
    assert fake.forgetful == set()
    assert stock.unsynced() is None
    assert not aside_of(stock).folder.exists()


def test_a_write_that_conflicts_with_no_other_is_tried_again(fake: Fake, faulty: Machine) -> None:
    stock = faulty("a")
    stock.check_ready()
    answers = [409]
    fake.answer = lambda method, path: (
        answers.pop() if method == "PUT" and path.endswith(f"{KEY}.json") and answers else 0
    )
    assert stock.put(RECORD, DATA) == RECORD
    assert stock.unsynced() is None
    assert f"{KEY}.json" in fake.names()


def test_a_bucket_without_conditional_writes_is_not_written_to(fake: Fake, faulty: Machine) -> None:
    fake.conditional = False
    stock = faulty("a")
    assert "conditional writes" in diagnostic(lambda: stock.check_ready())
    assert stock.put(RECORD, DATA) == RECORD, "a paid picture is kept here"
    assert fake.objects == {}, "the probe is deleted, and nothing else is written"
    asked = len(fake.asked)
    diagnostic(lambda: stock.check_ready())
    assert len(fake.asked) == asked, "the bucket is asked once for a build"
    synced = faulty("a").sync()
    assert synced.waiting == 1
    assert "conditional writes" in _without_secrets(str(synced.trouble))
    fake.conditional = True
    assert faulty("a").sync() == SyncResult(pushed=1)


def test_a_bucket_is_probed_once_for_a_cache(fake: Fake, faulty: Machine) -> None:
    assert faulty("a").find(KEY) is None
    assert not any("probe" in asked for asked in fake.asked), "not for reading"
    faulty("a").check_ready()
    assert len(fake.asked) == 1 + 4, "a listing before; two writes, a look, a deletion"
    fake.asked.clear()
    faulty("a").check_ready()
    assert fake.asked == []
    assert fake.objects == {}


def test_a_bucket_without_the_right_to_delete_can_be_used(fake: Fake, faulty: Machine) -> None:
    fake.answer = lambda method, path: 403 if method == "POST" else 0
    faulty("a").check_ready()
    assert faulty("a").put(RECORD, DATA) == RECORD
    assert faulty("b").read(RECORD) == DATA


# Opening


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://bucket", "s3://bucket/folder"),
        ("http://bucket", "s3://bucket/folder"),
        ("bucket", "s3://bucket/folder"),
        ("s3://", "s3://bucket/folder"),
        ("s3:///folder", "s3://bucket/folder"),
        ("file://host/folder", "s3://bucket/folder"),
        (f"s3://me:{SECRET}@bucket/x", "environment"),
        (f"az://box/x?sig={SECRET}", "environment"),
        ("file:///no/such/folder", "make it, or mount it"),
        ("az://box/folder", "Account"),
    ],
)
def test_a_wrong_address_raises(tmp_path: Path, url: str, said: str) -> None:
    assert said in diagnostic(lambda: open_bucket(url, tmp_path, os.environ))


@pytest.mark.parametrize("url", ["s3://b", "s3://b/x/y", "gs://b/x", "az://b/x"])
def test_an_address_is_opened_without_a_request(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "me")
    assert isinstance(open_bucket(url, tmp_path, os.environ), BucketStore)
    assert not any(tmp_path.iterdir())


def test_a_bucket_of_the_same_name_on_another_server_has_its_own_folder(tmp_path: Path) -> None:
    here = opened("s3://b/x", tmp_path)
    there = open_bucket("s3://b/x", tmp_path, {"AWS_ENDPOINT_URL": "https://s3.example"})
    assert here.folder != there.folder


def test_without_obstore_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("obstore", "obstore.store", "obstore.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    text = diagnostic(lambda: open_bucket("s3://bucket/x", tmp_path, os.environ))
    assert "pip install 'mkdocs-gemini-images[bucket]'" in text


def test_an_interpreter_that_used_a_bucket_exits_normally(stocked: Fake, tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path;"
        "from mkdocs_gemini_images.store.buckets.bucket import open_bucket;"
        f"stock = open_bucket('s3://shared/site', Path({str(tmp_path)!r}), os.environ);"
        f"print(stock.find({KEY!r}).id, stock.find('0' * 64))"
    )
    for _ in range(3):
        ended = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "fox None\n", "")


def test_obstore_is_not_loaded_before_a_bucket_is_opened() -> None:
    script = (
        "import sys, mkdocs_gemini_images.store.buckets.bucket; sys.exit('obstore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0


def test_a_copy_that_cannot_be_written_raises_instead_of_a_missing_picture(
    stocked: Fake, faulty: Machine, tmp_path: Path
) -> None:
    folder = faulty("a").folder
    folder.mkdir(parents=True)
    (folder / "m").write_text("a file where a folder should be")
    text = diagnostic(lambda: faulty("a").find(KEY))
    assert "no place for copies" in text


# Hostile objects


HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    "data",
    [HTML, b"<svg xmlns='http://www.w3.org/2000/svg'/>", DATA + HTML, DATA[:-1], jpeg(), png(14),
     b"GIF89a" + HTML, b""],
    ids=["html", "svg", "html behind it", "cut", "a jpeg", "another size", "gif", "empty"],
)  # fmt: skip
def test_an_object_is_proven_to_be_the_picture_that_its_sidecar_describes(
    fake: Fake, faulty: Machine, data: bytes
) -> None:
    forged = RECORD._replace(sha256=sha256(data).hexdigest())
    fake.objects[f"{PLACE}{KEY}.json"] = sidecar_bytes(forged)
    fake.objects[f"{PLACE}{forged.sha256}.png"] = data
    stock = faulty("a")
    assert stock.find(KEY) == forged
    said = diagnostic(lambda: stock.read(forged))
    assert said == (
        f"expected {forged.sha256}.png to be what its sidecar says, got no png, 13 x 7: "
        "restore its sidecar in s3://shared/site"
    )
    assert not list(stock.folder.rglob("*.png"))


def test_an_object_of_ten_gigabytes_is_refused_before_its_bytes_come(
    stocked: Fake, faulty: Machine
) -> None:
    stock = faulty("a")
    stock.find(KEY)
    stocked.sizes[f"{PLACE}{RECORD.sha256}.png"] = 10 * 2**30
    said = diagnostic(lambda: stock.read(RECORD))
    assert "with at most 64 MB, got 10,240 MB: restore it, or delete it there" in said
    stocked.sizes.clear()
    assert stock.read(RECORD) == DATA, "the bucket is still used"


def test_a_sidecar_of_many_megabytes_is_refused_before_its_bytes_come(
    stocked: Fake, faulty: Machine
) -> None:
    stocked.sizes[f"{PLACE}{KEY}.json"] = 9 * 2**20
    stock = faulty("a")
    assert "with at most 8 MB, got 9 MB" in diagnostic(lambda: stock.find(KEY))
    assert stock.find(key(step("An owl"))) is None, "other pictures can be looked up"


def test_few_pictures_come_at_once_however_many_are_wanted(fake: Fake, faulty: Machine) -> None:
    pictures = {f"A fox {n}": png(13, 8 + n) for n in range(12)}
    records = [record(step(text), data) for text, data in pictures.items()]
    other = faulty("other")
    for each, data in zip(records, pictures.values(), strict=True):
        other.put(each, data)
    stock = faulty("a")
    assert len(list(stock.records())) == 12
    fake.seconds = 0.05
    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(stock.read, records)) == list(pictures.values())
    assert fake.most_at_once["png"] == 2


def test_a_sidecar_that_a_folder_takes_is_read_from_a_bucket(faulty: Machine) -> None:
    long = RECORD._replace(text="x" * 7 * 2**20)
    assert faulty("a").put(long, DATA) == long
    assert faulty("b").find(KEY) == long
