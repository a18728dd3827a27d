"""Builds that copy no style sheet, script or font of an installed theme, for tests of all else.

A theme's files are the same in every build, and to list, copy, read and delete them is a third of a
build of one page. Its templates are rendered as ever, and files of a `custom_dir` are published.
"""

import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jinja2
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

_INSTALLED = Path(sysconfig.get_path("purelib")).resolve()


@contextmanager
def bare_themes() -> Iterator[None]:
    """Let MkDocs, in this process, find files of a theme in folders of the site alone."""
    listed = Files.add_files_from_theme

    def of_site(files: Files, env: jinja2.Environment, config: MkDocsConfig) -> None:
        assert isinstance(env.loader, jinja2.FileSystemLoader)
        own = [each for each in env.loader.searchpath
               if _INSTALLED not in Path(each).resolve().parents]  # fmt: skip
        listed(files, jinja2.Environment(loader=jinja2.FileSystemLoader(own)), config)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Files, "add_files_from_theme", of_site)
        yield
