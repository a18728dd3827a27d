"""The tools of an assistant, carried out over one site by the functions of the command line.

In: the arguments of a tool. Out: an `Answer`, or an error that says why not. A tool that looks
makes a dry run of the site's build, as `gemini-images plan` does. Only `draw` spends, within the
limits of the run; only `apply` and `pick` write pages. Not for several threads at once.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.image_lookup import require_take
from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.build.whole_site.unknown_names import unknown_names_error
from mkdocs_gemini_images.cli import host_build
from mkdocs_gemini_images.cli.conventions import request_of
from mkdocs_gemini_images.cli.mcp_server.page_proposals import (
    PageProposals,
    page_named,
    propose_directive,
)
from mkdocs_gemini_images.cli.mcp_server.session_account import SessionAccount
from mkdocs_gemini_images.cli.mcp_server.tool_answers import (
    MAX_PICTURES,
    Answer,
    Preview,
    make_answer,
    preview,
)
from mkdocs_gemini_images.cli.mcp_server.tool_arguments import (
    NoArguments,
    OfApply,
    OfDraw,
    OfPick,
    OfPicture,
    OfPlan,
    OfProposal,
    OfTake,
)
from mkdocs_gemini_images.cli.pages import picking
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    counted,
    quoted,
)
from mkdocs_gemini_images.generation.draw_command import DrawCommand, DryRun
from mkdocs_gemini_images.reports.doctor.portability import changed_line_ends
from mkdocs_gemini_images.reports.notice_log import located
from mkdocs_gemini_images.reports.site_survey import survey_of
from mkdocs_gemini_images.reports.survey import Survey, SurveyRow, survey_flaws, survey_lines
from mkdocs_gemini_images.requests.planning import Plan
from mkdocs_gemini_images.sources.editing.new_directive import below_heading, below_line, new_fence
from mkdocs_gemini_images.store.reachability import take_number
from mkdocs_gemini_images.store.record import Record

_SMALL = 320
"""Pixels of the longer side where several previews are returned."""


class AssistantSite:
    """One site for one run of the server. `config_file` is as a command takes it."""

    def __init__(self, config_file: Path | None) -> None:
        self._files = () if config_file is None else (config_file,)
        self._account = SessionAccount()
        self._proposals = PageProposals()

    def begin(self) -> None:
        """Take the limits of the run from the site as it is now. Raises as a tool does."""
        self._look()

    def plan(self, given: OfPlan) -> Answer:
        """Return what a build would draw and what that costs: of the site, or of a name."""
        group = self._look().group
        survey = survey_of(group)
        if given.name:
            survey = _only(given.name, survey, group)
        lines = [survey.sums()]
        if survey.refusal and survey.requests:
            lines.append(f"a build would not draw them: {survey.refusal}")
        lines.append(self._account.line(group.settings.limits))
        for cells in survey_lines(survey):
            lines.append(" | ".join(cell.replace("\n", ", ") for cell in cells if cell))
        return make_answer([*lines, *survey_flaws(survey)])

    def check(self, _: NoArguments) -> Answer:
        """Return whether every picture is in stock and undamaged."""
        group = self._look(thorough=True).group
        lines = _messages(group)
        settings = group.settings
        if not settings.bucket and (damaging := changed_line_ends(settings.stock)) is not None:
            lines.append(str(damaging))
        count = counted(group.missing, "picture")
        are = "is" if group.missing == 1 else "are"
        lines.append(
            f"{count} {are} missing or damaged"
            if group.missing
            else "every picture is in stock and undamaged"
        )
        return make_answer(lines, refused=bool(group.missing))

    def draw(self, given: OfDraw) -> Answer:
        """Draw what is missing within the limits of the run, or say what a person runs."""
        self._look()  # the limits of the run are known before anything is spent
        beyond: list[Plan] = []

        def agree(plan: Plan) -> bool:
            beyond.extend([plan] if plan.refusal else [])
            return not plan.refusal

        command = DrawCommand(agree, frozenset(given.names), takes=given.takes)
        with self._account.tracker() as tracker:
            done = host_build.build(self._files, command, tracker=tracker)
        group = done.group
        if group.unknown:
            raise unknown_names_error(group.unknown, group)
        done.say()
        account = self._account.line(group.settings.limits)
        if beyond:
            plan = beyond[0]
            what = f"{plan.amount} with {plan.models}, {plan.price_text}"
            said = f"nothing is drawn: {plan.refusal} ({what})"
            fix = f"this needs a person, who runs: {self._draw_command(given)}"
            return make_answer([said, fix, account], refused=True)
        lines = [*_messages(group), *(f"wrote {name}" for name in group.written)]
        return make_answer([*lines, group.closing_line(), account], refused=bool(group.missing))

    def takes(self, given: OfPicture) -> Answer:
        """Return the takes of a picture that are in stock, with previews."""
        group = self._look().group
        image = group.find_image(given.name)
        found = _takes_of(image, group)
        if not found:
            raise _undrawn(given.name)
        lines, previews = [], list[Preview]()
        for number, record in found.items():
            is_shown = image.record is not None and image.record.key == record.key
            shown = ", shown by the pages" if is_shown else ""
            price = "" if record.price is None else f", ${record.price:.3f}"
            size = f"{record.width}x{record.height}"
            lines.append(f"take {number}: {size}, {record.model}, {record.time}{price}{shown}")
            if len(previews) < MAX_PICTURES:
                previews.append(preview(record, group.store, most=_SMALL))
        if len(found) > len(previews):
            lines.append(f"previews of the first {len(previews)} follow")
        return make_answer(lines, previews)

    def picture(self, given: OfTake) -> Answer:
        """Return a small preview of a picture, or of one of its takes."""
        group = self._look().group
        image = group.find_image(given.name)
        record = image.record
        if given.take:
            record = _takes_of(image, group).get(given.take)
            if record is None:
                chosen = image.request._replace(take=given.take)
                require_take(image, given.take, request_of(group, image, chosen)[0], group.store)
        if record is None:
            raise _undrawn(given.name)
        directive = image.resolved.directive
        lines = [
            f"{record.width}x{record.height}, {record.model}",
            f"prompt: {directive.prompt}",
            f"alt: {'(none)' if directive.alt is None else directive.alt}",
        ]
        return make_answer(lines, [preview(record, group.store)])

    def pick(self, given: OfPick) -> Answer:
        """Write a take's number into the directives of a picture."""
        return make_answer(picking.pick(self._files, given.name, given.take))

    def propose(self, given: OfProposal) -> Answer:
        """Return the diff of a new directive in a page, and write nothing."""
        if bool(given.heading) == (given.line is not None):
            said = "a directive goes below a heading or below a line"
            raise DiagnosticError(Diagnostic.sentence(said, "give heading or line, and not both"))
        fence = new_fence(given.options)
        done = self._look()
        page = page_named(given.page, done)

        def insert(text: str) -> str:
            if given.line is None:
                return below_heading(text, given.heading, fence)
            return below_line(text, given.line, fence)

        found = propose_directive(page, fence, insert, done, self._rebuilt)
        self._proposals.keep(found)
        survey = _of_image(found.image, survey_of(found.group), found.group)
        return make_answer([
            f"nothing is written: apply {found.digest} writes this into {found.file}",
            *found.diff,
            *(f"WARNING {text}" for text in found.warnings),
            survey.sums(),
        ])  # fmt: skip

    def apply(self, given: OfApply) -> Answer:
        """Write a proposed directive into its page."""
        return make_answer([f"wrote {self._proposals.apply(given.digest)}"])

    def _look(self, *, thorough: bool = False) -> host_build.Finished:
        done = host_build.build(self._files, DryRun(thorough=thorough))
        self._account.begin(done.group.settings.limits)
        return done

    def _rebuilt(self, texts: Mapping[str, str]) -> SiteGroup:
        return host_build.build(self._files, DryRun(), texts).group

    def _draw_command(self, given: OfDraw) -> str:
        files = [part for file in self._files for part in ("-f", str(file))]
        takes = ["--takes", str(given.takes)] if given.takes > 1 else []
        return shlex.join(["gemini-images", "draw", *files, *takes, *given.names])


