"""Resolve references by `"#id"`: the keys of the pictures that a request refers to.

The requests that ids stand for go in; their keys come out, or a finding for each id that has none:
a reference to an unknown id, a circle, or too long a chain. No picture's bytes are needed. The time
is in proportion to the number of references, and what has a key has no circle, so that callers may
follow its references by recursion. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, key

MAX_REQUESTS = 100
"""Requests that a picture may take one after another, with all that it refers to."""

_SHOWN_STEPS = 10
"""Ids at each end of a long circle that its message names."""


def referenced_ids(request: ImageRequest) -> Iterator[str]:
    """Yield the ids that a request's conversation refers to."""
    for turn in request.chain():
        for part in turn.parts:
            if isinstance(part, PicturePart):
                yield part.id


def resolve_references(
    named: Mapping[str, ImageRequest],
    known: Mapping[str, str] = MappingProxyType({}),
    is_broken: Callable[[str], bool] = lambda id: False,
) -> tuple[dict[str, str], dict[str, Diagnostic]]:
    """Return the key of each id in `named`, and a finding for each id that has none.

    The keys are in an order in which every picture comes after those that it refers to. `known`
    are the keys of ids on other pages; `is_broken` tells whether an id is not in `named` because
    its directive has a mistake.
    """
    references = {name: list(referenced_ids(request)) for name, request in named.items()}
    keys = dict(known) | {name: key(named[name]) for name, ids in references.items() if not ids}
    waiting = {name: ids for name, ids in references.items() if ids}
    errors: dict[str, Diagnostic] = {}
    if not waiting:
        return keys, errors
    lengths = {name: _length(request) for name, request in named.items()}
    for name in _sorted(waiting):
        lengths[name] += max(lengths.get(id, 1) for id in waiting.pop(name))
        error = reference_error(named[name], keys, named, is_broken) or _too_long(lengths[name])
        if error is None:
            keys[name] = key(named[name], keys)
        else:
            errors[name] = error
    errors |= _circles(waiting)
    for name in waiting.keys() - errors.keys():
        errors[name] = _waits(next(id for id in waiting[name] if id in waiting))
    return keys, errors


def reference_error(
    request: ImageRequest,
    keys: Mapping[str, str],
    named: Mapping[str, ImageRequest],
    is_broken: Callable[[str], bool] = lambda id: False,
) -> Diagnostic | None:
    """Return what is wrong with a request's first reference that has no key, or None.

    `other` of the diagnostic has the id of the directive to correct first, and no page.
    """
    for name in referenced_ids(request):
        if name in keys:
            continue
        if name not in named and is_broken(name):
            said = f"it refers to #{name}, whose directive has a mistake"
            return _correct_first(said, name)
        if name not in named:
            fix = did_you_mean(name, named) if named else "give that directive an id"
            said = f"no picture has the id {quoted(name)}"
            return Diagnostic.sentence(said, fix, at="references")
        return _waits(name)
    return None


def _sorted(waiting: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield ids after those they refer to, without those that lead into a circle."""
    from graphlib import CycleError, TopologicalSorter

    sorter = TopologicalSorter(
        {name: [id for id in ids if id in waiting] for name, ids in waiting.items()}
    )
    with suppress(CycleError):  # the other ids are sorted all the same
        sorter.prepare()
    while sorter.is_active():
        for name in sorter.get_ready():
            yield name
            sorter.done(name)


def _circles(waiting: Mapping[str, Sequence[str]]) -> dict[str, Diagnostic]:
    """Return a finding for each id in a circle; each of those `waiting` leads into one."""
    errors: dict[str, Diagnostic] = {}
    seen: set[str] = set()
    for name in waiting:
        path: list[str] = []
        while name not in seen:
            seen.add(name)
            path.append(name)
            name = next(id for id in waiting[name] if id in waiting)
        if name in path:
            circle = [*path[path.index(name) :], name]
            shown = _path(circle)
            fix = f"{shown}; take one of the references out"
            diagnostic = Diagnostic.sentence("circular reference", fix, at="references")
            errors |= dict.fromkeys(circle, diagnostic)
    return errors


def _path(ids: Sequence[str]) -> str:
    """Return a path through ids for a message; a long one without its middle."""
    steps = list(ids)
    if len(steps) > 2 * _SHOWN_STEPS:
        left_out = f"({len(steps) - 2 * _SHOWN_STEPS} more)"
        steps = [*steps[:_SHOWN_STEPS], left_out, *steps[-_SHOWN_STEPS:]]
    return " -> ".join(steps)


def _length(request: ImageRequest) -> int:
    return sum(1 for _ in request.chain())


def _too_long(length: int) -> Diagnostic | None:
    if length <= MAX_REQUESTS:
        return None
    said = f"the picture takes {length} requests with all that it refers to, {MAX_REQUESTS} at most"
    return Diagnostic.sentence(said, "let it refer to an earlier one", at="references")


def _waits(name: str) -> Diagnostic:
    return _correct_first(f"it refers to #{name}, whose own references have a mistake", name)


def _correct_first(said: str, name: str) -> Diagnostic:
    diagnostic = Diagnostic.sentence(said, "correct that first", at="references")
    return diagnostic._replace(other=("", name))
