"""Make the list on the page "AI images on this site", which tells readers where pictures come from.

In: the images of a build past its barrier, and how the page links to pages and files. Out: HTML
from a Jinja2 template that a theme's `custom_dir` can override. The list has the pictures that
published pages or the theme show. It never has a price, a key or a local path, and a prompt only on
request. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.mark_words import MarkWords
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.srcset import srcset_value
from mkdocs_gemini_images.rendering.templating.template_environment import template_environment
from mkdocs_gemini_images.store.lookup import Fallback
from mkdocs_gemini_images.store.record import Record

DISCLOSURE_PAGE = "ai-images.md"
LIST_MARK = "<!-- ai-images -->"
"""Marks the place of the list on a page that the author wrote; without it, the list comes last."""
_TEMPLATE = "partials/gemini-gallery.html"
_SIZES = "auto, (min-width: 40em) 20rem, 100vw"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link from the list to a page that shows a picture."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class DisclosedImage:
    """One picture of the list; a text is empty when it is unknown or not published.

    The template reads these fields by name, and site owners override the template.
    """

    image: dict[str, str | None]
    """The attributes of the `<img>`."""
    description: str
    places: tuple[PageLink, ...]
    """The pages that show it in their text; empty when the theme alone shows it."""
    credit: str = ""
    model: str = ""
    date: str = ""
    """ISO 8601."""
    dark: bool = False
    """Whether it is the variant for dark pages."""
    prompts: tuple[str, ...] = ()
    """The author's prompt and edits, turn by turn."""


def is_disclosure_page(uri: str) -> bool:
    """Return whether a page gets the list: `ai-images.md` in any folder or language."""
    path = PurePosixPath(uri)
    return path.name.partition(".")[0] == "ai-images" and path.suffix == ".md"


def disclosed_images(
    images: Iterable[SiteImage],
    place: Callable[[str], PageLink | None],
    address: Callable[[str], str],
    *,
    prompts: bool = False,
) -> list[DisclosedImage]:
    """Return the pictures of published pages and of the theme, each once, in the pages' order.

    `place` returns the link to a page by its source file, or None when the page is not published.
    `address` returns the address of a published file, relative to the list.
    """
    by_picture: dict[str, list[SiteImage]] = {}
    for image in images:
        if image.record is not None:
            by_picture.setdefault(image.record.key, []).append(image)
    disclosed = []
    for same in by_picture.values():
        places = tuple(_places(same, place))
        # The theme's templates are rendered after this list. An image that they name may be on any
        # page, or on 404.html alone.
        themed = any(use.name for image in same for use in image.uses)
        if (places or themed) and (record := same[0].record) is not None:
            disclosed.append(_disclosed_image(same, record, places, address, prompts=prompts))
    return disclosed


def render_list(
    images: Sequence[DisclosedImage], folders: Sequence[str] = (), words: MarkWords | None = None
) -> str:
    """Return the HTML of the list, from the template in `folders` or else the plugin's own.

    `words` are those of the mark on pictures, which the list then explains, where they have one.
    `folders` are the template folders of the site's theme. Raises `jinja2.TemplateError` when the
    site's own template is broken.
    """
    marks = []
    if words is not None:
        marks = [Mark("generated", words.generated), Mark("edited", words.edited)]
    template = template_environment(folders).get_template(_TEMPLATE)
    return template.render(pictures=images, marks=marks, place="caption", awaiting="").strip()


def insert_list(content: str, html: str) -> str:
    """Return a page with the list in the place of the mark, or at the end."""
    before, mark, after = content.partition(LIST_MARK)
    return f"{before}{html}{after}" if mark else f"{content}\n{html}"


def _places(
    images: Iterable[SiteImage], place: Callable[[str], PageLink | None]
) -> Iterator[PageLink]:
    """Yield one link to each page, to a picture on it that has an id where one has."""
    links: dict[str, PageLink] = {}
    ids: dict[str, str] = {}
    for use in (use for image in images for use in image.uses):
        if use.page not in links and (link := place(use.page)) is not None:
            links[use.page] = link
        if use.directive.id:
            ids.setdefault(use.page, use.directive.id)
    for page, link in links.items():
        yield replace(link, url=f"{link.url}#{ids[page]}") if page in ids else link


def _disclosed_image(
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
        # The alt is empty because the description stands beside the image: a screen reader would
        # read the same words twice.
        {
            "src": src,
            "srcset": srcset_value(shown.candidates, src, shown.src) or None,
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
        tuple(_prompts(same[0], record)) if prompts and credit else (),
    )


def _prompts(image: SiteImage, record: Record) -> Iterator[str]:
    """Yield the author's prompt and edits; for an earlier picture, the text of its own request."""
    if isinstance(image.lookup, Fallback):
        yield str(record.request.get("text", ""))
        return
    yield folded(image.resolved.directive.prompt)
    yield from image.resolved.directive.edits
    if image.light is not None:
        yield image.resolved.directive.dark
