"""Say what a stock or a cache would meet on another system: Git's line ends, and long paths.

In: the folders of a site. Out: what is wrong, with what to do. Asks Git, and writes nothing.
"""

from collections.abc import Iterator
from pathlib import Path

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store import git

LONGEST_PATH = 259
"""Characters of a path that Windows takes where its administrator allows no longer ones."""
_KEY = "0" * 64
_IN_STOCK = f"files/{_KEY}.json"
_IN_CACHE = f"alts/journal/unreadable/{_KEY}.{'0' * 16}.intent"
"""The longest names below a folder, also while files are written."""


def changed_line_ends(stock: Path) -> Diagnostic | None:
    """Return what is wrong where Git takes pictures of the stock for text, or None."""
    samples = [f"{'0' * 64}{suffix}" for suffix in (".png", ".jpg", ".webp")]
    found = git.with_changed_line_ends(stock, samples)
    if not found:
        return None
    names = ", ".join(f"{stock.name}/*{Path(each).suffix}" for each in found)
    said = f"Git takes {names} for text by an attribute and changes the ends of its lines, which"
    fix = f"add {stock.name}/** -text as the last line of .gitattributes, and restore the pictures"
    return Diagnostic.sentence(f"{said} damages a picture", fix)


def long_paths(settings: Settings) -> Iterator[Diagnostic]:
    """Yield what is wrong with folders in which Windows could not hold every name."""
    folders = [("the cache", "cache_dir", settings.cache, _IN_CACHE)]
    if not settings.bucket:
        folders.insert(0, ("the stock", "stock", settings.stock, _IN_STOCK))
    for name, option, folder, longest in folders:
        characters = len(str(folder)) + 1 + len(longest)
        if characters > LONGEST_PATH:
            said = f"paths in {name} have up to {characters} characters, and Windows takes"
            fix = f"move the site to a shorter path, or name a shorter {option}"
            yield Diagnostic.sentence(f"{said} {LONGEST_PATH}", fix)
