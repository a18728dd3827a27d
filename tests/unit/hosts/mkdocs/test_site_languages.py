"""The languages of a site of mkdocs-static-i18n, one after the other."""

from types import SimpleNamespace

import pytest
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_gemini_images.hosts.mkdocs.site_languages import each_language, languages_left_out
from tests.unit.errors import error_of


class StaticI18n:
    """What the functions read and set of the plugin static-i18n 1."""

    __module__ = "mkdocs_static_i18n.plugin"

    def __init__(self, default: str, *languages: str, left_out: tuple[str, ...] = ()) -> None:
        self.default_language = default
        self.build_languages = dict.fromkeys(languages)
        self.current_language = ""
        self.building = False
        listed = [SimpleNamespace(locale=each, build=True) for each in languages]
        listed += [SimpleNamespace(locale=each, build=False) for each in left_out]
        self.config = SimpleNamespace(languages=listed)


class OtherVersion:
    """A version of static-i18n without the languages."""

    __module__ = "mkdocs_static_i18n.plugin"


def config(plugin: object) -> MkDocsConfig:
    made = MkDocsConfig()
    made.plugins = {} if plugin is None else {"i18n": plugin}  # type: ignore[assignment]
    return made


@pytest.mark.parametrize("plugin", [None, SimpleNamespace(build_languages={"de": None})])
def test_a_site_without_static_i18n_has_one_language_without_a_name(plugin: object) -> None:
    assert list(each_language(config(plugin))) == [""]
    assert languages_left_out(config(plugin)) == []


@pytest.mark.parametrize(
    ("default", "languages", "order"),
    [
        ("en", ("en",), ["en"]),
        ("en", ("en", "de"), ["en", "de"]),
        ("de", ("en", "de", "fr"), ["de", "en", "fr"]),
    ],
)
def test_the_default_language_comes_first_and_each_language_once(
    default: str, languages: tuple[str, ...], order: list[str]
) -> None:
    assert list(each_language(config(StaticI18n(default, *languages)))) == order


def test_the_plugin_is_set_to_the_language_and_is_building_after_the_first() -> None:
    plugin = StaticI18n("en", "en", "de", "fr")
    seen = [
        (language, plugin.current_language, plugin.building)
        for language in each_language(config(plugin))
    ]
    assert seen == [("en", "en", False), ("de", "de", True), ("fr", "fr", True)]


def test_an_unknown_version_of_static_i18n_is_an_error() -> None:
    message = error_of(list, each_language(config(OtherVersion())))
    assert message.startswith("mkdocs-static-i18n is not of version 1 (")


def test_languages_that_are_not_built_are_left_out() -> None:
    plugin = StaticI18n("en", "en", "de", left_out=("fr", "null", "it"))
    assert languages_left_out(config(plugin)) == ["fr", "it"]
