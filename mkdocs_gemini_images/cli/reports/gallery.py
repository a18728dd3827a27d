"""`gemini-images gallery`: one HTML page with every picture of a site.

In: a dry run of the site's build, and its stock. Out: one HTML file that holds a thumbnail of each
picture. Sends nothing.
"""

from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, say
from mkdocs_gemini_images.core.diagnostics import counted


@click.command("gallery")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              default="gallery.html", show_default=True, help="The file to write.")  # fmt: skip
@click.option("--no-prompts", is_flag=True, help="Leave prompts out, for other people.")
@config_file_option
def gallery_command(output: Path, no_prompts: bool, config_file: tuple[Path, ...]) -> None:
    """Write one page with every picture.

    The page has the prompt, alt, model, price and takes of each picture, and the pages that show
    it. Sends nothing.

    \b
    gemini-images gallery -o ~/pictures.html
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.core.files import atomic_files
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
    from mkdocs_gemini_images.imaging.thumbnails import thumbnails
    from mkdocs_gemini_images.reports.contact_sheet import (
        file_address,
        gallery_cards,
        render_gallery,
    )
    from mkdocs_gemini_images.reports.site_survey import survey_of

    build = host_build.build(config_file, DryRun()).group
    survey, records = survey_of(build), list(build.store.records())
    beside = output.absolute().parent
    cache = VariantCache(build.settings.cache / "variants", say)
    small = thumbnails(records, build.store, cache=cache)
    cards = gallery_cards(
        survey, records, small,
        original=lambda record: file_address(build.store.path(record), beside),
    )  # fmt: skip
    pieces = render_gallery(cards, title="Pictures", prompts=not no_prompts, spent=survey.spent)
    with atomic_files.writing(output) as file:
        file.writelines(piece.encode() for piece in pieces)
    say(f"wrote {output} with {counted(len(cards), 'picture')}")
