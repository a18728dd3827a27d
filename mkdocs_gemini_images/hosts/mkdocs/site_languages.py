"""Reads and switches the languages of a site that mkdocs-static-i18n builds one by one.

In: MkDocs' configuration. Out: codes of languages. Effects: `each_language` sets the language that
static-i18n builds next.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.languages import canonical_code

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def each_language(config: "MkDocsConfig") -> Iterator[str]:
    """Yield each language, and make static-i18n build it, as it does after its first build.

    Raises `DiagnosticError` for an unsupported version of static-i18n: images that only a skipped
    language uses would count as orphans.
    """
    i18n = _static_i18n(config)
    if i18n is None:
        yield ""
        return
    try:
        languages, first = list(i18n.build_languages), i18n.default_language
    except AttributeError as error:
        said = f"mkdocs-static-i18n is not of version 1 ({error})"
        raise DiagnosticError(Diagnostic.sentence(said, "upgrade it")) from error
    for language in dict.fromkeys([first, *languages]):
        i18n.current_language = language
        yield language
        i18n.building = True


def with_first_language(settings: Settings, config: "MkDocsConfig") -> Settings:
    """Return settings that know the language in which the site's pages are written first."""
    code = canonical_code(getattr(_static_i18n(config), "default_language", None) or "")
    return settings._replace(defaults=settings.defaults._replace(language=code))


def shared_page(config: "MkDocsConfig", uri: str) -> str | None:
    """Return the source file that a page for all languages has, or None in a site without them.

    static-i18n makes a page for each language of it.
    """
    i18n = _static_i18n(config)
    if i18n is None:
        return None
    folder = getattr(i18n.config, "docs_structure", "") == "folder"
    return f"{i18n.default_language}/{uri}" if folder else uri


def languages_left_out(config: "MkDocsConfig") -> list[str]:
    """Return the languages of a site that are not built."""
    i18n = _static_i18n(config)
    languages = () if i18n is None else i18n.config.languages
    return [each.locale for each in languages if not each.build and each.locale != "null"]


def _static_i18n(config: "MkDocsConfig") -> Any:
    plugin = config.plugins.get("i18n")
    return plugin if type(plugin).__module__.startswith("mkdocs_static_i18n") else None
