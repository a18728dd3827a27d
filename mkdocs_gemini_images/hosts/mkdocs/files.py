"""What the host is told of the files that we publish: pictures and their style.

In come what pages point at and the host's own collection; every file of ours is in it before the
host copies or lists files, and neighbours that would spoil it are told to leave it alone. A file
that did not come to be is taken back. Nothing is written here, and no file of an author's replaced.
"""

import os
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

from mkdocs_gemini_images.core.package_files import STATIC
from mkdocs_gemini_images.rendering.figure import RenderedImage

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

STYLE = "gemini-images.css"


def register(shown: RenderedImage, config: "MkDocsConfig", files: Files) -> None:
    """Tell the host of a picture's files, which are written into the site at the barrier.

    Each is its own source: the host then has nothing to copy, and others can open it.
    """
    made = {candidate.uri for candidate in shown.candidates}
    for uri in sorted({shown.src, *made}):
        known = files.src_uris.get(uri)
        if known is not None and known.src_uri == uri and not known.generated_by and uri in made:
            files.remove(known)  # a named file of ours as it was: today's takes its place
            known = None
        if known is None:
            target = os.path.normpath(os.path.join(config.site_dir, uri))  # noqa: PTH118 (as hosts do)
            file = File.generated(config, uri, abs_src_path=target)
            file.generated_by = "gemini-images"
            files.append(file)
    if shown.dark is not None:
        register(shown.dark, config, files)


def withdraw(promised: RenderedImage, files: Files) -> None:
    """Take back files that were registered and did not come to be."""
    for candidate in promised.candidates:
        file = files.get_file_from_path(candidate.uri)
        if file is not None and not Path(file.abs_dest_path).exists():
            files.remove(file)


def keep_as_they_are(config: "MkDocsConfig", files: Files) -> None:
    """Keep Material's optimize from our files: it would take out where they come from."""
    optimize = config.plugins.get("material/optimize")
    if optimize is None:
        return
    ours = [escape(each.src_uri) for each in files if each.generated_by == "gemini-images"]
    optimize.config["optimize_exclude"] = [*optimize.config["optimize_exclude"], *ours]


def add_style(config: "MkDocsConfig", files: Files, assets_dir: str) -> None:
    """Publish our few rules before the site's own CSS; a file of the same name replaces them."""
    uri = f"{assets_dir}/{STYLE}"
    if uri not in config.extra_css:
        config.extra_css.insert(0, uri)
    if files.get_file_from_path(uri) is None:
        source = STATIC / STYLE
        files.append(File.generated(config, uri, abs_src_path=str(source)))
