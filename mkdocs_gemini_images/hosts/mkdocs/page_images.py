"""The images that pages have as a whole, described by `gemini_image:` in their front matter.

Each is collected when its page begins, published with a crop for cards beside links, and named in
the head of the finished page. A page's `image` names the promised file from the beginning, so that
themes and plugins find it, and names nothing if there is no picture. Knows no host.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.first_look import may_have_page_image

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.build.site_image import SiteImage, ThemePair
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.directives.page_image import PageImage
    from mkdocs_gemini_images.rendering.head_tags import PageCard, PageSummary

IMAGE_KEY = "image"
"""The key of a page's metadata in which themes and plugins look for its image."""
_ADDRESS_CHARACTERS = "/:%?#[]@!$&'()*+,;=~-._"
"""Characters that an address may have as they are; a space in `site_url` is encoded."""
_NO_ADDRESS = Diagnostic.sentence(
    "og:image needs site_url in mkdocs.yml", "set it, since a card needs absolute addresses"
)


class _CollectedPage:
    """One page's image, and what was written into the page's metadata."""

    def __init__(
        self, description: "PageImage", pair: "ThemePair", meta: MutableMapping[str, Any]
    ) -> None:
        self.description = description
        self.image = pair.light
        self.card = pair.card
        self.meta = meta
        self.written = ""
        """The address that was written as the page's `image`."""


class PageImages:
    """The images of all pages of one build; `site_url` is the site's address, where it is known."""

    def __init__(self, build: "Callable[[], SiteBuild]", site_url: str) -> None:
        self._build = build
        self._base = quote(site_url.rstrip("/"), safe=_ADDRESS_CHARACTERS)
        self._pages: dict[str, _CollectedPage] = {}
        self._errors: dict[str, DiagnosticError] = {}
        self._by_page: dict[str, list[tuple[SiteImage, str]]] = {}
        self._warned = False

    def begin_page(
        self, page: str, meta: MutableMapping[str, Any], markdown: str, language: Callable[[], str]
    ) -> str | None:
        """Read a page's front matter, and return its Markdown with a marker; None if it stays.

        `language` returns the code of the language that the page is written in.
        """
        if not may_have_page_image(meta, markdown):
            return None
        from mkdocs_gemini_images.directives import page_image

        try:
            description = page_image.read_page_image(meta, markdown)
            if description is None:
                return None
            self._collect(page, description, meta, language())
        except DiagnosticError as error:
            found = list(error.diagnostics)
            if error.readable is not None:
                found += self._build().mistakes(error.readable, page, language())
            for diagnostic in found:
                source = page_image.source_text(meta)
                self._build().report(diagnostic, page, source)
            if page_image.FRONT_MATTER_KEY not in meta:
                return None
            self._errors[page] = DiagnosticError(*found)
        return page_image.with_marker(markdown)

    def at(self, page: str, *, excerpt: bool) -> "Directive | None":
        """Return the directive for a page's marker, or None where the page shows none.

        Raises the page's `DiagnosticError`, which is reported already.
        """
        if page in self._errors:
            raise self._errors[page]
        collected = self._pages.get(page)
        if collected is None:
            return None
        # In a list of excerpts, no page's image is loaded before the others.
        description = collected.description
        return description.directive if excerpt else description.on_page()

    def finish(self) -> None:
        """Correct the `image` of all pages, now that the build is past its barrier."""
        for collected in self._pages.values():
            self._write_metadata(collected)
        if self._base:
            self._by_page = _by_page(self._build().images)

    def head(self, html: str, page: str, about: "Callable[[], PageSummary]") -> str | None:
        """Return a finished page whose head names its images, or None if it stays as it is.

        `about` returns what a card says of the page.
        """
        if page not in self._by_page:
            return None
        from mkdocs_gemini_images.rendering.head_tags import image_object, with_head

        collected = self._pages.get(page)
        objects = []
        for image, alt in self._by_page[page]:
            of_page = collected is not None and collected.image.key == image.key
            url, origin = self._url(image.shown.largest), self._build().origin(image)
            objects.append(image_object(url, alt, origin, of_page=of_page))
        card = None if collected is None else self._card(collected, about)
        return with_head(html, card, objects)

    def _collect(
        self, page: str, description: "PageImage", meta: MutableMapping[str, Any], language: str
    ) -> None:
        from mkdocs_gemini_images.build.site_image import Use

        directive = description.on_page() or description.directive
        use, with_card = Use(directive, page), bool(self._base)
        pair = self._build().collect(directive, use, language, with_card=with_card)
        self._pages[page] = collected = _CollectedPage(description, pair, meta)
        self._write_metadata(collected)

    def _card(
        self, collected: _CollectedPage, about: "Callable[[], PageSummary]"
    ) -> "PageCard | None":
        """Return the card that stands for a page beside a link to it."""
        from mkdocs_gemini_images.rendering.head_tags import PageCard

        found = self._build().crop(collected.image, collected.card)
        if found is None:
            return None
        uri, file = found
        alt = collected.description.directive.alt or ""
        return PageCard(self._url(uri), file.width, file.height, alt, about())

    def _url(self, uri: str) -> str:
        """Return the absolute address of a file of the site."""
        return f"{self._base}/{quote(uri)}"

    def _write_metadata(self, collected: _CollectedPage) -> None:
        """Write a page's `image`, unless its author has, or remove what was written."""
        if not self._base:
            if not self._warned:
                self._build().say("info", str(_NO_ADDRESS))
            self._warned = True
            return
        if collected.meta.get(IMAGE_KEY) not in (None, "", collected.written):
            return
        # The crop is no file of the host's: a plugin that compresses images would remove its XMP.
        found = self._build().crop(collected.image, collected.card)
        collected.written = "" if found is None else self._url(found[0])
        if collected.written:
            collected.meta[IMAGE_KEY] = collected.written
        else:
            collected.meta.pop(IMAGE_KEY, None)


def _by_page(images: "Iterable[SiteImage]") -> "dict[str, list[tuple[SiteImage, str]]]":
    """Return the images that have a picture by the pages that show them, each with its alt text.

    A twin for dark pages is the same image to a reader, and is left out.
    """
    found: dict[str, list[tuple[SiteImage, str]]] = {}
    for image in images:
        if image.record is not None and image.light is None:
            alts = {use.page: use.directive.alt or "" for use in reversed(image.uses)}
            for page, alt in alts.items():
                found.setdefault(page, []).append((image, alt))
    return found
