"""The command line: `gemini-images plan`, `draw`, `check` and the rest.

What a build would draw is found by running the host's own build up to the barrier, into a folder
that is thrown away: hooks, macros and includes decide what is on a page, and guessing never does.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.complaint import Complaint, did_you_mean
from mkdocs_gemini_images.holding import Missing
from mkdocs_gemini_images.pipeline import MOST_TAKES
from mkdocs_gemini_images.plan import Plan
from mkdocs_gemini_images.post import Post
from mkdocs_gemini_images.sites import Sites

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gemini-images")
def main() -> None:
    """Pictures described in Markdown, drawn once with Gemini, owned for ever."""


_config_file = click.option(
    "-f", "--config-file", type=click.Path(path_type=Path), multiple=True,
    help="The site's mkdocs.yml, by default the one in this folder; several that share a stock.",
)  # fmt: skip


@main.command()
@click.argument("names", nargs=-1, metavar="[ID|PAGE]...")
@_config_file
@click.option("-y", "--yes", is_flag=True, help="Spend without asking.")
@click.option("--drifted", is_flag=True, help="Draw what has drifted anew as well.")
@click.option("--takes", default=1, type=click.IntRange(1, MOST_TAKES), metavar="N",
              help="Have N drawings of each picture, to pick from with take: n.")  # fmt: skip
def draw(
    names: tuple[str, ...], config_file: tuple[Path, ...], yes: bool, drifted: bool, takes: int
) -> None:
    """Draw what a build would draw, asking before money is spent.

    Without a name, all pictures that are not in stock; with names, those with that id or on that
    page (such as guide/install.md). The pictures go into the stock, to be committed.
    """
    from mkdocs_gemini_images import host
    from mkdocs_gemini_images.purchase import Order

    def agree(plan: Plan) -> bool:
        return yes or _ask(plan)

    if not all(names):
        raise click.ClickException("expected an id or a page with a picture, got an empty name")
    done = host.build(config_file, Order(agree, frozenset(names), drifted, takes))
    known = done.build.names()
    unknown = sorted(set(names) - known)
    if unknown:
        done.say()
        fix = did_you_mean(unknown[0], sorted(known)) if known else "no page has a picture"
        raise click.ClickException(
            f"expected an id or a page with a picture, got {', '.join(unknown)}: {fix}"
        )
    done.say()
    sys.exit(1 if done.build.missing else 0)


@main.command()
@_config_file
def check(config_file: tuple[Path, ...]) -> None:
    """Say whether every picture is in stock and whole; exit with 1 if one is not.

    Needs no key and no network, draws nothing and writes nothing: for pre-commit and pull requests.
    """
    from mkdocs_gemini_images import host
    from mkdocs_gemini_images.pipeline import Look

    done = host.build(config_file, Look(closely=True))
    done.say()
    sys.exit(1 if done.build.missing else 0)


@main.command()
@_config_file
@click.option("--json", "form", flag_value="json", help="Write it for a script.")
@click.option("--markdown", "form", flag_value="markdown", help="Write it for a pull request.")
def plan(config_file: tuple[Path, ...], form: str | None) -> None:
    """Say what a build would draw and what that would cost; send nothing.

    Exits with 0 when there is nothing to draw, 2 when a build would draw, 3 when it would but may
    not (no key, frozen, max_new, budget), 1 when something is broken.
    """
    from mkdocs_gemini_images import host, survey
    from mkdocs_gemini_images.pipeline import Look
    from mkdocs_gemini_images.progress import show_table

    done = host.build(config_file, Look())
    found = done.build.survey()
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
@click.argument("name", metavar="ID|FILE|PAGE")
@click.argument("picture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_config_file
def adopt(name: str, picture: Path, config_file: tuple[Path, ...]) -> None:
    """Take a picture that was drawn by hand or elsewhere into stock, for one directive.

    It is kept under the same rules as a drawn one: its key is the directive's, for ever.
    """
    from mkdocs_gemini_images import byhand, host
    from mkdocs_gemini_images.pipeline import Look

    build = host.build(config_file, Look()).build
    post = _found(byhand.find(build.posts, name))
    asked = _request_of(build, post)
    with _said():
        record = _found(byhand.adopt(post, *asked, picture.read_bytes(), build.stock))
    click.echo(f"adopted {picture} as {record.file_name}")


@main.command()
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...")
@_config_file
def accept(names: tuple[str, ...], config_file: tuple[Path, ...]) -> None:
    """Keep pictures that have drifted, as the pictures of today's requests; without names, all."""
    from mkdocs_gemini_images import byhand, host
    from mkdocs_gemini_images.holding import Drifted
    from mkdocs_gemini_images.pipeline import Look

    build = host.build(config_file, Look()).build
    found = [_found(byhand.find(build.posts, name)) for name in dict.fromkeys(names)]
    posts = [each for post in found for each in byhand.with_twin(build.posts, post)]
    posts = posts or [post for post in build.posts if isinstance(post.held, Drifted)]
    for post in posts:
        asked = _request_of(build, post)
        with _said():
            record = _found(byhand.accept(post, *asked, build.stock))
        click.echo(f"accepted {record.file_name}")
    if not posts:
        click.echo("nothing has drifted")


