"""Keep the files of the stock and the cache out of the site, and from the watcher of a preview.

A site's docs folder, or a folder that the preview watches, may hold them: the plugin same-dir makes
the docs folder that of `mkdocs.yml`. Their files are known by place and name, since other files in
those folders are the author's. In: settings and MkDocs' collection of files, or a watcher's queue.
Out: files that are marked as excluded, and events that are dropped.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import Files, InclusionLevel

from mkdocs_gemini_images.config.settings import Settings

if TYPE_CHECKING:
    from queue import Queue

_STOCKED = (
    r"(?:files/[0-9a-f]{64}\.json|[0-9a-f]{64}\.(?:json|png|jpg|webp))"
    r"|(?:files/)?\.[0-9a-f]{16}[-.\w]*\.(?:[0-9a-z]{5}|[0-9a-f]{8})\.part|\.buy\.lock"
)
"""Files of the stock, also while they are being written."""


class OwnFiles:
    """Knows the files of a site's stock and cache, wherever their folders lie."""

    def __init__(self, settings: Settings) -> None:
        self._places = {
            name: os.path.realpath(folder)
            for name, folder in (("stock", settings.stock), ("cache_dir", settings.cache))
        }
        self._within = tuple(self._places.values())
        self._real = cache(os.path.realpath)

    def option_of(self, path: str) -> str:
        """Return the option that names the folder of a file of ours; empty for any other file."""
        folder, name = os.path.split(path)
        real = self._real(folder)
        for option, place in self._places.items():
            if real == place or real.startswith(place + os.sep):
                inner = os.path.join(real[len(place) + 1 :], name).replace(os.sep, "/")  # noqa: PTH118 (text)
                if _is_in_cache(inner) if option == "cache_dir" else re.fullmatch(_STOCKED, inner):
                    return option
        return ""

    def exclude(self, files: Files) -> Iterator[str]:
        """Exclude files of the stock and the cache from the site, and yield a line for each folder.

        A page is never excluded: none is of the stock or the cache.
        """
        counts: dict[str, int] = {}
        for file in files:
            path = file.abs_src_path
            excluded = file.inclusion == InclusionLevel.EXCLUDED
            if path is None or excluded or file.is_documentation_page():
                continue
            if not self._real(os.path.dirname(path)).startswith(self._within):  # noqa: PTH120 (text)
                continue
            if option := self.option_of(path):
                file.inclusion = InclusionLevel.EXCLUDED
                counts[option] = counts.get(option, 0) + 1
        for option, count in counts.items():
            them = "a file of it is" if count == 1 else f"{count} files of it are"
            yield f"{option} is below the docs folder: {them} not published"

    def keep_from(self, events: "Queue[Any]") -> None:
        """Keep changes of the stock and the cache from whom reads a watcher's queue of events.

        Else a preview that draws would see what it has stored, and build again. The preview finds
        pictures that others store by itself.
        """
        put = events.put

        def put_foreign(item: Any, *args: Any, **options: Any) -> None:
            if not (isinstance(item, tuple) and self._is_ours(item[0])):
                put(item, *args, **options)

        events.put = put_foreign  # type: ignore[method-assign]

    def _is_ours(self, event: Any) -> bool:
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        return all(self.option_of(path) for path in paths)


def _is_in_cache(path: str) -> bool:
    from mkdocs_gemini_images.config.cache_folder import is_in_cache  # most sites have none in docs

    return is_in_cache(path)
