"""The Markdown extension's interface to a command, for one page that Zensical renders.

In: the directives of a page, and the build that all pages of the site share. Out: an element for
each directive. Nothing is published, since what Zensical builds for a command is discarded.
"""

import xml.etree.ElementTree as etree
from collections.abc import Sequence

from mkdocs_gemini_images.build.resolving import mistakes
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.hosts.zensical.project import Project
from mkdocs_gemini_images.markdown.image_resolver import PageContext
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.rendering.unread_images import without_unread_images


class CommandPage:
    """One page of a site, whose images a command looks at or draws."""

    def __init__(self, project: Project, build: SiteBuild, page: str) -> None:
        self._project = project
        self._build = build
        self._page = page
        self._reported: set[str] = set()

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        """Return what the page shows for a directive. Raises `DiagnosticError`."""
        use = Use(directive, context.page)
        pair = self._build.collect(directive, use, self._project.language)
        return self._build.shown(pair)

    def mistakes(self, directive: Directive, context: PageContext) -> Sequence[Diagnostic]:
        """Return what is wrong with a directive of which only a part could be read."""
        settings = self._build.settings
        return mistakes(directive, context.page, self._project.language, None, settings)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Add diagnostics to the messages of the build."""
        self._reported.add(source)
        for diagnostic in diagnostics:
            self._build.report(diagnostic, context.page, source, "flaw" if shown else "broken")

    def hero(self, context: PageContext) -> Directive | None:
        """Return None: Zensical's pages show no image of their front matter."""
        return None

    def render(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        """Return an `<img>` for a directive.

        Raises `DiagnosticError` where the template is broken, and lets the build draw nothing.
        """
        try:
            self._project.figures.load()
        except DiagnosticError:
            self._build.refuse("the site's template is broken; the warning says where")
            raise
        return etree.Element("img", {"src": src, "alt": ""})

    def context(self) -> PageContext:
        """Return the page. All Markdown that is rendered inside it has the same context."""
        return PageContext(self._page)

    def eager(self) -> bool:
        """Return False: no browser loads the page."""
        return False

    def finish(self, html: str) -> str:
        """Report the images that no step has read, and return the HTML without their prompts."""
        html, unread = without_unread_images(html)
        for each in unread:
            if each.text not in self._reported:
                self.report((each.diagnostic,), each.text, self.context())
        return html
