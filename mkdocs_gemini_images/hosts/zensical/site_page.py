"""What a command and the preview have in common for a page: its part in a build of images.

In: the directives of a page, a project and a build. Out: images of the build, and its messages.
"""

from collections.abc import Sequence

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.hosts.zensical.project import Project
from mkdocs_gemini_images.markdown.image_resolver import PageContext
from mkdocs_gemini_images.rendering.corrections.unread_images import without_unread_images
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage


class SitePage:
    """One page of a project, whose images are collected by `build`."""

    def __init__(self, project: Project, build: SiteBuild, page: str) -> None:
        self.project = project
        self.build = build
        self.page = page
        self.presentations: dict[Directive, Directive] = {}  # from `resolve` to `render`
        self._reported: set[str] = set()

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        """Return what the page shows for a directive. Raises `DiagnosticError`."""
        use = Use(directive, context.page)
        pair = self.build.collect(directive, use, self.project.language)
        self.presentations[directive] = pair.presentation
        return self.build.shown(pair)

    def mistakes(self, directive: Directive, context: PageContext) -> Sequence[Diagnostic]:
        """Return what is wrong with a directive of which only a part could be read."""
        return self.build.mistakes(directive, context.page, self.project.language)

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
            self.build.report(diagnostic, context.page, source, "flaw" if shown else "broken")

    def hero(self, context: PageContext) -> Directive | None:
        """Return None: Zensical's pages show no image of their front matter."""
        return None

    def context(self) -> PageContext:
        """Return the page. All Markdown that is rendered inside it has the same context."""
        return PageContext(self.page)

    def eager(self) -> bool:
        """Return whether the page's first image is fetched at once."""
        return self.build.settings.priority

    def reads_html(self) -> bool:
        """Return whether anything reads the HTML: Zensical does."""
        return True

    def without_unread(self, html: str) -> str:
        """Report the images that no step has read, and return the HTML without their prompts."""
        html, unread = without_unread_images(html)
        for each in unread:
            if each.text not in self._reported:
                self.report((each.diagnostic,), each.text, self.context())
        return html
