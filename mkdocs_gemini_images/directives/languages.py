"""Ask in a prompt for words in the language of a page.

In go a prompt and a language code as hosts and themes write it (`fr`, `pt-BR`, `zh_TW`); out comes
the prompt to send. The names below are part of a picture's key: changing one makes another request
of each picture drawn in that language, and so does adding one for a language in use. Pure.
"""

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


def canonical_code(written: str) -> str:
    """Return a language code in its canonical spelling: `pt-BR`, `zh-Hant`, `fr`."""
    language, *rest = written.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(_subtag(each) for each in rest)])


def localized(prompt: str, code: str) -> str:
    """Return a prompt that asks for the words inside the picture in a language.

    A language without a known name is named by its code.
    """
    language, _, variety = code.partition("-")
    name = _NAMES.get(language)
    spoken = code if name is None else f"{name} ({code})" if variety else name
    end = "." if prompt[-1:].isalnum() else ""
    return f"{prompt}{end} Write any words in the picture in {spoken}."


def _subtag(written: str) -> str:
    return written.title() if len(written) == 4 else written.upper()
