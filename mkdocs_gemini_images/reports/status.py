"""The status of the pictures of one build, for commands that report it and draw nothing.

In: the images, keys and notices of a build past its barrier. Out: the rows of a survey, the plan of
what a build would draw, and the keys and requests that tell which pictures in stock are needed.
Draws, writes and changes nothing. The canonical form of each request is computed once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.permission import refusal_reason
from mkdocs_gemini_images.reports import survey_rows
from mkdocs_gemini_images.reports.survey import SurveyRow
from mkdocs_gemini_images.requests import request
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest, plan
from mkdocs_gemini_images.requests.request import ResolvedImage
from mkdocs_gemini_images.store import reachability

KeyedRequest = tuple[str, dict[str, Any]]
"""A key, and the canonical request that it is the digest of."""


class BuildStatus:
    """The status of the pictures of one build.

    `keys` and `named` give the key and the resolved image of each id that other images refer to.
    `needs_drawing` tells whether a build would draw an image, `stocked` whether the stock has the
    picture of a key, and `refused` why the model refused to draw it lately, or None.
    """

    def __init__(
        self,
        settings: Settings,
        images: Sequence[SiteImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        needs_drawing: Callable[[SiteImage], bool],
        stocked: Callable[[str], bool],
        refused: Callable[[str], str | None],
    ) -> None:
        self.settings = settings
        self.images = images
        self._keys = keys
        self._named = named
        self._needs_drawing = needs_drawing
        self._stocked = stocked
        self._refused = cache(refused)

    @property
    def refusal_reason(self) -> str:
        """Why a build of this site would not draw, whatever the price; empty if it would."""
        return refusal_reason(self.settings)

    def rows(
        self,
        notices: Sequence[Notice],
        place: Callable[[Notice], str],
        prices: dict[str, PlannedRequest],
        takes: Mapping[str, Sequence[str]],
    ) -> Iterator[SurveyRow]:
        """Yield a row for each image, and one for each directive in error.

        `notices` are those of the build, and `place` returns the page and line of one. `prices` has
        the requests that a build would send, by key; each is removed from it with the first image
        that needs it, so that it counts once. `takes` has the keys in stock by their family, see
        `reachability.takes`.
        """
        flaws = list(dict.fromkeys(each for each in notices if each.kind != "broken"))
        for image, chain in zip(self.images, self._requests, strict=True):
            steps = [key for key, _ in chain]
            needs = [prices.pop(key) for key in steps if key in prices]
            places = (Notice("info", "", use.page, use.directive.source) for use in image.uses)
            where = tuple(sorted({place(each) for each in places}))
            key, own = self._own_request(image, chain)
            kin = takes.get(reachability.family(own), ()) if takes and own else ()
            refused = next((why for step in steps if (why := self._refused(step))), "")
            row = survey_rows.image_row(image, needs, where, tuple(kin), refused, key)
            # The flaws of a directive are listed with its light image, not with both.
            uses = {(use.page, use.directive.source) for use in image.uses if image.light is None}
            its = [each for each in flaws if (each.page, each.source) in uses] if flaws else []
            yield survey_rows.with_flaws(row, its, image.record, place) if its else row
        for each in notices:
            if each.level == "warning" and each.kind == "broken":
                yield SurveyRow("broken", each.text, (place(each),))

    def request_of(self, image: SiteImage) -> KeyedRequest:
        """Return the key of an image's request, and the request.

        Raises `KeyError` when the request refers to a picture whose key is unknown.
        """
        return request.key(image.step, self._keys), request.canonical(image.step, self._keys)

    def names(self) -> Iterator[tuple[tuple[str, str], SiteImage]]:
        """Yield each image with an identity that it shares with the same image of other builds."""
        for image, chain in zip(self.images, self._requests, strict=True):
            yield (self._own_request(image, chain)[0] or image.handle, image.resolved.name), image

    def shown(self) -> Iterator[str]:
        """Yield the keys of the pictures that pages show, and of the steps that led to them."""
        for image, chain in zip(self.images, self._requests, strict=True):
            yield from (key for key, _ in chain)
            if image.record is not None:
                yield image.record.key

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yield the requests of all steps of all images, drawn or not."""
        return (canonical for chain in self._requests for _, canonical in chain)

    def planned(self) -> Plan:
        """Return the plan of what a build would draw, given what is in stock now."""
        pairs = zip(self.images, self._requests, strict=True)
        lacking = [(image, chain) for image, chain in pairs if self._needs_drawing(image)]
        # The build has looked these keys up already.
        absent = {self._own_request(image, chain)[0] for image, chain in lacking}
        return plan(
            [image.resolved for image, _ in lacking],
            self._keys,
            self._named,
            lambda key: key not in absent and self._stocked(key),
            lambda key: self._refused(key) is not None,
            self.settings.limits,
        )

    @cached_property
    def _requests(self) -> list[list[KeyedRequest]]:
        """The requests of each image's conversation, up to the first whose key is unknown."""
        return [list(self._chain(image)) for image in self.images]

    def _chain(self, image: SiteImage) -> Iterator[KeyedRequest]:
        for step in image.step.chain():
            try:
                yield request.key(step, self._keys), request.canonical(step, self._keys)
            except KeyError:
                return  # the key of every later step contains this one

    def _own_request(self, image: SiteImage, chain: list[KeyedRequest]) -> KeyedRequest:
        """Return the last request of an image's conversation; empty when its key is unknown."""
        return chain[-1] if len(chain) == sum(1 for _ in image.step.chain()) else ("", {})
