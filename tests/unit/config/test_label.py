"""The label of pictures, in the language of a page."""

import pytest
import yaml

from mkdocs_gemini_images.config.label import in_language
from tests.unit.config.test_options import loaded


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Généré"), ("FR", "Généré"), ("fr-CA", "Généré"), ("pt_BR", "Gerado"),
        ("no", "Laget"), ("pt", "Drawn"), ("de", "Drawn"), ("", "Drawn"), ("it", ""),
    ],
)  # fmt: skip
def test_a_label_speaks_the_page_s_language_or_its_first(language: str, words: str) -> None:
    written = "label: {en: Drawn, fr: Généré, pt-BR: Gerado, no: Laget, it: ''}"
    config, said = loaded(yaml.safe_load(written))
    assert (in_language(config.label, language), said) == (words, [])
