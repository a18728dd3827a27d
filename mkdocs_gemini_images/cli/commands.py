"""The command line: `gemini-images plan`, `draw`, `check` and the rest, in the order of work.

What a build would draw is found by running the host's own build up to the barrier, into a folder
that is thrown away: hooks, macros and includes decide what is on a page, and guessing never does.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_group import SiteGroup
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    counted,
    did_you_mean,
    quoted,
    single_line,
)
from mkdocs_gemini_images.generation.command import MAX_TAKES
from mkdocs_gemini_images.reports.site_survey import survey_of
from mkdocs_gemini_images.requests.plan import Plan
from mkdocs_gemini_images.requests.request import ImageRequest
from mkdocs_gemini_images.store.lookup import Missing, is_stocked

T = TypeVar("T")


class _Commands(click.Group):
    """Lists its commands in the order of work, and knows the nearest of a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            fix = did_you_mean(name, self.commands)
            raise click.UsageError(f"expected a command, got {quoted(name)}: {fix}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="gemini-images")
def main() -> None:
    """Pictures described in Markdown, drawn once with Gemini, owned for ever.

    Every command but emulator looks at a site as a build sees it, and so runs where `mkdocs build`
    works. Only draw spends money.

    \b
    gemini-images plan                    what would be drawn, and what it costs
    gemini-images draw                    draw it
    gemini-images draw fox --takes 3      three drawings of one picture
    gemini-images pick fox 2              show the second
    """


_config_file = click.option(
    "-f", "--config-file", type=click.Path(dir_okay=False, path_type=Path), multiple=True,
    help="The site's mkdocs.yml; without it, the one in this folder. Several share a stock.",
)  # fmt: skip


@main.command()
@_config_file
@click.option("--json", "form", flag_value="json", help="Say it as JSON, for a script.")
@click.option(
    "--markdown", "form", flag_value="markdown", help="Say it as Markdown, for a pull request."
)
def plan(config_file: tuple[Path, ...], form: str | None) -> None:
    """Say what a build would draw and what that would cost.

    Sends nothing, writes nothing. Exits with 0 when there is nothing to draw, 1 when something
    is broken, 2 when a build would draw, 3 when it would but may not (no key, frozen, max_new,
    budget).

    \b
    gemini-images plan --markdown > comment.md
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.reports import survey
    from mkdocs_gemini_images.reports.terminal import show_table

    done = host_build.build(config_file, DryRun())
    found = survey_of(done.build)
    if form == "json":
        click.echo(survey.as_json(found))
    elif form == "markdown":
        click.echo(survey.as_markdown(found), nl=False)
    else:
        show_table(survey.as_lines(found))
        for line in survey.as_flaws(found):
            click.echo(line)
        click.echo(found.sums())
        if found.refusal and found.requests:
            click.echo(f"A build would not draw them: {found.refusal}")
    sys.exit(found.exit_code)


@main.command()
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...")
@_config_file
@click.option("-y", "--yes", is_flag=True, help="Do not ask: spend what it takes.")
@click.option("--drifted", is_flag=True, help="Draw anew what has drifted, too.")
@click.option("--takes", default=1, type=click.IntRange(1, MAX_TAKES), metavar="N",
              help="Have N drawings of each picture, to pick from.")  # fmt: skip
def draw(
    names: tuple[str, ...], config_file: tuple[Path, ...], yes: bool, drifted: bool, takes: int
) -> None:
    """Draw what is not in stock, and say the price first.

    Without a name, everything; with names, the pictures with that id, named file or page. Within
    what a build may spend (max_new, budget, a known price) it begins at once; beyond, it asks, and
    where nobody can answer it draws only with --yes. Exits with 1 when a picture is still missing.

    \b
    gemini-images draw guide/install.md
    gemini-images draw fox --takes 3
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DrawCommand

    def agree(plan: Plan) -> bool:
        return yes or not plan.refusal or _ask(plan)

    if not all(names):
        raise click.ClickException("expected an id, a named file or a page, got an empty name")
    done = host_build.build(config_file, DrawCommand(agree, frozenset(names), drifted, takes))
    known = done.build.names()
    unknown = sorted(set(names) - known)
    if unknown:
        done.say()
        fix = did_you_mean(unknown[0], sorted(known)) if known else "no page has a picture"
        raise click.ClickException(
            f"expected an id, a named file or a page, got {', '.join(map(quoted, unknown))}: {fix}"
        )
    done.say()
    sys.exit(1 if done.build.missing else 0)


@main.command()
@_config_file
def check(config_file: tuple[Path, ...]) -> None:
    """Say whether every picture is in stock and whole.

    Needs no key, sends nothing, writes nothing: for pre-commit and pull requests. Exits with 1 when
    a picture is missing or damaged.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun

    done = host_build.build(config_file, DryRun(thorough=True))
    done.say()
    sys.exit(1 if done.build.missing else 0)


@main.command()
@click.argument("name", metavar="ID|FILE|PAGE")
@click.argument("take", type=click.IntRange(1, 9999))
@_config_file
def pick(name: str, take: int, config_file: tuple[Path, ...]) -> None:
    """Show another take of a picture.

    Writes its number into the directive, on every page that shows the picture, and nothing else.
    Where a directive does not stand in its page literally, says what to write and exits with 1.
    Costs nothing.

    \b
    gemini-images draw fox --takes 3
    gemini-images pick fox 2
    """
    from mkdocs_gemini_images.build import by_hand
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.sources.page_edits import PageEdits
    from mkdocs_gemini_images.sources.pick_take import draft, unproven, write

    _refuse_several(config_file)
    done = host_build.build(config_file, DryRun())
    build = done.build
    images = build.gathered_images()
    image = _found(by_hand.find(images, name))
    chosen = replace(image.request, take=take)
    old, new = (_request_of(build, image, each)[0] for each in (image.request, chosen))
    _found(by_hand.lacking_take(image, take, new, build.store))
    drafts = PageEdits(done.source)
    with _said():
        left = draft(image.uses, take, drafts, braces=done.braces)
        if left is None and (texts := drafts.changed()):
            shown = host_build.build(config_file, DryRun(), texts).build.keys_by_page()
            left = unproven(image.uses, old, new, take, shown) or write(image.uses, drafts)
    if left is not None:
        where = build.locate(Notice("info", "", left.use.page, left.use.directive.source))
        raise click.ClickException(f"{where}: {left.why}")
    pages = sorted({use.page for use in image.uses})
    changed = ", ".join(page for page in pages if page in drafts.changed())
    click.echo(f"wrote take: {take} into {changed}" if changed else f"it is take {take} already")
    twins = [each for each in images if each.light is image]
    dark = [build.request_of(each, replace(each.request, after=chosen))[0] for each in twins]
    if any(not is_stocked(build.store, key) for key in dark):
        click.echo(f"its picture for dark pages is not drawn: gemini-images draw {name}")
    if image.resolved.file:
        click.echo(f"gemini-images draw {name} writes {image.resolved.file} anew")


@main.command()
@click.argument("name", metavar="ID|FILE|PAGE")
@click.argument("picture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_config_file
def adopt(name: str, picture: Path, config_file: tuple[Path, ...]) -> None:
    """Take a picture from elsewhere into stock.

    It becomes the picture of one directive, whoever drew it: a PNG, JPEG or WebP. Costs nothing.

    \b
    gemini-images adopt fox ~/fox.png
    """
    from mkdocs_gemini_images.build import by_hand
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun

    build = host_build.build(config_file, DryRun()).build
    image = _found(by_hand.find(build.images, name))
    asked = _request_of(build, image)
    with _said():
        record = _found(by_hand.adopt(image, *asked, picture.read_bytes(), build.store))
    click.echo(f"adopted {picture} as {record.file_name}")


@main.command()
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...")
@_config_file
def accept(names: tuple[str, ...], config_file: tuple[Path, ...]) -> None:
    """Keep pictures that have drifted as those of today's requests.

    Without a name, all of them. Costs nothing.
    """
    from mkdocs_gemini_images.build import by_hand
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.store.lookup import Drifted

    build = host_build.build(config_file, DryRun()).build
    found = [_found(by_hand.find(build.images, name)) for name in dict.fromkeys(names)]
    images = [each for image in found for each in by_hand.with_twin(build.images, image)]
    images = images or [image for image in build.images if isinstance(image.lookup, Drifted)]
    for image in images:
        asked = _request_of(build, image)
        with _said():
            record = _found(by_hand.accept(image, *asked, build.store))
        click.echo(f"accepted {record.file_name}")
    if not images:
        click.echo("nothing has drifted")


@main.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              default="gallery.html", show_default=True, help="The file to write.")  # fmt: skip
@click.option("--no-prompts", is_flag=True, help="Leave prompts out, to show it to others.")
@_config_file
def gallery(output: Path, no_prompts: bool, config_file: tuple[Path, ...]) -> None:
    """Write one page with every picture.

    With prompt, alt, model, price and takes of each, and the pages that show it. Sends nothing.

    \b
    gemini-images gallery -o ~/pictures.html
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.core import atomic_files
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.imaging import publisher
    from mkdocs_gemini_images.reports import gallery as page

    done = host_build.build(config_file, DryRun())
    found = survey_of(done.build)
    stock = done.build.store
    records = list(stock.records())
    folder = os.path.relpath(stock.folder, output.absolute().parent)
    listed = page.cards(found, records, publisher.thumbnails(records, stock), folder=folder)
    html = page.render(listed, title="Pictures", prompts=not no_prompts, spent=found.spent)
    atomic_files.write(output, html.encode())
    click.echo(f"wrote {output} with {counted(len(listed), 'picture')}")


@main.command()
@click.option("--delete", is_flag=True, help="Delete them.")
@click.option("--force", is_flag=True, help="Delete also what Git does not have.")
@_config_file
def prune(delete: bool, force: bool, config_file: tuple[Path, ...]) -> None:
    """List the pictures in stock that no page shows, or delete them.

    Deletes nothing without --delete, and nothing that Git does not have without --force.
    """
    from mkdocs_gemini_images.build import by_hand
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.store.folder import FolderStore

    done = host_build.build(config_file, DryRun())
    build = done.build
    if not isinstance(build.store, FolderStore):
        raise click.ClickException("expected a stock in a folder, got a bucket: it is not pruned")
    orphans = build.orphans()
    if done.unseen:
        click.echo(f"not looked at: {', '.join(done.unseen)}", err=True)
    if not delete:
        for record in orphans:
            click.echo(
                f"{record.file_name}  {single_line(str(record.request.get('text', '')))}"[:120]
            )
        noun = "picture is" if len(orphans) == 1 else "pictures are"
        then = "; --delete deletes them" if orphans else ""
        click.echo(f"{len(orphans)} {noun} shown by no page{then}")
        return
    if broken := [
        each for each in build.notices if each.level == "warning" and each.kind == "broken"
    ]:
        # A directive in error shows nothing, and its picture would be taken for an orphan.
        raise click.ClickException(
            f"{build.locate(broken[0])}: {broken[0].text}; nothing was deleted, since a picture may "
            "be missed for this alone"
        )
    with _said():
        deleted, kept = by_hand.prune(orphans, build.store, force=force, in_git=by_hand.is_in_git)
    click.echo(f"{len(deleted)} deleted, {len(kept)} kept because git does not have them")


@main.command()
@click.option("--write", is_flag=True, help="Do it.")
@click.option(
    "-o",
    "--output",
    default="images",
    show_default=True,
    metavar="FOLDER",
    help="Where in the docs folder pictures go.",
)
@_config_file
def eject(write: bool, output: str, config_file: tuple[Path, ...]) -> None:
    """Put ordinary images in place of directives: the way out.

    The pictures go into the docs folder as they were drawn. Without --write, only says what it
    would do. What is not in stock, and what does not stand in a page literally, is listed and left
    as it is; then it exits with 1. Costs nothing.

    \b
    gemini-images eject
    gemini-images eject --write
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.sources import eject as way_out
    from mkdocs_gemini_images.sources.page_edits import PageEdits

    _refuse_several(config_file)
    done = host_build.build(config_file, DryRun())
    build = done.build
    if build.settings.server.emulated:
        raise click.ClickException(
            "expected pictures to keep, got the emulator's stand-ins: they stay out of your pages"
        )
    with _said():
        drafts = PageEdits(done.source)
        found = way_out.prepare(
            build,
            drafts,
            output,
            publishes=done.publishes,
            braces=done.braces,
            fragments=done.fragments,
        )
        way_out.verify(
            found,
            build,
            lambda texts: host_build.build(config_file, DryRun(), texts).build,
        )
        docs = build.settings.docs
        for does, what in found.told(lambda place: build.locate(Notice("info", "", *place)), docs):
            click.echo(f"{does:5}  {single_line(what)}")
        if write:
            wrong = way_out.write(found, build)
            build.close()
            if wrong is not None:
                raise click.ClickException(str(wrong))
    click.echo(found.sums(written=write))
    if write and not found.left:
        click.echo("now take gemini-images out of plugins: in mkdocs.yml")
    sys.exit(1 if found.left else 0)


@main.command()
@_config_file
def doctor(config_file: tuple[Path, ...]) -> None:
    """Look the set-up over.

    Looks at key, server, model, stock, write access and versions, and asks the server for its list
    of models, which is free. Exits with 1 when something is bad.
    """
    from datetime import UTC, datetime

    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.gemini.client import list_models
    from mkdocs_gemini_images.gemini.failures import RequestFailed
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.reports.doctor import examine, listed_models

    build = host_build.build(config_file, DryRun()).build
    server = build.settings.server
    served: list[str] | str = []
    if server.key and not server.emulated:
        try:
            served = listed_models(list_models(server))
        except RequestFailed as error:
            served = error.failure.what
    bad = False
    marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
    for finding in examine(build.settings, build.store, served, datetime.now(UTC).date()):
        click.echo(f"{marks[finding.state]}  {finding.text}")
        bad = bad or finding.state == "bad"
    sys.exit(1 if bad else 0)


@main.command()
@_config_file
def sync(config_file: tuple[Path, ...]) -> None:
    """Put pictures that wait on this machine into the bucket.

    Only for a stock in a bucket. Exits with 1 when some still wait.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.store.bucket import BucketStore

    stock = host_build.build(config_file, DryRun()).build.store
    if not isinstance(stock, BucketStore):
        raise click.ClickException(
            "expected stock: s3://... or another bucket, got a folder: commit it instead"
        )
    done = stock.sync()
    click.echo(f"{done.pushed} pushed, {done.yielded} yielded to another's, {done.waiting} waiting")
    if done.trouble is not None:
        raise click.ClickException(str(done.trouble))


@main.command()
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535),
              help="The port to listen on; 0 takes any free one.")  # fmt: skip
