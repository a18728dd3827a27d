"""`gemini-images alt`: propose text alternatives, and write those that the author accepts.

In: names of pictures, and a dry run of the site's build. Out: proposals on the terminal, one after
the other, and the accepted ones in the sources of the pages. Asks a text model, at a price that is
said before; what it has answered is kept, so that asking again costs nothing.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_gemini_images.cli.completion import complete_names
from mkdocs_gemini_images.cli.conventions import (
    click_errors,
    config_file_option,
    require_one_configuration,
    say,
)
from mkdocs_gemini_images.core.diagnostics import counted

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
    from mkdocs_gemini_images.cli.host_build import Finished
    from mkdocs_gemini_images.sources.alts.alt_places import AltPlace
    from mkdocs_gemini_images.sources.alts.alt_proposal import AltProposal
    from mkdocs_gemini_images.sources.alts.alt_proposer import AltPlan
    from mkdocs_gemini_images.sources.alts.alt_writer import Accepted, Written


@click.command("alt")
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...", shell_complete=complete_names)
@config_file_option
@click.option("--all", "every", is_flag=True, help="Look at every alt, not only at flawed ones.")
@click.option("--write", is_flag=True, help="Accept every proposal: read the diff afterwards.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask about the price.")
def alt_command(
    names: tuple[str, ...], config_file: tuple[Path, ...], every: bool, write: bool, yes: bool
) -> None:
    """Propose text alternatives, for you to accept, edit or skip.

    Looks at pictures whose alt is missing, equal to the prompt, a file name, too long, or older
    than the picture. A text model (alt_model) sees the picture and the section around it. The
    command first prints the price, a fraction of a cent. It writes only what you accept.

    \b
    gemini-images alt
    gemini-images alt guide/install.md --all
    gemini-images alt --write && git diff
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.sources.alts.alt_places import is_wanted, named_places, places_of
    from mkdocs_gemini_images.sources.alts.alt_proposer import Proposer
    from mkdocs_gemini_images.sources.editing.page_edits import PageEdits

    require_one_configuration(config_file)
    if not all(names):
        raise click.ClickException("a name is empty: write an id, a named file or page")
    done = host_build.build(config_file, DryRun())
    group = done.group
    edits = PageEdits(done.source, done.folders)
    builds = [status.build for status, _ in group.statuses]
    found = places_of(builds, edits, braces=done.braces)
    is_named = _names(group, names)
    places = named_places(
        found, lambda place: is_wanted(place, every=every, named=bool(names)) and is_named(place)
    )
    if not places:
        say(_nothing(group, every=every, named=bool(names)))
        return

    def agree(plan: "AltPlan") -> bool:
        if yes or not plan.limits_refusal:
            say(f"asking {plan.sentence}", err=True)
            return True
        return _ask_to_spend(plan)

    with click_errors():
        proposer = Proposer(group.settings, group.store, _refusal(group))
        proposals = proposer.propose(places, agree)
    if proposals.unknown:
        asked = counted(proposals.unknown, "question")
        say(f"{asked} of an earlier run may have been billed without an answer", err=True)
    try:
        accepted = _decided(proposals.found, group.settings.root, write=write)
    except click.Abort:
        say("stopped: no alt is written; the proposals are kept", err=True)
        raise
    _write(accepted, done, config_file)
    if any(proposal.problem for _, proposal in proposals.found):
        sys.exit(1)


def _refusal(group: "SiteGroup") -> str:
    """Return why no model may be asked for this site, or empty."""
    from mkdocs_gemini_images.generation.draw_command import DrawCommand
    from mkdocs_gemini_images.generation.permission import refusal_reason

    settings = group.settings
    if settings.frozen and not settings.server.emulated:
        return "this site is frozen, as in CI, and no model is asked: run it on your machine"
    return refusal_reason(settings, DrawCommand(lambda plan: True))


def _names(group: "SiteGroup", names: tuple[str, ...]) -> Callable[["AltPlace"], bool]:
    """Return whether names stand for a place. Raises `click.ClickException` for an unknown one."""
    from mkdocs_gemini_images.build.site_image import Use
    from mkdocs_gemini_images.build.whole_site.unknown_names import unknown_names_error

    wanted = set[tuple[Use, int | None]]()
    for typed in names:
        meanings = group.meanings(typed)
        found = frozenset[str]().union(*meanings.values())
        uses = set[tuple[Use, int | None]]()
        for image in group.gathered_images() if found else ():
            if image.light is None and image.answers_to(found):
                named, line = group.uses_named(typed, image)
                pages = [use for use in named if use.page in found or use.name in found]
                uses.update((use, line) for use in pages or named)
        if not uses:
            raise click.ClickException(str(unknown_names_error([typed], group)))
        wanted |= uses

    def is_named(place: "AltPlace") -> bool:
        lines = range(place.line or 0, place.last_line + 1)
        return not names or any(
            use == place.use and (line is None or line in lines) for use, line in wanted
        )

    return is_named


