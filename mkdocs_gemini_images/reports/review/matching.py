"""Tell which directive of today is which of the base's, so that the two can be compared.

In: what pages show on both sides. Out: pairs. A directive is known by its picture's key, by its id
or named file, by its author's words, and at last by its place: on one page, first by likeness of
prompts, then by line. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from mkdocs_gemini_images.reports.notice_log import page_and_line
from mkdocs_gemini_images.reports.review.sides import Shown

Pair = tuple[Shown | None, Shown | None]
"""What pages showed, and what they show; None on one side when it is not there."""

_LIKE = 0.3
"""Share of words in common from which two prompts on a page are of one directive."""
_MOST_ON_A_PAGE = 300
"""Directives of a page that are compared with each other."""


def pairs(before: Iterable[Shown], after: Iterable[Shown]) -> list[Pair]:
    """Return each directive with itself on the other side, in the order of `after`."""
    olds, news = list(before), list(after)
    found: dict[int, int] = {}
    left_old, left_new = dict(enumerate(olds)), dict(enumerate(news))
    for name in _NAMES:
        for old, new in _by(name, left_old, left_new):
            found[new] = old
            del left_old[old], left_new[new]
    for old, new in _by_place(left_old, left_new):
        found[new] = old
        del left_old[old], left_new[new]
    listed: list[Pair] = [
        (olds[found[at]] if at in found else None, each) for at, each in enumerate(news)
    ]
    return listed + [(each, None) for each in left_old.values()]


def _by(
    name: Callable[[Shown], Hashable], olds: dict[int, Shown], news: dict[int, Shown]
) -> list[tuple[int, int]]:
    """Return the positions of those that have the same name; several are taken in their order."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for at, each in reversed(olds.items()):
        if known := name(each):
            waiting[known].append(at)
    return [
        (waiting[known].pop(), at)
        for at, each in news.items()
        if (known := name(each)) and waiting.get(known)
    ]


def _key_and_name(each: Shown) -> Hashable:
    return (each.row.key, each.name) if each.row.key else None


def _key(each: Shown) -> Hashable:
    return each.row.key


def _named(each: Shown) -> Hashable:
    # A dark twin has the name of its light picture, and says so in its note.
    return (each.name, each.row.note == "for dark pages") if each.name else None


def _words(each: Shown) -> Hashable:
    return each.record.author_digest if each.record is not None else ""


def _said(each: Shown) -> Hashable:
    return (each.row.what, _pages(each)) if _pages(each) else None


_NAMES: Sequence[Callable[[Shown], Hashable]] = (_key_and_name, _key, _named, _words, _said)


def _pages(each: Shown) -> tuple[str, ...]:
    return tuple(dict.fromkeys(page_and_line(place)[1] for place in each.row.places))


def _by_place(olds: dict[int, Shown], news: dict[int, Shown]) -> Iterator[tuple[int, int]]:
    """Yield the positions of those on one page that are likely the same directive."""
    there: dict[str, list[int]] = defaultdict(list)
    for at, each in olds.items():
        for page in _pages(each)[:1]:
            there[page].append(at)
    here: dict[str, list[int]] = defaultdict(list)
    for at, each in news.items():
        for page in _pages(each)[:1]:
            here[page].append(at)
    for page, mine in here.items():
        theirs = there.get(page, [])
        yield from _on_page(
            {at: olds[at] for at in theirs[:_MOST_ON_A_PAGE]},
            {at: news[at] for at in mine[:_MOST_ON_A_PAGE]},
        )


def _on_page(olds: dict[int, Shown], news: dict[int, Shown]) -> Iterator[tuple[int, int]]:
    old_words = {at: _set_of(each) for at, each in olds.items()}
    new_words = {at: _set_of(each) for at, each in news.items()}
    likeness = sorted(
        (
            (-len(old_words[old] & new_words[new]) / len(old_words[old] | new_words[new] | {""}),
             old, new)
            for old in olds
            for new in news
            if old_words[old] & new_words[new]
        ),
    )  # fmt: skip
    free_old, free_new = set(olds), set(news)
    for unlike, old, new in likeness:
        if -unlike >= _LIKE and old in free_old and new in free_new:
            free_old.discard(old)
            free_new.discard(new)
            yield old, new
    lines = {olds[at].row.places[0]: at for at in sorted(free_old, reverse=True)}
    for new in sorted(free_new):
        if (same := lines.pop(news[new].row.places[0], None)) is not None:
            yield same, new


def _set_of(each: Shown) -> frozenset[str]:
    return frozenset(each.row.what.lower().split()[:200])
