"""`gemini-images plan`: what a build would draw, and what that would cost.

In: a dry run of the site's build. Out: its survey as a table, JSON or Markdown on the standard
output, or in a file, and an exit code that says what a build would do. Sends nothing.
"""

import sys
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, output_into, say
from mkdocs_gemini_images.cli.reports.plan_file import write_plan
from mkdocs_gemini_images.core.garbage_collection import rare_collections


@click.command("plan")
@config_file_option
@click.option("--json", "form", flag_value="json", help="Print JSON, for a script.")
@click.option(
    "--markdown", "form", flag_value="markdown", help="Print Markdown, for a pull request."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the output to a file, as UTF-8.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write what would be drawn to a file, for draw --plan.")  # fmt: skip
@rare_collections()
def plan_command(
    config_file: tuple[Path, ...], form: str | None, output: Path | None, out: Path | None
) -> None:
    """Say what a build would draw and what that would cost.

    Sends nothing, and writes only the files that you name. Exits with 0 when there is nothing to
    draw, 1 when something is broken, 2 when a build would draw, and 3 when a build would draw but
    is not allowed to (no key, frozen, max_new, budget).

    \b
    gemini-images plan --markdown -o comment.md
    gemini-images plan --out plan.json
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.reports import survey as report
    from mkdocs_gemini_images.reports.site_survey import survey_of
    from mkdocs_gemini_images.reports.terminal import show_table

    group = host_build.build(config_file, DryRun()).group
    survey = survey_of(group)
    if out is not None:
        write_plan(group, out)
    with output_into(output):
        if form == "json":
            click.echo(report.survey_json(survey))
        elif form == "markdown":
            click.echo(report.survey_markdown(survey), nl=False)
        else:
            show_table(report.survey_lines(survey))
            for line in report.survey_flaws(survey):
                say(line)
            say(survey.sums())
            if survey.refusal and survey.requests:
                say(f"A build would not draw them: {survey.refusal}")
    sys.exit(survey.exit_code)
