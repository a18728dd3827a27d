"""The focal points that `focus: auto` finds in pictures, each looked for once.

In go records of the store; out come points, kept with the encoded files in the variant cache. A
picture that cannot be read has its middle: what is wrong with it is told where it is published.
"""

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.directives.crops import CENTER, FINDER_VERSION, Point
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


class FocalPoints:
    """The focal points of the pictures in a store."""

    def __init__(self, store: Store, cache: VariantCache) -> None:
        self._store = store
        self._cache = cache
        self._found: dict[str, Point] = {}

    def of(self, record: Record) -> Point:
        """Return the point of a picture that stands out, in per cent."""
        name = f"{record.sha256}-{record.width}x{record.height}-focus{FINDER_VERSION}"
        if name not in self._found:
            known = self._cache.get(name)
            if known is not None and len(known) == 2 and max(known) <= 100:
                self._found[name] = (known[0], known[1])
            else:
                self._found[name] = found = self._look(record)
                self._cache.put(name, bytes(found))
        return self._found[name]

    def _look(self, record: Record) -> Point:
        from mkdocs_gemini_images.imaging.saliency import focal_point  # imports Pillow

        try:
            return focal_point(self._store.read(record), record.photo_size)
        except (DiagnosticError, ImageError):
            return CENTER
