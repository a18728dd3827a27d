"""`gemini-images eject`: put ordinary images in place of directives.

In: a dry run of the site's build. Out: what would be written and what would be left; with
`--write`, picture files in the docs folder and pages with the images. Sends nothing.
"""

import sys
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import (
    click_errors,
    config_file_option,
    require_one_configuration,
    say,
)
from mkdocs_gemini_images.core.diagnostics import single_line


@click.command("eject")
@click.option("--write", is_flag=True, help="Make the changes.")
@click.option("-o", "--output", default="images", show_default=True, metavar="FOLDER",
              help="Where in the docs folder pictures go.")  # fmt: skip
@config_file_option
def eject_command(write: bool, output: str, config_file: tuple[Path, ...]) -> None:
    """Replace directives with ordinary images.

    For a site that no longer uses the plugin. The pictures go into the docs folder as they were
    drawn. Without --write, the command only shows what it would do. It lists what it leaves: a
    picture that is not in stock, and a directive that is not in a page's own file. Then it exits
    with 1. Costs nothing.

    \b
    gemini-images eject
    gemini-images eject --write
    """
    from mkdocs_gemini_images.build.messages.notices import Notice
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
    from mkdocs_gemini_images.sources.ejected_files import EjectedFiles
    from mkdocs_gemini_images.sources.ejection import (
        Ejection,
        prepare_ejection,
        verify_ejection,
        write_ejection,
    )

    require_one_configuration(config_file)
    done = host_build.build(config_file, DryRun())
    build = done.group
    if build.settings.server.emulated:
        raise click.ClickException(
            "the emulator's pictures are stand-ins: they stay out of your pages"
        )
    with click_errors():
        files = EjectedFiles(build, output, done.publishes)
        ejection = Ejection(PageEdits(done.source), files, done.braces)
        prepare_ejection(build, ejection, fragments=done.fragments)
        verify_ejection(
            ejection,
            build,
            lambda texts: host_build.build(config_file, DryRun(), texts).group,
        )
        docs = build.settings.docs
        listed = ejection.actions(lambda place: build.locate(Notice("info", "", *place)), docs)
        for action, what in listed:
            say(f"{action:5}  {single_line(what)}")
        if write:
            try:
                write_ejection(ejection)
            finally:
                build.close()
    say(ejection.summary(written=write))
    if write and not ejection.left:
        say(f"now take {done.entry}")
    sys.exit(1 if ejection.left else 0)
