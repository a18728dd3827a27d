"""The pages' own pictures of one build: wanted early, put right at the barrier, told at the end.

In come pages with their front matter as the host reads them; out come Markdown with a mark in it,
the picture for that mark, and finished pages whose head says what is on them. A page's `image`
names the promised file from the beginning, so that whoever looks for it finds it, and nothing if
there is none. Knows the build, but no host.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives import page_image
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.page_image import PageImage
from mkdocs_gemini_images.rendering.head_tags import PageCard, with_head

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.build.site_image import SiteImage

IMAGE = "image"
_ADDRESS_CHARACTERS = "/:%?#[]@!$&'()*+,;=~-._"
"""Characters that an address may have as they are; a space in `site_url` is encoded."""
_NO_ADDRESS = Diagnostic(
    "site_url in mkdocs.yml for og:image", "none", "set it, since a card needs absolute addresses"
)


@dataclass(slots=True)
class _Met:
    """One page's picture, and what the page was told of it."""

    hero: PageImage
    image: "SiteImage"
    meta: MutableMapping[str, Any]
    told: str = ""
    """What was written as the page's `image`."""


class PageImages:
    """All pages' pictures of one build; `site_url` is where the site will be, if that is known."""

    def __init__(self, build: "Callable[[], SiteBuild]", site_url: str) -> None:
        self._build = build
        self._base = quote(site_url.rstrip("/"), safe=_ADDRESS_CHARACTERS)
        self._met: dict[str, _Met] = {}
        self._refused: dict[str, tuple[Diagnostic, ...]] = {}
        self._shown: dict[str, list[tuple[SiteImage, str]]] = {}
        self._said = False

    def meet(
        self, page: str, meta: MutableMapping[str, Any], markdown: str, language: Callable[[], str]
    ) -> str | None:
        """Read a page's front matter, and give its Markdown with a mark; None if it stays.

        `language` gives the code of the language it is written in.
        """
        try:
            read = page_image.read_page_image(meta, markdown)
            if read is None:
                return None
            from mkdocs_gemini_images.build.site_image import Use

            crops = (read.crop,) if self._base else ()
            directive = read.on_page() or read.directive
            use = Use(directive, page)
            pair = self._build().collect(directive, use, language(), crops=crops)
        except DiagnosticError as error:
            for diagnostic in error.diagnostics:
                source = page_image.source_text(meta)
                self._build().say("warning", str(diagnostic), page, source)
            if page_image.FRONT_MATTER_KEY not in meta:
                return None
            self._refused[page] = error.diagnostics
            return page_image.with_marker(markdown)
        self._met[page] = met = _Met(read, pair.light, meta)
        self._tell(met)
        return page_image.with_marker(markdown)

    def at(self, page: str, *, excerpt: bool) -> Directive | None:
        """Give the picture for a page's mark, if it is to stand there.

        Raises `DiagnosticError` where it was refused.
        """
        if page in self._refused:
            raise DiagnosticError(*self._refused[page])
        met = self._met.get(page)
        if met is None:
            return None
        # Among others in a list, no page's picture comes before the rest.
        return met.hero.directive if excerpt else met.hero.on_page()

    def settle(self) -> None:
        """Put all pages' `image` right, now that it is known what came."""
        for met in self._met.values():
            self._tell(met)
        if self._base:
            from mkdocs_gemini_images.build.json_ld import by_page

            self._shown = by_page(self._build().images)

    def head(self, html: str, page: str) -> str | None:
        """Say in a finished page which pictures are on it, and which one stands for it."""
        if page not in self._shown:
            return None
        from mkdocs_gemini_images.build.json_ld import image_object

        met = self._met.get(page)
        objects = []
        for image, alt in self._shown[page]:
            of_page = met is not None and met.image.key == image.key
            url, origin = self._url(image.shown.largest), self._build().origin(image)
            objects.append(image_object(url, alt, origin, of_page=of_page))
        return with_head(html, None if met is None else self._card(met), objects)

    def _card(self, met: _Met) -> PageCard | None:
        """Give what stands for a page beside a link to it."""
        found = self._build().crop(met.image, met.hero.crop)
        if found is None:
            return None
        uri, file = found
        return PageCard(self._url(uri), file.width, file.height, met.hero.directive.alt or "")

    def _url(self, uri: str) -> str:
        """Give the absolute address of a file of the site."""
        return f"{self._base}/{quote(uri)}"

    def _tell(self, met: _Met) -> None:
        """Write a page's `image`, unless its author has, or take back what was written."""
        if not self._base:
            if not self._said:
                self._build().say("info", str(_NO_ADDRESS))
            self._said = True
            return
        if met.meta.get(IMAGE) not in (None, "", met.told):
            return
        # No file of the host's: whoever makes pictures smaller would take out where it comes from.
        found = self._build().crop(met.image, met.hero.crop)
        met.told = "" if found is None else self._url(found[0])
        if met.told:
            met.meta[IMAGE] = met.told
        else:
            met.meta.pop(IMAGE, None)
