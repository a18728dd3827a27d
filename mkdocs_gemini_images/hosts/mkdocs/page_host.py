"""The host of Markdown inside MkDocs: all pages of a site share one build.

In come directives as the extension meets them, page by page; they go to the build, which is opened
at the first one, and what it answers is registered with the host. Out comes the HTML that stands in
a page until the barrier. Complaints are kept until all messages are said.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mkdocs.structure.files import Files

from mkdocs_gemini_images.build.page_images import PageImages
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.hosts.mkdocs.files import register
from mkdocs_gemini_images.markdown.resolver import PageContext
from mkdocs_gemini_images.rendering.figure import Figures, RenderedImage
from mkdocs_gemini_images.requests.request import shaped

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.build.build import Build
    from mkdocs_gemini_images.build.notices import NoticeKind


class SiteHost:
    """What the Markdown extension is handed.

    `build` gives the build under way, `context` the page that is being rendered, as far as known.
    """

    def __init__(
        self,
        build: "Callable[[], Build]",
        context: Callable[[], PageContext],
        config: "MkDocsConfig",
        figures: Figures,
        heroes: PageImages,
    ) -> None:
        self._build = build
        self._context = context
        self._config = config
        self._figures = figures
        self._heroes = heroes

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        """Return what the page is to show, and register its files with the host.

        Raises `DiagnosticError`.
        """
        language = language_of(self._config, context)
        shown = self._build().show(directive, context.page, language)
        if isinstance(shown, tuple):
            raise DiagnosticError(*shown)
        if isinstance(context.files, Files):
            register(shown, self._config, context.files)
        return shown

    def hero(self, context: PageContext) -> Directive | None:
        """Return the picture that a page's front matter describes, or raise `DiagnosticError`."""
        return self._heroes.at(context.page, excerpt=context.excerpt)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Keep complaints until all messages are said."""
        for diagnostic in diagnostics:
            kind: NoticeKind = "flaw" if shown else "broken"
            self._build().say("warning", str(diagnostic), context.page, source, kind)

    def render(self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool) -> str:
        """Render the site's template, or ours; for somebody who only asks, as little as may be."""
        if self._build().is_look:
            return f'<img src="{src}" alt=""/>'
        look = shaped(directive, self._build().settings.defaults)
        return self._figures.render(look, shown, src, caption=caption)

    def context(self) -> PageContext:
        """Return the page remembered in `on_page_markdown`."""
        return self._context()

    def eager(self) -> bool:
        """Let a page's own first picture hurry, not those of the excerpts on a blog's index."""
        build = self._build()
        return build.settings.priority and not build.settled


def language_of(config: "MkDocsConfig", context: PageContext) -> str:
    """Give the code of the language that a page is written in: its file's, or the theme's.

    Where languages are built one by one, a page that is not translated keeps its own.
    """
    files = context.files
    file = files.src_uris.get(context.page) if isinstance(files, Files) else None
    own = getattr(file, "locale", "")
    said = own if own and isinstance(own, str) else config.theme.get("language")
    return said if said and isinstance(said, str) else str(config.theme.locale)
