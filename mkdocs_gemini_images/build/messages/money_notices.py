"""Composes the messages about money that brought no picture, and marks what was told.

In: a finished build, or the result of one that was broken off. Out: notices, each at the picture
that was paid for where a page shows it. A notice names the journal's entries that it tells of; they
count as told once it was output, and not before.
"""

from collections.abc import Iterable, Iterator, Sequence

from mkdocs_gemini_images.build.finish import FinishedBuild
from mkdocs_gemini_images.build.messages.notices import Notice, of_journal, of_purchase
from mkdocs_gemini_images.core.diagnostics import counted, quoted
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.generation.result import GenerationResult

_Place = tuple[str, str, str]
"""A prompt, and the page and source of its directive."""


def of_bills(finished: FinishedBuild, said: Iterable[Notice]) -> Iterator[Notice]:
    """Return a notice for each picture that may have been paid for and did not come.

    What the notices `said` of missing pictures tell already is left out.
    """
    texts = [notice.text for notice in said]
    return _of_spending(finished.generated, texts, _places(finished))


def of_broken_off(generated: GenerationResult) -> Iterator[Notice]:
    """Yield what a build has spent that ended while it drew; the pages are not known."""
    if drawn := len(generated.records):
        pictures = f"{counted(drawn, 'picture')} drawn for ${generated.spent:.2f}, and kept,"
        rest = "gemini-images draw draws the rest"
        yield Notice("info", f"{pictures} before the build was stopped; {rest}")
    if under_way := dict(generated.under_way):
        requests = f"{counted(len(under_way), 'request')} under way when the build was stopped"
        cost = f"about ${sum(under_way.values()):.2f} may have been billed"
        rest = "the next build stores what has arrived and reports what has not"
        yield Notice("info", f"{requests}; {cost}; {rest}")
    for reason in dict.fromkeys(list(generated.reasons.values())):  # requests may be under way
        yield Notice("warning", f"a picture is not drawn: {reason}")
    yield from of_purchase(generated)
    yield from of_journal(generated)
    yield from _of_spending(generated, list(generated.reasons.values()), {})


def of_press(generated: GenerationResult) -> Iterator[Notice]:
    """Yield what the reasons of missing pictures do not say of a press of a preview's button."""
    yield from of_purchase(generated)
    yield from of_journal(generated)
    yield from _of_spending(generated, list(generated.reasons.values()), {})


def mark_as_told(generator: Generator, output: Sequence[Notice]) -> None:
    """Note that notices were output, so that no later build tells the same bills."""
    texts = [notice.text for notice in output]
    names = {name for notice in output for name in notice.bills}
    result = generator.result
    names |= {
        each.name
        for each in result.unknown
        if not each.earlier and _is_said(result.reasons.get(each.key), texts)
    }
    if names:
        from mkdocs_gemini_images.generation.journal import laid_aside

        laid_aside.put_told_aside(generator.journal_folder, sorted(names))


def _of_spending(
    generated: GenerationResult, texts: Sequence[str], places: dict[str, _Place]
) -> Iterator[Notice]:
    """Yield a notice for each bill that is not in `texts`, at the place of its picture."""
    for (key, earlier), outcomes in _grouped(generated).items():
        if not earlier and _is_said(generated.reasons.get(key), texts):
            continue
        prompt, page, source = places.get(key, (f"{key[:12]}…", "", ""))
        cost = f"about ${sum(price for _, price in outcomes):.2f} may have been billed"
        again = ", and it was drawn again" if key in generated.records else ""
        of = "of an earlier build " if earlier else ""
        if len(outcomes) == 1:
            text = f"a request {of}for {prompt} was sent and its answer never arrived"
        else:
            sent = f"{len(outcomes)} requests {of}for {prompt} were sent"
            text = f"{sent} and their answers never arrived"
        names = tuple(name for name, _ in outcomes)
        yield Notice("info", f"{text}; {cost}{again}", page, source, bills=names)
    for each in generated.waiting:
        if not _is_said(str(each), texts):
            key = each.intent.key
            prompt, page, source = places.get(key, (f"{key[:12]}…", "", ""))
            text = f"{prompt} is not drawn: {each}"
            yield Notice("warning", text, page, source)


def _is_said(reason: str | None, texts: Iterable[str]) -> bool:
    return bool(reason) and any(reason in text for text in texts if reason)


def _grouped(generated: GenerationResult) -> dict[tuple[str, bool], list[tuple[str, float]]]:
    """Return names and prices of unknown outcomes by key, those of earlier builds apart."""
    grouped: dict[tuple[str, bool], list[tuple[str, float]]] = {}
    for each in generated.unknown:
        grouped.setdefault((each.key, each.earlier), []).append((each.name, each.price))
    return grouped


def _places(finished: FinishedBuild) -> dict[str, _Place]:
    """Return the first place that shows each picture, or else one that is built on it, by key."""
    places: dict[str, _Place] = {}
    images = list(finished.images.values())
    own = [(image, image.request) for image in images]
    steps = [(image, step) for image in images for step in image.request.chain()]
    for image, request in own + steps:
        key = finished.ids.key(request)
        for use in image.uses[:1] if key is not None else ():
            prompt = quoted(use.directive.prompt)
            places.setdefault(key or "", (prompt, use.page, use.directive.source))
    return places
