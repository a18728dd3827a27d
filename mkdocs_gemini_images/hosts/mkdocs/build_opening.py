"""Open the build of a site, with its stock, its mode, and the account of the run it belongs to."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import PrefixedLogger

from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.config.label import with_label
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.mkdocs.host_run import HostRun
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.reports.terminal import ProgressDisplay
from mkdocs_gemini_images.store.opening import open_store

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def open_figures(config: "MkDocsConfig") -> FigureRenderer:
    """Return what renders figures as the site's theme shows them."""
    fragments = themes.shows_by_fragment(str(config.theme.name))
    lightbox = "glightbox" in config.plugins
    return FigureRenderer(config.theme.dirs, fragments=fragments, lightbox=lightbox)


def open_build(
    config: "MkDocsConfig",
    settings: Settings,
    run: HostRun,
    log: PrefixedLogger,
    *,
    label: str | Mapping[str, str],
) -> SiteBuild:
    """Return a new build that publishes into the site's folder, with a label in its language.

    Builds of one run, such as those of a live preview, share an account. Raises `PluginError` where
    the stock cannot be opened.
    """
    if "i18n" in config.plugins:
        from mkdocs_gemini_images.hosts.mkdocs.site_languages import with_first_language

        settings = with_first_language(settings, config)
    if label:
        settings = with_label(settings, label, _language(config))
    try:
        store = open_store(settings, os.environ)
    except DiagnosticError as error:
        raise PluginError(f"gemini-images: {error}") from error
    if run.command_run is not None:
        run.tracker = run.command_run.tracker
    run.tracker = run.tracker or SpendTracker()
    run.shared = run.shared or SharedByLanguages()
    command = None if run.command_run is None else run.command_run.command
    return SiteBuild(
        settings,
        store,
        Path(config.site_dir),
        BuildMode(command, run.serving),
        progress=ProgressDisplay(log, free=settings.limits.free),
        tracker=run.tracker,
        shared=run.shared,
    )


def _language(config: "MkDocsConfig") -> str:
    """Return the code of the site's language, which plugins may set after our `on_config`."""
    theme: Any = config.theme
    return str(theme.get("language") or theme.get("locale") or "")
