"""Read a site's configuration as Zensical reads it, from TOML or YAML.

In: a configuration file, or the configuration that Zensical gives a page. Out: a `Project`, with
the settings of this package, or a `DiagnosticError`. Zensical's own reader supplies the defaults.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION, reads_braces
from mkdocs_gemini_images.rendering.figure import FigureRenderer

if TYPE_CHECKING:
    from mkdocs_gemini_images.config.settings import Settings

CONFIGURATIONS = ("zensical.toml", "mkdocs.yml", "mkdocs.yaml")
"""The files that Zensical looks for, in its order."""


@dataclass(frozen=True, slots=True)
class Project:
    """A site as Zensical's configuration describes it."""

    file: Path
    """The configuration file, absolute."""
    config: Mapping[str, Any]
    """The configuration with Zensical's defaults."""
    options: Mapping[str, Any]
    """The options of this package's extension."""

    @property
    def root(self) -> Path:
        """The folder of the configuration file."""
        return self.file.parent

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / str(self.config["docs_dir"])

    @property
    def site(self) -> Path:
        """The folder of the built site."""
        return self.root / str(self.config["site_dir"])

    @property
    def theme_name(self) -> str:
        """The name of the theme, which is Zensical's own where none is named."""
        return self.config["theme"].get("name") or "zensical"

    @property
    def language(self) -> str:
        """The code of the language of all pages."""
        return self.config["theme"].get("language") or ""

    @property
    def lightbox(self) -> bool:
        """Whether images open in a lightbox."""
        return "glightbox" in self.config.get("plugins", ())

    @property
    def braces(self) -> bool:
        """Whether the site's Markdown reads attribute lists."""
        names = [each for each in self.config["markdown_extensions"] if isinstance(each, str)]
        return reads_braces(names)

    @property
    def figures(self) -> FigureRenderer:
        """The renderer of figures, with the templates of the theme's folders."""
        fragments = themes.shows_by_fragment(self.theme_name)
        folders = tuple(self.config["theme_dirs"])
        return _figures(folders, fragments=fragments, lightbox=self.lightbox)

    def include_folders(self) -> tuple[Path, ...]:
        """Return the folders in which the site's Markdown looks for files that pages include."""
        options = self.config["mdx_configs"]
        written = [
            options.get("pymdownx.snippets", {}).get("base_path") or [],
            options.get("zensical.extensions.macros", {}).get("include_dir") or [],
        ]
        named = [[each] if isinstance(each, str) else each for each in written]
        return tuple(self.root / each for each in (*named[0], *named[1], self.docs, ""))

    def settings(self) -> "Settings":
        """Return the settings of the site. Raises `DiagnosticError` with all wrong options."""
        from mkdocs_gemini_images.config.label import with_label
        from mkdocs_gemini_images.config.options import read_plugin_options
        from mkdocs_gemini_images.config.reading import read_settings

        options = read_plugin_options(self.options)
        settings = read_settings(
            options,
            config_file=self.file,
            docs_dir=self.docs,
            environment=os.environ,
            theme_name=self.theme_name,
            dark_pages=themes.has_dark_pages(self.theme_name, self.config["theme"].get),
        )
        return with_label(settings, options.label, self.language)


def project_of_page(config: Mapping[str, Any], options: Mapping[str, Any]) -> Project:
    """Return the project of a page that Zensical renders; `config` is Zensical's."""
    root = Path(config["root_dir"])
    files = [root / name for name in CONFIGURATIONS if (root / name).is_file()]
    return Project(files[0] if files else root / CONFIGURATIONS[1], config, options)


def is_installed() -> bool:
    """Whether Zensical can be imported."""
    return find_spec("zensical") is not None


def read_project(file: Path) -> Project:
    """Read a configuration file with Zensical's reader.

    Raises `DiagnosticError` where Zensical is not installed, where it refuses the file, and where
    the file does not list the Markdown extension.
    """
    if not is_installed():
        said = f"{file.name} is read with Zensical, which is not installed"
        fix = "pip install zensical, or name an mkdocs.yml with -f"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    from zensical.config import parse_config

    try:
        config = parse_config(str(file.absolute()))
    except (KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:  # a macros module, which it imports, may raise anything
        raise DiagnosticError(_refused(file, error)) from error
    if EXTENSION not in config["markdown_extensions"]:
        said = f"{file.name} does not list {EXTENSION} under markdown_extensions"
        fix = f"add - {EXTENSION}"
        if file.suffix == ".toml":
            fix = f"gemini-images init adds [project.markdown_extensions.{EXTENSION}]"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    return Project(file.absolute(), config, config["mdx_configs"].get(EXTENSION) or {})


def _refused(file: Path, error: Exception) -> Diagnostic:
    """Return what Zensical says of a configuration that it cannot read, with the line if known."""
    text = getattr(error, "message", "") or str(error) or type(error).__name__
    mark = getattr(error, "problem_mark", None) or getattr(error.__cause__, "problem_mark", None)
    line = re.search(r"\(at line (\d+), column \d+\)", text)
    where = f"{file.name}:{line[1]}" if line else file.name
    if mark is not None:
        where = f"{file.name}:{mark.line + 1}"
    fix = f"correct {file.name}: zensical build refuses it, too"
    return Diagnostic.sentence(f"{where}: Zensical cannot read the configuration ({text})", fix)


@lru_cache(maxsize=1)
def _figures(folders: Sequence[str], *, fragments: bool, lightbox: bool) -> FigureRenderer:
    """Return the renderer, which is cached from page to page; it reloads changed templates."""
    return FigureRenderer(folders, fragments=fragments, lightbox=lightbox)
