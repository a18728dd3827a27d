"""What a build says at its end: one message per place that needs its author, and one line of sums.

In come the posts and what was bought; out come notices, each with what is needed to find its line.
WARNING is for what the author must mend; everything else is INFO. Writes nothing.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import counted, quoted
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.requests.request import ImageRequest
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

Level = Literal["warning", "info"]
NoticeKind = Literal["broken", "flaw", "alt"]
"""A broken directive shows nothing of its own; a flaw is of one that shows its picture, in its text
alternative or elsewhere."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the author, with what is needed to find its line."""

    level: Level
    text: str
    page: str = ""
    source: str = ""
    kind: NoticeKind = "broken"
    build: int | None = None
    """The number of the build that says it, where a command runs several."""


def of_images(
    images: Iterable[SiteImage], *, missing: Level, shared: Container[str] = ()
) -> Iterator[Notice]:
    """Say what each place got other than its picture; `missing` is how grave a missing one is.

    A reason that is `shared` by all, such as a key that is not there, is said at the first of them.
    """
    told: set[str] = set()

    def once(why: str) -> str:
        if why in told:
            return "as above"
        if why in shared:
            told.add(why)
        return why

    for image in images:
        for use in image.uses:
            found = _of_use(image, quoted(use.directive.prompt), missing, once)
            if found is not None:
                yield Notice(*found, use.page, use.directive.source)


def _of_use(
    image: SiteImage, what: str, missing: Level, once: Callable[[str], str]
) -> tuple[Level, str] | None:
    expected = f"expected a picture {'for dark pages ' if image.light is not None else ''}of {what}"
    match image.lookup:
        case InStock():
            return None
        case UserFile():
            return "info", f"{image.resolved.file} is your own file: shown as it is, and not drawn"
        case Drifted(_, changed):
            return "info", f"{what} drifted: {changed}"
        case Fallback():
            name = "id" if image.resolved.directive.id else "file"
            return missing, f"{expected}, got an earlier one of this {name}: {once(image.reason)}"
        case Missing(damage) if damage:
            return "warning", damage
        case Missing():
            return missing, f"{expected}, got none: {once(image.reason)}"
        case _:
            assert_never(image.lookup)


def of_takes(image: SiteImage, lacking: Sequence[ResolvedImage], why: str) -> Iterator[Notice]:
    """Say that takes of a picture are `lacking` that somebody has asked for."""
    numbers = ", ".join(str(each.light.request.take) for each in lacking)
    text = f"expected take {numbers} of {quoted(image.resolved.directive.prompt)}, got none: {why}"
    for use in image.uses:
        yield Notice("warning", text, use.page, use.directive.source)


def of_alts(
    images: Iterable[SiteImage],
    key_of: Callable[[ImageRequest], str | None],
    stock: Store,
    *,
    everything: bool,
) -> Iterator[Notice]:
    """Complain of alts that were written for an earlier picture of the same name.

    A build knows of those alone that it has met already; who only looks reads `everything`.
    """
    images = [each for each in images if each.name and isinstance(each.lookup, InStock)]
    by_name: dict[str, list[Record]] = {}
    for record in stock.records() if everything and images else ():
        by_name.setdefault(record.id, []).append(record)
    for image in images:
        known = by_name.get(image.name) or stock.remembered(image.name)
        made_from = [key for step in image.request.chain() if (key := key_of(step))]
        yield from _of_alt(image, known, made_from)


def _of_alt(
    image: SiteImage, known: Iterable[Record], made_from: Iterable[str]
) -> Iterator[Notice]:
    written = [each for each in known if each.alt]
    if not written or not isinstance(image.lookup, InStock):
        return
    earlier = reachability.earlier(image.lookup.record, written, made_from)
    for use in image.uses:
        alt = use.directive.alt or ""
        found = [each for each in earlier if alt_rules.is_same(alt, each.alt)]
        for record in found[:1]:
            text = str(alt_rules.older(alt, record.key))
            yield Notice("warning", text, use.page, use.directive.source, "alt")


def of_purchase(generated: GenerationResult) -> Iterator[Notice]:
    """Say what a purchase cost other than expected."""
    for model, billed, expected in generated.dearer:
        text = f"a picture of {model} cost ${billed:.3f}, where the table says ${expected:.3f}"
        yield Notice("info", f"{text}; prices: in mkdocs.yml corrects it")
    for price in generated.unknown:
        text = "a request of an earlier build was sent and its answer never arrived"
        yield Notice("info", f"{text}; about ${price:.2f} may have been billed")


def closing_line(
    images: list[SiteImage],
    generated: GenerationResult,
    settings: Settings,
    *,
    seconds: float,
    files: Sequence[str] = (),
) -> str:
    """Sum a build up in one line. `files` are named files that were written into the docs."""
    drawn = len(generated.records)
    new = {record.key for record in (*generated.records.values(), *generated.recovered)}
    stocked = sum(
        isinstance(image.lookup, InStock) and image.lookup.record.key not in new for image in images
    )
    drifted = sum(isinstance(image.lookup, Drifted) for image in images)
    missing = sum(isinstance(image.lookup, Missing) for image in images)
    parts = [f"{len(images)} {'picture' if len(images) == 1 else 'pictures'}"]
    if stocked:
        home = "the emulator's cache" if settings.server.emulated else "stock"
        parts.append(f"{stocked} from {home}")
    if drifted:
        parts.append(f"{drifted} drifted")
    if generated.recovered:
        parts.append(f"{len(generated.recovered)} that had arrived earlier")
    if drawn:
        cost = "" if settings.limits.free else f" for ${generated.spent:.2f}"
        parts.append(f"{drawn} drawn in {seconds:.1f} s{cost}")
    elif generated.spent:
        parts.append(f"about ${generated.spent:.2f} spent in vain")
    if missing:
        parts.append(f"{missing} not drawn")
    line = ", ".join(parts)
    count = 2 * len(new) + len(files)  # a pair for each picture, a note for each named file
    if count and not settings.server.emulated:
        where = [] if settings.bucket else [f"{counted(count, 'file')} in {_folder(settings)}/"]
        if said := ", ".join([*where, *(f"{settings.docs}/{file}" for file in files)]):
            line += f" (commit {said})"
    return line


def _folder(settings: Settings) -> str:
    """Name the stock as whoever commits it does, beside the configuration."""
    if settings.stock.is_relative_to(settings.root):
        return settings.stock.relative_to(settings.root).as_posix()
    return str(settings.stock)
