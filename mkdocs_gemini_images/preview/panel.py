"""Describes an image for the panel of the live preview, as a JSON value.

In: the snapshot of a build, one of its images, and which requests are under way or have failed.
Out: state, texts, prices and files. Changes nothing. A button of the panel sends the price that it
shows back to the server, as the price that the reader agrees to.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.requests.planning import Plan
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile

PanelState = dict[str, Any]


def next_take(snapshot: PreviewSnapshot, image: SiteImage, drawing: Set[str]) -> int:
    """Return the number of the next take, or 0 if there is none; `drawing` are keys under way."""
    if image.light is not None or isinstance(image.lookup, UserFile):
        return 0
    numbers = snapshot.numbers(image)
    under_way = [take for take in numbers if snapshot.key(image, take) in drawing]
    following = max([*snapshot.takes(image), *under_way, image.request.take]) + 1
    return following if following in numbers else 0


def state_of(
    snapshot: PreviewSnapshot,
    handle: str,
    pages: Sequence[str],
    drawing: Set[str],
    failed: Mapping[str, str],
) -> PanelState:
    """Return the state of an image that `pages` show.

    `drawing` are the keys of requests under way; `failed` has the reasons of failed requests, by
    key. `beyond` in the state is why the session's limits forbid all that the panel offers.
    """
    image = snapshot.image(handle)
    request, twin = image.request, snapshot.twin(image)
    keys = {take: snapshot.key(image, take) or "" for take in (0, *snapshot.numbers(image))}
    state, why = _stock_state(image)
    if keys[0] in drawing:
        state, why = "drawing", ""
    elif state != "in stock" and keys[0] in failed:
        state, why = "failed", failed[keys[0]]
    failures = [failed[key] for key in keys.values() if key in failed]
    another = next_take(snapshot, image, drawing) if state == "in stock" else 0
    plans = {take: snapshot.plan(snapshot.to_draw(image, take)) for take in {0, another}}
    offered = [plan for plan in plans.values() if plan.needs]
    return {
        "handle": handle,
        "state": state,
        "why": why or "".join(failures[-1:]),
        "prompt": image.resolved.directive.prompt,
        "model": request.model,
        "size": request.size,
        "ratio": request.aspect_ratio,
        "pages": list(pages),
        "free": snapshot.free,
        "why_not": snapshot.refusal_reason(image),
        "beyond": offered[0].refusal if offered and all(each.refusal for each in offered) else "",
        "draw": _price_of(plans[0], request.take),
        "another": _price_of(plans[another], another) if another else None,
        "take": request.take,
        "takes": snapshot.takes(image),
        "under_way": [take for take, key in keys.items() if take and key in drawing],
        "version": "" if image.record is None else image.record.key[:8],
        "shown": _files_of(image.shown),
        "dark": None if twin is None else _files_of(twin.shown),
        "shapes": _shapes_of(snapshot, image, twin),
    }


def _stock_state(image: SiteImage) -> tuple[str, str]:
    """Return the state of an image in the store, and an explanation, which may be empty."""
    if image.in_batch and not isinstance(image.lookup, InStock):
        return "in batch", f"{image.in_batch}; drawn now, it is billed twice"
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


def _price_of(planned: Plan, take: int) -> PanelState | None:
    """Return what drawing a take costs, or None where there is nothing to draw."""
    if not planned.needs:
        return None
    return {
        "usd": planned.cost,
        "at_most": planned.at_most,
        "requests": len(planned.needs),
        "known": all(need.price is not None for need in planned.needs),
        "take": take,
    }


def _shapes_of(snapshot: PreviewSnapshot, image: SiteImage, twin: SiteImage | None) -> PanelState:
    """Return the files of each cut that pages show, by the cut's name."""
    return {
        crop.name: {
            name: _files_of(snapshot.in_shape(each, crop))
            for name, each in (("shown", image), ("dark", twin))
            if each is not None
        }
        for crop in image.shapes
    }


def _files_of(shown: RenderedImage) -> PanelState:
    """Return the files of an image, as the panel's script puts them into `<img>`."""
    return {
        "src": shown.src,
        "width": shown.width,
        "height": shown.height,
        "sizes": shown.sizes,
        "largest": shown.largest,
        "files": [[candidate.uri, candidate.width] for candidate in shown.candidates],
        "placeholder": shown.placeholder,
    }
