"""Directives that Markdown reads as something else are found in its tree."""

import xml.etree.ElementTree as etree

import pytest
from markdown.util import HTML_PLACEHOLDER

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.markdown.near_misses import (
    check_for_misplaced_options,
    lacks_exclamation_mark,
    placeholders_in_open_fences,
    unread_fences,
    unread_image_texts,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"````md\n{HTML_PLACEHOLDER % 3}\n````\n{HTML_PLACEHOLDER % 4}", {"3"}),
        (f"~~~\n{HTML_PLACEHOLDER % 3}", {"3"}),
        (f"```` a ````\n{HTML_PLACEHOLDER % 3}", set()),
        (HTML_PLACEHOLDER % 3, set()),
    ],
)
def test_placeholders_in_a_fence_left_as_text_are_found(text: str, numbers: set[str]) -> None:
    root = etree.Element("div")
    etree.SubElement(root, "p").text = text
    assert placeholders_in_open_fences(root).keys() == numbers


def test_code_opens_no_fence() -> None:
    root = etree.Element("div")
    etree.SubElement(root, "code").text = "```"
    etree.SubElement(root, "p").text = HTML_PLACEHOLDER % 3
    assert placeholders_in_open_fences(root) == {}


def test_fences_and_images_left_as_text_are_found() -> None:
    text = "  ```gemini-image size=2K\nA fox\n```\n[a](gemini: A fox\n[b](gemini://c)"
    assert [line for line, _ in unread_fences(text)] == ["```gemini-image size=2K"]
    assert [line for line, _ in unread_image_texts(text)] == ["[a](gemini: A fox"]


@pytest.mark.parametrize(("before", "lacks"), [("see ", True), ("see !", False), (None, True)])
def test_a_link_without_an_exclamation_mark_is_found(before: str | None, lacks: bool) -> None:
    parent = etree.Element("p")
    parent.text = before
    assert lacks_exclamation_mark(parent, None) is lacks


def test_options_behind_a_picture_or_on_its_block_are_refused() -> None:
    block = etree.Element("p", {"aspect_ratio": "4:3", "class": "wide"})
    link = etree.SubElement(block, "a")
    check_for_misplaced_options(link, " text", {})
    with pytest.raises(DiagnosticError) as caught:
        check_for_misplaced_options(link, " { .wide }", {link: block})
    got = [diagnostic.got for diagnostic in caught.value.diagnostics]
    assert got == ["'{ .wide }'", "aspect_ratio= apart from it"]
