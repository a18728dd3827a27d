"""The label that is shown with every picture, such as "AI-generated", in the language of a page."""

from collections.abc import Mapping

from mkdocs_gemini_images.config.option_types import ICON
from mkdocs_gemini_images.config.settings import Settings


def with_label(settings: Settings, label: str | Mapping[str, str], language: str) -> Settings:
    """Return settings with the label, or the words of the mark, in a language."""
    if label == ICON:
        from mkdocs_gemini_images.config.mark_words import mark_words

        return settings._replace(label="", mark=mark_words(language))
    return settings._replace(label=in_language(label, language))


def in_language(label: str | Mapping[str, str], language: str) -> str:
    """Return the label for a language: its own text, that of its base language, or the first text.

    A label in another language still tells the reader that there is something to know. `language`
    is a code such as `pt-BR`, in any case, with a hyphen or an underscore.
    """
    if isinstance(label, str):
        return label
    wanted = _folded(language)
    by_code = {_folded(code): text for code, text in label.items()}
    first = next(iter(label.values()))
    return by_code.get(wanted, by_code.get(wanted.partition("-")[0], first))


def _folded(code: str) -> str:
    return code.replace("_", "-").lower()
