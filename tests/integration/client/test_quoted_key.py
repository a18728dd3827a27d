"""A server quotes the key wherever it can: it is in no message, no file and no log."""

import base64
import json
import logging
from pathlib import Path

import pytest

from tests.integration.client.asking import KEY, ask, server
from tests.integration.client.hostile import Answer, error, hostile, http, png, raw, said

BASIC = base64.b64encode(f"user:{KEY}".encode()).decode()
ESCAPED = "".join(f"\\u{ord(each):04x}" for each in KEY)
PICTURE = base64.b64encode(png()).decode()
SIGNATURE = base64.b64encode(b"signed for Bearer " + KEY.encode()).decode()
_PARTS = [
    {"text": f"Here, for {KEY} and {BASIC}", "thoughtSignature": SIGNATURE},
    {"inlineData": {"mimeType": f"image/png; {KEY}", "data": PICTURE}},
]
_DRAWN = {
    "candidates": [{
        "content": {"parts": _PARTS},
        "groundingMetadata": {"webSearchQueries": [KEY], KEY: [{KEY: BASIC}]},
    }],
    "modelVersion": KEY, "responseId": KEY,
}  # fmt: skip

FAULTS: dict[str, Answer] = {
    "200 with an error": said({"error": {"code": 401, "message": f"Invalid token {KEY}"}}),
    "escaped": http(f'{{"error": {{"message": "Invalid token {ESCAPED}"}}}}'.encode()),
    "in base64": error({"message": f"Basic {BASIC}"}, "401 Unauthorized"),
    "as a name": said({"error": {KEY: KEY}}),
    "a page": http(f"<html><title>Bad {KEY}</title>".encode(), Content_Type="text/html"),
    "no JSON": http(f"oh {KEY}".encode()),
    "a refusal": said({"candidates": [{"finishReason": "SAFETY", "finishMessage": KEY}]}),
    "a block": said({"promptFeedback": {"blockReason": KEY, "blockReasonMessage": KEY}}),
    "a reason": said({"candidates": [{"finishReason": KEY}]}),
    "text alone": said({"candidates": [{"content": {"parts": [_PARTS[0]]}}]}),
    "a status line": raw(f"HTTP/1.1 {KEY}\r\n\r\n".encode()),
    "a reason of a status": http(b"{}", f"503 {KEY}"),
    "a header": http(b"{}", X_Key=KEY, Set_Cookie=KEY),
    "a broken header": raw(f"HTTP/1.1 200 OK\r\n{KEY}\r\n\r\n".encode()),
    "a coding": http(b"{}", Content_Encoding=KEY),
    "a redirect": http(b"", "302 Found", Location=f"https://elsewhere.invalid/{KEY}"),
    "a delay": error({"message": "x"}, "429 Many", Retry_After=KEY),
    "cut within the key": error({"message": "x" * 65_490 + KEY + "x" * 9999}),
    "wide letters": http(json.dumps({"error": {"message": f"{KEY} {BASIC}"}}).encode("utf-16-be")),
    "wide letters, escaped": http(f'{{"error": "{ESCAPED}"}}'.encode("utf-32")),
    "a picture that is none": said({"candidates": [{"content": {"parts": [
        {"inlineData": {"data": base64.b64encode(KEY.encode()).decode()}}]}}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_quotes_the_key_is_quoted_without_it(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with hostile(None, FAULTS[name]) as there:
        asked = ask(tmp_path, server(there.url), ["A fox"])
    assert_nowhere(tmp_path, caplog.text + asked.failure.what)


def assert_nowhere(folder: Path, text: str) -> None:
    """Assert that neither a text nor a file holds the key, in any spelling of this server."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for secret in (KEY, KEY[:10], ESCAPED, BASIC, SIGNATURE[24:36]):
        assert secret not in text
        for path, data in files.items():
            assert secret.encode() not in data, path


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-32-le"])
def test_a_picture_that_comes_with_the_key_is_stored_whole_and_without_it(
    tmp_path: Path, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with hostile(None, http(json.dumps(_DRAWN).encode(coding))) as there:
        (record,) = ask(tmp_path, server(there.url), ["A fox"]).records
    assert (tmp_path / "stock" / record.file_name).read_bytes() == base64.b64decode(PICTURE)
    assert record.text.startswith("Here, for *** and ")
    assert record.model_version == record.response_id == "***"
    assert record.turn == (), "a signature that was changed is not sent again"
    assert_nowhere(tmp_path, caplog.text)


def test_an_answer_that_waits_in_the_journal_holds_no_key(tmp_path: Path) -> None:
    (tmp_path / "stock").write_text("no folder: the picture cannot be stored")
    with hostile(None, said(_DRAWN)) as there:
        failed = ask(tmp_path, server(there.url), ["A fox"], keeps=True)
    assert failed.records == []
    (answer,) = (tmp_path / "journal").glob("*.answer")
    assert PICTURE.encode() in answer.read_bytes()
    assert_nowhere(tmp_path, "")
