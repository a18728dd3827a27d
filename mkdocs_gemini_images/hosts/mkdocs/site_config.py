"""What a site's configuration says of how it is built, and for which hosts.

In come lists and names of the host's configuration, and our options as the extension has them; out
come facts, and complaints where Zensical, which reads the same configuration, would do otherwise.
Pure, but for the path of the temporary folder.
"""

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted

EXTENSION = "gemini_images"
_ATTRIBUTE_LISTS = {
    "attr_list", "markdown.extensions.attr_list", "extra", "markdown.extensions.extra",
    "pymdownx.extra",
}  # fmt: skip


def is_listed(extensions: Collection[object]) -> bool:
    """Whether the site lists the Markdown extension by itself, for hosts without plugins."""
    return EXTENSION in extensions


def reads_braces(extensions: Collection[str]) -> bool:
    """Whether the site's Markdown reads attribute lists."""
    return not _ATTRIBUTE_LISTS.isdisjoint(extensions)


def is_next_language(plugins: Mapping[str, Any]) -> bool:
    """Whether static-i18n builds the site again inside a build, in another language."""
    return getattr(plugins.get("i18n"), "building", False) is True


def is_preview(site: Path) -> bool:
    """Whether a site is built into the folder that a live preview makes for itself."""
    made = site.name.startswith(("mkdocs_", "properdocs_"))
    return made and site.parent.resolve() == Path(tempfile.gettempdir()).resolve()


def unlike(options: Mapping[str, Any], theirs: Mapping[str, Any]) -> Diagnostic | None:
    """Complain where the extension has other options than the plugin: Zensical reads those."""
    names = [name for name in options if options[name] != theirs[name]]
    if not names:
        return None
    return Diagnostic(
        f"the Markdown extension {EXTENSION} to have the plugin's {', '.join(names)}",
        "other values",
        "give both the same options with a YAML anchor; Zensical reads the extension's",
    )


def exposed(settings: Settings, written: str) -> Diagnostic | None:
    """Complain where Zensical would delete what is not in stock yet; `written` is `cache_dir`."""
    if not settings.cache.resolve().is_relative_to(settings.root.resolve() / ".cache"):
        return None
    fix = "name another: zensical build --clean would delete what is paid and not in stock"
    return Diagnostic("cache_dir outside .cache, which is Zensical's", quoted(written), fix)
