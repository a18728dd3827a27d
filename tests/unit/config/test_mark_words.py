"""The mark speaks the language of its page."""

import pytest

from mkdocs_gemini_images.config.mark_words import mark_words


@pytest.mark.parametrize(
    ("language", "generated", "edited"),
    [
        ("en", "AI-generated", "Edited with AI"),
        ("de", "KI-generiert", "Mit KI bearbeitet"),
        ("pt-BR", "Gerado por IA", "Editado com IA"),
        ("zh_TW", "AI 生成", "AI 編輯"),
        ("zh", "AI 生成", "AI 编辑"),
        ("tlh", "AI-generated", "Edited with AI"),
        ("", "AI-generated", "Edited with AI"),
    ],
)
def test_the_words_are_those_of_the_language_or_english(
    language: str, generated: str, edited: str
) -> None:
    words = mark_words(language)
    assert (words.generated, words.edited) == (generated, edited)
