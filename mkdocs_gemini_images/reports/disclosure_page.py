"""The page "AI images on this site": what a reader may know of the pictures that pages show.

In come the posts of a build that is past its barrier, and how the page reaches other pages and
files; out comes the list, as HTML from a Jinja2 template that a theme's `custom_dir` can override.
It points at files that are published anyway. Never on it: what is missing, spare or on no published
page (unless it is the theme's), a price, a key, a path of the author's, and no prompt unless it is
asked for. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.directives.directive import folded
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.rendering.addresses import srcset
from mkdocs_gemini_images.rendering.templates import template_environment
from mkdocs_gemini_images.store.lookup import Fallback
from mkdocs_gemini_images.store.record import Record

DISCLOSURE_PAGE = "ai-images.md"
LIST_MARK = "<!-- ai-images -->"
"""Where the list stands on a page of the author's own; without it, at the end."""
_TEMPLATE = "partials/gemini-gallery.html"
_SIZES = "auto, (min-width: 40em) 20rem, 100vw"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that shows a picture, as the list reaches it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class DisclosedImage:
    """One picture as readers are told of it; empty means that nobody knows, or need know."""

    image: dict[str, str | None]
    """The attributes of the `<img>`."""
    description: str
    places: tuple[PageLink, ...]
    """The pages that show it in their text; none for one that the theme alone shows."""
    credit: str = ""
    model: str = ""
    date: str = ""
    """ISO 8601."""
    dark: bool = False
    """Whether it is the one for dark pages."""
    prompts: tuple[str, ...] = ()
    """What was asked for, turn by turn."""


def is_disclosure_page(uri: str) -> bool:
    """Whether a page is to have the list: `ai-images.md` of any folder or language."""
    path = PurePosixPath(uri)
    return path.name.partition(".")[0] == "ai-images" and path.suffix == ".md"


def disclosed_images(
    images: Iterable[SiteImage],
    place: Callable[[str], PageLink | None],
    address: Callable[[str], str],
    *,
    prompts: bool = False,
) -> list[DisclosedImage]:
    """List the pictures of published pages and of the theme, each once, in the order of the pages.

    `place` finds a page by its file, None where it is not published; `address` writes how the list
    reaches a file of the site.
    """
    by_picture: dict[str, list[SiteImage]] = {}
    for image in images:
        if image.record is not None:
            by_picture.setdefault(image.record.key, []).append(image)
    found = []
    for same in by_picture.values():
        places = tuple(dict.fromkeys(_places(same, place)))
        # Templates are rendered later: one for the theme may be on any page, or on 404.html alone.
        themed = any(use.name for image in same for use in image.uses)
        if (places or themed) and (record := same[0].record) is not None:
            found.append(_entry(same, record, places, address, prompts=prompts))
    return found


def render_list(listed: Sequence[DisclosedImage], folders: Sequence[str] = ()) -> str:
    """Render the list with the template of the site's theme, or with ours where it has none.

    Raises `jinja2.TemplateError` when the site's own template is broken.
    """
    return template_environment(folders).get_template(_TEMPLATE).render(pictures=listed).strip()


def insert_list(content: str, listing: str) -> str:
    """Put the list into a page: in the place of the mark, or at the end."""
    before, mark, after = content.partition(LIST_MARK)
    return f"{before}{listing}{after}" if mark else f"{content}\n{listing}"


def _places(
    images: Iterable[SiteImage], place: Callable[[str], PageLink | None]
) -> Iterator[PageLink]:
    for image in images:
        for use in image.uses:
            if (found := place(use.page)) is not None:
                id = use.directive.id
                yield replace(found, url=f"{found.url}#{id}") if id else found


def _entry(
    same: Sequence[SiteImage],
    record: Record,
    places: tuple[PageLink, ...],
    address: Callable[[str], str],
    *,
    prompts: bool,
) -> DisclosedImage:
    shown = same[0].shown
    src = address(shown.src)
    alts = (use.directive.alt for image in same for use in image.uses)
    origin = metadata.origin(record)
    credit, model = (origin.credit, origin.model) if origin is not None else ("", "")
    return DisclosedImage(
        # What it shows is said in words beside it, which need not be heard twice.
        {
            "src": src,
            "srcset": srcset(shown.candidates, src, shown.src) or None,
            "sizes": _SIZES,
            "alt": "",
            "width": str(shown.width),
            "height": str(shown.height),
            "loading": "lazy",
            "decoding": "async",
        },
        next((alt for alt in alts if alt), ""),
        places,
        credit,
        model,
        record.time[:10] if credit else "",
        all(image.light is not None for image in same),
        tuple(_words(same[0], record)) if prompts and credit else (),
    )


def _words(image: SiteImage, record: Record) -> Iterator[str]:
    """Give the author's words for a picture; for one that stands in for another, its own."""
    if isinstance(image.lookup, Fallback):
        yield str(record.request.get("text", ""))
        return
    yield folded(image.resolved.directive.prompt)
    yield from image.resolved.directive.edits
    if image.light is not None:
        yield image.resolved.directive.dark
