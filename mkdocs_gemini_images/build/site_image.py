"""One picture that pages point at: what is held of it, and what they are told.

A post begins while pages render and is corrected once, at the barrier. From what is held follow the
files' names and the picture's size: its own where it is in stock, the model's documented size where
it is promised, a placeholder's where there is none. Nothing is looked up here and nothing written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import assert_never

from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import Picture
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import FILE_KINDS, Directive, folded
from mkdocs_gemini_images.imaging import variants
from mkdocs_gemini_images.imaging.publisher import PublishJob
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.models.catalogue import Pixels
from mkdocs_gemini_images.rendering import citations, placeholder
from mkdocs_gemini_images.rendering.figure import AlternativeFormat, Candidate, RenderedImage
from mkdocs_gemini_images.requests.request import ImageRequest, ResolvedImage, canonical
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
    """One place where a picture is wanted."""

    directive: Directive
    page: str
    named: str = ""
    """What `pictures:` in `mkdocs.yml` calls it, where it is described there."""


@dataclass(slots=True)
class SiteImage:
    """One picture, the places that want it, and what they were told."""

    resolved: ResolvedImage
    step: ImageRequest
    why: str = ""
    """Why it is not drawn, should it be missing."""
    light: "SiteImage | None" = None
    """The picture this one is the dark twin of."""
    own: UserFile | None = None
    """The author's own file, which stands where this picture would be published."""
    held: LookupResult = Missing()  # noqa: RUF009 (frozen)
    promised: bool = False
    stem: str = ""
    shown: RenderedImage = RenderedImage("", 1, 1)  # noqa: RUF009 (frozen)
    uses: list[Use] = field(default_factory=list)
    crops: list[Crop] = field(default_factory=list)
    """What is cut from it besides, for places of another shape."""

    @property
    def handle(self) -> str:
        """What a live preview calls it."""
        return handle_of(self, self.step.take)

    @property
    def name(self) -> str:
        """The name under which an earlier picture may stand in; a dark twin has none."""
        return "" if self.light is not None else self.resolved.name

    @property
    def names(self) -> frozenset[str]:
        """All that it can be called by at the command line."""
        resolved = self.resolved
        uses = (name for use in self.uses for name in (use.page, use.named))
        return frozenset((resolved.directive.id, resolved.file, resolved.display_name, *uses))

    @property
    def address(self) -> str:
        """What it is best called at the command line."""
        first = self.uses[0]
        return self.resolved.directive.id or self.resolved.file or first.named or first.page

    @property
    def author_digest(self) -> str:
        """The author's words for it, in short."""
        return next(self.author_digests())

    def author_digests(self) -> Iterator[str]:
        """Yield its wish, and what that was before somebody else decided on its language."""
        which = 0 if self.light is None else 1
        yield self.resolved.shown()[which][1]
        yield self.resolved.former()[which][1]

    @property
    def record(self) -> Record | None:
        """The picture of the stock that is shown, when one is."""
        return None if isinstance(self.held, Missing | UserFile) else self.held.record

    def needs_drawing(self, on_drift: OnDrift) -> bool:
        """Whether it is to be drawn, if that may be; what is damaged is mended, not bought."""
        match self.held:
            case InStock() | UserFile():
                return False
            case Drifted():
                return on_drift == "draw"
            case Fallback():
                return True
            case Missing(damage):
                return not damage
            case _:
                assert_never(self.held)


@dataclass(frozen=True, slots=True)
class ThemePair:
    """The posts of one directive: its picture's, and that of its twin for dark pages."""

    light: SiteImage
    dark: SiteImage | None = None


def handle_of(image: SiteImage, take: int) -> str:
    """Name a post for a live preview, as it would be with that `take`."""
    return digest([canonical(replace(image.step, take=take)), image.resolved.name])[:16]


