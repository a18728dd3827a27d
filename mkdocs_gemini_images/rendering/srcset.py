"""Write the address of one published file, given how a page reaches another.

Where a page stands is decided by the host and its plugins. The address that a page has for one file
of an image therefore tells how it reaches the other files. Pure.
"""

from collections.abc import Sequence
from urllib.parse import quote

from mkdocs_gemini_images.rendering.rendered_image import Candidate

LARGEST = "data-src"
"""The attribute with the address of an image's largest file, which lightboxes open."""


def srcset_value(candidates: Sequence[Candidate], src: str, uri: str) -> str:
    """Return a `srcset` for a page that reaches the site's file `uri` as `src`."""
    plain, known = src.partition("#")[0], quote(uri)
    if not plain.endswith(known):
        return ", ".join(f"{neighbour(src, uri, each.uri)} {each.width}w" for each in candidates)
    up = plain.removesuffix(known)
    return ", ".join(f"{up}{quote(each.uri)} {each.width}w" for each in candidates)


def neighbour(src: str, uri: str, other: str) -> str:
    """Return the address of the site's file `other` for a page that reaches `uri` as `src`.

    `uri` and `other` are paths in the site; addresses are percent-encoded.
    """
    src, uri, other = src.partition("#")[0], quote(uri), quote(other)
    if src.endswith(uri):
        return f"{src[: len(src) - len(uri)]}{other}"
    steps = src.split("/")
    up = steps.count("..")
    shared = uri.split("/")[: -(len(steps) - up)]  # folders of the page, or above it
    goal = other.split("/")
    same = 0
    while same < min(len(shared), len(goal) - 1) and shared[same] == goal[same]:
        same += 1
    return "/".join([".."] * (up + len(shared) - same) + goal[same:])


def name_of(uri: str) -> str:
    """Return the file name at the end of an address, without a fragment."""
    return uri.rsplit("/", 1)[-1].partition("#")[0]
