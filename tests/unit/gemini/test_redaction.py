"""The key is taken out of what a server says, however it spells it, and nothing else is."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.server import Secret
from mkdocs_gemini_images.gemini.redaction import Redactor
from tests.unit.pictures import jpeg, png, webp

KEY = 'sk-abc/def+42"x'
SPELLINGS = {
    "as it is": KEY,
    "JSON": json.dumps(KEY),
    "JSON in JSON": json.dumps(json.dumps({"token": KEY})),
    "JSON with an escaped slash": KEY.replace("/", "\\/"),
    "escapes": "".join(f"\\u{ord(c):04x}" for c in KEY),
    "escapes in capitals": "".join(f"\\u{ord(c):04X}" for c in KEY),
    "one escape": "\\u0073" + KEY[1:],
    "URL": quote(KEY, safe=""),
    "URL in small letters": quote(KEY, safe="").lower(),
    "URL, wholly": "".join(f"%{ord(c):02X}" for c in KEY),
    "URL, in part": KEY.replace("/", "%2f"),
    "URL twice": quote(quote(KEY, safe=""), safe=""),
    "HTML": html.escape(KEY),
    "HTML numbers": "".join(f"&#{ord(c)};" for c in KEY),
    "Python": repr(b"'" + KEY.encode()),
    "base64": base64.b64encode(KEY.encode()).decode(),
    **{
        f"base64 behind {before!r}": base64.b64encode(f"{before}{KEY} tail".encode()).decode()
        for before in ("Bearer ", "a:", "ab:", "abc:")
    },
    "URL-safe base64": base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode().rstrip("="),
    "base64 with escapes": base64.b64encode(KEY.encode()).decode().replace("/", "\\/"),
}


def redacted(text: str, key: str = KEY, piece: int = 0) -> str:
    """Pass a text through a redactor, whole or in pieces."""
    stream, data = Redactor(Secret(key)).stream(), text.encode()
    size = piece or len(data) or 1
    passed = [stream.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join([*passed, stream.end()]).decode()


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("piece", [0, 1, 5])
def test_no_spelling_of_the_key_passes(spelled: str, piece: int) -> None:
    said = redacted(f"Invalid token {spelled}, go away", piece=piece)
    assert said.startswith("Invalid token ")
    assert said.endswith(", go away")
    assert "***" in said
    assert len(said.replace("***", "")) < len("Invalid token , go away") + 25
    assert KEY[3:8] not in said


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_letters_do_not_hide_the_key(coding: str) -> None:
    said = Redactor(Secret(KEY)).whole(f"a {KEY} b".encode(coding))
    assert KEY.encode(coding)[:20] not in said


PICTURES = [base64.b64encode(each()).decode() for each in (png, jpeg, webp)]


@pytest.mark.parametrize("picture", PICTURES, ids=["png", "jpeg", "webp"])
@pytest.mark.parametrize("piece", [0, 1, 7, 64])
def test_a_picture_that_holds_the_key_by_chance_is_not_touched(picture: str, piece: int) -> None:
    key = picture[24:40]
    for written in (picture, picture.replace("/", "\\/")):
        text = (
            f'{{"text": "{key}", "inlineData": {{"data": "{written}"}}, "more": '
            f'"![x](data:image/png;base64,{written}) {key}", "data": '
            f'"data:image/png;base64,{written}"}}'
        )
        said = json.loads(redacted(text, key, piece))
        assert said["text"] == "***"
        assert said["inlineData"]["data"] == picture
        assert said["more"] == f"![x](data:image/png;base64,{picture}) ***"
        assert said["data"] == f"data:image/png;base64,{picture}"


@pytest.mark.parametrize("key", ["1", "1120", "null", "true", "text", "data", "a", "STOP"])
def test_json_stays_whole_whatever_the_key_is(key: str) -> None:
    value = {
        "text": f"Invalid token {key}, go", "data": PICTURES[0], "count": 1120, "many": [1, 1120],
        "long": 912345678, "none": None, "yes": [True, None, 1], "half": 1.5,
    }  # fmt: skip
    said = json.loads(redacted(json.dumps(value, indent=1), key))
    assert list(said) == list(value)
    assert said["text"] == "Invalid token ***, go"
    assert {name: said[name] for name in said if name != "text"} == {
        name: value[name] for name in value if name != "text"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [("[ 12345678 ]", [1]), ('{"a":12345678}', {"a": 1}), ("[912345678]", [91]),
     ("[123456789]", [19]), ("[-12345678.5]", [-1.5]), ("[1.12345678]", [1.1]),
     ("[1e12345678]", [10]), ('["12345678"]', ["***"])],
)  # fmt: skip
def test_a_long_key_of_digits_is_taken_out_of_numbers_and_json_stays_whole(
    text: str, said: object
) -> None:
    for piece in (0, 1, 7):
        assert json.loads(redacted(text, "12345678", piece)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("abc", "***"), ("abcd", "abcd"), ("xabc", "xabc"), ("a\\nabc\\n", "a\\n***\\n"),
     ("?key=abc&x", "?key=***&x"), ("%20abc%20", "%20***%20"), ("(abc)", "(***)"),
     ("abc_d", "abc_d"), ("x" * 30 + "/abc/" + "y" * 30, "x" * 30 + "/abc/" + "y" * 30),
     ("YWJj", "***"), ("xYWJj", "xYWJj")],
)  # fmt: skip
def test_a_short_key_is_replaced_as_a_word_of_its_own(text: str, said: str) -> None:
    assert redacted(text, "abc") == said


@given(st.text(), st.integers(1, 9))
def test_what_holds_no_key_passes_unchanged(text: str, piece: int) -> None:
    assert redacted(text, "canary-4f1e-key", piece) == text
    assert redacted(text, "", piece) == text


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8), st.text(), st.text()
)
@example("12345678", "[", "")
def test_any_key_is_taken_out_of_any_text(key: str, before: str, after: str) -> None:
    assert key not in redacted(f"{before} {key} {after}", key) or key in f"{before}***{after}"


def test_a_redactor_does_not_show_its_key() -> None:
    assert KEY not in repr(Redactor(Secret(KEY)))
