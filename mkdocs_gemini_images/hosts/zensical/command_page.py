"""The Markdown extension's interface to a command, for one page that Zensical renders.

In: the directives of a page, and the build that all pages of the site share. Out: an element for
each directive. Nothing is published, since what Zensical builds for a command is discarded.
"""

import xml.etree.ElementTree as etree

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.hosts.zensical.site_page import SitePage
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage


class CommandPage(SitePage):
    """One page of a site, whose images a command looks at or draws."""

    def render(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        """Return an `<img>` for a directive.

        Raises `DiagnosticError` where the template is broken, and lets the build draw nothing.
        """
        try:
            self.project.figures.load()
        except DiagnosticError:
            self.build.refuse("the site's template is broken; the warning says where")
            raise
        return etree.Element("img", {"src": src, "alt": ""})

    def finish(self, html: str) -> str:
        """Report the images that no step has read, and return the HTML without their prompts."""
        return self.without_unread(html)
