"""Delete pictures from a stock in a folder, except those that Git could not bring back.

In: the records that `reachability.orphans` lists, the stock, and whether to delete all of them.
Out: the pairs of files deleted, and two lists of records: the deleted and the kept.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from mkdocs_gemini_images.core.files import held_files, regular_files
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record


def delete_orphans(
    orphans: Iterable[Record], stock: FolderStore, *, force: bool, in_git: Callable[[Path], bool]
) -> tuple[list[Record], list[Record]]:
    """Delete the files of orphaned records; return the records deleted and the records kept.

    A record is kept when `in_git` is false for one of its two files, unless `force` is set. Raises
    `OSError` when a file cannot be deleted, or the stock is a link out of the site's folder.
    """
    stock.check_place()
    deleted, kept = list[Record](), list[Record]()
    for record in orphans:
        if not force and not all(map(in_git, stock.pairs.files(record))):
            kept.append(record)
            continue
        stock.pairs.remove(record)
        deleted.append(record)
    return deleted, kept


def delete_notes(
    notes: Iterable[Path], stock: FolderStore, *, force: bool, in_git: Callable[[Path], bool]
) -> int:
    """Delete notes of files that are there no more; return how many were deleted.

    One that Git could not bring back is kept, unless `force` is set. Raises `OSError`.
    """
    stock.check_place()
    regular_files.check_folder(stock.folder, stock.notes.folder)
    unneeded = [note for note in notes if force or in_git(note)]
    for note in unneeded:
        held_files.remove(note)
    return len(unneeded)