def _nothing(group: "SiteGroup", *, every: bool, named: bool) -> str:
    drawn = any(image.record is not None for image in group.images)
    if not drawn:
        return "no picture is drawn yet: gemini-images draw, and then ask for alts"
    if every:
        return (
            "none of these pictures is drawn yet"
            if named
            else "no picture has an alt with words to look at"
        )
    return "no alt is missing, equal to its prompt, too long or older: --all looks at every one"


def _ask_to_spend(plan: "AltPlan") -> bool:
    question = f"Ask {plan.sentence}, though {plan.limits_refusal}?"
    if not sys.stdin.isatty():
        say(f"{question} There is no terminal to ask on; --yes asks without a question.", err=True)
        return False
    return click.confirm(question, default=False, err=True)


def _decided(
    found: "list[tuple[AltPlace, AltProposal]]", root: Path, *, write: bool
) -> "list[Accepted]":
    """Show each proposal, and return those that are accepted."""
    from mkdocs_gemini_images.sources.alts.alt_places import written_in
    from mkdocs_gemini_images.sources.alts.alt_writer import Accepted

    asks = not write and sys.stdin.isatty()
    accepted: list[Accepted] = []
    said = ""
    for number, (place, proposal) in enumerate(found, 1):
        heading = place.question.section.heading
        say(f"{number} of {len(found)}  {written_in(place, root)}  {heading}".rstrip())
        for reason in place.reasons:
            say(f"  {reason}")
        say(f"  is:       {_shown(place.use.directive.alt)}")
        if proposal.problem:
            again = proposal.problem == said
            say(f"  proposed: nothing, {'as above' if again else proposal.problem}")
            said = proposal.problem
            continue
        say(f"  proposed: {_shown(proposal.alt)}")
        answer = _answer(proposal) if asks else proposal.alt if write else None
        if answer is _QUIT:
            break
        if isinstance(answer, str) and answer != place.use.directive.alt:
            accepted.append(Accepted(place, answer))
    if not write and not asks and any(not each.problem for _, each in found):
        say("there is no terminal to ask on: --write accepts every proposal", err=True)
    return accepted


_QUIT = object()


def _answer(proposal: "AltProposal") -> object:
    """Return the alt that the author accepts, None to skip it, or `_QUIT`."""
    from mkdocs_gemini_images.sources.alts.alt_proposal import mistake_of

    choice = click.prompt(
        "  accept, edit, skip or quit", type=click.Choice(["a", "e", "s", "q"]), default="s",
        show_choices=True, err=True,
    )  # fmt: skip
    if choice in "sq":
        return None if choice == "s" else _QUIT
    if choice == "a":
        return proposal.alt
    while True:
        written = str(click.prompt('  alt ("" for none)', default=proposal.alt, err=True))
        alt = "" if written.strip() in ('""', "''") else written.strip()
        if not (mistake := mistake_of(alt)):
            return alt
        say(f"  that cannot be written: {mistake}", err=True)


def _shown(alt: str | None) -> str:
    if alt is None:
        return "missing"
    return alt if alt else "empty, as for a decorative picture"


def _write(accepted: "list[Accepted]", done: "Finished", config_file: tuple[Path, ...]) -> None:
    """Write accepted alts, and say where; what cannot be written is said with its place."""
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.sources.alts.alt_places import written_in
    from mkdocs_gemini_images.sources.alts.alt_writer import AltWriter
    from mkdocs_gemini_images.sources.editing.page_edits import PageEdits

    if not accepted:
        return
    writer = AltWriter(
        done.group,
        lambda texts: host_build.build(config_file, DryRun(), texts).group,
        lambda: PageEdits(done.source, done.folders),
        done.braces,
    )
    with click_errors():
        written: Written = writer.write(accepted)
    root = done.group.settings.root
    places = ", ".join(written_in(each.place, root) for each in written.done)
    if written.done:
        say(f"wrote {counted(len(written.done), 'alt')} into {places}")
    for each, wrong in written.refused:
        say(f"{written_in(each.place, root)}: not written: {wrong}", err=True)
    if written.refused:
        sys.exit(1)
