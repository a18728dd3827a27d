"""Show another take of a picture: write its number into the pages, all of them or none.

In: a site's configuration, the name of a picture, the number of a take in stock, and a dry run of
the site's build. Out: the option `take` in the sources of the pages, or what to write by hand. A
second dry run reads the drafts before they are written, to prove that they change the picture.
"""

from collections.abc import Iterable
from pathlib import Path

from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.whole_site.image_lookup import require_take
from mkdocs_gemini_images.cli import host_build
from mkdocs_gemini_images.cli.conventions import request_of, shown_from
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.generation.draw_command import DryRun
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import (
    UnwrittenTakeError,
    draft_take,
    verify_take,
    write_take,
)
from mkdocs_gemini_images.store.lookup import is_stocked


def pick(config_file: tuple[Path, ...], name: str, take: int) -> list[str]:
    """Write a take's number into the directives of a picture; return what to say of it, in lines.

    Raises `DiagnosticError` and `OSError`; then no page is written.
    """
    done = host_build.build(config_file, DryRun())
    build = done.group
    images = build.gathered_images()
    image = build.find_image(name, images)
    shown, line = build.uses_named(name, image)
    uses = tuple(use for use in shown if not use.directive.shown_id)
    if shown and not uses:
        id = image.resolved.directive.id
        said = f"{quoted(name)} shows the picture of {quoted(id)} again"
        raise DiagnosticError(Diagnostic.sentence(said, f"gemini-images pick {id} {take}"))
    chosen = image.request._replace(take=take)
    old, new = (request_of(build, image, each)[0] for each in (image.request, chosen))
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
        raise DiagnosticError(Diagnostic.sentence(f"{where}: {error.diagnostics[0]}")) from error
    lines = [_written(changed, take, build.settings.root)]
    twins = [each for each in images if each.light is image]
    dark = [build.request_of(each, each.request._replace(after=chosen))[0] for each in twins]
    if any(not is_stocked(build.store, key) for key in dark):
        lines.append(f"its picture for dark pages is not drawn: gemini-images draw {name}")
    if image.resolved.file:
        lines.append(f"gemini-images draw {name} writes {image.resolved.file} again")
    return lines


def _written(changed: Iterable[str], take: int, root: Path) -> str:
    paths = map(Path, changed)
    names = [shown_from(each, root) if each.is_absolute() else str(each) for each in paths]
    written = ", ".join(sorted(names))
    return f"wrote take: {take} into {written}" if written else f"it is take {take} already"