@main.command()
@click.option("--delete", is_flag=True, help="Delete them; without it, they are only listed.")
@click.option("--force", is_flag=True, help="Also those that git does not have.")
@_config_file
def prune(delete: bool, force: bool, config_file: tuple[Path, ...]) -> None:
    """List pictures in stock that no page shows, or delete those that git has."""
    from mkdocs_gemini_images import byhand, host
    from mkdocs_gemini_images.pipeline import Look
    from mkdocs_gemini_images.stock import Stock
    from mkdocs_gemini_images.survey import plain

    done = host.build(config_file, Look())
    build = done.build
    if not isinstance(build.stock, Stock):
        raise click.ClickException("expected a stock in a folder, got a bucket: it is not pruned")
    orphans = build.orphans()
    if done.unseen:
        click.echo(f"not looked at: {', '.join(done.unseen)}", err=True)
    if not delete:
        for record in orphans:
            click.echo(f"{record.file_name}  {plain(str(record.request.get('text', '')))}"[:120])
        noun = "picture is" if len(orphans) == 1 else "pictures are"
        click.echo(f"{len(orphans)} {noun} shown by no page; --delete deletes them")
        return
    if broken := [
        each for each in build.notices if each.level == "warning" and each.kind == "broken"
    ]:
        # A directive in error shows nothing, and its picture would be taken for an orphan.
        raise click.ClickException(
            f"{build.place(broken[0])}: {broken[0].text}; nothing was deleted, since a picture may "
            "be missed for this alone"
        )
    with _said():
        deleted, kept = byhand.prune(orphans, build.stock, force=force, in_git=byhand.is_in_git)
    click.echo(f"{len(deleted)} deleted, {len(kept)} kept because git does not have them")


@main.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              default="gallery.html", show_default=True, help="Where to write it.")  # fmt: skip
@click.option("--no-prompts", is_flag=True, help="Leave prompts out, for showing it to others.")
@_config_file
def gallery(output: Path, no_prompts: bool, config_file: tuple[Path, ...]) -> None:
    """Write one page with every picture: prompt, alt, model, price, takes, where it is used."""
    from mkdocs_gemini_images import durable, host, publish
    from mkdocs_gemini_images import gallery as page
    from mkdocs_gemini_images.pipeline import Look

    done = host.build(config_file, Look())
    found = done.build.survey()
    stock = done.build.stock
    records = list(stock.records())
    folder = os.path.relpath(stock.folder, output.absolute().parent)
    listed = page.cards(found, records, publish.thumbnails(records, stock), folder=folder)
    html = page.render(listed, title="Pictures", prompts=not no_prompts, spent=found.spent)
    durable.write(output, html.encode())
    click.echo(f"wrote {output} with {len(listed)} pictures")


@main.command()
@_config_file
def doctor(config_file: tuple[Path, ...]) -> None:
    """Look the set-up over: key, server, model and its end, stock, write access, versions."""
    from datetime import UTC, datetime

    from mkdocs_gemini_images import host
    from mkdocs_gemini_images.doctor import examine, listed_models
    from mkdocs_gemini_images.gemini import list_models
    from mkdocs_gemini_images.pipeline import Look

    build = host.build(config_file, Look()).build
    server = build.settings.server
    served: list[str] | str = []
    if server.key and not server.emulated:
        answer = list_models(server)
        served = answer if isinstance(answer, str) else listed_models(answer)
    bad = False
    marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
    for finding in examine(build.settings, build.stock, served, datetime.now(UTC).date()):
        click.echo(f"{marks[finding.state]}  {finding.text}")
        bad = bad or finding.state == "bad"
    sys.exit(1 if bad else 0)


@main.command()
@_config_file
def sync(config_file: tuple[Path, ...]) -> None:
    """Put pictures that wait on this machine into the bucket that the stock lives in."""
    from mkdocs_gemini_images import host
    from mkdocs_gemini_images.bucket import BucketStock
    from mkdocs_gemini_images.pipeline import Look

    stock = host.build(config_file, Look()).build.stock
    if not isinstance(stock, BucketStock):
        raise click.ClickException(
            "expected stock: s3://... or another bucket, got a folder: commit it instead"
        )
    done = stock.sync()
    click.echo(f"{done.pushed} pushed, {done.yielded} yielded to another's, {done.waiting} waiting")
    if done.trouble is not None:
        raise click.ClickException(str(done.trouble))


@main.command()
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535))
@click.option("--gateway", is_flag=True, help="Answer like a Bearer gateway, not like Google.")
@click.option("--scenario", multiple=True, metavar="NAME[*N]",
              help="What to answer, request by request; see --scenarios.")  # fmt: skip
@click.option("--latency", default=0.0, metavar="SECONDS", help="Wait before each answer.")
@click.option("--scenarios", "listing", is_flag=True, help="List the scenarios and end.")
def emulator(
    port: int, gateway: bool, scenario: tuple[str, ...], latency: float, listing: bool
) -> None:
    """Serve a stand-in for Gemini's image API on this machine: no key, no cost.

    Point a site at it with `base_url: http://127.0.0.1:8787`. A site that only wants drawings
    without a server writes `base_url: emulator`.
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


def _found(value: T | Complaint) -> T:
    """Give a value, or end with what is wrong."""
    if isinstance(value, Complaint):
        raise click.ClickException(str(value))
    return value


def _request_of(build: Sites, post: Post) -> tuple[str, dict[str, Any]]:
    """Give a picture's key and request, or end with why it has none."""
    damage = post.held.damage if isinstance(post.held, Missing) else ""
    if damage:
        raise click.ClickException(damage)
    return build.request_of(post)


@contextmanager
def _said() -> Iterator[None]:
    """End with what is wrong with a file or a folder, in one line."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"expected to read and write there, got {error}") from error


def _ask(plan: Plan) -> bool:
    """Ask a person; where there is none, nothing is spent."""
    from mkdocs_gemini_images.progress import price_of

    count = len(plan.needs)
    noun = "picture" if count == 1 else "pictures"
    question = f"Draw {count} {noun} with {plan.models}, {price_of(plan)}?"
    if not sys.stdin.isatty():
        click.echo(f"{question} Nobody is there to answer; --yes draws without asking.", err=True)
        return False
    return click.confirm(question, default=False, err=True)
