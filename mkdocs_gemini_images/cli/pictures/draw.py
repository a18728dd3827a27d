"""`gemini-images draw`: draw what is missing, after a question where a limit would be passed.

In: names of pictures, and a build of the site that may spend. Out: pictures in stock, named files
in the docs folder, the build's messages on the standard error, and an exit code. The only command
that spends money.
"""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from mkdocs_gemini_images.cli.completion import complete_names
from mkdocs_gemini_images.cli.conventions import NumberUpTo, config_file_option, say
from mkdocs_gemini_images.cli.pictures.batch_wait import collecting, wait_for_batches
from mkdocs_gemini_images.cli.reports.plan_file import read_plan_file, say_differences, say_revision
from mkdocs_gemini_images.config.limits import MAX_TAKES

if TYPE_CHECKING:
    from mkdocs_gemini_images.requests.planning import Plan


class Chosen(TypedDict):
    """What the options of the command say about how pictures are drawn."""

    drifted: bool
    takes: int
    plan_file: Path | None
    batch: bool
    wait: bool


@click.command("draw")
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...", shell_complete=complete_names)
@config_file_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask: spend what it costs.")
@click.option("--drifted", is_flag=True, help="Also draw again what has drifted.")
@click.option("--takes", default=1, type=NumberUpTo(1, MAX_TAKES), metavar="N",
              help="Draw until each picture has N takes.")  # fmt: skip
@click.option("--plan", "plan_file", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE", help="Draw exactly this plan of plan --out.")  # fmt: skip
@click.option("--batch", is_flag=True, help="Order at half the price, within a day.")
@click.option("--wait", is_flag=True, help="With --batch: wait for all results.")
def draw_command(
    names: tuple[str, ...], config_file: tuple[Path, ...], yes: bool, **chosen: Unpack[Chosen]
) -> None:
    """Draw missing pictures, and print the price first.

    Without names, it draws all of them; with names, those with that id, named file or page. Within
    what a build may spend (max_new, budget, a known price) it draws at once. Beyond that it asks,
    and without a terminal it draws only with --yes. Exits with 1 when a picture is still missing.

    With --plan it draws exactly what a person has approved. If anything differs, it sends nothing
    and exits with 3.

    With --batch it orders the pictures and ends; the next draw, with or without --batch, collects
    those that are finished.

    \b
    gemini-images draw guide/install.md
    gemini-images draw fox --takes 3
    gemini-images draw --batch
    """
    from mkdocs_gemini_images.build.whole_site.unknown_names import unknown_names_error
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DrawCommand

    declined: list[Plan] = []

    def agree(plan: "Plan") -> bool:
        if yes or not plan.refusal or ask_to_spend(plan, batch=chosen["batch"]):
            return True
        declined.append(plan)
        return False

    if not all(names):
        raise click.ClickException("a name is empty: write an id, a named file or page")
    drifted, takes, plan_file = chosen["drifted"], chosen["takes"], chosen["plan_file"]
    if chosen["wait"] and not chosen["batch"]:
        raise click.ClickException("--wait goes with --batch: without it, draw always waits")
    if plan_file is not None and (names or yes or drifted or takes > 1):
        fix = "leave out names, -y, --drifted and --takes"
        raise click.ClickException(f"--plan says what is drawn: {fix}")
    approved = None if plan_file is None else read_plan_file(plan_file)
    command = DrawCommand(
        agree, frozenset(names), drifted, takes, approved=approved, batch=chosen["batch"]
    )
    try:
        done = host_build.build(config_file, command)
        if chosen["wait"]:
            later = collecting(command)
            done = wait_for_batches(done, lambda: host_build.build(config_file, later))
    except (KeyboardInterrupt, click.Abort):  # an answer to the question is aborted, too
        again = shlex.join(["gemini-images", "draw", *arguments_of(click.get_current_context())])
        say(f"stopped: the pictures drawn so far are kept; {again} continues", err=True)
        raise
    if approved is not None:
        say_revision(approved, done.group.settings.root)
    if done.group.consent.otherwise:
        say_differences(done.group.consent.otherwise)
        sys.exit(3)
    if declined and sys.stdin.isatty():
        say("nothing is drawn", err=True)  # the person has read why
        sys.exit(1)
    done.say()
    if unknown := done.group.unknown:
        raise unknown_names_error(unknown, done.group)
    sys.exit(1 if done.group.missing else 0)


def arguments_of(context: click.Context) -> list[str]:
    """Return the arguments with which a command was called, to call it once more."""
    given = context.params
    files = [each for file in given["config_file"] for each in ("-f", str(file))]
    flags = [f"--{name}" for name in ("yes", "drifted", "batch", "wait") if given[name]]
    takes = ["--takes", str(given["takes"])] if given["takes"] != 1 else []
    plan = [] if given["plan_file"] is None else ["--plan", str(given["plan_file"])]
    return [*files, *flags, *takes, *plan, *given["names"]]


def ask_to_spend(plan: "Plan", *, batch: bool = False) -> bool:
    """Return whether the person at the terminal agrees to a plan that passes a limit.

    False where the standard input is no terminal: then there is no person to answer.
    """
    what = f"{'Order in batch' if batch else 'Draw'} {plan.amount} with {plan.models}"
    question = f"{what}, {plan.price_text}, though {plan.refusal}?"
    if not sys.stdin.isatty():
        say(f"{question} There is no terminal to ask on; --yes draws without asking.", err=True)
        return False
    return click.confirm(question, default=False, err=True)
