"""Finds and writes the files in the docs folder that show images after an ejection.

In: the images of a build, and the folder for their files. Out: for each image the path of its file.
`EjectedFiles.write` writes original images as the model returned them. It never replaces a file.
"""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.directives.portable_names import unportable
from mkdocs_gemini_images.store.record import Record


@dataclass(slots=True)
class EjectedFiles:
    """The files of an ejection, by their paths in the docs folder."""

    build: SiteGroup
    folder: str
    """The folder for original images, as a path in the docs folder."""
    publishes: Callable[[str], bool]
    """Whether a file at this path in the docs folder is on the site."""
    originals: dict[str, Record] = field(default_factory=dict)
    """Original images that are written, by path."""
    named: list[SiteImage] = field(default_factory=list)
    """Images whose named files are written."""
    new: list[str] = field(default_factory=list)
    """Paths of files that do not exist yet."""

    @property
    def docs(self) -> Path:
        """The docs folder."""
        return self.build.settings.root / self.build.settings.docs

    def path_of(self, image: SiteImage) -> str:
        """Return the path of the file that shows an image, and plan to write the file.

        Raises `DiagnosticError` where the image cannot be read or its file cannot be written.
        """
        record = image.record
        if record is not None:
            self.build.store.read(record)
        if image.resolved.file:
            if record is not None:
                self.named.append(image)
                if not (self.docs / image.resolved.file).exists():
                    self.new.append(image.resolved.file)
            return image.resolved.file
        if record is None:
            fix = "run gemini-images draw first"
            raise DiagnosticError(Diagnostic.sentence("the picture is not in stock", fix))
        path = self._original_path(image, record)
        if not (self.docs / path).exists():
            self.originals[path] = record
            self.new.append(path)
        elif sha256((self.docs / path).read_bytes()).hexdigest() != record.sha256:
            said = f"another file is there as {path}"
            raise DiagnosticError(Diagnostic.sentence(said, "move it away"))
        return path

    def write(self) -> None:
        """Write all files. Raises `DiagnosticError` and `OSError`."""
        for path, record in self.originals.items():
            data = self.build.store.read(record)
            if not (self.docs / path).exists():
                atomic_files.write(self.docs / path, data)
        for image in self.named:
            self.build.write_named_file(image)
            if not (self.docs / image.resolved.file).exists():
                fix = "look at its folder, and at the picture in stock"
                said = f"{image.resolved.file} was not written"
                raise DiagnosticError(Diagnostic.sentence(said, fix))

    def _original_path(self, image: SiteImage, record: Record) -> str:
        """Return the path of an original image: its id or page, and the start of its key."""
        stem = image.resolved.directive.id or PurePosixPath(image.uses[0].page).stem
        stem = f"{stem}-dark" if image.light is not None else stem
        name = f"{stem}-{record.key[:12]}{record.picture.suffix}"
        path = posixpath.normpath(f"{self.folder}/{name}")
        misplaced = unportable(self.folder, "the folder") or named_files.outside(path)
        if misplaced is not None:
            raise DiagnosticError(misplaced)
        if not (self.docs / path).resolve().is_relative_to(self.docs.resolve()):
            said = f"{self.folder} leads out of the docs folder"
            raise DiagnosticError(Diagnostic.sentence(said, "name another"))
        if not self.publishes(path):
            said = f"exclude_docs leaves {self.folder} out of the site"
            raise DiagnosticError(Diagnostic.sentence(said, "name another with -o"))
        return path
