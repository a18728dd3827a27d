"""A rendered figure as elements of a page's tree, of which each knows the files it stands for.

The template's HTML and what the page shows go in. `srcset` is written when a page's plugins have
decided what `src` is. The elements of an image that is not drawn yet carry the mark by which the
build corrects them. Changes its own elements only.
"""

import xml.etree.ElementTree as etree
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mkdocs_gemini_images.rendering.corrections.correction import PROMISE_ATTRIBUTE
from mkdocs_gemini_images.rendering.lightbox_links import move_links_out
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import LARGEST, neighbour, srcset_value


class _Part(NamedTuple):
    """An `<img>` or `<source>`, the image that it shows, and its files in the element's format."""

    element: etree.Element
    image: RenderedImage
    candidates: Sequence[Candidate]


class PlacedFigure:
    """One figure in a page: its outermost element, and what it shows."""

    def __init__(self, root: etree.Element, shown: RenderedImage, src: str) -> None:
        """`src` is the address with which the figure was rendered."""
        self.root = root
        self._shown = shown
        files = dict(_addresses(shown, src))
        self._parts = [
            _Part(element, *files[address])
            for element in root.iter()
            if element.tag in ("img", "source") and (address := _address(element)) in files
        ]
        self._enlarged = [
            part
            for part in self._parts
            if (written := part.element.get(LARGEST)) is not None
            and written.partition("#")[0] == neighbour(src, shown.src, part.image.largest)
        ]
        for part in self._parts:
            if part.image.promise:
                part.element.set(PROMISE_ATTRIBUTE, part.image.promise)

    def images(self) -> list[etree.Element]:
        """Return the figure's `<img>` elements, the light one first."""
        return [element for element in self.root.iter() if element.tag == "img"]

    def complete(self) -> None:
        """Let `srcset` and `data-src` follow the `src` of the first `<img>`, which is final now."""
        images = self.images()
        if not images:
            return
        if self.root.find(".//picture/a") is not None:
            move_links_out(self.root)
        src = images[0].get("src", "")
        lazy = all(image.get("loading") == "lazy" for image in images)
        for part in self._enlarged:
            if (written := part.element.get(LARGEST)) is not None:  # a lightbox may have taken it
                _, mark, fragment = written.partition("#")
                largest = neighbour(src, self._shown.src, part.image.largest)
                part.element.set(LARGEST, f"{largest}{mark}{fragment}")
        for part in self._parts:
            if part.candidates:
                part.element.set("srcset", srcset_value(part.candidates, src, self._shown.src))
                written = part.image.sizes
                if sizes := written if lazy else _without_auto(written):
                    part.element.set("sizes", sizes)
            elif part.element.tag == "source":
                part.element.set("srcset", neighbour(src, self._shown.src, part.image.src))


def _without_auto(sizes: str) -> str:
    """Return the `sizes` of an image that is not lazy.

    `auto` is the width in the laid-out page, which is unknown when an eager image begins to load;
    Chromium then loads the largest file.
    """
    first, _, others = sizes.partition(",")
    return others.strip() if first.strip().lower() == "auto" else sizes


def _addresses(
    shown: RenderedImage, src: str
) -> Iterator[tuple[str, tuple[RenderedImage, Sequence[Candidate]]]]:
    """List the addresses that the template wrote, with the image and the files of each."""
    themes = (shown.dark, shown)
    parts = [part for image in themes if image is not None for part in (image.narrow, image)]
    for image in filter(None, parts):
        for each in image.alternatives:
            address = neighbour(src, shown.src, each.candidates[0].uri)
            yield address, (image, each.candidates)
        address = src if image is shown else neighbour(src, shown.src, image.src)
        yield address, (image, image.candidates)


def _address(element: etree.Element) -> str:
    return (element.get("src") or element.get("srcset") or "").partition("#")[0]
