"""The Python-Markdown extension, which shows the pictures that a Markdown text describes.

The plugin passes its host to the extension. Without a plugin, as under Zensical, the extension
makes a host for each page. `markdown/conversion.py` has the steps of a conversion.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from mkdocs_gemini_images.markdown.conversion import Conversion
from mkdocs_gemini_images.markdown.resolver import ImageResolver, PageResolver
from mkdocs_gemini_images.markdown.steps import LineStep


class GeminiImagesExtension(Extension):
    """Shows the pictures that a Markdown text describes.

    `resolver` is the host. `options` are the plugin's options, for the host of each page that the
    extension makes where there is no plugin, as under Zensical.
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
        """Return a host for the page that Zensical's rendering context describes."""
        from mkdocs_gemini_images.hosts.zensical import ZensicalPage

        return ZensicalPage(self.options, context.config, context.page.path)
