"""`gemini-images prune`: list what no page needs, and delete it from the stock.

In: a dry run of the site's build, and a stock in a folder. Out: a line for each orphan, and for
each named file and note that is left over, or, with `--delete`, their files deleted. Named files
lie among the author's, and are only listed. Nothing is deleted while a directive is in error,
because such a directive shows no picture and its picture would count as an orphan.
"""

from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import click_errors, config_file_option, say, shown_from
from mkdocs_gemini_images.core.diagnostics import single_line


@click.command("prune")
@click.option("--delete", is_flag=True, help="Delete them.")
@click.option("--force", is_flag=True, help="Also delete what Git does not have.")
@config_file_option
def prune_command(delete: bool, force: bool, config_file: tuple[Path, ...]) -> None:
    """List the pictures in stock that no page shows, or delete them.

    Deletes nothing without --delete, and nothing that Git does not have without --force.
    """
    from mkdocs_gemini_images.build.whole_site.left_files import left_files
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.store.folder import FolderStore
    from mkdocs_gemini_images.store.git import is_in_git
    from mkdocs_gemini_images.store.pruning import delete_notes, delete_orphans

    done = host_build.build(config_file, DryRun())
    build = done.group
    if not isinstance(build.store, FolderStore):
        said = "the stock is a bucket, and is not pruned: no machine knows all pages that use it"
        raise click.ClickException(said)
    orphans = build.orphans()
    left = left_files(build.named_files(), build.store)
    if done.unseen:
        say(f"not looked at: {', '.join(done.unseen)}", err=True)
    if not delete:
        for record in orphans:
            text = single_line(str(record.request.get("text", "")))
            say(f"{build.store.path(record).name}  {text}"[:120])
        noun = "picture is" if len(orphans) == 1 else "pictures are"
        then = "; --delete deletes unused pictures" if orphans else ""
        say(f"{len(orphans)} {noun} shown by no page{then}")
        if left.notes:
            count = len(left.notes)
            noun = "note is of a file that is" if count == 1 else "notes are of files that are"
            say(f"{count} {noun} gone; --delete deletes unused notes")
        for file in left.files:
            name = single_line(shown_from(file, build.settings.root))
            say(f"{name} was drawn, and no page names it; delete it yourself")
        return
    if broken := [
        each for each in build.notices if each.level == "warning" and each.kind == "broken"
    ]:
        raise click.ClickException(
            f"{build.locate(broken[0])}: {broken[0].text}; nothing was deleted, because this "
            "mistake may hide a picture that is in use"
        )
    with click_errors():
        deleted, kept = delete_orphans(orphans, build.store, force=force, in_git=is_in_git)
        gone = delete_notes(left.notes, build.store, force=force, in_git=is_in_git)
    say(f"{len(deleted)} deleted, {len(kept)} kept because git does not have them")
    if left.notes:
        say(f"{gone} of {len(left.notes)} notes deleted")
