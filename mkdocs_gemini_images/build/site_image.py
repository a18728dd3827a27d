"""One image of a site: what the author asked for, what the store has, and what pages show.

A `SiteImage` is never changed. While pages render it holds what is shown or promised until the
barrier; the barrier makes another one, with what came of it and all places where it is used.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, assert_never

from mkdocs_gemini_images.config.settings import OnDrift
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.directives import crops
from mkdocs_gemini_images.directives.crops import CENTER, Crop, Point, Shapes
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.requests.request import ImageRequest, canonical
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from mkdocs_gemini_images.store.record import Record


@dataclass(frozen=True, slots=True)
class Use:
    """One place that shows an image."""

    directive: Directive
    page: str
    """The source file of the page, or the configuration file for an image of `pictures:`."""
    name: str = ""
    """The image's name in `pictures:`, where it is described there."""
    language: str = field(default="", compare=False)
    """The code of the page's language."""


HANDLE_LENGTH = 16

ImageKey = tuple[ImageRequest, str]
"""What tells one image of a build from another: its request, and its name in the store."""


class _SiteImageFields(NamedTuple):
    resolved: ResolvedImage
    authored: AuthoredRequest
    """The request whose picture is shown: the light one of `resolved`, or the dark one."""
    lookup: LookupResult
    light: "SiteImage | None" = None
    """The light image of which this is the dark twin."""
    promised: bool = False
    """Whether pages show what is promised, until the barrier."""
    reason: str = ""
    """Why the image is not drawn, where it is missing."""
    waits: str = ""
    """Why it cannot be drawn before another image is settled, or empty."""
    in_batch: str = ""
    """How it is being drawn in batch, as a clause of a message, or empty."""
    stem: str = ""
    """The beginning of the names of its published files."""
    shown: RenderedImage = RenderedImage("", 1, 1)
    uses: tuple[Use, ...] = ()
    crops: tuple[Crop, ...] = ()
    """Cuts of the image that are published beside it, for cards beside links."""
    shapes: tuple[Crop, ...] = ()
    """Cuts of the image that pages show."""
    echo: str = ""
    """The id of the image for which it stands until the barrier, where that is not known yet."""
    focal_point: Point = CENTER
    """The point that was found in the picture, for cuts around it."""


class SiteImage(_SiteImageFields):
    """One image of a build. Two values are equal only if they are the same object."""

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    @cached_property
    def request(self) -> ImageRequest:
        """The request whose picture is shown."""
        return self.authored.request

    @cached_property
    def key(self) -> ImageKey:
        """What tells the image from the others of its build."""
        return self.request, self.resolved.name

    @cached_property
    def handle(self) -> str:
        """The image's name in a live preview and in marks: 16 hex digits."""
        return handle_of(self, self.request.take)

    @property
    def name(self) -> str:
        """The name under which an earlier picture may stand in; a dark twin has none."""
        return "" if self.light is not None else self.resolved.name

    @property
    def names(self) -> frozenset[str]:
        """All names by which a command line can address the image."""
        resolved = self.resolved
        uses = (name for use in self.uses for name in (use.page, use.name))
        return frozenset((resolved.directive.id, resolved.file, resolved.display_name, *uses))

    def answers_to(self, names: Set[str]) -> bool:
        """Return whether one of `names` is one of the image's, or its handle."""
        if not self.names.isdisjoint(names):
            return True
        # A handle is a digest, which is computed only where one may be among the names.
        return any(len(name) == HANDLE_LENGTH for name in names) and self.handle in names

    @property
    def address(self) -> str:
        """The best name for the image at a command line."""
        first = self.uses[0]
        return self.resolved.directive.id or self.resolved.file or first.name or first.page

    @cached_property
    def record(self) -> Record | None:
        """The picture in the store that pages show, if there is one."""
        return None if isinstance(self.lookup, Missing | UserFile) else self.lookup.record

    @property
    def damage(self) -> str:
        """What is wrong with the picture in the store, or empty."""
        return self.lookup.damage if isinstance(self.lookup, Missing) else ""

    @property
    def is_lost(self) -> bool:
        """Whether a picture is there and its sidecar alone is gone."""
        return isinstance(self.lookup, Missing) and self.lookup.lost

    def needs_drawing(self, on_drift: OnDrift) -> bool:
        """Return whether a build draws the image if it may; damage is repaired, not bought."""
        match self.lookup:
            case InStock() | UserFile():
                return False
            case Drifted():
                return on_drift == "draw"
            case Fallback():
                return True
            case Missing(damage):
                return not damage
            case _:
                assert_never(self.lookup)


class ThemePair(NamedTuple):
    """The images of one directive: the one for light pages, and its twin for dark ones."""

    presentation: Directive
    """The directive with its preset's defaults, with which its template is rendered.

    The images may be shared with directives that present them otherwise.
    """
    light: SiteImage
    dark: SiteImage | None = None

    @property
    def shapes(self) -> Shapes:
        """What its page shows of it."""
        return crops.shapes_of(self.presentation.crop, self.presentation.focus)

    @property
    def card(self) -> Crop:
        """The part of it that a card beside a link shows."""
        return Crop(focus=self.shapes.focus)

    @property
    def images(self) -> tuple[SiteImage, ...]:
        """The images, the light one first."""
        return (self.light,) if self.dark is None else (self.light, self.dark)


def handle_of(image: SiteImage, take: int) -> str:
    """Return the handle that an image would have with another `take`."""
    return digest([canonical(image.request._replace(take=take)), image.resolved.name])[
        :HANDLE_LENGTH
    ]
