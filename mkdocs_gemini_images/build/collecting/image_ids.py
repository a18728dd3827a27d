"""Resolve the ids by which directives refer to one another's images.

Ids get their keys when all pages are rendered. The store is read only for ids on pages that this
build does not see.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from mkdocs_gemini_images.build.collecting.described_ids import DescribedIds
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import OnDrift
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.requests.request import ImageRequest, key
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import InStock, Missing, UserFile
from mkdocs_gemini_images.store.store import Store


class ImageIds(NamedTuple):
    """The ids of a build: the key of each, its directive, and what is wrong with the others."""

    keys: Mapping[str, str] = {}
    directives: Mapping[str, ResolvedImage] = {}
    errors: Mapping[str, Diagnostic] = {}
    requests: Mapping[str, ImageRequest] = {}
    """The request of each directive."""
    described: DescribedIds = DescribedIds()

    def key(self, request: ImageRequest) -> str | None:
        """Return a request's key, or None where it refers to an id that has none."""
        try:
            return request.lasting_key or key(request, self.keys)
        except KeyError:
            return None

    def error(self, image: SiteImage) -> Diagnostic | None:
        """Return what is wrong with the references of an image, or None."""
        error = self.errors.get(image.resolved.directive.id) or dependencies.reference_error(
            image.request, self.keys, self.requests, self.described.is_broken
        )
        if error is None or not error.other[1]:
            return error
        return error._replace(other=self.described.place(error.other[1]))


def resolve_ids(
    images: Iterable[SiteImage],
    directives: Mapping[str, ResolvedImage],
    store: Store,
    *,
    all_pages: bool,
    described: DescribedIds | None = None,
) -> ImageIds:
    """Return the keys of all ids. Where a build sees one page, the store knows those of others."""
    described = described or DescribedIds()
    requests = {id: resolved.light.request for id, resolved in directives.items()}
    elsewhere = {} if all_pages else _stored_ids(images, directives, store)
    if not (requests or elsewhere):
        return ImageIds(described=described)
    keys, errors = dependencies.resolve_references(requests, elsewhere, described.is_broken)
    return ImageIds(keys, dict(directives), errors, requests, described)


class BlockingReferences:
    """Says why images cannot be drawn yet because of images that they refer to.

    Nothing is drawn from a drifted picture, or from one on a page that this build does not see.
    Each id is looked at once for all images.
    """

    def __init__(
        self,
        images: Mapping[tuple[ImageRequest, str], SiteImage],
        ids: ImageIds,
        on_drift: OnDrift,
    ) -> None:
        self._images = images
        self._ids = ids
        self._on_drift = on_drift
        self._own, self._behind = cache(self._own_reason), cache(self._reason_behind)

    def reason(self, image: SiteImage) -> str:
        """Return why an image cannot be drawn yet, or empty."""
        if image.waits or image.request.lasting_key is not None:
            return image.waits  # what has a lasting key refers to no id
        return self._first_reason(image.request)

    def _first_reason(self, request: ImageRequest) -> str:
        """Return a reason of an id that a request refers to, or else of one behind those."""
        ids = tuple(dependencies.referenced_ids(request))
        own = next((reason for id in ids if (reason := self._own(id))), "")
        return own or next((reason for id in ids if (reason := self._behind(id))), "")

    def _reason_behind(self, id: str) -> str:
        # What has a key has no circle and no long chain; all else has a reason of its own.
        image = self._image(id)
        drawn = image is None or isinstance(image.lookup, InStock)
        return "" if image is None or drawn else self._first_reason(image.request)

    def _own_reason(self, id: str) -> str:
        if id not in self._ids.directives and id in self._ids.keys:
            return f"#{id}, which it refers to, is on another page"
        image = self._image(id)
        if image is None or isinstance(image.lookup, InStock):
            return ""
        if image.needs_drawing(self._on_drift):
            return ""
        match image.lookup:
            case Missing(damage):
                return f"#{id}, which it refers to, cannot be shown: {damage}"
            case UserFile():
                return f"#{id}, which it refers to, is your own file; refer to that file instead"
            case _:
                return f"#{id}, which it refers to, has drifted; draw or accept that one first"

    def _image(self, id: str) -> SiteImage | None:
        directive = self._ids.directives.get(id)
        if directive is None:
            return None
        return self._images.get((directive.light.request, directive.name))


def _stored_ids(
    images: Iterable[SiteImage], directives: Mapping[str, ResolvedImage], store: Store
) -> dict[str, str]:
    """Return the keys of ids on other pages: of the newest picture in the store of each."""
    ids = {id for image in images for id in dependencies.referenced_ids(image.request)}
    found = {id: store.find_named(id) for id in sorted(ids - directives.keys())}
    return {id: record.key for id, record in found.items() if record is not None}
