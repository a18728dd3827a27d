"""What the configuration of a site says about its hosts, and what is reported about it."""

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.config import load_config

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.hosts.mkdocs.site_config import (
    exposed,
    include_folders,
    is_listed,
    is_next_language,
    is_preview,
    reads_braces,
    unlike,
)


@pytest.mark.parametrize(
    ("extensions", "listed", "braces"),
    [
        ([], False, False),
        (["toc", "tables"], False, False),
        (["gemini_images"], True, False),
        (["attr_list"], False, True),
        (["markdown.extensions.attr_list"], False, True),
        (["extra"], False, True),
        (["markdown.extensions.extra"], False, True),
        (["pymdownx.extra", "gemini_images"], True, True),
        (["pymdownx.extrarawhtml", "gemini-images"], False, False),
    ],
)
def test_the_list_of_extensions_tells_what_the_markdown_reads(
    extensions: list[str], listed: bool, braces: bool
) -> None:
    assert is_listed(extensions) is listed
    assert reads_braces(extensions) is braces


@pytest.mark.parametrize(
    ("written", "folders"),
    [
        ("parts", ["parts"]),
        ("[parts, more]", ["parts", "more"]),
        ("!relative $config_dir/parts", ["parts"]),
        ("[parts, !relative $docs_dir]", ["parts", "docs"]),
        ("!relative", []),
        ("[!relative , parts]", ["parts"]),
    ],
)
def test_snippets_are_looked_for_in_the_folders_that_the_site_names(
    tmp_path: Path, written: str, folders: list[str]
) -> None:
    (tmp_path / "docs").mkdir()
    file = tmp_path / "mkdocs.yml"
    snippets = f"  pymdownx.snippets:\n    base_path: {written}\n"
    file.write_text(f"site_name: A site\nmarkdown_extensions:\n{snippets}")
    config = load_config(str(file), plugins=[])
    assert include_folders(config) == tuple(tmp_path / each for each in (*folders, "docs", ""))


@pytest.mark.parametrize(
    ("plugins", "is_next"),
    [
        ({}, False),
        ({"search": SimpleNamespace(building=True)}, False),
        ({"i18n": SimpleNamespace()}, False),
        ({"i18n": SimpleNamespace(building=False)}, False),
        ({"i18n": SimpleNamespace(building="yes")}, False),
        ({"i18n": SimpleNamespace(building=True)}, True),
    ],
)
def test_another_language_is_built_while_static_i18n_is_building(
    plugins: dict[str, Any], is_next: bool
) -> None:
    assert is_next_language(plugins) is is_next


@pytest.mark.parametrize(
    ("site", "preview"),
    [
        ("mkdocs_x1y2", True),
        ("properdocs_x1y2", True),
        ("a/../mkdocs_x1y2", True),
        ("site", False),
        ("my_mkdocs_x1y2", False),
        ("mkdocs_x1y2/site", False),
        ("/srv/mkdocs_x1y2", False),
    ],
)
def test_a_live_preview_builds_into_a_temporary_folder_of_its_host(
    site: str, preview: bool
) -> None:
    assert is_preview(Path(tempfile.gettempdir()) / site) is preview


OPTIONS = {"model": "a", "size": "1K", "limits": {"max_new": 1}}


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (OPTIONS, None),
        (OPTIONS | {"more": 1}, None),
        (OPTIONS | {"size": "2K"}, "have different size: give both "),
        (OPTIONS | {"size": "2K", "model": "b"}, "have different model, size: give both "),
        (OPTIONS | {"limits": {"max_new": 2}}, "have different limits: give both "),
    ],
)
def test_options_that_differ_from_the_extensions_are_reported(
    theirs: dict[str, Any], said: str | None
) -> None:
    found = unlike(OPTIONS, theirs)
    assert (found is None) is (said is None)
    assert said is None or said in str(found)


@pytest.mark.parametrize(
    ("cache", "is_exposed"),
    [
        ("site/.gemini-cache", False),
        ("site/.cache", True),
        ("site/.cache/gemini", True),
        ("site/docs/../.cache/gemini", True),
        ("site/.cached", False),
        ("site/docs/.cache", False),
        (".cache", False),
        ("link/gemini", True),
    ],
)
def test_a_cache_in_the_folder_of_zensical_is_reported(
    tmp_path: Path, cache: str, is_exposed: bool
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "site/.cache")
    root = tmp_path / "site"
    settings = Settings(root, root / "stock", tmp_path / cache, "docs", Server())
    found = exposed(settings, "as it is written")
    if is_exposed:
        assert isinstance(found, Diagnostic)
        assert "'as it is written'" in str(found)
    else:
        assert found is None