def present(image: SiteImage, settings: Settings, *, serving: bool) -> None:
    """Name a picture's files, and say what its pages point at, from what is held or promised."""
    id = image.resolved.directive.id
    name = f"{id}-dark" if id and image.light is not None else id
    if image.promised:
        image.stem = variants.stem(image.step, settings.encoding, name)
        image.shown = _shown(image, settings, Picture("webp", *image.step.pixels))
        return
    match image.held:
        case InStock(record):
            image.stem = variants.stem(image.step, settings.encoding, name)
        case Drifted(record) | Fallback(record):
            image.stem = variants.stem(image.step, settings.encoding, name, other=record.key)
        case Missing() if image.light is not None:
            # Better the light picture on a dark page than a frame without one.
            image.stem, image.shown = image.light.stem, image.light.shown
            return
        case Missing():
            size = image.step.pixels
            image.stem = placeholder.name(size, notes(image, serving=serving))
            image.shown = RenderedImage(
                f"{settings.assets_dir}/{image.stem}", *size, placeholder=True
            )
            return
        case UserFile(width, height):
            image.stem = image.resolved.file
            image.shown = RenderedImage(image.resolved.file, width, height)
            return
        case _:
            assert_never(image.held)
    image.shown = _shown(image, settings, record.picture, record)


def job(image: SiteImage, settings: Settings, record: Record) -> PublishJob:
    """List the files to publish for a picture under its present name."""
    files = _files(image, settings, record.picture, original=settings.encoding.original)
    crops = (cut(image, settings, crop, (record.width, record.height)) for crop in image.crops)
    return PublishJob(image.stem, record, (*(file for each in files for file in each), *crops))


def cut(image: SiteImage, settings: Settings, crop: Crop, size: Pixels) -> tuple[str, Variant]:
    """Name the file of a crop from a post's picture of `size`, and say what is in it."""
    uri = f"{settings.assets_dir}/{image.stem}-{crop.name}.jpg"
    return uri, Variant(crop.width, *crop.fitted(size), "jpeg", crop.box(size))


def notes(image: SiteImage, *, serving: bool) -> tuple[str, ...]:
    """Say on a placeholder what was asked for, and why it is not there: in live preview alone."""
    if not serving:
        return ()
    damage = image.held.damage if isinstance(image.held, Missing) else ""
    return folded(image.resolved.directive.prompt), damage or image.why


def _shown(
    image: SiteImage, settings: Settings, picture: Picture, record: Record | None = None
) -> RenderedImage:
    """Say what is promised, or what is there: a `record`'s own backdrop and sources with it."""
    grounds = {} if record is None else record.grounding
    original = settings.encoding.original and not image.promised
    *others, files = _files(image, settings, picture, original=original)
    first = variants.shown_first([file for _, file in files])
    return RenderedImage(
        image.resolved.file or next(uri for uri, file in files if file == first),
        picture.width,
        picture.height,
        () if original else _candidates(files),
        settings.sizes,
        settings.label,
        alternatives=tuple(
            AlternativeFormat(f"image/{each[0][1].format}", _candidates(each)) for each in others
        ),
        # Of a pair one is hidden, and its backdrop would show behind the other.
        backdrop="" if record is None or image.resolved.dark is not None else record.backdrop,
        sources=citations.sources(grounds),
        searches=citations.searches(grounds),
        awaited=image.stem if record is None and image.step.grounding else "",
    )


Files = tuple[tuple[str, Variant], ...]
"""Files of one format, by their site paths."""


def _candidates(files: Files) -> tuple[Candidate, ...]:
    return tuple(Candidate(uri, file.width) for uri, file in files)


def _files(
    image: SiteImage, settings: Settings, picture: Picture, *, original: bool
) -> list[Files]:
    """List a picture's files, format by format; a named file is the largest of the last one.

    `original` lists its own bytes instead, under a name that tells their kind.
    """
    folder, encoding = settings.assets_dir, settings.encoding
    size = (picture.width, picture.height)
    named = (
        FILE_KINDS[PurePosixPath(image.resolved.file).suffix.lower()] if image.resolved.file else ""
    )
    if original:
        kept = named in ("", picture.kind)
        file = Variant(picture.width, *size, "original" if kept else named)
        uri = image.resolved.file or f"{folder}/{image.stem}-{picture.width}{picture.suffix}"
        return [((uri, file),)]
    listed = [
        tuple(
            (f"{folder}/{image.stem}-{file.slot}.{format}", file)
            for file in variants.variants(image.step, encoding, size, format)
        )
        for format in encoding.formats
    ]
    if named:
        *smaller, (_, largest) = listed[-1]
        listed[-1] = (*smaller, (image.resolved.file, replace(largest, format=named)))
    return listed
