"""The state that one run of MkDocs keeps between builds of a preview or of a site's languages."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.structure.files import File

    from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
    from mkdocs_gemini_images.generation.tracker import SpendTracker
    from mkdocs_gemini_images.hosts.mkdocs.command_run import CommandRun
    from mkdocs_gemini_images.sources.line_numbers import SourceLines


class HostRun:
    """State that is kept between builds: of a live preview, or of a site's languages."""

    def __init__(self) -> None:
        self.serving = False
        self.command_run: CommandRun | None = None
        self.tracker: SpendTracker | None = None
        self.said: set[tuple[int, str]] = set()
        """Messages that an earlier language has logged."""
        self.shared: SharedByLanguages | None = None
        self.rendered: set[str] = set()
        """Pages that this build has rendered."""
        self.sources: dict[str, File] = {}
        """The files of pages, by source path."""
        self.lines: dict[str, SourceLines] = {}
        """The lines of pages that messages of a live preview are about."""

    def begin_site(self) -> None:
        """Discard the messages and images of the languages of an earlier build."""
        self.said, self.shared = set(), None
        if self.tracker is not None:
            self.tracker.failed.clear()
            self.tracker.ended.clear()
            self.tracker.told.clear()
            self.tracker.looked_at.clear()

    def source_file(self, page: str) -> Path | None:
        """Return the file of a page, or None for a page that a plugin has generated."""
        # MkDocs' own collection has the translation in place of the page under static-i18n.
        file = self.sources.get(page)
        if file is None or file.generated_by is not None or file.abs_src_path is None:
            return None
        return Path(file.abs_src_path)
