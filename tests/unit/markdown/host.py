"""A host for tests: it shows every picture at once, and keeps its directives and diagnostics."""

import xml.etree.ElementTree as etree
from collections.abc import Sequence
from dataclasses import dataclass, field

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.markdown.image_resolver import PageContext
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage


@dataclass
class AlbumHost:
    """Shows `assets/gemini/N-960.webp` for the N-th different prompt.

    It refuses a prompt that contains `refuse`.
    """

    page: str = "index.md"
    label: str = ""
    refuse: str = ""
    figures: FigureRenderer = field(default_factory=FigureRenderer)
    shown: list[Directive] = field(default_factory=list)
    reported: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def prompts(self) -> list[str]:
        return [directive.prompt for directive in self.shown]

    @property
    def diagnostics(self) -> list[str]:
        return [text for _, _, text in self.reported]

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        if self.refuse and self.refuse in directive.prompt:
            raise DiagnosticError(Diagnostic("another prompt", f"'{self.refuse}'", "try again"))
        self.shown.append(directive)
        stem = f"assets/gemini/{list(dict.fromkeys(self.prompts)).index(directive.prompt) + 1}"
        return RenderedImage(
            src=f"{stem}-960.webp",
            width=1376,
            height=768,
            candidates=(Candidate(f"{stem}-480.webp", 480), Candidate(f"{stem}-960.webp", 960)),
            sizes="100vw",
            label=self.label,
        )

    def hero(self, context: PageContext) -> Directive | None:
        return None

    def mistakes(self, directive: Directive, context: PageContext) -> Sequence[Diagnostic]:
        return ()

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        self.reported += [(context.page, source, str(diagnostic)) for diagnostic in diagnostics]

    def render(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        return self.figures.element(directive, shown, src, caption=caption)

    def eager(self) -> bool:
        return False

    def reads_html(self) -> bool:
        """Return whether anything reads the HTML."""
        return True

    def context(self) -> PageContext:
        return PageContext(self.page)
