"""Composes the notices of a build about its images, and about what was drawn and ordered.

In: a finished build. Out: notices, each with the page and the source of its directive. A warning is
for what the author must correct; all else is information. Reads the store; writes nothing.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from mkdocs_gemini_images.build.build_tools import BuildTools
from mkdocs_gemini_images.build.collecting.image_ids import BlockingReferences
from mkdocs_gemini_images.build.finish import FinishedBuild, takes_of_finished
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, counted, quoted
from mkdocs_gemini_images.generation.result import GenerationResult, unlike_request
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.takes import AskedTakes

Level = Literal["warning", "info"]
NoticeKind = Literal["broken", "flaw", "alt"]
"""A broken directive does not show its image. A flaw is a mistake in a directive that shows it, and
`alt` is a flaw in the text alternative."""


class Notice(NamedTuple):
    """One message for the author, with the page and source that give its line."""

    level: Level
    text: str
    page: str = ""
    source: str = ""
    kind: NoticeKind = "broken"
    build: int | None = None
    """The number of the build, where a command runs several."""
    bills: tuple[str, ...] = ()
    """The journal's entries of unknown outcome that it tells of."""
    at: str = ""
    """The option that it is about, or the line of the directive."""
    nth: int = 0
    """Which of the page's directives of this text it is about, counted from 0."""
    reason: str = ""
    """The end of the text that other notices share, and that is said with the first of them."""
    other: tuple[str, str] = ("", "")
    """The page and source of another directive, with whose place the message ends."""

    @classmethod
    def of(
        cls, diagnostic: Diagnostic, page: str, source: str, kind: NoticeKind = "broken"
    ) -> "Notice":
        """Return the warning for a diagnostic of the directive written as `source`."""
        if diagnostic.file:
            page, source = diagnostic.file, ""
        return cls(
            "warning", str(diagnostic), page, source, kind, at=diagnostic.at, other=diagnostic.other
        )


def level_of_missing(settings: Settings, *, serving: bool) -> Level:
    """Return how loudly a missing image is told."""
    quiet = serving or settings.on_missing == "info" or not settings.enabled
    return "info" if quiet else "warning"


def of_build(finished: FinishedBuild, tools: BuildTools) -> Iterator[Notice]:
    """Yield all notices about a finished build's images and their price, but not about its alts."""
    mode, generated, images = tools.mode, finished.generated, finished.images.values()
    asked = [image for image in images if mode.asks_for(image)]
    shared = {tools.refusal, generated.refusal} - {""}
    missing = level_of_missing(tools.settings, serving=mode.serving)
    here = [image for image in asked if not image.in_batch]
    yield from of_images(here, missing=missing, shared=shared, ending=generated.shared)
    if generated.ordered or generated.batch_notes or any(each.in_batch for each in images):
        yield from of_batches(finished)
    if mode.draw_command is not None:
        yield from of_asked_takes(finished, tools, mode.draw_command.takes)
    yield from of_other_sizes(finished)
    yield from of_purchase(generated)
    yield from of_journal(generated)
    if (unsynced := tools.store.unsynced()) is not None:
        yield Notice("info", str(unsynced))


def of_images(
    images: Iterable[SiteImage],
    *,
    missing: Level,
    shared: Container[str] = (),
    ending: Container[str] = (),
) -> Iterator[Notice]:
    """Yield a notice for each use that does not show its own image in stock.

    `missing` is the level of a missing image. A reason in `shared`, such as a missing API key, is
    said with the first notice only; so is one in `ending`, what ended the build's requests, with
    the number of images and pages that it concerns.
    """
    images = [each for each in images if not isinstance(each.lookup, InStock)]
    concerned: dict[str, list[SiteImage]] = {}
    for image in filter(_tells_reason, images):
        concerned.setdefault(image.reason, []).append(image)
    reasons = {why: _counted(why, concerned[why]) if why in ending else why for why in concerned}
    for image in images:
        for use in image.uses:
            reason = reasons.get(image.reason, "")
            message = _of_use(image, quoted(use.directive.prompt), missing, reason)
            if message is not None:
                is_shared = image.reason in shared or image.reason in ending
                once = reason if is_shared and _tells_reason(image) else ""
                held = image.lookup if isinstance(image.lookup, Missing) else Missing()
                notice = Notice(*message, use.page, use.directive.source, reason=once)
                yield notice._replace(at=held.at, other=held.other)


