"""`gemini-images review`: what a change does to the pictures of a site.

In: a dry run of the site's build, one of the site as it was at a commit, and the stock of both.
Out: a table or JSON on the standard output, files for a pull request, and an exit code. Sends
nothing.
"""

import os
import sys
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import click_errors, config_file_option, say

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("review")
@click.option(
    "--base",
    metavar="REF",
    default="",
    help="The revision to compare with; without it, where the branch began.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for a script.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write Markdown, for a pull request.")
@click.option(
    "--html",
    type=_FILE,
    metavar="FILE",
    help="Write a page with a slider between before and after.",
)
@click.option("--sheet", type=_FILE, metavar="FILE", help="Write one PNG with the pictures.")
@click.option(
    "--repository",
    metavar="URL",
    default="",
    help="The repository that links lead to; without it, the job's or the remote's.",
)
@config_file_option  # fmt: skip
def review_command(
    base: str,
    as_json: bool,
    markdown: Path | None,
    html: Path | None,
    sheet: Path | None,
    repository: str,
    config_file: tuple[Path, ...],
) -> None:
    """Show the pictures that a branch changes, before and after.

    Compares the site in this folder with the commit where its branch began. Needs Git and no key,
    sends nothing. Exits with 0 when no picture has changed, 1 when something is broken, 3 when
    pictures have changed.

    \b
    gemini-images review --base origin/main --html review.html
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.reports.review.output import review_json
    from mkdocs_gemini_images.reports.review.output.review_files import write_files
    from mkdocs_gemini_images.reports.review.site_review import base_site
    from mkdocs_gemini_images.reports.terminal import show_table

    with click_errors(), base_site(config_file, base, os.environ) as site:
        group = host_build.build(config_file, DryRun()).group
        compared = site.compare(group, repository, os.environ)
        review = compared.review
        if as_json:
            click.echo(review_json.review_json(review, compared.before, compared.after))
        else:
            show_table(review_json.review_lines(review))
            for note in review.notes:
                say(note)
            say(f"{review.sums()}, compared with {review.base}")
        for file in write_files(compared, markdown=markdown, html=html, sheet=sheet):
            say(f"wrote {file}", err=True)
    sys.exit(review.exit_code)
