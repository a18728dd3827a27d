"""An edit goes on whatever the server thinks of the turns before it, and costs one picture."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.integration.client.hostile import Answer, Heard, error, hostile, http, png
from tests.integration.conftest import MakeSite
from tests.integration.site import QUICK, fence

PAGE = fence("A fox", edits="[at night, in snow]")
REFUSALS = {
    "missing": "Image part is missing a thought_signature in content position 2, part position 1.",
    "corrupted": "Corrupted thought signature.",
    "type": "Unsupported MIME type: image/jpg",
    "other type": "Unhandled generated data mime type: image/jpeg",
    "roles": "Please ensure that multiturn requests alternate between user and model.",
    "in no words": "Request contains an invalid argument.",
}


def signed(signature: Any = "c2ln", kind: str = "image/jpg") -> Answer:
    """Answer with a picture and this signature."""
    import base64

    data = base64.b64encode(png(688, 384)).decode()
    part = {"inlineData": {"mimeType": kind, "data": data}, "thoughtSignature": signature}
    candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
    return http(json.dumps({"candidates": [candidate]}).encode())


def turns(heard: Heard) -> list[tuple[str, int]]:
    """Give the role of each turn of a request, and how many pictures it has."""
    contents = json.loads(heard.body)["contents"]
    return [(each["role"], sum("inlineData" in part for part in each["parts"]))
            for each in contents]  # fmt: skip


FIRST, GOES_ON, STARTS_ANEW = (
    [("user", 0)], [("user", 0), ("model", 1), ("user", 0)], [("user", 1)],
)  # fmt: skip


@pytest.mark.parametrize("words", REFUSALS.values(), ids=list(REFUSALS))
def test_a_step_whose_history_is_refused_is_sent_as_picture_and_instruction(
    site: MakeSite, words: str
) -> None:
    refusal = error({"code": 400, "status": "INVALID_ARGUMENT", "message": words})
    with hostile(None, signed(), refusal, signed(), refusal, signed()) as there:
        built = site(PAGE, base_url=there.url, **QUICK).build(retries=0)
    assert built.warnings == []
    asked = [turns(each) for each in there.requests]
    assert asked[:3] == [FIRST, GOES_ON, STARTS_ANEW]
    assert (len(asked), asked[-1]) == (5, STARTS_ANEW)


def test_it_is_tried_once(site: MakeSite) -> None:
    refusal = error({"code": 400, "message": REFUSALS["corrupted"]})
    with hostile(None, signed(), refusal) as there:
        built = site(PAGE, base_url=there.url, **QUICK).build(retries=3)
    assert [turns(each) for each in there.requests] == [FIRST, GOES_ON, STARTS_ANEW]
    assert len(built.warnings) == 1
    assert "Corrupted thought signature" in built.warnings[0]


def test_a_picture_that_goes_while_its_history_is_refused_is_the_reason_of_its_edits(
    site: MakeSite,
) -> None:
    refusal = error({"code": 400, "message": REFUSALS["corrupted"]})

    def lose_and_refuse(connection: socket.socket) -> None:
        for path in here.stock.glob("*.png"):
            path.write_bytes(b"")
        refusal(connection)

    with hostile(None, signed(), lose_and_refuse) as there:
        here = site(PAGE, base_url=there.url, **QUICK)
        built = here.build()
    (warning,) = built.warnings
    (lost,) = here.sidecars
    assert "is not drawn: the picture it builds on is missing: gemini-images/" in warning
    assert (
        f".png has other bytes than were drawn (sha256 {lost['sha256'][:12]}…): restore it ("
        in warning
    )
    assert [turns(each) for each in there.requests] == [FIRST, GOES_ON]


@pytest.mark.parametrize("signature", [None, "", " "])
def test_a_turn_without_signature_is_not_repeated(site: MakeSite, signature: str | None) -> None:
    with hostile(None, signed(signature)) as there:
        built = site(PAGE, base_url=there.url, **QUICK).build()
    assert built.warnings == []
    assert [turns(each) for each in there.requests] == [FIRST, STARTS_ANEW, STARTS_ANEW]


def test_a_picture_is_repeated_with_its_own_type(site: MakeSite) -> None:
    with hostile(None, signed()) as there:
        site(PAGE, base_url=there.url, **QUICK).build()
    part = json.loads(there.requests[1].body)["contents"][1]["parts"][0]
    assert part["inlineData"]["mimeType"] == "image/png"


@pytest.mark.parametrize(
    "answer",
    [error({"code": 403, "message": "thought_signature: no"}, "403 Forbidden"),
     error({"code": 400, "message": "API key not valid."})],
)  # fmt: skip
def test_a_refused_key_is_not_about_history(site: MakeSite, answer: Answer) -> None:
    with hostile(None, signed(), answer) as there:
        site(PAGE, base_url=there.url, **QUICK).build(retries=0)
    assert len(there.requests) == 2


def test_the_keys_of_the_steps_do_not_depend_on_the_way(site: MakeSite, tmp_path: Path) -> None:
    refusal = error({"code": 400, "message": REFUSALS["corrupted"]})
    keys = []
    for play in ([signed()], [signed(), refusal, signed(), refusal, signed()], [signed("")]):
        with hostile(None, *play) as there:
            here = site(PAGE, base_url=there.url, **QUICK)
            here.build()
        keys.append(sorted(each["key"] for each in here.sidecars))
        for path in here.stock.glob("*"):
            path.unlink()
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) == 3
