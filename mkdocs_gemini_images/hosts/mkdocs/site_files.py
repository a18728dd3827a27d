"""Register the files that the plugin publishes with MkDocs: images and their style sheet.

In: rendered images. Out: entries in MkDocs' collection of files, made before MkDocs copies or lists
files. Entries of files that were not published are removed again, and a plugin that would remove
the images' metadata is told to skip them. Writes no file, and replaces no file of the author.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

from mkdocs_gemini_images.core.package_files import STATIC, STYLE_SHEET

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

GENERATED_BY = "gemini-images"
_ANY_NAME = "name"
"""Stands for the name of a file where its folder alone matters."""


class ImageFile(File):
    """The entry of a published file, which lies in the site and is its own source."""

    def copy_file(self, dirty: bool = False) -> None:
        """Copy nothing, unless another plugin has given the file another source or place.

        MkDocs would ask the system several times whether the source is the target.
        """
        if self.abs_src_path != self.abs_dest_path:
            super().copy_file(dirty)


def register(shown: "RenderedImage", config: "MkDocsConfig", files: Files) -> None:
    """Add an image's files to MkDocs' collection; they are written into the site at the barrier.

    Each is its own source: MkDocs then has nothing to copy, and other plugins can open it.
    """
    made = {candidate.uri for candidate in shown.files}
    for uri in sorted({shown.src, *made}):
        known = files.src_uris.get(uri)
        if known is not None and known.src_uri == uri and not known.generated_by and uri in made:
            files.remove(known)  # a named file of an earlier build, which this build writes again
            known = None
        if known is None:
            files.append(_entry(uri, config))
    for other in (shown.dark, shown.narrow):
        if other is not None:
            register(other, config, files)


def _entry(uri: str, config: "MkDocsConfig") -> File:
    """Return the entry of a file in the site."""
    folder, _, name = uri.rpartition("/")
    model, before, target = _model(config.site_dir, config.use_directory_urls, folder)
    file = ImageFile.__new__(ImageFile)
    vars(file).update(model)
    file.src_uri, file.abs_src_path = f"{before}{name}", f"{target}{name}"
    return file


@lru_cache(maxsize=64)
def _model(
    site_dir: str, use_directory_urls: bool, folder: str
) -> tuple[Mapping[str, object], str, str]:
    """Return what the entries in a folder have in common, and what stands before their names.

    MkDocs takes its time to make an entry, and a picture has several files.
    """
    uri = f"{folder}/{_ANY_NAME}" if folder else _ANY_NAME
    file = ImageFile(uri, None, site_dir, use_directory_urls)
    file.generated_by = GENERATED_BY
    target = os.path.normpath(os.path.join(site_dir, uri))  # noqa: PTH118 (as hosts do)
    before, target = (path.removesuffix(_ANY_NAME) for path in (file.src_uri, target))
    return vars(file), before, target


def withdraw(promised: "RenderedImage", files: Files) -> None:
    """Remove files that were registered and have not been published."""
    for uri in dict.fromkeys((promised.src, *(each.uri for each in promised.files))):
        file = files.get_file_from_path(uri)
        ours = file is not None and file.generated_by == GENERATED_BY
        if file is not None and ours and not Path(file.abs_dest_path).exists():
            files.remove(file)


def published(files: Files) -> list[str]:
    """Return the site paths of the image files that are registered."""
    return [each.src_uri for each in files if each.generated_by == GENERATED_BY]


def text_of(files: Files | None, page: str) -> str:
    """Return the Markdown of a page by its source path; empty where there is none."""
    file = files.get_file_from_path(page) if files is not None else None
    return "" if file is None else file.content_string


def keep_metadata(config: "MkDocsConfig", files: Files) -> None:
    """Keep Material's optimize from the image files: it would remove their XMP."""
    optimize = config.plugins.get("material/optimize")
    if optimize is None:
        return
    from glob import escape

    own = [escape(uri) for uri in published(files)]
    optimize.config["optimize_exclude"] = [*optimize.config["optimize_exclude"], *own]


def add_style_sheet(config: "MkDocsConfig", files: Files, assets_dir: str) -> None:
    """Publish the style sheet before the site's own CSS; a site's file of the same name wins."""
    uri = f"{assets_dir}/{STYLE_SHEET}"
    if uri not in config.extra_css:
        config.extra_css.insert(0, uri)
    if files.get_file_from_path(uri) is None:
        source = STATIC / STYLE_SHEET
        files.append(File.generated(config, uri, abs_src_path=str(source)))
