"""How things stand with the pictures of one build: its answer to somebody who only asks.

In comes what a build knows past its barrier: posts, keys, and what was said of them; out come rows
of a survey, what a build would buy, and the requests that say which pictures in stock are needed.
Nothing is drawn, written or changed, and every request is put into words once.
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

Request = tuple[str, dict[str, Any]]
"""A key, and what it was taken from."""


class BuildStatus:
    """The pictures of one build.

    `needs_drawing` says whether a build would draw a picture; `stocked` and `refused` say what
    became of a key.
    """

    def __init__(
        self,
        settings: Settings,
        images: Sequence[SiteImage],
        notices: Sequence[Notice],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        needs_drawing: Callable[[SiteImage], bool],
        stocked: Callable[[str], bool],
        refused: Callable[[str], str | None],
    ) -> None:
        self.settings = settings
        self.images = images
        self._notices = notices
        self._keys = keys
        self._named = named
        self._lacks = needs_drawing
        self._stocked = stocked
        self._refused = cache(refused)

    @property
    def refusal_reason(self) -> str:
        """Why a build of this site would not draw, whatever it costs; empty if it would."""
        return refusal_reason(self.settings)

    def rows(
        self,
        place: Callable[[Notice], str],
        prices: dict[str, PlannedRequest],
        takes: Mapping[str, Sequence[str]],
    ) -> Iterator[SurveyRow]:
        """Say of each picture how it stands, and of each directive in error what is wrong.

        `place` finds the page and line of a notice. What a picture needs is taken out of `prices`,
        by key, so that each request is counted with one picture alone; `takes` are the keys in
        stock of each family.
        """
        flaws = self._flaws()
        for image, chain in zip(self.images, self._requests, strict=True):
            steps = [key for key, _ in chain]
            needs = [prices.pop(key) for key in steps if key in prices]
            places = (Notice("info", "", use.page, use.directive.source) for use in image.uses)
            where = tuple(sorted({place(each) for each in places}))
            key, asked = self._own(image, chain)
            kin = takes.get(reachability.family(asked), ()) if takes and asked else ()
            refused = next((said for key in steps if (said := self._refused(key))), "")
            row = survey_rows.image_row(image, needs, where, tuple(kin), refused, key)
            # A dark twin has none of its own.
            uses = {(use.page, use.directive.source) for use in image.uses if image.light is None}
            its = [each for each in flaws if (each.page, each.source) in uses] if flaws else []
            yield survey_rows.with_flaws(row, its, image.record, place) if its else row
        for each in self._notices:
            if each.level == "warning" and each.kind == "broken":
                yield SurveyRow("broken", each.text, (place(each),))

    def request_of(self, image: SiteImage) -> Request:
        """Give the key of a post's request, and the request itself. Raises `KeyError`."""
        return request.key(image.step, self._keys), request.canonical(image.step, self._keys)

    def names(self) -> Iterator[tuple[tuple[str, str], SiteImage]]:
        """Give each post with what tells its picture from all others, of other builds as well."""
        for image, chain in zip(self.images, self._requests, strict=True):
            yield (self._own(image, chain)[0] or image.handle, image.resolved.name), image

    def shown(self) -> Iterator[str]:
        """Give the keys of the pictures that pages show, and of those behind them."""
        for image, chain in zip(self.images, self._requests, strict=True):
            yield from (key for key, _ in chain)
            if image.record is not None:
                yield image.record.key

    def requests(self) -> Iterator[dict[str, Any]]:
        """Give the requests behind the pictures, drawn or not."""
        return (asked for chain in self._requests for _, asked in chain)

    def planned(self) -> Plan:
        """Plan what a build would buy, as things are in stock now."""
        pairs = zip(self.images, self._requests, strict=True)
        lacking = [(image, chain) for image, chain in pairs if self._lacks(image)]
        absent = {self._own(image, chain)[0] for image, chain in lacking}  # looked up already
        return plan(
            [image.resolved for image, _ in lacking],
            self._keys,
            self._named,
            lambda key: key not in absent and self._stocked(key),
            lambda key: self._refused(key) is not None,
            self.settings.limits,
        )

    @cached_property
    def _requests(self) -> list[list[Request]]:
        """The requests of each post's conversation, as far as what they refer to is known."""
        return [list(self._chain(image)) for image in self.images]

    def _chain(self, image: SiteImage) -> Iterator[Request]:
        for step in image.step.chain():
            try:
                yield request.key(step, self._keys), request.canonical(step, self._keys)
            except KeyError:
                return  # and whatever follows builds on it

    def _own(self, image: SiteImage, chain: list[Request]) -> Request:
        """Give the last request of a post's conversation, empty where it cannot be known yet."""
        return chain[-1] if len(chain) == sum(1 for _ in image.step.chain()) else ("", {})

    def _flaws(self) -> list[Notice]:
        """List what was said of pictures that are shown, each once."""
        return list(dict.fromkeys(each for each in self._notices if each.kind != "broken"))
