"""The pictures of a site's first language, from which those of the others are made.

In go the images of the pages in the first language, as they are rendered. Out comes, for a page in
another language, the request that its picture is an edit of: that of the same id, else that of the
same words. Pages in the first language are rendered before all others. Reads and writes no file.
"""

from collections.abc import Iterator

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.requests.dependencies import referenced_ids
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, canonical
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage


class FirstLanguage:
    """The images of the pages that are written in the site's first language."""

    def __init__(self) -> None:
        self._by_id: dict[str, ResolvedImage] = {}
        self._by_words: dict[str, ResolvedImage] = {}

    def add(self, resolved: ResolvedImage) -> None:
        """Note an image of a page in the first language."""
        if resolved.directive.id:
            self._by_id.setdefault(resolved.directive.id, resolved)
        if resolved.localized:
            self._by_words.setdefault(_words(resolved.light.request), resolved)

    def base(self, own: AuthoredRequest) -> AuthoredRequest:
        """Return what the picture of a directive in another language is an edit of.

        `own` is the request that the directive would be in the first language: it is the base where
        no page in the first language has such a picture.
        """
        known = self._by_id.get(own.directive.id) or self._by_words.get(_words(own.request))
        found = own if known is None else known.light
        return found._replace(request=self._pinned(found.request))

    def directives(self, request: ImageRequest) -> Iterator[tuple[str, ResolvedImage]]:
        """Yield the images that a base's request refers to, each under the id that is in it."""
        waiting, seen = [request], set[str]()
        while waiting:
            for id in referenced_ids(waiting.pop()):
                named = self._by_id.get(id.partition("@")[0])
                if "@" not in id or named is None or id in seen:
                    continue
                seen.add(id)
                authored = named.light._replace(request=self._pinned(named.light.request))
                waiting.append(authored.request)
                yield id, named._replace(light=authored)

    def _pinned(self, request: ImageRequest) -> ImageRequest:
        """Return a request whose references mean the first language's images on every page."""
        if not any(True for _ in referenced_ids(request)):
            return request
        parts = tuple(
            PicturePart(part.id + _PINNED)
            if isinstance(part, PicturePart) and part.id in self._by_id
            else part
            for part in request.parts
        )
        after = None if request.after is None else self._pinned(request.after)
        return request._replace(parts=parts, after=after)


_PINNED = "@first"
"""What an id ends with where it means the image of the first language; no author writes it."""


def _words(request: ImageRequest) -> str:
    """Return what is equal for all takes of a request, wherever its files lie."""
    return digest(canonical(request._replace(take=1)))
