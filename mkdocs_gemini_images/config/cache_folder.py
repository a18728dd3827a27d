"""Decide whether the cache folder can be trusted, before anything in it is opened.

What is in the cache is published, deleted by its name, or taken for a paid answer, so it must be
this machine's own. What a repository can bring is not trusted: all that lies below the folder of
`mkdocs.yml`, or below the top of its working tree. From there on each part of the path is a real
folder, and no file of the cache is tracked by Git. A `cache_dir` elsewhere, such as the mount of a
CI runner, is the owner's choice: it may be reached through a link. Inside any cache, what this
package opens by name is a real file or folder, no link, pipe or device.

A cache that is not trusted is replaced by an empty temporary folder: the site is built without it,
and nothing is drawn. Git's index is read only where a cache exists. What puts something into a
cache makes its folder with `make_cache`.
"""

import atexit
import errno
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core import git_index
from mkdocs_gemini_images.core.diagnostics import Diagnostic, single_line
from mkdocs_gemini_images.core.files import atomic_files, regular_files

_JOURNAL = (
    *("no", "due", "raw", "2nd", "jobs"),
    *("refused", "unknown", "unreadable", "aside", "batches"),
)
"""The folders of a journal, as they are named today and in earlier versions."""


def _journals(*names: str) -> tuple[str, ...]:
    return (*names, *(f"{name}/{each}" for name in names for each in _JOURNAL))


_EARLIER_STORES = ("mirror", "waiting", "aside")
_OPENED = {
    "variants": [f"cache.db{ending}" for ending in ("", "-wal", "-shm", "-journal")],
    "journal": _JOURNAL,
    "alts": _journals("j", "journal"),
    "emulator": ["files", "alts", *_journals("j", "q")],
    "b": ["proven", "m", "w", "f", "a0"],
    "bucket": [*_EARLIER_STORES, *(f"{each}/files" for each in _EARLIER_STORES)],
}
"""What this package opens by name in a folder of the cache; each bucket has a folder of its own,
`b-…`, and may have one of an earlier version."""

_MADE = (
    r"(?:variants|ready|journal|alts|emulator|b-[0-9a-z]{10}|bucket-[0-9a-f]+)/"
    r"|(?:buy\.lock|\.gitignore)\Z"
)

_SAID = "the cache may not be this machine's own"
_UNTIL = "until then the site is built without it, and nothing is drawn"
_NOT_REAL = (errno.ELOOP, errno.ENOTDIR, errno.EINVAL)


def with_trusted_cache(settings: Settings) -> Settings:
    """Return the settings, with a temporary cache and the reason if theirs is not trusted."""
    if settings.cache_refusal is not None:
        return settings
    refusal = _refusal(_without_dots(settings.cache.absolute()), settings.root.absolute())
    if refusal is None:
        return settings
    return settings._replace(cache=_substitute(settings.cache), cache_refusal=refusal)


def is_in_cache(path: str) -> bool:
    """Return whether a path, relative to the cache and with slashes, is one that is made here.

    The owner may have named a folder that holds other things as well.
    """
    return re.match(_MADE, path) is not None


def make_cache(cache: Path) -> None:
    """Make the cache folder, with a `.gitignore` that keeps it out of Git. Raises `OSError`."""
    atomic_files.make_folder(cache)
    with suppress(FileExistsError), (cache / ".gitignore").open("x") as ignore:
        ignore.write("# made by mkdocs-gemini-images\n*\n")


def _refusal(cache: Path, root: Path) -> Diagnostic | None:
    """Return why a cache is not trusted, or None."""
    try:
        regular_files.check_folder(_trusted_part(cache, root), cache)
        for path in _opened(cache):
            regular_files.check_real(path)
    except OSError as error:
        if error.errno not in _NOT_REAL:
            return None  # such as a folder that cannot be read: its use is an error of its own
        place = _shown(Path(error.filename), root)
        fix = "delete it, or name another cache_dir"
        said = f"{_SAID} ({place} is {error.strerror})"
        return Diagnostic.sentence(said, f"{fix}; {_UNTIL}")
    tracked = git_index.tracked_file(cache) if cache.is_dir() else None
    if tracked is None:
        return None
    said = f"{_SAID} (Git tracks {_shown(tracked, root)})"
    fix = (
        f"run git rm -r --cached {_shown(cache, root)} and delete files there that you did not make"
    )
    return Diagnostic.sentence(said, f"{fix}; {_UNTIL}")


def _opened(cache: Path) -> Iterator[str]:
    """Yield the files and folders that are there, and those in them that are opened by name.

    Raises `OSError`.
    """
    if not cache.is_dir():
        return
    for name in os.listdir(cache):  # noqa: PTH208 (leaner)
        yield (path := f"{cache}/{name}")
        yield from (f"{path}/{each}" for each in _OPENED.get(name.partition("-")[0], ()))


def _trusted_part(cache: Path, root: Path) -> Path:
    """Return the part of the cache's path that no repository can bring."""
    if cache.is_relative_to(root):
        return root
    # A cache elsewhere may be in the same working tree, or a link may be part of either path.
    real = root.resolve()
    places = [real, *real.parents]
    tops = [number for number, place in enumerate(places) if git_index.has_repository(place)]
    brought = places[: max(tops, default=0) + 1]
    for place in reversed(cache.parents):
        if any(place.exists() and place.samefile(each) for each in brought):
            return place
    return cache


def _without_dots(cache: Path) -> Path:
    """Return the path without `..`, which the system applies to the folder a link leads to."""
    if ".." not in cache.parts:
        return cache
    end = len(cache.parts) - cache.parts[::-1].index("..")
    return Path(os.path.realpath(Path(*cache.parts[:end])), *cache.parts[end:])


def _shown(path: Path, root: Path) -> str:
    return single_line(str(path.relative_to(root) if path.is_relative_to(root) else path))


@functools.cache
def _substitute(cache: Path) -> Path:
    """Return an empty folder in place of `cache`, the same one until the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="gemini-images-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
