"""Say what a stock or a cache would meet on another system: Git's line ends, and long paths.

In: the folders of a site. Out: what is wrong, with what to do. Asks Git, and writes nothing.
"""

from collections.abc import Iterator
from pathlib import Path

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.generation.journal.location import journal_folder
from mkdocs_gemini_images.imaging.cache.hardlink_cache import link_name
from mkdocs_gemini_images.sources.alts.kept_answers import (
    KeptAnswers,
    alts_folder,
    alts_journals,
)
from mkdocs_gemini_images.store import git
from mkdocs_gemini_images.store.buckets import local_folders
from mkdocs_gemini_images.store.pair_names import SHORT, WHOLE

LONGEST_PATH = 259
"""Characters of a path that Windows takes where its administrator allows no longer ones."""
_KEY = "0" * WHOLE
_IN_STOCK = f"files/{_KEY}.json"
"""The longest name in a stock, also while files are written."""


def changed_line_ends(stock: Path) -> Diagnostic | None:
    """Return what is wrong where Git takes pictures of the stock for text, or None."""
    samples = [f"{'0' * 64}{suffix}" for suffix in (".png", ".jpg", ".webp")]
    found = git.with_changed_line_ends(stock, samples)
    if not found:
        return None
    listed = ", ".join(f"{stock.name}/*{Path(each).suffix}" for each in found)
    said = (
        f"Git takes {listed} for text because of an attribute and changes its line endings, which"
    )
    line = f"add {stock.name}/** -text as the last line of the .gitattributes beside {stock.name}"
    fix = f"{line} (.git/info/attributes overrides it), and restore the pictures"
    return Diagnostic.sentence(f"{said} damages a picture", fix)


def long_paths(settings: Settings) -> Iterator[Diagnostic]:
    """Yield what is wrong with folders in which Windows could not hold every name."""
    folders = [("the cache", "cache_dir", _in_cache(settings))]
    if not settings.bucket and not settings.server.emulated:
        folders.insert(0, ("the stock", "stock", [settings.stock / _IN_STOCK]))
    for name, option, paths in folders:
        characters = max(len(str(path)) for path in paths)
        if characters > LONGEST_PATH:
            said = f"paths in {name} have up to {characters} characters, and Windows takes"
            fix = f"move the site to a shorter path, or name a shorter {option}"
            yield Diagnostic.sentence(f"{said} {LONGEST_PATH}", fix)


def _in_cache(settings: Settings) -> list[Path]:
    """Return the longest paths of each kind that this version makes in a cache."""
    journals = (journal_folder(settings), alts_journals(settings)[0])
    paths = [journal / names.LONGEST for journal in journals]
    paths.append(KeptAnswers(alts_folder(settings)).file(_KEY))
    paths.append(settings.cache / "ready" / link_name(""))
    paths.append(settings.cache / "variants" / "cache.db-journal")
    if settings.server.emulated:
        paths.append(settings.owned / f"{_KEY[:SHORT]}.json")
    elif settings.bucket:
        paths.append(settings.cache / local_folders.LONGEST)
    return paths
