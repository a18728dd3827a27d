"""Which picture needs which: references by `"#id"` become keys.

In come the steps that ids stand for; out come their keys, in an order in which everything a picture
needs stands before it. A reference to nothing, a circle and too long a chain are complaints. Pure:
plan, look-up and price need no picture's bytes. It takes time in proportion to the references,
whatever an author writes; what has a key can be followed to its end by simple recursion.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, key

MAX_STEPS = 100
"""Steps, drawn one after the other, that a picture may take with all that it is built upon."""


def needs(step: ImageRequest) -> Iterator[str]:
    """Yield the ids that a step's conversation refers to."""
    for each in step.chain():
        for part in each.parts:
            if isinstance(part, PicturePart):
                yield part.id


def transitive_ids(
    request: ImageRequest, request_of: Callable[[str], ImageRequest | None]
) -> Iterator[str]:
    """Yield the ids that a request needs, directly or through others, each once, nearest first.

    `request_of` returns the request behind an id, or None where its own ids do not matter.
    """
    waiting = list(dict.fromkeys(needs(request)))
    seen = set(waiting)
    for id in waiting:  # the loop appends the ids behind each id
        yield id
        behind = request_of(id)
        for each in () if behind is None else needs(behind):
            if each not in seen:
                seen.add(each)
                waiting.append(each)


def resolve(
    named: Mapping[str, ImageRequest], known: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], dict[str, Diagnostic]]:
    """Give each id its key, dependencies first, and each id that has none its complaint.

    `known` are keys of ids that stand elsewhere.
    """
    needed = {name: list(needs(step)) for name, step in named.items()}
    keys = dict(known) | {name: key(named[name]) for name in needed if not needed[name]}
    waiting = {name: others for name, others in needed.items() if others}
    wrong: dict[str, Diagnostic] = {}
    if not waiting:
        return keys, wrong
    steps = {name: _length(named[name]) for name in named}
    for name in _sorted(waiting):
        before = max(steps.get(each, 1) for each in waiting.pop(name))
        steps[name] += before
        diagnostic = unresolved(named[name], keys, named) or _too_long(steps[name])
        if diagnostic is None:
            keys[name] = key(named[name], keys)
        else:
            wrong[name] = diagnostic
    wrong |= _circles(waiting)
    for name in waiting.keys() - wrong.keys():
        wrong[name] = _later(next(each for each in waiting[name] if each in waiting))
    return keys, wrong


def unresolved(
    step: ImageRequest, keys: Mapping[str, str], named: Mapping[str, ImageRequest]
) -> Diagnostic | None:
    """Say what is wrong with a step's references, given the keys that could be resolved."""
    for name in needs(step):
        if name in keys:
            continue
        if name not in named:
            fix = did_you_mean(name, named) if named else "give that directive an id"
            return Diagnostic("the id of another directive", quoted(f"#{name}"), fix)
        return _later(name)
    return None


def _sorted(waiting: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the ids after those they need, and leave out what needs one in a circle."""
    from graphlib import CycleError, TopologicalSorter

    sorter = TopologicalSorter(
        {name: [each for each in others if each in waiting] for name, others in waiting.items()}
    )
    with suppress(CycleError):  # all that needs nothing in a circle is sorted all the same
        sorter.prepare()
    while sorter.is_active():
        for name in sorter.get_ready():
            yield name
            sorter.done(name)


def _circles(waiting: Mapping[str, Sequence[str]]) -> dict[str, Diagnostic]:
    """Say of ids that are in a circle which one; each of those `waiting` leads into one."""
    found: dict[str, Diagnostic] = {}
    seen: set[str] = set()
    for name in waiting:
        path: list[str] = []
        while name not in seen:
            seen.add(name)
            path.append(name)
            name = next(each for each in waiting[name] if each in waiting)
        if name in path:
            circle = [*path[path.index(name) :], name]
            shown = " -> ".join(f"#{each}" for each in circle)
            diagnostic = Diagnostic("references without a circle", shown, "take one of them out")
            found |= dict.fromkeys(circle, diagnostic)
    return found


def _length(step: ImageRequest) -> int:
    return sum(1 for _ in step.chain())


def _too_long(steps: int) -> Diagnostic | None:
    if steps <= MAX_STEPS:
        return None
    expected = f"a picture of at most {MAX_STEPS} steps, with all that it refers to"
    return Diagnostic(expected, str(steps), "let it refer to an earlier one")


def _later(name: str) -> Diagnostic:
    return Diagnostic(f"a picture named '{name}'", "a directive in error", "mend that one first")
