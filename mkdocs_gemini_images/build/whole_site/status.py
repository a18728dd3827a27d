"""The state of one finished build's images, for commands that look and change nothing.

Each request is written as its key and JSON once, for all questions that are asked of it.
"""

from collections.abc import Collection, Iterator
from functools import cache, cached_property
from typing import Any

from mkdocs_gemini_images.build.collecting.image_ids import BlockingReferences
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.takes import spare_takes
from mkdocs_gemini_images.requests.planning import Plan, plan_requests
from mkdocs_gemini_images.requests.request import ImageRequest, canonical, key
from mkdocs_gemini_images.store.lookup import is_stocked

KeyedRequest = tuple[str, dict[str, Any]]
"""A key, and the canonical JSON that it is the digest of."""


class BuildStatus:
    """The state of one build that is past its barrier."""

    def __init__(self, build: SiteBuild) -> None:
        self.build = build
        self.images = build.images
        self.refused = cache(build.tools.generator.refusal)
        """Returns what the model answered lately instead of a picture, by key, or None."""

    @property
    def refusal_reason(self) -> str:
        """Why a build of this site would not draw, or empty."""
        return BuildMode().refusal_reason(self.build.settings)

    def request_of(self, request: ImageRequest) -> KeyedRequest:
        """Return the key and the JSON of a request. Raises `KeyError` for an id without a key."""
        keys = self.build.finished.ids.keys
        return key(request, keys), canonical(request, keys)

    def chains(self) -> Iterator[tuple[SiteImage, list[KeyedRequest]]]:
        """Yield each image with the requests of its conversation, as far as ids have keys."""
        return zip(self.images, self._chains, strict=True)

    def own_request(self, image: SiteImage, chain: list[KeyedRequest]) -> KeyedRequest:
        """Return the last request of a conversation; empty where an id has no key."""
        whole = len(chain) == sum(1 for _ in image.request.chain())
        return chain[-1] if whole else ("", {})

    def base_key(self, image: SiteImage) -> str:
        """Return the key of the picture in the first language that an image is an edit of.

        It is empty for all other images, and where an id has no key.
        """
        base = image.authored.base
        return "" if base is None else self.build.finished.ids.key(base.request) or ""

    def named_images(self) -> Iterator[tuple[tuple[str, str], SiteImage]]:
        """Yield each image with what tells it from all others, also from other builds' images."""
        for image, chain in self.chains():
            yield (self.own_request(image, chain)[0] or image.handle, image.resolved.name), image

    def spare_takes(self, image: SiteImage, numbers: Collection[int]) -> Iterator[SiteImage]:
        """Yield the other takes of an image that have drifted; `numbers` are those in the store."""
        return spare_takes(image, numbers, self.build.finished.ids, self.build.store)

    def needed_keys(self, numbers: Collection[int]) -> Iterator[str]:
        """Yield the keys of the pictures that pages show, and of those they are built on.

        An author may pick a take that has drifted; `numbers` are those of takes in the store.
        """
        for image, chain in self.chains():
            yield from (key for key, _ in chain)
            if image.record is not None:
                yield image.record.key
            yield from (take.record.key for take in self.spare_takes(image, numbers) if take.record)

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yield the requests of all images, drawn or not."""
        return (request for chain in self._chains for _, request in chain)

    def plan(self) -> Plan:
        """Return what a build would buy, as the store is now."""
        build, ids = self.build, self.build.finished.ids
        on_drift = build.mode.on_drift(build.settings)
        blocking = BlockingReferences(build.finished.images, ids, on_drift)
        lacking = [
            (image, chain)
            for image, chain in self.chains()
            if image.needs_drawing(on_drift) and not blocking.reason(image) and not image.in_batch
        ]
        absent = {self.own_request(image, chain)[0] for image, chain in lacking}  # looked up before
        return plan_requests(
            [image.resolved for image, _ in lacking],
            ids.keys,
            ids.directives,
            lambda key: key not in absent and is_stocked(build.store, key),
            lambda key: self.refused(key) is not None or bool(build.tools.generator.in_batch(key)),
            build.settings.limits,
        )

    @cached_property
    def _chains(self) -> list[list[KeyedRequest]]:
        return [list(self._chain(image)) for image in self.images]

    def _chain(self, image: SiteImage) -> Iterator[KeyedRequest]:
        for request in image.request.chain():
            try:
                yield self.request_of(request)
            except KeyError:
                return  # the requests after it build on it
