"""Let Zensical build a site without touching the site's own folders.

Zensical builds beside its configuration file, into `site` and `.cache`, and a page in its cache is
not rendered again. For a command it is therefore given a file in an empty folder, with links to the
site's pages in place of a docs folder, and with empty templates. Zensical's Python part reads the
true configuration, so each extension works as in the site's own build. This module is the only one
that works around Zensical: its Rust part asks `zensical.config.parse_config` for the configuration
of a path.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.zensical.project import Project

Config = dict[str, Any]

DOCS, SITE = "docs", "site"
"""The names of a mirror's folders."""
_THEME = "theme"
_WORDS = "partials/language"
"""How the names of templates begin that hold the theme's words."""
_IDLE = ("social", "privacy", "minify", "rss", "llmstxt")
"""Plugins that change no page's Markdown; some of them load files from other servers."""


def build_pages(project: Project, texts: Mapping[str, str]) -> None:
    """Render all pages of a site as `zensical build` does, and discard what it writes.

    `texts` replace those of pages' files, by source path. Raises `DiagnosticError` where Zensical
    ends the build.
    """
    import zensical

    with tempfile.TemporaryDirectory(prefix="gemini-images-zensical-") as folder:
        _link_pages(project.docs, Path(folder, DOCS), texts)
        _write_templates(project.config["theme_dirs"], Path(folder, _THEME))
        file = Path(folder, project.file.name)
        file.touch()  # Zensical resolves links to it, so it must lie here
        change = partial(_pages_alone, theme=f"{folder}/{_THEME}")
        with mirrored(project, change), _silent() as said:
            try:
                zensical.build(str(file), {"clean": True, "strict": False})
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # an error in Rust is no `Exception`
                raise DiagnosticError(ended(str(error) or said())) from error


@contextmanager
def mirrored(project: Project, change: Callable[[Config], Config]) -> Iterator[None]:
    """Give Zensical the project's configuration for any path, with the folders of a mirror.

    `change` returns what Zensical's Rust part is to have of it.
    """
    from zensical import config as zensical_config

    original = zensical_config.parse_config

    def parse(path: str) -> Config:
        return change({**original(str(project.file)), "docs_dir": DOCS, "site_dir": SITE})

    zensical_config.parse_config = parse
    try:
        yield
    finally:
        zensical_config.parse_config = original


def _pages_alone(config: Config, *, theme: str) -> Config:
    """Return a configuration with which pages are rendered, and nothing is made of them."""
    plugins = dict(config["plugins"])
    for name in _IDLE:
        options = plugins.get(name, {}).get("config")
        if isinstance(options, list):  # one entry for each time that it is listed
            plugins[name] = {"config": []}
        elif isinstance(options, dict) and "enabled" in options:
            plugins[name] = {"config": {**options, "enabled": False}}
    return {
        **config,
        "plugins": plugins,
        "theme": {**config["theme"], "static_templates": []},
        "theme_dirs": [theme],
        "extra_templates": [],
    }


def _write_templates(theme: Sequence[str], mirror: Path) -> None:
    """Fill a folder with empty templates of the names that a theme has, since pages name them.

    Those of the theme's words are kept: Zensical takes titles of pages that it makes from them.
    """
    for folder in reversed([Path(each) for each in theme]):  # the first has precedence
        for file in folder.rglob("*.html"):
            name = file.relative_to(folder).as_posix()
            template = mirror / name
            template.parent.mkdir(parents=True, exist_ok=True)
            template.write_bytes(file.read_bytes() if name.startswith(_WORDS) else b"")


def _link_pages(docs: Path, mirror: Path, texts: Mapping[str, str]) -> None:
    """Fill a folder with links to the files of the docs folder, and with drafts of pages.

    Zensical does not follow links to folders, so those of the docs folder are left out, too.
    """
    for name, folders, files in os.walk(docs):
        folders[:] = [each for each in folders if not Path(name, each).is_symlink()]
        here = Path(name).relative_to(docs)
        (mirror / here).mkdir(parents=True)
        for file in files:
            draft = texts.get((here / file).as_posix())
            if draft is None:
                _link(Path(name, file).absolute(), mirror / here / file)
            else:
                (mirror / here / file).write_text(draft, encoding="utf-8", newline="")


def _link(file: Path, place: Path) -> None:
    """Make a link to a file; a copy where the system allows no links."""
    try:
        place.symlink_to(file)
    except OSError:
        shutil.copyfile(file, place)


@contextmanager
def _silent() -> Iterator[Any]:
    """Keep what Zensical's Rust part writes from the terminal; yield a function that returns it."""
    with tempfile.TemporaryFile() as file:

        def said() -> str:
            file.seek(0)
            return file.read().decode("utf-8", "replace")

        sys.stdout.flush()
        sys.stderr.flush()
        kept = [(number, os.dup(number)) for number in (1, 2)]
        try:
            for number, _ in kept:
                os.dup2(file.fileno(), number)
            yield said
        finally:
            for number, copy in kept:
                os.dup2(copy, number)
                os.close(copy)


def ended(text: str) -> Diagnostic:
    """Return why Zensical has ended a build: its error without the traceback."""
    said = text.removeprefix("Python error: ").partition("\nTraceback (most recent call")[0]
    return Diagnostic.sentence(
        f"Zensical ends the build of the site ({said.strip()[:500]})",
        "correct that: zensical build says the same",
    )
