"""`gemini-images pick`: show another take of a picture on every page that shows the picture.

In: the name of a picture, and the number of a take in stock. Out: what `picking.pick` has written,
or what to write by hand.
"""

from pathlib import Path

import click

from mkdocs_gemini_images.cli.completion import complete_names
from mkdocs_gemini_images.cli.conventions import (
    NumberUpTo,
    config_file_option,
    require_one_configuration,
    say,
)


@click.command("pick")
@click.argument("name", metavar="ID|FILE|PAGE", shell_complete=complete_names)
@click.argument("take", type=NumberUpTo(1, 9999))
@config_file_option
def pick_command(name: str, take: int, config_file: tuple[Path, ...]) -> None:
    """Show another take of a picture.

    Writes the take's number into the directive, on every page that shows the picture, and changes
    nothing else. With page:line, it changes only the directive there. For a directive that is not
    in a file of the site, it prints what to write, and exits with 1. Costs nothing.

    \b
    gemini-images draw fox --takes 3
    gemini-images pick fox 2
    gemini-images pick docs/index.md:12 2
    """
    from mkdocs_gemini_images.cli.pages.picking import pick

    require_one_configuration(config_file)
    for line in pick(config_file, name, take):
        say(line)
