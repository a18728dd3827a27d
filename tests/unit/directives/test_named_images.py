"""`pictures:` of `mkdocs.yml` becomes directives by name, or raises the mistakes of all."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.named_images import read_pictures


def test_pictures_are_prompts_or_mappings() -> None:
    assert read_pictures({"logo": "A fox", 404: {"prompt": "A hen", "size": 512}}) == {
        "logo": Directive("A fox", source="pictures\nlogo"),
        "404": Directive("A hen", size="512", source="pictures\n404"),
    }


def test_the_mistakes_of_all_pictures_are_reported_together() -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_pictures({"a": None, "b": "A fox", "c": {"promt": "A fox", "size": []}})
    assert [diagnostic.expected for diagnostic in caught.value.diagnostics] == [
        "picture 'a' as a prompt or a mapping", "a known option in picture 'c'",
    ]  # fmt: skip
