"""A look-up returns the picture of the request, a drifted one, an earlier one, or nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.requests.request import (
    FilePart,
    ImageRequest,
    PicturePart,
    canonical,
    key,
)
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    is_stocked,
    look_up,
)
from tests.unit.pictures import png, record, step

DATA = png()
DIGEST, ID = "w" * 64, "fox"


def store_of(folder: Path, *drawn: ImageRequest, **more: Any) -> FolderStore:
    store = FolderStore(folder)
    for each in drawn:
        store.put(record(each, DATA, **more), DATA)
    return store


def result_of(
    step: ImageRequest, store: FolderStore, *, author_digest: str = DIGEST, id: str = ID
) -> LookupResult:
    return look_up(step, key(step), [author_digest], id, store)


def test_a_key_comes_before_the_options_digest_and_that_before_the_id(tmp_path: Path) -> None:
    request, store = step("now"), FolderStore(tmp_path)
    assert result_of(request, store) == Missing()
    earlier = record(step("other words"), DATA, id=ID)
    store.put(earlier, DATA)
    assert result_of(request, store) == Fallback(earlier)
    drifted = record(request._replace(size="2K"), DATA, author_digest=DIGEST, id=ID)
    store.put(drifted, DATA)
    assert result_of(request, store) == Drifted(drifted, "size 2K -> 1K")
    exact = record(request, DATA, author_digest=DIGEST, id=ID)
    store.put(exact, DATA)
    assert result_of(request, store) == InStock(exact)


def test_a_picture_of_other_options_and_another_id_is_not_returned(tmp_path: Path) -> None:
    store = store_of(tmp_path, step("then"), author_digest=DIGEST, id=ID)
    assert result_of(step("now"), store, author_digest="x" * 64, id="owl") == Missing()
    assert result_of(step("now"), store, author_digest="x" * 64, id="") == Missing()


def test_without_a_key_the_options_digest_and_the_id_are_looked_up(tmp_path: Path) -> None:
    store = store_of(tmp_path, step("now"), author_digest=DIGEST)
    assert isinstance(look_up(step("now"), None, [DIGEST], ID, store), Drifted)
    assert look_up(step("now"), None, ["x" * 64], ID, store) == Missing()


def test_a_damaged_sidecar_is_reported_and_no_other_picture_stands_in(tmp_path: Path) -> None:
    request = step("now")
    store = store_of(tmp_path, request, request._replace(size="2K"), author_digest=DIGEST, id=ID)
    (tmp_path / f"{key(request)}.json").write_text("{", encoding="utf-8")
    result = result_of(request, store)
    assert isinstance(result, Missing)
    assert result.damage.startswith(f"expected a sidecar in {key(request)}.json, got damage")


def test_the_newest_of_several_drifted_pictures_is_returned(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    times = ["2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-21T10:00:00Z"]
    drawn = [record(step(f"then {time}"), DATA, author_digest=DIGEST, time=time) for time in times]
    for each in drawn:
        store.put(each, DATA)
    result = result_of(step("now"), store)
    assert isinstance(result, Drifted)
    assert result.record == drawn[1]


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ({"model": "gemini-3-pro-image"}, {},
         "model gemini-3-pro-image -> gemini-nano-banana-2.1"),
        ({"size": "2K", "temperature": 0.5}, {"aspect_ratio": "1:1"},
         "aspect_ratio 16:9 -> 1:1, size 2K -> 1K, temperature 0.5 -> unset"),
        ({"text": "A fox, ink"}, {}, "the preset's words changed"),
        ({"request": '{"a":1}'}, {"request": '{"a":2}'}, "request changed"),
        ({"grounding": ("web",)}, {}, "tools changed"),
        ({"parts": (FilePart("a", "a" * 64),)}, {"parts": (FilePart("a", "b" * 64),)},
         "parts changed"),
        ({"after": step("a")}, {"after": step("b")}, "an earlier step changed"),
        ({"emulated": True}, {}, "emulated changed"),
    ],
)  # fmt: skip
def test_the_reason_of_a_drift_names_the_change_without_quoting_prompts(
    tmp_path: Path, then: dict[str, Any], now: dict[str, Any], why: str
) -> None:
    store = store_of(tmp_path, step(**then), author_digest=DIGEST)
    result = result_of(step(**now), store)
    assert isinstance(result, Drifted)
    assert result.why == why


def test_a_reference_by_id_is_not_named_as_a_change_unless_its_key_changed(tmp_path: Path) -> None:
    then = step(parts=(PicturePart("keeper"),))
    keys = {"keeper": "a" * 64}
    drawn = record(
        step(), DATA, author_digest=DIGEST, key=key(then, keys), request=canonical(then, keys)
    )
    store = FolderStore(tmp_path)
    store.put(drawn, DATA)
    now = then._replace(model="gemini-3-pro-image")
    assert look_up(now, None, [DIGEST], "", store) == Drifted(
        drawn, "model gemini-nano-banana-2.1 -> gemini-3-pro-image"
    )
    assert look_up(then, key(then, {"keeper": "b" * 64}), [DIGEST], "", store) == Drifted(
        drawn, "a picture it refers to changed"
    )


def test_the_options_digests_are_not_computed_for_a_picture_in_stock(tmp_path: Path) -> None:
    store = store_of(tmp_path, step("now"))

    def digests() -> Iterator[str]:
        pytest.fail("computed")
        yield ""

    assert isinstance(look_up(step("now"), key(step("now")), digests(), "", store), InStock)


def test_a_damaged_sidecar_counts_as_stocked_so_that_it_is_not_bought_again(
    tmp_path: Path,
) -> None:
    store = store_of(tmp_path, step("whole"), step("damaged"))
    (tmp_path / f"{key(step('damaged'))}.json").write_text("{", encoding="utf-8")
    stocked = {text: is_stocked(store, key(step(text))) for text in ("whole", "damaged", "none")}
    assert stocked == {"whole": True, "damaged": True, "none": False}