def _tells_reason(image: SiteImage) -> bool:
    """Return whether the notices of an image say why it is missing."""
    held = image.lookup
    return isinstance(held, Fallback) or (isinstance(held, Missing) and not held.damage)


def _counted(reason: str, images: Sequence[SiteImage]) -> str:
    """Return a reason, and how many images and pages it concerns where there are several."""
    pages = {use.page for image in images for use in image.uses}
    if len(images) < 2:
        return reason
    return f"{reason} ({counted(len(images), 'picture')} on {counted(len(pages), 'page')})"


def _of_use(image: SiteImage, prompt: str, missing: Level, reason: str) -> tuple[Level, str] | None:
    pages = " for dark pages" if image.light is not None else ""
    match image.lookup:
        case InStock():
            return None
        case UserFile():
            return "info", f"{image.resolved.file} is your own file: shown as it is, and not drawn"
        case Drifted(_, changed):
            return "info", f"{prompt} drifted: {changed}"
        case Fallback():
            name = "id" if image.resolved.directive.id else "file"
            said = f"an earlier picture of this {name} is shown in place of {prompt}{pages}"
            return missing, f"{said}: {reason}"
        case Missing(damage) if damage:
            return "warning", damage
        case Missing():
            return missing, f"{prompt} is not drawn{pages}: {reason}"
        case _:
            assert_never(image.lookup)


def of_asked_takes(finished: FinishedBuild, tools: BuildTools, count: int) -> Iterator[Notice]:
    """Yield the notices about takes that a command asked for, up to `count` of each image."""
    generated, on_drift = finished.generated, tools.on_drift
    blocking = BlockingReferences(finished.images, finished.ids, on_drift)
    for image, takes in takes_of_finished(finished, tools):
        anew = f"gemini-images draw {image.address} --takes {count} --drifted draws again"
        if takes.lacking:
            key = finished.ids.key(takes.lacking[0].light.request) or ""
            why = generated.reasons.get(key) or blocking.reason(image)
            why = why or generated.refusal or tools.refusal or "it was not asked for"
            if isinstance(image.lookup, Drifted) and on_drift == "keep":
                keep = f"gemini-images accept {image.address} accepts it for the current request"
                why = f"the picture itself has drifted, and is kept; {anew}, {keep}"
            yield from of_takes(image, takes.lacking, why)
        if takes.drifted and on_drift == "keep":
            yield from of_drifted_takes(image, takes, anew)


def of_takes(image: SiteImage, lacking: Sequence[ResolvedImage], why: str) -> Iterator[Notice]:
    """Yield a notice for each use of an image with the requested takes that are `lacking`."""
    numbers = ", ".join(str(each.light.request.take) for each in lacking)
    are = "take {} of {} is" if len(lacking) == 1 else "takes {} of {} are"
    said = are.format(numbers, quoted(image.resolved.directive.prompt))
    text = f"{said} not drawn: {why}"
    for use in image.uses:
        yield Notice("warning", text, use.page, use.directive.source)


def of_drifted_takes(image: SiteImage, takes: "AskedTakes", anew: str) -> Iterator[Notice]:
    """Yield a notice for each use of an image with the requested takes that have drifted.

    `anew` says which command draws them anew.
    """
    numbers = ", ".join(str(each.light.request.take) for each in takes.drifted)
    prompt = quoted(image.resolved.directive.prompt)
    noun = "take" if len(takes.drifted) == 1 else "takes"
    text = f"{noun} {numbers} of {prompt} drifted: {takes.why}; {anew}"
    for use in image.uses:
        yield Notice("info", text, use.page, use.directive.source)


