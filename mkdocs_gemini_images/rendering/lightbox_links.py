"""Put the link of a lightbox around a whole `<picture>`.

A lightbox such as glightbox puts its link around each `<img>`. Inside of a `<picture>` the `<img>`
is then no child of it, and browsers ignore the `<source>` elements: narrow screens show the wide
cut, and dark pages the light picture. In goes a page's HTML or a figure's tree. Pure, except that
the tree is changed in place.
"""

import re
import xml.etree.ElementTree as etree

_REST = r"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
_LINK_WITHIN = (
    rf"(<picture{_REST}(?:\s*<source{_REST}(?:</source>)?)*)"
    rf"\s*(<a {_REST})(<img{_REST})</a>\s*</picture>"
)


def around_pictures(html: str) -> str:
    """Return a page's HTML in which each link around the `<img>` of a `<picture>` is outside."""
    return re.sub(_LINK_WITHIN, r"\2\1\3</picture></a>", html)


def move_links_out(root: etree.Element) -> None:
    """Put each link around the `<img>` of a `<picture>` below `root` around that `<picture>`."""
    for parent in list(root.iter()):
        for at, picture in enumerate(parent):
            link = picture.find("a") if picture.tag == "picture" else None
            image = None if link is None else link.find("img")
            if link is None or image is None:
                continue
            picture[list(picture).index(link)] = image
            link.remove(image)
            link.tail, picture.tail, image.tail = picture.tail, None, None
            link.append(picture)
            parent[at] = link
