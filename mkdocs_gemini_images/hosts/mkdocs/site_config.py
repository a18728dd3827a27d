"""Reads from a site's configuration how the site is built, and for which hosts.

In: parts of MkDocs' configuration, and the options of the plugin and of the extension. Out: facts,
and diagnostics where Zensical, which reads the same configuration, would behave differently. Pure,
except that it reads the path of the temporary folder.
"""

import tempfile
from collections.abc import Collection, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

EXTENSION = "gemini_images"
_ATTRIBUTE_LISTS = {
    "attr_list", "markdown.extensions.attr_list", "extra", "markdown.extensions.extra",
    "pymdownx.extra",
}  # fmt: skip


def is_listed(extensions: Collection[object]) -> bool:
    """Whether the site lists the Markdown extension itself, for hosts without plugins."""
    return EXTENSION in extensions


def reads_braces(extensions: Collection[str]) -> bool:
    """Whether the site's Markdown reads attribute lists."""
    return not _ATTRIBUTE_LISTS.isdisjoint(extensions)


def include_folders(config: "MkDocsConfig") -> tuple[Path, ...]:
    """Return the folders in which a site's Markdown looks for files that pages include.

    The folder of each page, which `!relative` stands for, is none of them.
    """
    from mkdocs.utils.yaml import RelativeDirPlaceholder

    root = Path(config.config_file_path or "mkdocs.yml").absolute().parent
    snippets = config.mdx_configs.get("pymdownx.snippets", {}).get("base_path", ())
    plain = config.mdx_configs.get("markdown_include.include", {}).get("base_path", ())
    macros = getattr(config.plugins.get("macros"), "config", {}).get("include_dir", "")
    named = [
        [each] if isinstance(each, str | PathLike) else each for each in (snippets, plain, macros)
    ]
    every = [each for some in named for each in some if each]
    written = [str(each) for each in every if not isinstance(each, RelativeDirPlaceholder)]
    return tuple(root / each for each in (*written, config.docs_dir, ""))


def is_next_language(plugins: Mapping[str, Any]) -> bool:
    """Whether static-i18n builds the site again inside a build, in another language."""
    return getattr(plugins.get("i18n"), "building", False) is True


def is_preview(site: Path) -> bool:
    """Whether a site is built into the temporary folder of a live preview."""
    is_named_so = site.name.startswith(("mkdocs_", "properdocs_"))
    return is_named_so and site.parent.resolve() == Path(tempfile.gettempdir()).resolve()


def unlike(options: Mapping[str, Any], theirs: Mapping[str, Any]) -> Diagnostic | None:
    """Return a diagnostic where the extension's options differ from the plugin's.

    `options` are the plugin's; `theirs` are the extension's, which Zensical reads.
    """
    names = [name for name in options if options[name] != theirs[name]]
    if not names:
        return None
    return Diagnostic.sentence(
        f"the plugin and the Markdown extension {EXTENSION} have different {', '.join(names)}",
        "give both the same options with a YAML anchor; Zensical reads the extension's",
    )


def exposed(settings: Settings, written: str) -> Diagnostic | None:
    """Return a diagnostic where `zensical build --clean` would delete images not yet in stock.

    `written` is the option `cache_dir`.
    """
    if not settings.cache.resolve().is_relative_to(settings.root.resolve() / ".cache"):
        return None
    fix = "name another: zensical build --clean would delete paid answers that are not in stock"
    said = f"cache_dir {quoted(written)} is in .cache, which is Zensical's"
    return Diagnostic.sentence(said, fix)