def of_other_sizes(finished: FinishedBuild) -> Iterator[Notice]:
    """Yield a notice for each new picture whose shape or size is not the one that was paid for."""
    new = {record.key for record in finished.generated.new_records()}
    for image in finished.images.values() if new else ():
        if not isinstance(image.lookup, InStock) or image.lookup.record.key not in new:
            continue
        record = image.lookup.record
        if (asked := unlike_request(record)) and image.uses:
            got = f"{record.width} x {record.height}"
            prompt, use = quoted(image.resolved.directive.prompt), image.uses[0]
            text = f"{prompt} came as {got} in place of {asked}: it is kept and shown"
            fix = "the server or model ignores the option; for another drawing, write take:"
            yield Notice("warning", f"{text}; {fix}", use.page, use.directive.source, "flaw")


def of_batches(finished: FinishedBuild) -> Iterator[Notice]:
    """Yield what is told of batch jobs: of new ones, of ended ones, and of those under way."""
    generated = finished.generated
    for job in generated.ordered:
        requests = counted(job.requests, "request")
        text = f"{requests} ordered in batch for about ${job.price:.2f} (job {job.name})"
        yield Notice("info", f"{text}; the next gemini-images draw collects what is finished")
    for text in generated.batch_notes:
        yield Notice("info", text)
    waiting: dict[str, int] = {}
    for image in finished.images.values():
        if image.in_batch:
            waiting[image.in_batch] = waiting.get(image.in_batch, 0) + 1
    for how, count in waiting.items():
        if not any(job.name in how for job in generated.ordered):
            are, them = ("picture is", "it") if count == 1 else ("pictures are", "them")
            yield Notice("info", f"{count} {are} {how}; gemini-images draw collects {them}")


def of_purchase(generated: GenerationResult) -> Iterator[Notice]:
    """Yield a notice for each price that differs from the expected price."""
    # Once for each model, by the dearest of its pictures.
    dearest = {each[0]: each for each in sorted(generated.dearer, key=lambda each: each[1])}
    for model, billed, at_most in dearest.values():
        text = f"a picture of {model} was billed ${billed:.3f}, and ${at_most:.3f} was counted"
        fix = "correct the option prices"
        yield Notice("warning", f"{text} at most; {fix}", kind="flaw")
    for model, billed, expected in dict.fromkeys(generated.unbelievable):
        said = f"a picture of {model} costs ${billed:,.2f} by its tokens, not about ${expected:.3f}"
        fix = "the expected price is counted; ask the server's owner"
        yield Notice("warning", f"{said}: {fix}", kind="flaw")


def of_journal(generated: GenerationResult) -> Iterator[Notice]:
    """Yield notices about entries of the journal that another machine, or a stranger, has written.

    Each kind has one notice, however many entries there are.
    """
    if generated.foreign:
        names = _some([record.file_name for record in generated.foreign])
        text = f"{names}: from answers in the journal that may be another machine's"
        yield Notice("info", f"{text}; look at the pictures before you commit them")
    if generated.held:
        got = "nothing proves that this machine received them"
        fix = "gemini-images draw stores them; delete them if you do not know where they are from"
        text = f"answers in the journal are not stored ({_some(generated.held)})"
        yield Notice("info", f"{text}: {got}; {fix}")
    if generated.refused_files:
        got = _some([f"{each.name}, {each.found}" for each in generated.refused_files])
        fix = (
            "they are neither used nor deleted; check that none is a paid answer, then delete them"
        )
        text = str(Diagnostic.sentence(f"no build wrote these files in the journal ({got})", fix))
        yield Notice("warning", text, kind="flaw")


def _some(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    listed = "; ".join(quoted(name, most=120) for name in names[:3])
    return f"{listed} and {len(names) - 3} more" if len(names) > 3 else listed
