"""A word that is an option of the whole site is told from one that is misspelt."""

from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.options.unknown_option import SITE_OPTIONS, correction

ELSEWHERE = "holds for the whole site: write it among the plugin's options"


def test_the_options_of_the_whole_site_are_those_of_the_plugin_that_no_directive_has() -> None:
    assert {name for name, _ in GeminiImagesConfig._schema} - set(OPTIONS) == SITE_OPTIONS


def test_an_option_of_the_whole_site_belongs_in_its_configuration() -> None:
    for written in ("label", "Label", "labels"):
        assert correction(written, OPTIONS) == f"label {ELSEWHERE}"
    assert correction("alt-model", OPTIONS) == f"alt_model {ELSEWHERE}"
    assert correction("widths", OPTIONS) == f"widths {ELSEWHERE}, or did you mean 'width'?"


def test_another_word_is_compared_with_the_known_ones() -> None:
    assert correction("promt", OPTIONS) == "did you mean 'prompt'?"
    assert correction("promt", ["alt", "fox"]) == "known are alt, fox"
