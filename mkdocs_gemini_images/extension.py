"""The Python-Markdown extension, which shows the images that a Markdown text describes.

In: Markdown, and a resolver, which the plugin passes to the extension. Without the plugin, as under
Zensical, the extension creates a resolver for each page. Out: HTML with figures.
`markdown/conversion.py` has the steps of a conversion.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from mkdocs_gemini_images.markdown.conversion import Conversion
from mkdocs_gemini_images.markdown.image_resolver import ImageResolver, PageResolver
from mkdocs_gemini_images.markdown.steps import LineStep


class GeminiImagesExtension(Extension):
    """Shows the images that a Markdown text describes.

    `resolver` turns directives into images. Without it, the extension creates a resolver for each
    page from `options`, which have the same names as the plugin's options.
    """

    def __init__(self, resolver: ImageResolver | None = None, **options: Any) -> None:
        super().__init__()
        self.resolver = resolver
        self.options = options

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the first two steps of a conversion.

        A conversion registers its other steps at the first text that may have a directive: hosts
        make a Markdown instance for each page, and most pages have none.
        """
        conversion = Conversion(md, self.resolver, self._page_resolver)
        md.preprocessors.register(LineStep(md, conversion.begin), "gemini_images_begin", 31.5)
        md.preprocessors.register(LineStep(md, conversion.record), "gemini_images_record", 26)

    def _page_resolver(self, context: Any) -> PageResolver:
        """Return the resolver of the page that Zensical's rendering context describes."""
        from mkdocs_gemini_images.hosts.zensical.pages import open_page

        return open_page(self.options, context.config, context.page.path)