def _messages(group: SiteGroup) -> list[str]:
    return [text for _, text in located(group.notices, group.locate)]


def _undrawn(name: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic.sentence(f"{quoted(name)} is not in stock", "draw it first"))


def _only(typed: str, survey: Survey, group: SiteGroup) -> Survey:
    """Return the rows of a survey that a typed name stands for. Raises `DiagnosticError`."""
    names = frozenset[str]().union(*group.meanings(typed).values())
    images = [image for image in group.images if names and image.answers_to(names)]
    keys = {key for image in images for key in _keys(image, group)}
    rows = tuple(row for row in survey.rows if row.key in keys or _is_of_page(row, {typed, *names}))
    if not rows:
        raise unknown_names_error([typed], group)
    return replace(survey, rows=rows)


def _of_image(image: SiteImage, survey: Survey, group: SiteGroup) -> Survey:
    keys = set(_keys(image, group))
    return replace(survey, rows=tuple(row for row in survey.rows if row.key in keys))


def _keys(image: SiteImage, group: SiteGroup) -> Iterator[str]:
    if image.record is not None:
        yield image.record.key
    if not image.damage:
        yield group.request_of(image)[0]


def _is_of_page(row: SurveyRow, pages: set[str]) -> bool:
    return any(place.rpartition(":")[0] in pages or place in pages for place in row.places)


def _takes_of(image: SiteImage, group: SiteGroup) -> dict[int, Record]:
    """Return the takes of an image that are in stock, by their numbers."""
    keys = set(_keys(image, group))
    rows = survey_of(group).rows
    family = next((row.takes for row in rows if row.key in keys and row.takes), ())
    records = {record.key: record for record in group.store.records()}
    its = [records[key] for key in family if key in records]
    return {take_number(record.request): record for record in its}
