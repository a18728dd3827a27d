"""What a page shows for one image, as a value: files by their paths in the site, and a size."""

from typing import NamedTuple

from mkdocs_gemini_images.rendering.mark import Mark


class Source(NamedTuple):
    """One link below an image that was drawn with the help of a search."""

    title: str
    uri: str


class Candidate(NamedTuple):
    """One published file of an image and its true width in pixels (an entry of `srcset`)."""

    uri: str
    width: int


class AlternativeFormat(NamedTuple):
    """The same image in a format that not every browser knows (a `<source>`)."""

    type: str
    """Its MIME type."""
    candidates: tuple[Candidate, ...]


class RenderedImage(NamedTuple):
    """What a page shows for one directive: files by site path, and the image's true size in pixels.

    `candidates` are ordered by width. `src` is one of them, or the path of a placeholder.
    """

    src: str
    width: int
    height: int
    candidates: tuple[Candidate, ...] = ()
    sizes: str = ""
    label: str = ""
    mark: Mark | None = None
    """What says on the picture itself that it was made with AI."""
    placeholder: bool = False
    dark: "RenderedImage | None" = None
    """The image for dark pages."""
    narrow: "RenderedImage | None" = None
    """The image for narrow screens, where they show another cut."""
    sources: tuple[Source, ...] = ()
    searches: tuple[Source, ...] = ()
    searched: bool = False
    """Whether its request may search, so that a figure has room for sources, also if none came."""
    awaited: str = ""
    """A name for the place where sources are inserted once the image is drawn."""
    handle: str = ""
    """The image's name in a live preview; a built site has none."""
    promise: str = ""
    """The mark of an image that is not drawn yet: the barrier corrects elements that carry it."""
    alternatives: tuple[AlternativeFormat, ...] = ()
    """Other formats, in the order in which a browser tries them, before the candidates."""
    backdrop: str = ""
    """A tiny WebP in base64, shown enlarged until the image is loaded."""
    backdrop_place: str = "0 0 / 100% 100%"
    """Its position and size, in CSS."""
    shape: str = ""
    """The name of the cut that it is, or empty."""
    whole: str = ""
    """The path of the file with all pixels, where the image is a cut of it."""

    @property
    def largest(self) -> str:
        """The path of the file with all pixels, also of what is cut off."""
        if self.whole:
            return self.whole
        return self.candidates[-1].uri if self.candidates else self.src

    @property
    def files(self) -> tuple[Candidate, ...]:
        """All files in all formats, without those for dark pages and without a placeholder's."""
        return self.candidates + tuple(
            candidate for each in self.alternatives for candidate in each.candidates
        )
