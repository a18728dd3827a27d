"""Find the page with which each picture in stock is counted."""

from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup


def pages_by_key(group: SiteGroup) -> dict[str, str]:
    """Return by key the first page that shows a picture, or that shows one which is made from it.

    Pages are in the order of the alphabet, so that a picture of several pages is counted once, and
    always with the same one.
    """
    pages: dict[str, set[str]] = {}
    for status, _ in group.statuses:
        for image, chain in status.chains():
            keys = [key for key, _ in chain]
            keys += [image.record.key] if image.record is not None else []
            for key in keys:
                pages.setdefault(key, set()).update(use.page for use in image.uses)
    return {key: min(each) for key, each in pages.items() if each}
