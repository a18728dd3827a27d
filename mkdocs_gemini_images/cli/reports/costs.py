"""`gemini-images costs`: what the pictures in stock have cost, and for what.

In: a dry run of the site's build, and the sidecars of its stock. Out: a table, JSON or CSV on the
standard output. Needs no key; sends and writes nothing.
"""

from datetime import date
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, say
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.core.garbage_collection import rare_collections


class _Day(click.ParamType):  # type: ignore[type-arg]
    """A day in the calendar, as ISO 8601 writes it."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the day as text, or end the command with one line."""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.fail(f"must be a day such as 2026-11-28 (you wrote {value!r})", param, ctx)


@click.command("costs")
@config_file_option
@click.option("--since", type=_Day(), metavar="DATE", default=None,
              help="Count from this day on, such as 2026-11-01.")  # fmt: skip
@click.option("--by", type=click.Choice(["model", "page", "month"]), default="model",
              show_default=True, help="What each row adds up.")  # fmt: skip
@click.option("--json", "form", flag_value="json", help="Print JSON, for a script.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, for a spreadsheet.")
@rare_collections()
def costs_command(
    config_file: tuple[Path, ...], since: str | None, by: str, form: str | None
) -> None:
    """Add up what the pictures in stock have cost.

    Adds up what was billed, and what was quoted before. Pictures that no page shows are a row of
    their own. Needs no key, and sends nothing.

    \b
    gemini-images costs --by month --since 2026-11-01
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.reports import costs as report
    from mkdocs_gemini_images.reports.site_costs import pages_by_key
    from mkdocs_gemini_images.reports.terminal import show_costs

    group = host_build.build(config_file, DryRun()).group
    kind = next(each for each in report.BY if each == by)
    found = report.costs_of(group.store.records(), pages_by_key(group), kind, since or "")
    if form == "json":
        click.echo(report.costs_json(found))
    elif form == "csv":
        click.echo(report.costs_csv(found), nl=False)
    else:
        show_costs(report.cost_lines(found), by)
        for note in report.cost_notes(found):
            say(f"  {note}")
        say("Bills without a picture are not included; gemini-images doctor lists them.")
        say("Neither are proposed alts: gemini-images alt says their price before it asks.")
        if unread := sum(1 for _ in group.store.faults()):
            files = counted(unread, "file")
            say(f"{files} in the stock cannot be read, and so not counted; doctor says which.")