@click.option("--gateway", is_flag=True, help="Answer like a Bearer gateway, not like Google.")
@click.option("--scenario", multiple=True, metavar="NAME[*N]",
              help="Answer the next N requests like this; see --scenarios.")  # fmt: skip
@click.option("--latency", default=0.0, metavar="SECONDS", help="Wait so long before each answer.")
@click.option("--scenarios", "listing", is_flag=True, help="List the scenarios.")
def emulator(
    port: int, gateway: bool, scenario: tuple[str, ...], latency: float, listing: bool
) -> None:
    """Serve a stand-in for Gemini's image API on this machine.

    Needs no key, costs nothing. A site is pointed at it with base_url: http://127.0.0.1:8787; a
    site that only wants stand-in drawings writes base_url: emulator and needs no server.

    \b
    gemini-images emulator --scenario 'overloaded*2' --scenario ok
    """
    try:
        from mkdocs_gemini_images.emulator import serve
        from mkdocs_gemini_images.emulator.scenarios import SCENARIOS

        if listing:
            for name, each in SCENARIOS.items():
                click.echo(f"{name:24} {each.happens}")
            return
        serve(port=port, gateway=gateway, scenario=scenario, latency=latency)
    except ImportError as error:
        needed = "pip install 'mkdocs-gemini-images[emulator]'"
        raise click.ClickException(f"the emulator needs {needed} ({error})") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _refuse_several(config_files: tuple[Path, ...]) -> None:
    """Write pages of one configuration at a time: two may have pages of the same name."""
    if len(config_files) > 1:
        raise click.ClickException("expected one -f, since pages are written, got several")


def _found(value: T | Diagnostic) -> T:
    """Give a value, or end with what is wrong."""
    if isinstance(value, Diagnostic):
        raise click.ClickException(str(value))
    return value


def _request_of(
    build: SiteGroup, image: SiteImage, request: ImageRequest | None = None
) -> tuple[str, dict[str, Any]]:
    """Give a picture's key and request, or end with why it has none."""
    damage = image.lookup.damage if isinstance(image.lookup, Missing) else ""
    if damage:
        raise click.ClickException(damage)
    return build.request_of(image, request)


@contextmanager
def _said() -> Iterator[None]:
    """End with what is wrong with a file or a folder, in one line."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"expected to read and write there, got {error}") from error


def _ask(plan: Plan) -> bool:
    """Ask a person; where there is none, nothing is spent."""
    from mkdocs_gemini_images.reports.terminal import price_of

    pictures = counted(len(plan.needs), "picture")
    question = f"Draw {pictures} with {plan.models}, {price_of(plan)}, though {plan.refusal}?"
    if not sys.stdin.isatty():
        click.echo(f"{question} Nobody is there to answer; --yes draws without asking.", err=True)
        return False
    return click.confirm(question, default=False, err=True)
