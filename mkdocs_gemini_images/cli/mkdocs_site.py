"""Render a site with MkDocs for a command, up to the barrier, once for each of its languages.

In: a configuration file, or none for that of the current folder, a temporary folder, and what the
command says to each build. Out: a `CommandSite`. ProperDocs answers to the same names as MkDocs.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.command_site import CommandSite, RenderedBuild
from mkdocs_gemini_images.hosts.mkdocs.command_run import (
    CommandRun,
    forget_plugins,
    run_to_barrier,
)
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION, include_folders, reads_braces
from mkdocs_gemini_images.hosts.mkdocs.site_languages import each_language, languages_left_out

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.plugin import GeminiImagesPlugin


def render_site(file: Path | None, folder: Path, run: CommandRun) -> CommandSite:
    """Return a site whose pages are rendered; `folder` takes what the build publishes.

    Raises `DiagnosticError` when there is no host, no configuration, or no plugin in it, and for
    languages that cannot be built.
    """
    _find_host()
    config = _load(file, str(folder))
    plugin = _plugin_of(config)
    config.plugins.on_startup(command="build", dirty=False)
    builds = []
    for _ in each_language(config):
        if not run_to_barrier(config, plugin, run):
            raise _refusal("the build ended before the site's pages")
        site = plugin.site
        builds.append(RenderedBuild(site.build(), site.locator(), site.stands_at))
    return CommandSite(
        Path(config.config_file_path),
        tuple(builds),
        plugin.run.source_file,
        reads_braces(config.markdown_extensions),
        themes.shows_by_fragment(str(config.theme.name)),
        lambda uri: _publishes(config, uri),
        include_folders(config),
        "gemini-images out of plugins: in mkdocs.yml",
        tuple(languages_left_out(config)),
    )


def _load(config_file: Path | None, site: str) -> "MkDocsConfig":
    """Load a configuration that is built into the folder `site`."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    try:
        config = load_config(config_file=str(config_file) if config_file else None, site_dir=site)
    except ConfigurationError as error:
        raise _refusal(str(error)) from error
    except Abort as error:
        said = "MkDocs, with which this command builds, refuses the configuration"
        what = "install what Zensical has built in, such as its theme"
        raise _refusal(said, f"correct the errors above; {what}") from error
    forget_plugins(config)
    return config


def _plugin_of(config: "MkDocsConfig") -> "GeminiImagesPlugin":
    """Return the plugin of a site, or one with the options of the Markdown extension."""
    from mkdocs_gemini_images.config.options import read_plugin_options
    from mkdocs_gemini_images.plugin import GeminiImagesPlugin

    for each in config.plugins.values():
        if isinstance(each, GeminiImagesPlugin):
            return each
    if EXTENSION not in config.markdown_extensions:
        said = "the configuration has no 'gemini-images' under plugins"
        raise _refusal(said, "gemini-images init adds it")
    # Zensical runs no plugins: such a site lists the extension alone.
    options = config.mdx_configs.get(EXTENSION, {})
    read_plugin_options(options)
    plugin = GeminiImagesPlugin()
    plugin.load_config(options, config.config_file_path)
    config.plugins["gemini-images"] = plugin
    return plugin


def _publishes(config: "MkDocsConfig", uri: str) -> bool:
    from mkdocs.structure.files import File, set_exclusions

    file = File.generated(config, uri, content=b"")
    set_exclusions([file], config)
    return bool(file.inclusion.is_included())  # type: ignore[no-untyped-call]


def _find_host() -> None:
    try:
        import mkdocs  # noqa: F401
    except ImportError:
        try:
            import properdocs.replacement  # noqa: F401 (answers to `mkdocs` from here on)
        except ImportError as error:
            raise _refusal("neither MkDocs nor ProperDocs is installed") from error


def _refusal(said: str, fix: str = "") -> DiagnosticError:
    return DiagnosticError(Diagnostic.sentence(said, fix))
