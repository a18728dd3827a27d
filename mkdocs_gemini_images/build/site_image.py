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
from mkdocs_gemini_images.imaging.publisher import Edition
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.models.catalogue import Pixels
from mkdocs_gemini_images.rendering import citations, placeholder
from mkdocs_gemini_images.rendering.figure import Alternative, Candidate, Shown
from mkdocs_gemini_images.requests.request import Step, Wanted, canonical
from mkdocs_gemini_images.store.folder import Record
from mkdocs_gemini_images.store.lookup import Drifted, Held, Missing, Own, Previous, Stocked


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a picture is wanted."""

    directive: Directive
    page: str
    named: str = ""
    """What `pictures:` in `mkdocs.yml` calls it, where it is described there."""


@dataclass(slots=True)
class Post:
    """One picture, the places that want it, and what they were told."""

    wanted: Wanted
    step: Step
    why: str = ""
    """Why it is not drawn, should it be missing."""
    light: "Post | None" = None
    """The picture this one is the dark twin of."""
    own: Own | None = None
    """The author's own file, which stands where this picture would be published."""
    held: Held = Missing()  # noqa: RUF009 (frozen)
    promised: bool = False
    stem: str = ""
    shown: Shown = Shown("", 1, 1)  # noqa: RUF009 (frozen)
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
        return "" if self.light is not None else self.wanted.name

    @property
    def names(self) -> frozenset[str]:
        """All that it can be called by at the command line."""
        wanted = self.wanted
        uses = (name for use in self.uses for name in (use.page, use.named))
        return frozenset((wanted.directive.id, wanted.file, wanted.called, *uses))

    @property
    def address(self) -> str:
        """What it is best called at the command line."""
        first = self.uses[0]
        return self.wanted.directive.id or self.wanted.file or first.named or first.page

    @property
    def wish(self) -> str:
        """The author's words for it, in short."""
        return next(self.wishes())

    def wishes(self) -> Iterator[str]:
        """Yield its wish, and what that was before somebody else decided on its language."""
        which = 0 if self.light is None else 1
        yield self.wanted.shown()[which][1]
        yield self.wanted.former()[which][1]

    @property
    def record(self) -> Record | None:
        """The picture of the stock that is shown, when one is."""
        return None if isinstance(self.held, Missing | Own) else self.held.record

    def lacks(self, on_drift: OnDrift) -> bool:
        """Whether it is to be drawn, if that may be; what is damaged is mended, not bought."""
        match self.held:
            case Stocked() | Own():
                return False
            case Drifted():
                return on_drift == "draw"
            case Previous():
                return True
            case Missing(damage):
                return not damage
            case _:
                assert_never(self.held)


@dataclass(frozen=True, slots=True)
class Pair:
    """The posts of one directive: its picture's, and that of its twin for dark pages."""

    light: Post
    dark: Post | None = None


def handle_of(post: Post, take: int) -> str:
    """Name a post for a live preview, as it would be with that `take`."""
    return digest([canonical(replace(post.step, take=take)), post.wanted.name])[:16]


def present(post: Post, settings: Settings, *, serving: bool) -> None:
    """Name a picture's files, and say what its pages point at, from what is held or promised."""
    id = post.wanted.directive.id
    name = f"{id}-dark" if id and post.light is not None else id
    if post.promised:
        post.stem = variants.stem(post.step, settings.recipe, name)
        post.shown = _shown(post, settings, Picture("webp", *post.step.pixels))
        return
    match post.held:
        case Stocked(record):
            post.stem = variants.stem(post.step, settings.recipe, name)
        case Drifted(record) | Previous(record):
            post.stem = variants.stem(post.step, settings.recipe, name, other=record.key)
        case Missing() if post.light is not None:
            # Better the light picture on a dark page than a frame without one.
            post.stem, post.shown = post.light.stem, post.light.shown
            return
        case Missing():
            size = post.step.pixels
            post.stem = placeholder.name(size, notes(post, serving=serving))
            post.shown = Shown(f"{settings.assets_dir}/{post.stem}", *size, placeholder=True)
            return
        case Own(width, height):
            post.stem = post.wanted.file
            post.shown = Shown(post.wanted.file, width, height)
            return
        case _:
            assert_never(post.held)
    post.shown = _shown(post, settings, record.picture, record)


def edition(post: Post, settings: Settings, record: Record) -> Edition:
    """List the files to publish for a picture under its present name."""
    files = _files(post, settings, record.picture, original=settings.recipe.original)
    crops = (cut(post, settings, crop, (record.width, record.height)) for crop in post.crops)
    return Edition(post.stem, record, (*(file for each in files for file in each), *crops))


def cut(post: Post, settings: Settings, crop: Crop, size: Pixels) -> tuple[str, Variant]:
    """Name the file of a crop from a post's picture of `size`, and say what is in it."""
    uri = f"{settings.assets_dir}/{post.stem}-{crop.name}.jpg"
    return uri, Variant(crop.width, *crop.fitted(size), "jpeg", crop.box(size))


def notes(post: Post, *, serving: bool) -> tuple[str, ...]:
    """Say on a placeholder what was asked for, and why it is not there: in live preview alone."""
    if not serving:
        return ()
    damage = post.held.damage if isinstance(post.held, Missing) else ""
    return folded(post.wanted.directive.prompt), damage or post.why


def _shown(post: Post, settings: Settings, picture: Picture, record: Record | None = None) -> Shown:
    """Say what is promised, or what is there: a `record`'s own backdrop and sources with it."""
    grounds = {} if record is None else record.grounding
    original = settings.recipe.original and not post.promised
    *others, files = _files(post, settings, picture, original=original)
    first = variants.shown_first([file for _, file in files])
    return Shown(
        post.wanted.file or next(uri for uri, file in files if file == first),
        picture.width,
        picture.height,
        () if original else _candidates(files),
        settings.sizes,
        settings.label,
        alternatives=tuple(
            Alternative(f"image/{each[0][1].format}", _candidates(each)) for each in others
        ),
        # Of a pair one is hidden, and its backdrop would show behind the other.
        backdrop="" if record is None or post.wanted.dark is not None else record.backdrop,
        sources=citations.sources(grounds),
        searches=citations.searches(grounds),
        awaited=post.stem if record is None and post.step.grounding else "",
    )


Files = tuple[tuple[str, Variant], ...]
"""Files of one format, by their site paths."""


def _candidates(files: Files) -> tuple[Candidate, ...]:
    return tuple(Candidate(uri, file.width) for uri, file in files)


def _files(post: Post, settings: Settings, picture: Picture, *, original: bool) -> list[Files]:
    """List a picture's files, format by format; a named file is the largest of the last one.

    `original` lists its own bytes instead, under a name that tells their kind.
    """
    folder, recipe = settings.assets_dir, settings.recipe
    size = (picture.width, picture.height)
    named = FILE_KINDS[PurePosixPath(post.wanted.file).suffix.lower()] if post.wanted.file else ""
    if original:
        kept = named in ("", picture.kind)
        file = Variant(picture.width, *size, "original" if kept else named)
        uri = post.wanted.file or f"{folder}/{post.stem}-{picture.width}{picture.suffix}"
        return [((uri, file),)]
    listed = [
        tuple(
            (f"{folder}/{post.stem}-{file.slot}.{format}", file)
            for file in variants.variants(post.step, recipe, size, format)
        )
        for format in recipe.formats
    ]
    if named:
        *smaller, (_, largest) = listed[-1]
        listed[-1] = (*smaller, (post.wanted.file, replace(largest, format=named)))
    return listed
