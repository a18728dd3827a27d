"""Let each id of an image be in a page once, where a page has come to show the image again.

One directive may stand on a page twice, as a snippet does, or in several posts that one page lists.
The first element keeps the id, to which links lead. Pure.
"""

import re

from mkdocs_gemini_images.rendering.figure import IMAGE_CLASS

_CLASS = f'class="{IMAGE_CLASS}'
"""How the class of an element of ours begins; an author's classes follow."""
_ID = re.compile(r'\sid="([^"<>]*)"')


def with_unique_ids(html: str) -> str:
    """Return a page in which no element of ours has the id of an earlier one."""
    parts, done, end = list[str](), 0, 0
    seen = set[str]()
    # Not one pattern for all tags: most of a page's are not ours.
    while (at := html.find(_CLASS, end)) >= 0:
        start, end = html.rfind("<", end, at), at + len(_CLASS)
        if start < 0 or html[end : end + 1] not in ('"', " ") or ">" in html[start:at]:
            continue
        if (close := html.find(">", end)) < 0:
            break
        id = _ID.search(html, start, close)
        if id is None:
            continue
        if id[1] in seen:
            parts.append(html[done : id.start()])
            done = id.end()
        seen.add(id[1])
    return "".join([*parts, html[done:]]) if parts else html
