"""The section of a picture: its heading and nearest paragraphs, without any prompt."""

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.sources.alts.section import Section, section_at

PAGE = """\
---
title: not this
gemini_image: A hidden prompt
---
# First

Far away.

## The harbour { #harbour }

One.

Two,
on two lines.

<!-- a comment -->
![A fox](gemini: "a secret prompt") Three.

```gemini-image
prompt: a secret prompt
```

Four.

```python
code()
```

Five. ![x][ref]

Six.

Next
----

Elsewhere.

[ref]: gemini: "a secret prompt"
"""


def line_of(text: str) -> int:
    return PAGE[: PAGE.index(text)].count("\n") + 1


def test_the_heading_and_the_nearest_paragraphs_of_the_section_are_found() -> None:
    assert section_at(PAGE, line_of("```gemini-image")) == Section(
        "The harbour", "Two, on two lines. Three.", "Four. Five."
    )


def test_an_underlined_heading_begins_a_section() -> None:
    assert section_at(PAGE, line_of("Elsewhere.")).heading == "Next"


def test_no_prompt_no_code_and_no_front_matter_is_in_a_section() -> None:
    for line in range(1, PAGE.count("\n") + 3):
        words = str(section_at(PAGE, line))
        assert not any(each in words for each in ("secret", "hidden", "code()", "comment"))


@given(st.text(), st.integers(1, 50))
def test_any_page_has_a_short_section(page: str, line: int) -> None:
    found = section_at(page, line)
    assert len(found.heading) <= 200
    assert max(len(found.before), len(found.after)) <= 900
