"""The Python-Markdown extension: shows the pictures that a Markdown text describes.

The plugin hands its host in. Without a plugin, as under Zensical, each page has a host of its own.
The work on a text is in `markdown/conversion.py`.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from mkdocs_gemini_images.markdown.conversion import Conversion, LineStep
from mkdocs_gemini_images.markdown.elements import ImageResolver, PageHost


class GeminiImagesExtension(Extension):
    """Shows the pictures that a Markdown text describes, through its host.

    `options` are the plugin's; they count where there is no plugin, as under Zensical.
    """

    def __init__(self, host: ImageResolver | None = None, **options: Any) -> None:
        super().__init__()
        self.host = host
        self.options = options

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the first two steps of a conversion.

        The other steps are registered with the first text that may have a directive: hosts make a
        Markdown instance for each page, and most pages have no directive.
        """
        text = Conversion(md, self.host, self._page_host)
        # Snippets (32) are included by now, and no fence is stashed yet.
        md.preprocessors.register(LineStep(md, text.begin), "gemini_images_begin", 31.5)
        # Just before fenced_code (25).
        md.preprocessors.register(LineStep(md, text.record), "gemini_images_record", 26)

    def _page_host(self, context: Any) -> PageHost:
        """Return a host for the page that Zensical's rendering context describes."""
        from mkdocs_gemini_images.hosts.zensical import ZensicalPage

        return ZensicalPage(self.options, context.config, context.page.path)
