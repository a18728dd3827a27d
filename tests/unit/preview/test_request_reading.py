"""Bodies of requests are read where their length is one plain number, and as plain JSON."""

import io
from typing import Any

import pytest

from mkdocs_gemini_images.preview.request_reading import MAX_BODY, has_plain_length, json_body


def request(body: bytes, **environ: str) -> dict[str, Any]:
    return {
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), **environ,
    }  # fmt: skip


@pytest.mark.parametrize(
    "length",
    [
        "+5", "-5", " 5", "5 ", "5, 5", "5,5", "1_0", "0x5", "5.0", "5e0", "00005", "99999", "4097",
        "\u0665", "\u00b2", "five", "5\n", "\t5", "5\x00",
    ],
)  # fmt: skip
def test_a_length_that_is_not_plain_is_refused(length: str) -> None:
    assert not has_plain_length(request(b"[1,2]", CONTENT_LENGTH=length))


@pytest.mark.parametrize("name", ["HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_LENGTH"])
def test_a_second_way_to_say_a_length_is_refused(name: str) -> None:
    assert has_plain_length(request(b"[1,2]"))
    assert not has_plain_length(request(b"[1,2]", **{name: ""}))


def test_a_body_is_read_to_its_length_and_no_further() -> None:
    assert json_body(request(b"[1,2][3]", CONTENT_LENGTH="5")) == [1, 2]
    assert json_body(request(b"0" * 0)) is None
    assert json_body(request(b'"' + b"x" * (MAX_BODY - 2) + b'"')) == "x" * (MAX_BODY - 2)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"[" * 4000, b"\x00",
        b"{}x",
        b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_what_is_no_plain_json_gives_nothing(body: bytes) -> None:
    assert json_body(request(body)) is None


@pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonp", "multipart/form-data"])
def test_other_types_are_not_read(kind: str) -> None:
    assert json_body(request(b"{}", CONTENT_TYPE=kind)) is None
    assert json_body(request(b"{}", CONTENT_TYPE="application/json; charset=utf-8")) == {}


class Lost(io.BytesIO):
    """The input of a peer that has stopped sending."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise TimeoutError


def test_a_body_that_does_not_arrive_gives_nothing() -> None:
    assert json_body(request(b"{}") | {"wsgi.input": Lost()}) is None
