"""A server quotes the key in every answer: it is in no output of a site, and in no file.

One page has a picture for each answer. `Site` looks for the key as it is after each build and
command; here its other spellings are looked for as well.
"""

import base64
import gzip
import json
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.integration.client.hostile import Answer, error, hostile, http, png, said
from tests.integration.conftest import MakeSite
from tests.integration.site import CANARY, fence

BASIC = base64.b64encode(f"user:{CANARY}".encode()).decode()
ESCAPED = "".join(f"\\u{ord(each):04x}" for each in CANARY)
PERCENT = "".join(f"%{ord(each):02x}" for each in CANARY)
WORDS = f"{CANARY} {BASIC} {PERCENT}"
PIXELS = base64.b64encode(png(688, 384)).decode()
REFUSED = {"candidates": [{"finishReason": "SAFETY", "finishMessage": WORDS}]}
DRAWN = {
    "candidates": [{"content": {"parts": [{"text": WORDS}, {"inlineData": {"data": PIXELS}}]}}],
    "modelVersion": CANARY, "responseId": BASIC,
}  # fmt: skip

ANSWERS: dict[str, Answer] = {
    "a picture": said(DRAWN),
    "a picture alone": http(base64.b64decode(PIXELS)),
    "a refusal": said(REFUSED),
    "an escaped refusal": http(json.dumps(REFUSED).replace(CANARY, ESCAPED).encode()),
    "a wide refusal": http(json.dumps(REFUSED).encode("utf-16")),
    "a packed refusal": http(gzip.compress(json.dumps(REFUSED).encode()), Content_Encoding="gzip"),
    "a refusal passed on": error({"message": f"blocked by safety {WORDS}"}, "500 No"),
    "a picture nowhere": said({"status": WORDS, "rendering": {"pixels": PIXELS, BASIC: CANARY}}),
    "an address": said({"message": WORDS, "image_url": f"https://cdn.example/a.png?k={PERCENT}"}),
    "no JSON": http(f"Oh {WORDS}".encode()),
    "brotli": http(b"\x0b\x05" + WORDS.encode(), Content_Encoding="br"),
    "an error": said({"error": {"code": 500, "message": WORDS}}),
    "an error in words": said({"choices": [{"message": {"content": f"Error: 500 {WORDS}"}}]}),
    "another status": error({"message": WORDS}, "418 Teapot"),
}
ASKED_AGAIN = {"a refusal passed on", "an error", "an error in words", "another status"}
COMMANDS = ("plan --json", "plan --markdown", "check", "doctor", "gallery")


def test_the_key_is_in_no_output_and_in_no_file(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = "".join(fence(name, id=f"p{n}", alt=f"Number {n}") for n, name in enumerate(ANSWERS))
    answers = ANSWERS | {"/v1beta/models": http(f"Oh {WORDS}".encode())}
    with hostile(answers) as there:
        here = site(page, base_url=there.url, max_new=50, budget=50, retries=0, timeout=30)
        here.secrets = (CANARY, BASIC, BASIC[8:20], ESCAPED, PERCENT)
        built = here.build()
        assert built.error is None
        assert len(there.requests) == len(ANSWERS)
        assert len(built.warnings) == len(ANSWERS) - 2
        assert len(here.sidecars) == 2
        for command in COMMANDS:
            done = run(here, *command.split())
            assert done.requests == ()
        assert run(here, "adopt", "p7", *kept(here.journal, b"rendering")).code == 0
        here.build(serving=True)
        before = len(there.requests)
        here.build()
        asked = {each.prompt for each in there.requests[before:]}
    assert asked == ASKED_AGAIN - {"a refusal passed on"}
    here.check_secrets([path.read_text() for path in tmp_path.glob("*.html")])


def kept(journal: Path, words: bytes) -> list[str]:
    """Return the file of the kept answer that has these words."""
    return [str(p) for p in journal.glob("raw/*.answer") if words in p.read_bytes()]
