"""What an author says about a reference is read however it is punctuated, or it is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.options.mapping import read_mapping
from mkdocs_gemini_images.directives.options.reference_items import (
    ROLES,
    ReferenceItem,
    mime_type_of,
    read_reference,
    with_roles,
)
from mkdocs_gemini_images.directives.readers import read_fence, read_image
from tests.unit.errors import error_of


@pytest.mark.parametrize(
    ("written", "item"),
    [
        ("fox.png", ReferenceItem("fox.png")),
        ("fox.png as person", ReferenceItem("fox.png", "person")),
        ("fox.png as: person", ReferenceItem("fox.png", "person")),
        ("fox.png, as Person", ReferenceItem("fox.png", "person")),
        ("file: fox.png as: person", ReferenceItem("fox.png", "person")),
        ("my old fox.png  as   style", ReferenceItem("my old fox.png", "style")),
        ("#fox as object", ReferenceItem("#fox", "object")),
        ("gs://b/c type image/png", ReferenceItem("gs://b/c", "", "image/png")),
        ("gs://b/c as object type: image/png", ReferenceItem("gs://b/c", "object", "image/png")),
        ("gs://b/c type image/png as object", ReferenceItem("gs://b/c", "object", "image/png")),
        ("dressed as person.png", ReferenceItem("dressed as person.png")),
        ("as person", ReferenceItem("as person")),
        ("type.png", ReferenceItem("type.png")),
    ],
)
def test_a_reference_says_what_it_is(written: str, item: ReferenceItem) -> None:
    assert read_reference(written) == item
    assert read_reference(str(item)) == item


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fox.png as persn", "a reference must be as object, person or style (you wrote 'as "
                             "persn'): "
                             "did you mean 'person'?"),
        ("fox.png as logo", "a reference must be as object, person or style (you wrote 'as logo'): "
                            "known are object, person, style"),
        ("gs://b/c type image/jpg", "expected the type of a picture, got 'image/jpg': "
                                    "did you mean 'image/jpeg'?"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_an_error(written: str, said: str) -> None:
    assert error_of(read_reference, written) == said


@given(st.text(max_size=60))
def test_any_text_is_read_or_is_an_error_and_comes_back_the_same(text: str) -> None:
    try:
        item = read_reference(text)
    except DiagnosticError:
        return
    assert read_reference(item.target).target or not item.target


def test_a_fence_an_image_and_a_mapping_take_the_same() -> None:
    expected = ("fox.png as person", "gs://b/c as style type image/png")
    body = (
        "prompt: A fox\nreferences:\n  - fox.png\n    as: person\n"
        "  - gs://b/c as style type image/png\n"
    )
    assert read_fence({}, body).references == expected
    listed = {"references": "[fox.png as person, gs://b/c as style type image/png]"}
    assert read_image("", "A fox", listed).references == expected
    items = [
        {"file": "fox.png", "as": "person"},
        {"file": "gs://b/c", "as": "style", "type": "image/png"},
    ]
    assert read_mapping({"prompt": "A fox", "references": items}, "x", "").references == expected
    texts = ["fox.png as person", "gs://b/c as style type image/png"]
    assert read_mapping({"prompt": "A fox", "references": texts}, "x", "").references == expected


def test_a_mapping_with_another_key_is_an_error() -> None:
    written = {"prompt": "A fox", "references": [{"file": "fox.png", "role": "person"}]}
    assert "a mapping" in error_of(read_mapping, written, "x", "")


def test_the_words_for_the_model_count_all_references() -> None:
    items = [ReferenceItem("a.png"), ReferenceItem("b.png", "object")]
    assert with_roles("A fox!", items) == f"A fox! Reference image 2 shows {ROLES['object']}."
    assert with_roles("A fox", items[:1]) == "A fox"


@pytest.mark.parametrize(
    ("uri", "kind"),
    [("https://x/a.PNG", "image/png"), ("gs://b/a.jpg?x=1", "image/jpeg"), ("gs://b/a", ""),
     ("https://x/?a.png", ""), ("https://x/a.webp#b", "image/webp"), ("https://x/a.gif", "")],
)  # fmt: skip
def test_an_ending_tells_the_type(uri: str, kind: str) -> None:
    assert mime_type_of(uri) == kind
