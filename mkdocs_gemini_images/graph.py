"""Which picture needs which: references by `"#id"` become keys.

In come the steps that ids stand for; out come their keys, in an order in which everything a picture
needs stands before it. A reference to nothing and a cycle are complaints that name the path. Pure:
plan, look-up and price need no picture's bytes.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mkdocs_gemini_images.complaint import Complaint, did_you_mean, quoted
from mkdocs_gemini_images.request import PicturePart, Step, key


def needs(step: Step) -> Iterator[str]:
    """Yield the ids that a step's conversation refers to."""
    for each in step.chain():
        for part in each.parts:
            if isinstance(part, PicturePart):
                yield part.id


def resolve(
    named: Mapping[str, Step], known: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], dict[str, Complaint]]:
    """Give each id its key, dependencies first, and each id that has none its complaint.

    `known` are keys of ids that stand elsewhere.
    """
    keys: dict[str, str] = dict(known)
    wrong: dict[str, Complaint] = {}
    for name in named:
        _visit(name, named, (), keys, wrong)
    return keys, wrong


def unresolved(step: Step, keys: Mapping[str, str], named: Mapping[str, Step]) -> Complaint | None:
    """Say what is wrong with a step's references, given the keys that could be resolved."""
    for name in needs(step):
        if name in keys:
            continue
        if name not in named:
            fix = did_you_mean(name, named) if named else "give that directive an id"
            return Complaint("the id of another directive", quoted(f"#{name}"), fix)
        return Complaint(f"a picture named '{name}'", "a directive in error", "mend that one first")
    return None


def _visit(
    name: str,
    named: Mapping[str, Step],
    path: tuple[str, ...],
    keys: dict[str, str],
    wrong: dict[str, Complaint],
) -> None:
    if name in keys or name in wrong or name not in named:
        return
    if name in path:
        circle = [*path[path.index(name) :], name]
        shown = " -> ".join(f"#{each}" for each in circle)
        complaint = Complaint("references without a circle", shown, "take one of them out")
        wrong.update(dict.fromkeys(circle, complaint))
        return
    step = named[name]
    for needed in needs(step):
        _visit(needed, named, (*path, name), keys, wrong)
    if name in wrong:
        return
    dangling = unresolved(step, keys, named)
    if dangling is not None:
        wrong[name] = dangling
    else:
        keys[name] = key(step, keys)
