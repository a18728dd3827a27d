"""Ask for the words in a picture in the language of a page.

In go a prompt or an instruction, and a language code as hosts and themes write it (`fr`, `pt-BR`,
`zh_TW`); out comes the text to send. The names and sentences below are part of a picture's key:
changing one makes another request of each picture drawn in that language, and so does adding a name
for a language in use. Pure.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.core.plain_values import folded

LANGUAGE_PLACE = "{language}"
"""Stands for the English name of the page's language in a sentence of `localized_edit`."""

_TRANSLATION = (
    f"Translate only the words in the picture into {LANGUAGE_PLACE}; change nothing else."
)

_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
    "ky": "Kyrgyz", "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch",
    "nn": "Norwegian Nynorsk", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "si": "Sinhala",
    "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
    "yi": "Yiddish", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip


@lru_cache(maxsize=64)  # asked for with each picture
def canonical_code(written: str) -> str:
    """Return a language code in its canonical spelling: `pt-BR`, `zh-Hant`, `fr`."""
    language, *rest = written.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(_subtag(each) for each in rest)])


def localized(prompt: str, code: str) -> str:
    """Return a prompt that asks for the words inside the picture in a language.

    A language without a known name is named by its code.
    """
    end = "." if prompt[-1:].isalnum() else ""
    return f"{prompt}{end} Write any words in the picture in {language_name(code)}."


def translation(code: str, own: str = "", of_site: Mapping[str, str] | None = None) -> str:
    """Return the instruction that makes a picture in a language from one in another.

    `own` is the sentence that the directive or its preset has for it, or empty; `of_site` are the
    site's sentences, by language code, where "" is the one for all languages.
    """
    sentences = of_site or {}
    primary = code.partition("-")[0]
    site = next((sentences[each] for each in (code, primary, "") if each in sentences), "")
    return (own or site or _TRANSLATION).replace(LANGUAGE_PLACE, language_name(code))


def read_sentence(written: str) -> str:
    """Return a sentence of `localized_edit`, or raise `DiagnosticError` for a misspelt place."""
    text = folded(written)
    for place in re.findall(r"\{+\s*\w*\s*\}*", text):
        if place != LANGUAGE_PLACE:
            fix = did_you_mean(place, (LANGUAGE_PLACE,))
            raise DiagnosticError(Diagnostic(f"{LANGUAGE_PLACE} alone", quoted(place), fix))
    return text


def read_sentences(written: str | Mapping[str, str]) -> dict[str, str]:
    """Return the site's sentences by language code, where "" is the one for all languages.

    Raises `DiagnosticError` with all mistakes.
    """
    by_code = {"": written} if isinstance(written, str) else written
    sentences: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for code, text in by_code.items():
        where = f"localized_edit: {quoted(code)}" if code else "localized_edit"
        try:
            sentence = read_sentence(text)
        except DiagnosticError as error:
            diagnostics += [each.within(where) for each in error.diagnostics]
            continue
        if code and not is_code(code):
            fix = "write it like de or pt-BR"
            diagnostics.append(Diagnostic("a language code in localized_edit", quoted(code), fix))
        elif sentence:
            sentences[canonical_code(code)] = sentence
        elif code:
            fix = "write the sentence, or leave the language out"
            diagnostics.append(Diagnostic.sentence(f"{where} is empty", fix))
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return sentences


def is_code(written: str) -> bool:
    """Return whether a text has the form of a language's code, as hosts and themes write it."""
    return re.fullmatch(_CODE, written) is not None


_CODE = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}"


def language_name(code: str) -> str:
    """Return the English name of a language, with its code where it is a variety."""
    language, _, variety = code.partition("-")
    name = _NAMES.get(language)
    return code if name is None else f"{name} ({code})" if variety else name


def _subtag(written: str) -> str:
    return written.title() if len(written) == 4 else written.upper()
