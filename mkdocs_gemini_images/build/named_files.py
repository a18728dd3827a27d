"""Named files: pictures published under a path that the author chooses in the docs folder.

A build only reads there; a command to draw writes. A file is ours, and may be replaced, if a note
in the store knows its bytes and the bytes prove it: they hold our metadata, or the stock has them
too. A note alone is no proof, since a repository may bring one. Any other file is the author's own:
it is shown as it is and never replaced. No path leads out of the docs folder, however it is written
or linked.
"""

import posixpath
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.build.showing.presentation import publish_job
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.image_format import ImageError, identify
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.store.lookup import UserFile
from mkdocs_gemini_images.store.pairs import MAX_PICTURE_BYTES
from mkdocs_gemini_images.store.store import Store

_MAX_NAME_BYTES = 255
"""Bytes of a file's name, by what all common file systems take."""


def site_path(file: str, page: str) -> str:
    """Return a named file's path in the site, from how its page names it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), file))


def outside(file: str) -> Diagnostic | None:
    """Refuse a named file that could not lie below the docs folder and the site."""
    if any(len(part.encode("utf-8", "replace")) > _MAX_NAME_BYTES for part in file.split("/")):
        said = f"a name in {quoted(file)} has more than {_MAX_NAME_BYTES} bytes"
        return Diagnostic.sentence(said, "shorten it")
    if not re.search(r"^(/|\.\.(/|$)|\.$|[A-Za-z]:)|[\x00-\x1f]", file):
        return None
    said = f"the named file {quoted(file)} is outside of the docs folder"
    return Diagnostic.sentence(said, "keep it below that folder")


def user_file(image: SiteImage, settings: Settings, store: Store) -> UserFile | None:
    """Return the author's own file where the image would be published, or None."""
    if not image.resolved.file:
        return None
    try:
        # The author may have linked a file on purpose; it is only read.
        data = regular_files.read(_docs_file(image, settings), MAX_PICTURE_BYTES, follow=True)
    except FileNotFoundError:
        return None
    except OSError:  # a file that cannot be read is not replaced
        return UserFile(*image.request.pixels)
    if is_ours(data, store):
        return None
    try:
        picture = identify(data)
    except ImageError:
        return UserFile(*image.request.pixels)
    return UserFile(picture.width, picture.height)


def is_ours(data: bytes, store: Store) -> bool:
    """Return whether a file's bytes were made from a picture in the store."""
    if not store.knows_file(data):
        return False
    if metadata.is_marked(data):
        return True
    digest = sha256(data).hexdigest()  # a picture published as it is has no metadata of ours
    for record in store.records():
        if record.sha256 == digest:
            with suppress(DiagnosticError):
                return store.read(record) == data
    return False


def write_named_file(
    image: SiteImage, settings: Settings, store: Store, publisher: Publisher
) -> bool:
    """Write a picture in the store to its place in the docs folder; return whether it was needed.

    Raises `OSError`.
    """
    record = image.record
    if not image.resolved.file or record is None:
        return False
    target = _docs_file(image, settings)
    docs = (settings.root / settings.docs).resolve()
    if user_file(image, settings, store) or not target.resolve().is_relative_to(docs):
        return False  # the author's own by now, or reached through a link out of the docs
    try:
        made = publisher.made(publish_job(image, settings, record), image.resolved.file)
    except DiagnosticError:
        return False
    if target.exists() and target.read_bytes() == made:
        return False
    store.note_file(made, record)
    atomic_files.write(target, made)
    return True


def _docs_file(image: SiteImage, settings: Settings) -> Path:
    return settings.root / settings.docs / image.resolved.file
