"""The mark speaks the language of its page."""

import re

import pytest

from mkdocs_gemini_images.config.mark_words import _WORDS, mark_words


@pytest.mark.parametrize(
    ("language", "generated", "edited"),
    [
        ("en", "AI-generated image", "Image edited with AI"),
        ("de", "KI-generiertes Bild", "Mit KI bearbeitetes Bild"),
        ("pt-BR", "Imagem gerada por IA", "Imagem editada com IA"),
        ("zh_TW", "AI 生成的圖片", "AI 編輯的圖片"),
        ("zh", "AI 生成的图片", "AI 编辑的图片"),
        ("tlh", "AI-generated image", "Image edited with AI"),
        ("", "AI-generated image", "Image edited with AI"),
    ],
)
def test_the_words_are_those_of_the_language_or_english(
    language: str, generated: str, edited: str
) -> None:
    words = mark_words(language)
    assert (words.generated, words.edited) == (generated, edited)


_PICTURE = re.compile(
    "صورة|изображение|obráz|billed|bild|εικόνα|image|imagem|imagen|imagine|immagine|pilt|kuva|תמונה"
    "|slika|kép|画像|이미지|vaizdas|attēls|afbeelding|obraz|görsel|зображення|图片|圖片",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", _WORDS)
def test_the_words_name_the_picture_since_a_decorative_one_has_no_others(language: str) -> None:
    words = mark_words(language)
    assert words.generated != words.edited
    assert all(_PICTURE.search(said) for said in (words.generated, words.edited))
