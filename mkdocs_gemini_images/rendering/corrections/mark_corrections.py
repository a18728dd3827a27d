"""Correct the marks on promised images after the barrier, in the HTML of a page.

A mark is removed where a placeholder is shown, or a picture whose origin is not known. A cut's mark
moves to the corner that the picture asks for, and an echo's mark gets the form of the picture that
it stands for. Pure.
"""

import re
from collections.abc import Callable, Mapping

from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

RenderMark = Callable[[Mark, str], str]
"""Renders a mark at a place: a corner, or `caption`."""

_MOST = 20_000
"""Characters of a mark, whose drawing a site may have changed."""
_MARKED = " gemini-image--marked"
_BEGIN = re.compile(
    r' ?<(?P<tag>\w++) class="gemini-image__mark gemini-image__mark--(?P<form>\w++)'
    r' gemini-image__mark--(?P<place>[a-z-]++)" data-gemini-mark="(?P<promise>[\w-]++)">'
)


def with_marks(html: str, shown: Mapping[str, RenderedImage | None], render: RenderMark) -> str:
    """Return a page with the marks of images as they are `shown`, by their promises.

    Marks of other promises stay as they are.
    """
    parts, end = list[str](), 0
    for begin in _BEGIN.finditer(html):
        if begin.start() < end or begin["promise"] not in shown:
            continue
        image = shown[begin["promise"]]
        mark = None if image is None else image.mark
        before = html[end : begin.start()]
        if image is None or mark is None:
            parts.append("".join(before.rsplit(_MARKED, 1)))
            end = _end_of(html, begin)
            continue
        is_cut = bool(image.shape) and begin["place"] != "caption"
        place = mark.corner if is_cut else begin["place"]
        space = begin[0][: begin[0].index("<")]
        if mark.form != begin["form"]:
            parts += (before, space, render(mark, place))
            end = _end_of(html, begin)
            continue
        classes = f"gemini-image__mark gemini-image__mark--{mark.form} gemini-image__mark--{place}"
        parts += (before, space, f'<{begin["tag"]} class="{classes}">')
        end = begin.end()
    return "".join([*parts, html[end:]])


def _end_of(html: str, begin: re.Match[str]) -> int:
    """Return where the element that `begin` opens is closed, or where its tag ends."""
    depth = 1
    for tag in re.compile(rf"<(/?){begin['tag']}\b[^<>]*>").finditer(
        html, begin.end(), begin.end() + _MOST
    ):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return begin.end()
