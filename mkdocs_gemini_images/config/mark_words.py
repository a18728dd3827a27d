"""The words of the mark on pictures made with AI, in the languages of pages.

In goes a language code; out come the words for a picture that was generated, and those for one that
was made of a picture of the author's own. A template may write others.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkWords:
    """What the mark says, by what was done."""

    generated: str
    edited: str
    """Of a picture that was made of others, which the author has sent along."""


_WORDS: dict[str, tuple[str, str]] = {
    "ar": ("صورة مولّدة بالذكاء الاصطناعي", "صورة معدّلة بالذكاء الاصطناعي"),
    "bg": ("Създадено с ИИ", "Редактирано с ИИ"),
    "cs": ("Vytvořeno pomocí AI", "Upraveno pomocí AI"),
    "da": ("Skabt med AI", "Redigeret med AI"),
    "de": ("KI-generiert", "Mit KI bearbeitet"),
    "el": ("Δημιουργήθηκε με ΤΝ", "Επεξεργάστηκε με ΤΝ"),
    "en": ("AI-generated", "Edited with AI"),
    "es": ("Generado con IA", "Editado con IA"),
    "et": ("Loodud tehisintellektiga", "Muudetud tehisintellektiga"),
    "fi": ("Luotu tekoälyllä", "Muokattu tekoälyllä"),
    "fr": ("Généré par IA", "Modifié par IA"),
    "he": ("נוצר בבינה מלאכותית", "נערך בבינה מלאכותית"),
    "hr": ("Izrađeno pomoću UI-ja", "Uređeno pomoću UI-ja"),
    "hu": ("MI-vel készült", "MI-vel szerkesztve"),
    "it": ("Generato con IA", "Modificato con IA"),
    "ja": ("AI生成", "AI編集"),
    "ko": ("AI 생성", "AI 편집"),
    "lt": ("Sukurta naudojant DI", "Redaguota naudojant DI"),
    "lv": ("Izveidots ar MI", "Rediģēts ar MI"),
    "nb": ("Laget med KI", "Redigert med KI"),
    "nl": ("Gemaakt met AI", "Bewerkt met AI"),
    "no": ("Laget med KI", "Redigert med KI"),
    "pl": ("Wygenerowane przez AI", "Edytowane przez AI"),
    "pt": ("Gerado por IA", "Editado com IA"),
    "ro": ("Generat cu IA", "Editat cu IA"),
    "ru": ("Создано ИИ", "Изменено с помощью ИИ"),
    "sk": ("Vytvorené pomocou AI", "Upravené pomocou AI"),
    "sl": ("Ustvarjeno z UI", "Urejeno z UI"),
    "sv": ("Skapad med AI", "Redigerad med AI"),
    "tr": ("Yapay zekâ ile üretildi", "Yapay zekâ ile düzenlendi"),
    "uk": ("Створено ШІ", "Змінено за допомогою ШІ"),
    "zh": ("AI 生成", "AI 编辑"),
    "zh-tw": ("AI 生成", "AI 編輯"),
}


def mark_words(language: str) -> MarkWords:
    """Return the words in a language, in that of which it is a variety, or else in English."""
    code = language.replace("_", "-").lower()
    return MarkWords(*_WORDS.get(code, _WORDS.get(code.partition("-")[0], _WORDS["en"])))
