"""The Python-Markdown extension, which shows the images that a Markdown text describes.

In: Markdown, and a resolver, which the plugin passes to the extension. Without the plugin, as under
Zensical, the extension creates a resolver for each page. Out: HTML with figures.
`markdown/conversion.py` has the steps of a conversion.
"""

from typing import TYPE_CHECKING, Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from mkdocs_gemini_images.directives.first_look import may_have_directive
from mkdocs_gemini_images.markdown.steps import is_page, new_step

if TYPE_CHECKING:
    import xml.etree.ElementTree as etree

    from mkdocs_gemini_images.markdown.conversion import Conversion
    from mkdocs_gemini_images.markdown.image_resolver import ImageResolver, PageResolver


class GeminiImagesExtension(Extension):
    """Shows the images that a Markdown text describes.

    `resolver` turns directives into images. Without it, the extension creates a resolver for each
    page from `options`, which have the same names as the plugin's options.
    """

    def __init__(self, resolver: "ImageResolver | None" = None, **options: Any) -> None:
        super().__init__()
        self.resolver = resolver
        self.options = options

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the first steps of a conversion, which begins where a text may have a directive.

        Hosts make a Markdown instance for each page, and most pages have no directive.
        """
        conversion: Conversion | None = None
        may_have_directives = False

        def begin(lines: list[str]) -> list[str]:
            nonlocal conversion, may_have_directives
            may_have_directives = may_have_directive("\n".join(lines))
            if conversion is None and may_have_directives:
                from mkdocs_gemini_images.markdown.conversion import Conversion

                conversion = Conversion(md, self.resolver, self._page_resolver)
            if conversion is not None:
                conversion.begin(may_have_directives=may_have_directives)
            if self.resolver is not None and is_page(md) and not self.resolver.reads_html():
                # After the conversion's blocks (21), and before inline (20).
                step = new_step(Treeprocessor, md, drop)
                md.treeprocessors.register(step, "gemini_images_drop", 20.5)
            return lines

        def drop(root: "etree.Element") -> None:
            from mkdocs_gemini_images.markdown.unread_blocks import drop_unread_blocks

            drop_unread_blocks(root, md)

        def record(lines: list[str]) -> list[str]:
            if not may_have_directives:
                return lines
            from mkdocs_gemini_images.markdown.recorded_fences import record_fenced_code

            return record_fenced_code(md, lines)  # superfences calls us itself

        # After snippets (32), which include texts, and just before fenced_code (25).
        md.preprocessors.register(new_step(Preprocessor, md, begin), "gemini_images_begin", 31.5)
        md.preprocessors.register(new_step(Preprocessor, md, record), "gemini_images_record", 26)

    def _page_resolver(self, context: Any) -> "PageResolver":
        """Return the resolver of the page that Zensical's rendering context describes."""
        from mkdocs_gemini_images.hosts.zensical.pages import open_page

        return open_page(self.options, context.config, context.page.path)
