"""What the panel of a live preview says of a picture, as a JSON value.

In come a finished build, one of its posts, and what is being drawn or has failed to be; out come
words, prices and files. Nothing is changed, and nothing is drawn: a price here is what a button
then sends back as agreed to.
"""

from collections.abc import Mapping, Set
from typing import Any

from mkdocs_gemini_images.build.site_image import Post
from mkdocs_gemini_images.preview.snapshot import Afterwards
from mkdocs_gemini_images.rendering.figure import Shown
from mkdocs_gemini_images.store.lookup import Drifted, Missing, Own, Previous, Stocked

State = dict[str, Any]


def next_take(build: Afterwards, post: Post, drawing: Set[str]) -> int:
    """Number the next take, or 0 where there can be none; `drawing` are keys under way."""
    if post.light is not None or isinstance(post.held, Own):
        return 0
    numbers = build.numbers(post)
    coming = [take for take in numbers if build.key(post, take) in drawing]
    following = max([*build.takes(post), *coming, post.step.take]) + 1
    return following if following in numbers else 0


def state_of(
    handle: str,
    build: Afterwards,
    post: Post,
    drawing: Set[str],
    failed: Mapping[str, str],
) -> State:
    """Say how things stand with a post; `failed` says by key why a picture did not come."""
    step, twin = post.step, build.twin(post)
    keys = {take: build.key(post, take) or "" for take in (0, *build.numbers(post))}
    state, why = _held(post)
    if keys[0] in drawing:
        state, why = "drawing", ""
    elif state != "in stock" and keys[0] in failed:
        state, why = "failed", failed[keys[0]]
    failures = [failed[key] for key in keys.values() if key in failed]
    another = next_take(build, post, drawing) if state == "in stock" else 0
    return {
        "handle": handle,
        "state": state,
        "why": why or "".join(failures[-1:]),
        "prompt": post.wanted.directive.prompt,
        "model": step.model,
        "size": step.size,
        "ratio": step.aspect_ratio,
        "pages": sorted({use.page for use in post.uses}),
        "free": build.free,
        "why_not": build.why_not(post),
        "draw": _cost(build, post, 0),
        "another": _cost(build, post, another) if another else None,
        "take": step.take,
        "takes": build.takes(post),
        "under_way": [take for take, key in keys.items() if take and key in drawing],
        "version": "" if post.record is None else post.record.key[:8],
        "shown": _shown(post.shown),
        "dark": None if twin is None else _shown(twin.shown),
    }


def _held(post: Post) -> tuple[str, str]:
    """Say in a word what is held of a picture, and what there is to know about it."""
    match post.held:
        case Stocked():
            return "in stock", ""
        case Drifted(_, changed):
            return "drifted", changed
        case Previous():
            return "earlier", "an earlier picture of this name is shown"
        case Own():
            return "your own", ""
        case Missing(damage) if damage:
            return "broken", damage
        case Missing():
            return "not drawn", ""


def _cost(build: Afterwards, post: Post, take: int) -> State | None:
    """Say what drawing would cost, where there is anything to draw."""
    planned = build.plan(build.wanted(post, take))
    if not planned.needs:
        return None
    return {
        "usd": planned.cost,
        "requests": len(planned.needs),
        "known": all(need.price is not None for need in planned.needs),
        "take": take or post.step.take,
    }


def _shown(shown: Shown) -> State:
    return {
        "src": shown.src,
        "width": shown.width,
        "height": shown.height,
        "sizes": shown.sizes,
        "files": [[candidate.uri, candidate.width] for candidate in shown.candidates],
        "placeholder": shown.placeholder,
    }
