"""What the panel of a live preview says of a picture, as a JSON value.

In come a finished build, one of its posts, and what is being drawn or has failed to be; out come
words, prices and files. Nothing is changed, and nothing is drawn: a price here is what a button
then sends back as agreed to.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile

PanelState = dict[str, Any]


def next_take(build: PreviewSnapshot, image: SiteImage, drawing: Set[str]) -> int:
    """Number the next take, or 0 where there can be none; `drawing` are keys under way."""
    if image.light is not None or isinstance(image.lookup, UserFile):
        return 0
    numbers = build.numbers(image)
    coming = [take for take in numbers if build.key(image, take) in drawing]
    following = max([*build.takes(image), *coming, image.request.take]) + 1
    return following if following in numbers else 0


def state_of(
    build: PreviewSnapshot,
    handle: str,
    pages: Sequence[str],
    drawing: Set[str],
    failed: Mapping[str, str],
) -> PanelState:
    """Return the state of an image that `pages` show.

    `drawing` are the keys that are drawn now; `failed` says by key why a picture did not come.
    """
    image = build.image(handle)
    request, twin = image.request, build.twin(image)
    keys = {take: build.key(image, take) or "" for take in (0, *build.numbers(image))}
    state, why = _held(image)
    if keys[0] in drawing:
        state, why = "drawing", ""
    elif state != "in stock" and keys[0] in failed:
        state, why = "failed", failed[keys[0]]
    failures = [failed[key] for key in keys.values() if key in failed]
    another = next_take(build, image, drawing) if state == "in stock" else 0
    return {
        "handle": handle,
        "state": state,
        "why": why or "".join(failures[-1:]),
        "prompt": image.resolved.directive.prompt,
        "model": request.model,
        "size": request.size,
        "ratio": request.aspect_ratio,
        "pages": list(pages),
        "free": build.free,
        "why_not": build.refusal_reason(image),
        "draw": _cost(build, image, 0),
        "another": _cost(build, image, another) if another else None,
        "take": request.take,
        "takes": build.takes(image),
        "under_way": [take for take, key in keys.items() if take and key in drawing],
        "version": "" if image.record is None else image.record.key[:8],
        "shown": _shown(image.shown),
        "dark": None if twin is None else _shown(twin.shown),
    }


def _held(image: SiteImage) -> tuple[str, str]:
    """Say in a word what is held of a picture, and what there is to know about it."""
    match image.lookup:
        case InStock():
            return "in stock", ""
        case Drifted(_, changed):
            return "drifted", changed
        case Fallback():
            return "earlier", "an earlier picture of this name is shown"
        case UserFile():
            return "your own", ""
        case Missing(damage) if damage:
            return "broken", damage
        case Missing():
            return "not drawn", ""


def _cost(build: PreviewSnapshot, image: SiteImage, take: int) -> PanelState | None:
    """Say what drawing would cost, where there is anything to draw."""
    planned = build.plan(build.to_draw(image, take))
    if not planned.needs:
        return None
    return {
        "usd": planned.cost,
        "requests": len(planned.needs),
        "known": all(need.price is not None for need in planned.needs),
        "take": take or image.request.take,
    }


def _shown(shown: RenderedImage) -> PanelState:
    return {
        "src": shown.src,
        "width": shown.width,
        "height": shown.height,
        "sizes": shown.sizes,
        "files": [[candidate.uri, candidate.width] for candidate in shown.candidates],
        "placeholder": shown.placeholder,
    }
