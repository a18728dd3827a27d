"""How text of others is written into messages."""

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import single_line


@given(st.text())
def test_single_line_has_no_line_break_and_no_control_character(text: str) -> None:
    line = single_line(text)
    assert "\n" not in line
    assert all(each.isprintable() or each in "\u200c\u200d" for each in line)
    assert single_line(line) == line
