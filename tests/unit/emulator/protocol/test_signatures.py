"""The parts of a model turn are accepted in an edit with the signatures they were sent with."""

import base64
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.protocol.signatures import BYPASS_SIGNATURES
from tests.unit.emulator.api_calls import NB, PRO, generate, parts
from tests.unit.emulator.api_calls import prompt as asked


def _edit(turn: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "contents": [
            {"role": "user", "parts": [{"text": "A fox"}]},
            {"role": "model", "parts": turn},
            {"role": "user", "parts": [{"text": "Now at night"}]},
        ]
    }


@pytest.fixture(scope="module")
def turn() -> list[dict[str, Any]]:
    return parts(generate(create_app(), asked("A fox"), model=PRO))


def test_a_model_turn_is_accepted_as_it_was_received(turn: list[dict[str, Any]]) -> None:
    assert generate(create_app(), _edit(turn), model=PRO).status_code == 200


def test_signatures_are_compared_as_bytes(turn: list[dict[str, Any]]) -> None:
    signature = turn[1]["thoughtSignature"]
    assert "/" in signature
    echoed = signature.translate(str.maketrans("+/", "-_")).rstrip("=")
    edited = [turn[0], {**turn[1], "thoughtSignature": echoed}]
    assert generate(create_app(), _edit(edited), model=PRO).status_code == 200


@pytest.mark.parametrize("place", [0, 1])
def test_a_missing_signature_is_refused_with_its_position(
    turn: list[dict[str, Any]], place: int
) -> None:
    bare = [dict(part) for part in turn]
    del bare[place]["thoughtSignature"]
    kind = ("Text", "Image")[place]
    message = (
        f"{kind} part is missing a thought_signature in content position 2, "
        f"part position {place + 1}."
    )
    response = generate(create_app(), _edit(bare), model=PRO)
    assert (response.status_code, response.json()["error"]["message"]) == (400, message)
    assert generate(create_app(), _edit(bare), model=NB).status_code == 200


def test_the_signature_of_another_image_is_refused(turn: list[dict[str, Any]]) -> None:
    other = parts(generate(create_app(), asked("A boat"), model=PRO))
    mixed = [turn[0], {**turn[1], "thoughtSignature": other[1]["thoughtSignature"]}]
    response = generate(create_app(), _edit(mixed), model=PRO)
    assert "Thought signature is not valid" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "dummy", sorted(base64.b64encode(one or b"").decode() for one in BYPASS_SIGNATURES)
)
def test_the_bypass_signatures_are_accepted(turn: list[dict[str, Any]], dummy: str) -> None:
    signed = [{**part, "thoughtSignature": dummy} for part in turn]
    assert generate(create_app(), _edit(signed), model=PRO).status_code == 200


@pytest.mark.parametrize(
    "dummy", ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]
)
def test_the_bypass_signatures_may_be_written_literally(
    turn: list[dict[str, Any]], dummy: str
) -> None:
    signed = [{**part, "thoughtSignature": dummy} for part in turn]
    assert generate(create_app(), _edit(signed), model=PRO).status_code == 200


def test_a_streamed_turn_may_come_back_as_several_contents(turn: list[dict[str, Any]]) -> None:
    text, image = turn
    half = [{**text, "text": text["text"][:9]}, {"text": text["text"][9:]}, image]
    body = _edit([])
    body["contents"][1:2] = [{"role": "model", "parts": [part]} for part in half]
    assert generate(create_app(), body, model=PRO).status_code == 200
