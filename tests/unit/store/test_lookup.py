"""What a site has for a picture: this very one, a drifted one, an earlier one, or nothing."""

from collections.abc import Iterator
from dataclasses import replace
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
    look_up,
)
from tests.unit.pictures import png, record, step

DATA = png()
WISH, ID = "w" * 64, "fox"


def stock(folder: Path, *drawn: ImageRequest, **more: Any) -> FolderStore:
    found = FolderStore(folder)
    for each in drawn:
        found.put(record(each, DATA, **more), DATA)
    return found


def look(
    step: ImageRequest, found: FolderStore, *, author_digest: str = WISH, id: str = ID
) -> LookupResult:
    return look_up(step, key(step), [author_digest], id, found)


def test_a_look_up_tries_key_then_author_digest_then_id(tmp_path: Path) -> None:
    asked, found = step("now"), FolderStore(tmp_path)
    assert look(asked, found) == Missing()
    earlier = record(step("other words"), DATA, id=ID)
    found.put(earlier, DATA)
    assert look(asked, found) == Fallback(earlier)
    drifted = record(replace(asked, size="2K"), DATA, author_digest=WISH, id=ID)
    found.put(drifted, DATA)
    assert look(asked, found) == Drifted(drifted, "size 2K -> 1K")
    exact = record(asked, DATA, author_digest=WISH, id=ID)
    found.put(exact, DATA)
    assert look(asked, found) == InStock(exact)


def test_another_author_digest_and_another_id_find_nothing(tmp_path: Path) -> None:
    found = stock(tmp_path, step("then"), author_digest=WISH, id=ID)
    assert look(step("now"), found, author_digest="x" * 64, id="owl") == Missing()
    assert look(step("now"), found, author_digest="x" * 64, id="") == Missing()


def test_an_unknown_key_is_looked_up_by_author_digest_and_id(tmp_path: Path) -> None:
    found = stock(tmp_path, step("now"), author_digest=WISH)
    assert isinstance(look_up(step("now"), None, [WISH], ID, found), Drifted)
    assert look_up(step("now"), None, ["x" * 64], ID, found) == Missing()


def test_a_damaged_sidecar_is_not_replaced_by_another_picture(tmp_path: Path) -> None:
    asked = step("now")
    found = stock(tmp_path, asked, replace(asked, size="2K"), author_digest=WISH, id=ID)
    (tmp_path / f"{key(asked)}.json").write_text("{", encoding="utf-8")
    answer = look(asked, found)
    assert isinstance(answer, Missing)
    assert answer.damage.startswith(f"expected a sidecar in {key(asked)}.json, got damage")


def test_a_picture_in_stock_is_found_without_any_author_digest(tmp_path: Path) -> None:
    def digests() -> Iterator[str]:
        raise AssertionError("a digest was computed")
        yield

    found = stock(tmp_path, step("now"))
    assert isinstance(look_up(step("now"), key(step("now")), digests(), ID, found), InStock)


def test_the_newest_of_several_drifted_pictures_is_shown(tmp_path: Path) -> None:
    found = FolderStore(tmp_path)
    times = ["2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-21T10:00:00Z"]
    drawn = [record(step(f"then {time}"), DATA, author_digest=WISH, time=time) for time in times]
    for each in drawn:
        found.put(each, DATA)
    answer = look(step("now"), found)
    assert isinstance(answer, Drifted)
    assert answer.record == drawn[1]


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
def test_what_drifted_is_named_without_quoting_prompts(
    tmp_path: Path, then: dict[str, Any], now: dict[str, Any], why: str
) -> None:
    found = stock(tmp_path, step(**then), author_digest=WISH)
    answer = look(step(**now), found)
    assert isinstance(answer, Drifted)
    assert answer.why == why


def test_a_reference_to_another_picture_is_no_drift_of_its_own(tmp_path: Path) -> None:
    then = step(parts=(PicturePart("keeper"),))
    keys = {"keeper": "a" * 64}
    drawn = record(
        step(), DATA, author_digest=WISH, key=key(then, keys), request=canonical(then, keys)
    )
    found = FolderStore(tmp_path)
    found.put(drawn, DATA)
    now = replace(then, model="gemini-3-pro-image")
    assert look_up(now, None, [WISH], "", found) == Drifted(
        drawn, "model gemini-nano-banana-2.1 -> gemini-3-pro-image"
    )
    assert look_up(then, key(then, {"keeper": "b" * 64}), [WISH], "", found) == Drifted(
        drawn, "a picture it refers to changed"
    )
