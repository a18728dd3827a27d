"""How text of others is written into messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import Diagnostic, printable, single_line

ACTING = (
    "\x1b[31m", "\x9b31m", "\x07", "\r", "\n", "\x85", "\u2028", "\u202e", "\u202a", "\u2066",
    "\u2069", "\u200e", "\u200f", "\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad", "\u2060",
    "\ud83d", "\U000e0041", "\0", "\u034f", "\u115f", "\u3164", "\uffa0", "\ufe00", "\U000e0100",
    "\u200b\ufe0f",
)  # fmt: skip


@given(st.text())
def test_single_line_has_no_line_break_and_no_control_character(text: str) -> None:
    line = single_line(text)
    assert "\n" not in line
    assert all(each.isprintable() or each in "\u200c\u200d" for each in line)
    assert single_line(line) == line
    assert not line.startswith("::")
    line.encode()


@pytest.mark.parametrize("acting", ACTING)
def test_what_acts_upon_a_terminal_or_the_eye_is_replaced_in_any_message(acting: str) -> None:
    text = f"a{acting}b"
    said = (printable(text), single_line(text), str(Diagnostic(text, text, text)))
    assert not [line for line in said if acting in line]


@pytest.mark.parametrize(
    "text", ["👩\u200d🚀", "❤\ufe0f", "1\ufe0f\u20e3", "می\u200cخواهم", "e\u0301", "日本"]
)
def test_scripts_and_emoji_keep_the_joiners_that_they_need(text: str) -> None:
    assert single_line(text) == text


@pytest.mark.parametrize(
    "text",
    ["::error::x", "  ::set-output name=a::b", "::add-mask::x", "a ##[error]x",
     "##vso[task.setvariable variable=x]y", "##teamcity[message text='x']"],
)  # fmt: skip
def test_a_line_is_no_command_to_a_runner(text: str) -> None:
    for line in (printable(text), single_line(text)):
        assert not line.lstrip().startswith("::")
        assert "##" not in line


@pytest.mark.parametrize("text", ["std::vector", "a :: b", "## Title", "C##", "[x] ##"])
def test_words_that_look_alike_stay(text: str) -> None:
    assert printable(text) == text
