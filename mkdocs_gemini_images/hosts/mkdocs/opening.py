"""Open the build of a site, with its stock, its mode, and the account of the run it belongs to."""

import os
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import PrefixedLogger

from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.mkdocs.host_run import HostRun
from mkdocs_gemini_images.reports.terminal import ProgressDisplay
from mkdocs_gemini_images.store.opening import open_store


def open_build(settings: Settings, site: Path, run: HostRun, log: PrefixedLogger) -> SiteBuild:
    """Return a new build that publishes into the folder `site`.

    Builds of one run, such as those of a live preview, share an account. Raises `PluginError` where
    the stock cannot be opened.
    """
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
        site,
        BuildMode(command, run.serving),
        progress=ProgressDisplay(log, free=settings.limits.free),
        tracker=run.tracker,
        shared=run.shared,
    )
