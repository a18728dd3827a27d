"""`gemini-images pick`: show another take of a picture on every page that shows the picture.

In: the name of a picture, the number of a take in stock, and a dry run of the site's build. Out:
the option `take` in the sources of the pages, all of them or none, or what to write by hand. A
second dry run reads the drafts before they are written, to prove that they change the picture.
"""

from dataclasses import replace
from pathlib import Path

import click

from mkdocs_gemini_images.cli.completion import complete_names
from mkdocs_gemini_images.cli.conventions import (
    NumberUpTo,
    click_errors,
    config_file_option,
    request_of,
    require_one_configuration,
    say,
    shown_from,
)
from mkdocs_gemini_images.core.diagnostics import quoted


@click.command("pick")
@click.argument("name", metavar="ID|FILE|PAGE", shell_complete=complete_names)
@click.argument("take", type=NumberUpTo(1, 9999))
@config_file_option
def pick_command(name: str, take: int, config_file: tuple[Path, ...]) -> None:
    """Show another take of a picture.

    Writes its number into the directive, on every page that shows the picture, and nothing else;
    named by its place, page:line, into the directive there alone. Where a directive does not stand
    in its page literally, says what to write and exits with 1. Costs nothing.

    \b
    gemini-images draw fox --takes 3
    gemini-images pick fox 2
    gemini-images pick docs/index.md:12 2
    """
    from mkdocs_gemini_images.build.command.image_lookup import require_take
    from mkdocs_gemini_images.build.messages.notices import Notice
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.sources.page_edits import PageEdits
    from mkdocs_gemini_images.sources.pick_take import (
        UnwrittenTakeError,
        draft_take,
        verify_take,
        write_take,
    )
    from mkdocs_gemini_images.store.lookup import is_stocked

    require_one_configuration(config_file)
    done = host_build.build(config_file, DryRun())
    build = done.group
    with click_errors():
        images = build.gathered_images()
        image = build.find_image(name, images)
    shown, line = build.uses_named(name, image)
    uses = tuple(use for use in shown if not use.directive.shown_id)
    if shown and not uses:
        id = image.resolved.directive.id
        said = f"{quoted(name)} shows the picture of {quoted(id)} again"
        raise click.ClickException(f"{said}: gemini-images pick {id} {take}")
    chosen = replace(image.request, take=take)
    old, new = (request_of(build, image, each)[0] for each in (image.request, chosen))
    with click_errors():
        require_take(image, take, new, build.store)
        drafts = PageEdits(done.source, done.folders)
        try:
            draft_take(uses, take, drafts, braces=done.braces, line=line)
            changed = drafts.changed()
            if changed:
                with drafts.included_on_trial():
                    again = host_build.build(config_file, DryRun(), drafts.changed()).group
                    keys = again.keys_by_page()
                    verify_take(uses, "" if line else old, new, take, keys)
                    write_take(uses, drafts)
        except UnwrittenTakeError as error:
            use = error.use
            where = build.locate(Notice("info", "", use.page, use.directive.source))
            raise click.ClickException(f"{where}: {error.diagnostics[0]}") from error
    root = build.settings.root
    paths = [Path(name) for name in changed]
    names = [shown_from(each, root) if each.is_absolute() else str(each) for each in paths]
    written = ", ".join(sorted(names))
    say(f"wrote take: {take} into {written}" if written else f"it is take {take} already")
    twins = [each for each in images if each.light is image]
    dark = [build.request_of(each, replace(each.request, after=chosen))[0] for each in twins]
    if any(not is_stocked(build.store, key) for key in dark):
        say(f"its picture for dark pages is not drawn: gemini-images draw {name}")
    if image.resolved.file:
        say(f"gemini-images draw {name} writes {image.resolved.file} anew")
