"""`gemini-images check`: whether every picture is in stock and undamaged.

In: a dry run of the site's build that reads every picture of the stock. Out: the build's messages
on the standard error, and an exit code. Sends and writes nothing.
"""

import sys
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, say
from mkdocs_gemini_images.core.garbage_collection import rare_collections


@click.command("check")
@config_file_option
@rare_collections()
def check_command(config_file: tuple[Path, ...]) -> None:
    """Say whether every picture is in stock and undamaged.

    Needs no key, sends nothing, writes nothing: for pre-commit and pull requests. Exits with 1 when
    a picture is missing or damaged.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.reports.doctor.portability import changed_line_ends

    done = host_build.build(config_file, DryRun(thorough=True))
    done.say()
    settings = done.group.settings
    damaging = None if settings.bucket else changed_line_ends(settings.stock)
    if damaging is not None:
        say(f"WARNING {damaging}", err=True)
    sys.exit(1 if done.group.missing else 0)
