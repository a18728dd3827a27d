"""The words of the mark on pictures made with AI, in the languages of pages.

In goes a language code; out come the words for a picture that was generated, and those for one that
was made of a picture of the author's own. They name the picture, because they stand alone where a
decorative one has no text alternative: the mark is information, while the picture is decoration. A
template may write others.
"""

from typing import NamedTuple


class MarkWords(NamedTuple):
    """What the mark says, by what was done."""

    generated: str
    edited: str
    """Of a picture that was made of others, which the author has sent along."""


_WORDS: dict[str, tuple[str, str]] = {
    "ar": ("صورة مولّدة بالذكاء الاصطناعي", "صورة معدّلة بالذكاء الاصطناعي"),
    "bg": ("Изображение, създадено с ИИ", "Изображение, редактирано с ИИ"),
    "cs": ("Obrázek vytvořený pomocí AI", "Obrázek upravený pomocí AI"),
    "da": ("Billede skabt med AI", "Billede redigeret med AI"),
    "de": ("KI-generiertes Bild", "Mit KI bearbeitetes Bild"),
    "el": ("Εικόνα που δημιουργήθηκε με ΤΝ", "Εικόνα επεξεργασμένη με ΤΝ"),
    "en": ("AI-generated image", "Image edited with AI"),
    "es": ("Imagen generada con IA", "Imagen editada con IA"),
    "et": ("Tehisintellektiga loodud pilt", "Tehisintellektiga muudetud pilt"),
    "fi": ("Tekoälyllä luotu kuva", "Tekoälyllä muokattu kuva"),
    "fr": ("Image générée par IA", "Image modifiée par IA"),
    "he": ("תמונה שנוצרה בבינה מלאכותית", "תמונה שנערכה בבינה מלאכותית"),
    "hr": ("Slika izrađena pomoću UI-ja", "Slika uređena pomoću UI-ja"),
    "hu": ("MI-vel készült kép", "MI-vel szerkesztett kép"),
    "it": ("Immagine generata con IA", "Immagine modificata con IA"),
    "ja": ("AI生成画像", "AI編集画像"),
    "ko": ("AI 생성 이미지", "AI 편집 이미지"),
    "lt": ("Naudojant DI sukurtas vaizdas", "Naudojant DI redaguotas vaizdas"),
    "lv": ("Ar MI izveidots attēls", "Ar MI rediģēts attēls"),
    "nb": ("Bilde laget med KI", "Bilde redigert med KI"),
    "nl": ("Afbeelding gemaakt met AI", "Afbeelding bewerkt met AI"),
    "no": ("Bilde laget med KI", "Bilde redigert med KI"),
    "pl": ("Obraz wygenerowany przez AI", "Obraz edytowany przez AI"),
    "pt": ("Imagem gerada por IA", "Imagem editada com IA"),
    "ro": ("Imagine generată cu IA", "Imagine editată cu IA"),
    "ru": ("Изображение создано ИИ", "Изображение изменено с помощью ИИ"),
    "sk": ("Obrázok vytvorený pomocou AI", "Obrázok upravený pomocou AI"),
    "sl": ("Slika, ustvarjena z UI", "Slika, urejena z UI"),
    "sv": ("Bild skapad med AI", "Bild redigerad med AI"),
    "tr": ("Yapay zekâ ile üretilmiş görsel", "Yapay zekâ ile düzenlenmiş görsel"),
    "uk": ("Зображення створено ШІ", "Зображення змінено за допомогою ШІ"),
    "zh": ("AI 生成的图片", "AI 编辑的图片"),
    "zh-tw": ("AI 生成的圖片", "AI 編輯的圖片"),
}


def mark_words(language: str) -> MarkWords:
    """Return the words in a language, in that of which it is a variety, or else in English."""
    code = language.replace("_", "-").lower()
    return MarkWords(*_WORDS.get(code, _WORDS.get(code.partition("-")[0], _WORDS["en"])))
