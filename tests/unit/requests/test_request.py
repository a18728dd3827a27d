"""What a request's key is made from, and that the key of a request never changes.

`keys.json` holds requests and the keys they have had since the first release. A changed key makes
every picture of every user missing, and each is bought again. Cases are only added to that file: a
change of the code that makes this test fail is wrong.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.hashing import canonical_json, digest
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.presets import read_presets
from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.requests.request import (
    FilePart,
    ImageRequest,
    PicturePart,
    RequestPart,
    UriPart,
    canonical,
    key,
)
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from tests.unit.pictures import resolved, step

GOLDEN = Path(__file__).with_name("keys.json")
KEYS = {"keeper": "a" * 64, "lamp": "b" * 64}


# The golden file


def read_part(written: dict[str, str]) -> RequestPart:
    match written:
        case {"file": digest}:
            return FilePart("art/fox.png", digest)
        case {"uri": uri}:
            return UriPart(uri)
        case {"id": id}:
            return PicturePart(id)
    raise AssertionError(written)


def read_case(case: dict[str, Any]) -> ResolvedImage:
    written: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in case["directive"].items()
    }
    site = dict(case.get("site", {}))
    site["presets"] = read_presets(site.get("presets", {}))
    if "request" in site:
        site["request"] = canonical_json(site["request"])
    parts = tuple(read_part(part) for part in case.get("parts", ()))
    return resolved(Directive(**written), ImageDefaults(**site), parts)


CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_request_has_the_key_it_has_always_had(case: dict[str, Any]) -> None:
    """Never adapt `keys.json` to a new key: that buys every picture of every user again."""
    found = read_case(case)
    assert [key(each, KEYS) for each in found.light.request.chain()] == case["keys"]
    dark = [case["dark"]] if "dark" in case else []
    assert [key(each, KEYS) for each in found.requests[1:]] == dark
    assert found.directive.author_digest == case["wish"]


def test_all_keys_of_the_golden_file_differ() -> None:
    lasts = [case["keys"][-1] for case in CASES]
    assert len(set(lasts)) == len(lasts) - sum("same" in case for case in CASES)
    assert len(CASES) >= 24


def test_the_golden_file_covers_every_field_of_a_step() -> None:
    seen = {name for case in CASES for each in read_case(case).light.request.chain() for name in
            canonical(each)}  # fmt: skip
    assert seen == {
        "v", "model", "text", "config", "parts", "tools", "request", "take", "after", "emulated",
    }  # fmt: skip


def test_a_key_is_the_digest_of_exactly_this_json() -> None:
    first = step(
        "A fox", model="gemini-3.1-flash-image", size="2K", temperature=0.5, grounding=("web",),
        parts=(FilePart("f", "f" * 64), UriPart("gs://b/x"), PicturePart("keeper")),
        request='{"safetySettings":[]}', take=2, emulated=True,
    )  # fmt: skip
    assert canonical_json(canonical(first._replace(after=step("A")), KEYS)) == (
        '{"after":"' + key(step("A")) + '",'
        '"config":{"aspectRatio":"16:9","imageSize":"2K","temperature":0.5},'
        '"emulated":true,"model":"gemini-3.1-flash-image",'
        '"parts":[{"file":"' + "f" * 64 + '"},{"uri":"gs://b/x"},{"picture":"' + "a" * 64 + '"}],'
        '"request":{"safetySettings":[]},"take":2,"text":"A fox","tools":["web"],"v":1}'
    )
    assert canonical_json(canonical(step("Ä “fox”"))) == (
        '{"config":{"aspectRatio":"16:9"},"model":"gemini-nano-banana-2.1","text":"Ä “fox”","v":1}'
    )


# Properties

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.split()
)
digests = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])
any_part = st.one_of(
    st.builds(FilePart, st.just("art/fox.png"), digests),
    st.builds(UriPart, st.sampled_from(["https://x.example/a.png", "gs://b/a.png"])),
    st.builds(PicturePart, st.sampled_from(sorted(KEYS))),
)
steps = st.builds(
    lambda **fields: ImageRequest(**fields),  # with no others: `builds` gives each field a value
    model=st.sampled_from([*catalogue.MODELS, "gemini-9-image"]),
    text=words,
    aspect_ratio=st.sampled_from(dimensions.RATIOS),
    size=st.sampled_from(dimensions.SIZES),
    temperature=st.none() | st.floats(0, 2),
    parts=st.lists(any_part, max_size=3).map(tuple),
    grounding=st.sampled_from([(), ("web",), ("image",), ("image", "web")]),
    request=st.sampled_from(["", '{"a":1}', '{"a":2}']),
    take=st.integers(1, 5),
    emulated=st.booleans(),
)
chains = st.lists(steps, min_size=1, max_size=4).map(
    lambda found: _linked(found)  # each after the one before
)
DRAWING = ("model", "text", "aspect_ratio", "size", "temperature", "parts", "grounding", "request",
           "take", "emulated")  # fmt: skip


def _linked(found: list[ImageRequest]) -> ImageRequest:
    last = found[0]
    for each in found[1:]:
        last = each._replace(after=last)
    return last


@given(steps, steps, st.sampled_from(DRAWING))
def test_a_key_changes_with_each_field_that_draws(
    one: ImageRequest, other: ImageRequest, name: str
) -> None:
    assume(getattr(one, name) != getattr(other, name))
    changed = one._replace(**{name: getattr(other, name)})
    assert key(changed, KEYS) != key(one, KEYS)


@given(chains, chains)
def test_two_requests_share_a_key_only_if_they_are_the_same(
    one: ImageRequest, other: ImageRequest
) -> None:
    assert (key(one, KEYS) == key(other, KEYS)) == (one == other)


@given(chains, steps)
def test_a_key_changes_with_each_step_before(last: ImageRequest, other: ImageRequest) -> None:
    for each in last.chain():
        assert key(other._replace(after=each), KEYS) != key(other, KEYS)


@given(chains)
def test_a_key_is_the_same_with_and_without_cached_values(last: ImageRequest) -> None:
    again = json.loads(json.dumps(canonical(last, KEYS)))
    assert digest(again) == key(last, KEYS) == key(last._replace(), KEYS)
    assert len(key(last, KEYS)) == 64


def test_every_field_of_a_step_draws_or_is_known_not_to() -> None:
    silent = {"spelled"}  # 0.5K and 512 are one size
    assert set(ImageRequest._fields) == {*DRAWING, "after"} | silent
    assert key(step(size="512", spelled="0.5K")) == key(step(size="512", spelled="512"))


def test_a_field_at_its_default_is_left_out() -> None:
    assert set(canonical(step())) == {"v", "model", "text", "config"}
    assert set(canonical(step())["config"]) == {"aspectRatio"}


@given(chains)
def test_the_emulators_keys_never_meet_the_real_ones(last: ImageRequest) -> None:
    real = _linked([each._replace(emulated=False, after=None) for each in last.chain()])
    emulated = _linked([each._replace(emulated=True, after=None) for each in last.chain()])
    ours = {key(each, KEYS) for each in real.chain()}
    assert ours.isdisjoint(key(each, KEYS) for each in emulated.chain())


def test_an_id_stays_as_written_in_names_and_is_resolved_in_keys() -> None:
    refers = step(parts=(PicturePart("keeper"),))
    assert canonical(refers)["parts"] == [{"id": "keeper"}]
    assert canonical(refers, KEYS)["parts"] == [{"picture": "a" * 64}]
    assert canonical(step()._replace(after=refers)) != canonical(
        step()._replace(after=refers), KEYS
    )
    with pytest.raises(KeyError):
        key(refers, {})


@given(chains)
def test_a_key_follows_the_picture_that_any_of_its_steps_refers_to(last: ImageRequest) -> None:
    other = dict.fromkeys(KEYS, "d" * 64)
    refers = any(isinstance(part, PicturePart) for each in last.chain() for part in each.parts)
    assert (key(last, KEYS) != key(last, other)) == refers


def test_a_key_has_the_bytes_of_a_reference_and_not_its_path() -> None:
    moved = FilePart("elsewhere.png", "f" * 64)
    assert key(step(parts=(FilePart("a.png", "f" * 64),))) == key(step(parts=(moved,)))
    two = (FilePart("a", "a" * 64), FilePart("b", "b" * 64))
    assert key(step(parts=two)) != key(step(parts=two[::-1]))


def test_half_a_surrogate_pair_has_a_key_like_any_text() -> None:
    assert len(key(step("\ud800"))) == 64
