"""Complete the names of pictures in a shell: ids and pages, read from the Markdown files alone.

In: what has been typed of a name, and the configuration that the command line names. Out: the ids
and pages that begin so. No site is built: every `.md` file of the docs folder is read, and those
that mention gemini are searched for directives. What plugins generate is therefore not offered, and
a thousand pages with pictures take about a second.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import shown_from
from mkdocs_gemini_images.hosts.host_choice import MKDOCS_FILES, configuration_in

_DOCS_DIR = re.compile(
    r"^[ \t]*docs_dir[ \t]*[:=][ \t]*['\"]?([^'\"#\n]+?)['\"]?[ \t]*(?:#.*)?$", re.M
)
_ID = re.compile(r"#([\w.:-]+)")


def complete_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Return the ids and pages that begin with what has been typed, and are not there yet."""
    files = context.params.get("config_file") or _configurations()
    config = next((file for file in files if file.is_file()), None)
    if config is None:
        return []
    written = _DOCS_DIR.search(config.read_text(encoding="utf-8", errors="replace"))
    docs = config.parent / (written[1] if written else "docs")
    given = set(context.params.get(parameter.name or "") or ())
    found: set[str] = set()
    for page, ids in _pages(docs):
        found |= {page, *ids}
        if incomplete:  # it may be the beginning of a path
            found.add(shown_from(docs / page, Path.cwd()))
    return sorted(name for name in found - given if name.startswith(incomplete))


def _configurations() -> list[Path]:
    """List the configurations of the current folder, that which commands read first."""
    chosen, _ = configuration_in(Path())
    return [*([] if chosen is None else [chosen]), *map(Path, MKDOCS_FILES)]


def _pages(docs: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield each page of a docs folder that has directives, with their ids."""
    from mkdocs_gemini_images.sources.occurrences import PageDirectives

    for file in sorted(docs.rglob("*.md")):
        try:
            data = file.read_bytes()
        except OSError:  # a page that cannot be read has nothing to offer
            continue
        if b"gemini" not in data.lower():
            continue
        page = data.decode("utf-8", "replace")
        directives = PageDirectives(page)
        fences = [fence.read() for fence in directives.fences]
        images = [image for image, _ in directives.images()]
        if fences or images:
            ids = {fence.id for fence in fences if fence is not None and fence.id}
            ids |= {each for image in images if (each := _id_behind(page, image.end))}
            yield file.relative_to(docs).as_posix(), ids


def _id_behind(page: str, at: int) -> str:
    """Return the id in the attribute list behind an image, or an empty text."""
    from mkdocs_gemini_images.directives.fence_syntax import ATTRIBUTE_LIST

    braces = ATTRIBUTE_LIST.match(page, at)
    written = None if braces is None else _ID.search(braces["inner"])
    return "" if written is None else written[1]
