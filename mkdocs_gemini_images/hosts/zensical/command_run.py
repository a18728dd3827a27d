"""Render a site with Zensical for a command, up to the barrier.

In: a configuration file, a command, and drafts of pages. Out: a `CommandSite` whose one build has
all images of the site. Zensical decides which pages there are, and what is on them.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from pathspec import GitIgnoreSpec

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.printable_log import PrefixedLogger, printable_logger
from mkdocs_gemini_images.generation.draw_command import Command
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.command_site import CommandSite, RenderedBuild
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION, exposed
from mkdocs_gemini_images.hosts.zensical.command_page import CommandPage
from mkdocs_gemini_images.hosts.zensical.pages import pages_taken_by
from mkdocs_gemini_images.hosts.zensical.project import Project, read_project
from mkdocs_gemini_images.hosts.zensical.scratch_site import build_pages
from mkdocs_gemini_images.reports.notice_log import Places
from mkdocs_gemini_images.reports.terminal import ProgressDisplay
from mkdocs_gemini_images.sources.directive_choice import stands_at
from mkdocs_gemini_images.store.opening import open_store

log = PrefixedLogger(printable_logger("gemini-images"), {})

_HIDDEN = (".*", "/templates/")
"""What Zensical leaves out of every site, as MkDocs does."""


def render_site(
    file: Path, folder: Path, command: Command, tracker: SpendTracker, texts: Mapping[str, str]
) -> CommandSite:
    """Return a site whose pages are rendered; `folder` takes what the build publishes.

    `texts` replace those of pages' files, by source path. Raises `DiagnosticError`.
    """
    project = read_project(file)
    settings = project.settings()
    build = _open(settings, folder, command, tracker)
    written = os.path.relpath(settings.cache, settings.root)
    if not settings.server.emulated and (risk := exposed(settings, written)) is not None:
        build.say("info", str(risk))
    with pages_taken_by(lambda page: CommandPage(project, build, page)):
        build_pages(project, texts)
    pages = _Pages(project, settings)
    return CommandSite(
        project.file,
        (RenderedBuild(build, pages.locator(), pages.stands_at),),
        pages.source,
        project.braces,
        themes.shows_by_fragment(project.theme_name),
        lambda uri: is_published(uri, project.config.get("exclude_docs") or ""),
        project.include_folders(),
        f"{EXTENSION} out of markdown_extensions in {project.file.name}",
    )


def is_published(uri: str, excluded: str) -> bool:
    """Whether Zensical copies a file of the docs folder; `excluded` is `exclude_docs`."""
    spec = GitIgnoreSpec.from_lines([*_HIDDEN, *excluded.splitlines()])
    return not spec.match_file(uri)


class _Pages:
    """The sources of a project's pages."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self._project = project
        name = project.file.name
        self._texts = {name: _text(project.file)} if settings.defaults.presets else {}

    def source(self, page: str) -> Path | None:
        """Return the file of a page, or None for a page that Zensical has generated."""
        file = self._project.docs / page
        return file if file.is_file() else None

    def locator(self) -> Places:
        """Return a function that returns the page and line of a message."""
        return Places(self._text, self._texts)

    def stands_at(self, use: Use, line: int) -> bool:
        """Return whether a use of an image stands on a line of its page."""
        return stands_at(self._text(use.page), use.directive, line, braces=self._project.braces)

    def _text(self, page: str) -> str:
        return _text(self._project.docs / page)


def _open(settings: Settings, folder: Path, command: Command, tracker: SpendTracker) -> SiteBuild:
    """Open the build of a site. Raises `DiagnosticError` where the stock cannot be opened."""
    return SiteBuild(
        settings,
        open_store(settings, os.environ),
        folder,
        BuildMode(command),
        progress=ProgressDisplay(log, free=settings.limits.free),
        tracker=tracker,
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
