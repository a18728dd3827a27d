"""The requests of a job are written as the API reads them."""

import json

from mkdocs_gemini_images.gemini.batches.request_lines import (
    job_of_file,
    job_of_requests,
    request_line,
)

BODY = '{"contents":[{"parts":[{"text":"Füchse \\n"}]}]}'.encode()


def test_a_line_holds_a_request_with_its_key() -> None:
    line = request_line("k1", BODY)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == {"key": "k1", "request": json.loads(BODY)}


def test_a_job_names_its_file() -> None:
    assert json.loads(job_of_file('a "site"', "files/x")) == {
        "batch": {"displayName": 'a "site"', "inputConfig": {"fileName": "files/x"}}
    }


def test_a_job_holds_its_requests() -> None:
    items = [{"request": json.loads(BODY), "metadata": {"key": key}} for key in ("k1", "k2")]
    assert json.loads(job_of_requests("site", [("k1", BODY), ("k2", BODY)])) == {
        "batch": {"displayName": "site", "inputConfig": {"requests": {"requests": items}}}
    }
