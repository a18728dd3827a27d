"""What other sites write beside a link to a page: its title, description, address and kind.

In: a page as MkDocs has it when it is rendered, and the site's configuration. Out: a
`PageSummary` for the page's card.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.rendering.head_tags import PageSummary


def page_summary(page: "Page", config: "MkDocsConfig") -> "PageSummary":
    """Return what a card says of a page; the home page has the name of the site."""
    from mkdocs_gemini_images.rendering.head_tags import PageSummary  # few pages have a card

    title = None if page.is_homepage else page.title
    description = page.meta.get("description") or config.site_description
    return PageSummary(
        page.canonical_url or "",
        str(title or config.site_name),
        str(description or ""),
        "website" if page.is_homepage else "article",
    )
