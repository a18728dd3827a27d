"""A host for tests: it shows every picture at once, and remembers what it was asked."""

from dataclasses import dataclass, field

from mkdocs_gemini_images.core.diagnostics import Complaint
from mkdocs_gemini_images.directives.directive import Complaints, Directive
from mkdocs_gemini_images.extension import Where
from mkdocs_gemini_images.rendering.figure import Candidate, Figures, Shown


@dataclass
class AlbumHost:
    """Shows `assets/gemini/N.webp` for the N-th different prompt; refuses those it is told to."""

    page: str = "index.md"
    label: str = ""
    refuse: str = ""
    figures: Figures = field(default_factory=Figures)
    shown: list[Directive] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def prompts(self) -> list[str]:
        return [directive.prompt for directive in self.shown]

    @property
    def complaints(self) -> list[str]:
        return [text for _, _, text in self.said]

    def show(self, directive: Directive, where: Where) -> Shown | Complaints:
        if self.refuse and self.refuse in directive.prompt:
            return (Complaint("another prompt", f"'{self.refuse}'", "try again"),)
        self.shown.append(directive)
        stem = f"assets/gemini/{list(dict.fromkeys(self.prompts)).index(directive.prompt) + 1}"
        return Shown(
            src=f"{stem}-960.webp",
            width=1376,
            height=768,
            candidates=(Candidate(f"{stem}-480.webp", 480), Candidate(f"{stem}-960.webp", 960)),
            sizes="100vw",
            label=self.label,
        )

    def hero(self, where: Where) -> Directive | Complaints | None:
        return None

    def complain(
        self, complaints: Complaints, source: str, where: Where, *, shown: bool = False
    ) -> None:
        self.said += [(where.page, source, str(complaint)) for complaint in complaints]

    def render(self, directive: Directive, shown: Shown, src: str, *, caption: bool) -> str:
        return self.figures.render(directive, shown, src, caption=caption)

    def hurries(self) -> bool:
        return False

    def where(self) -> Where:
        return Where(self.page)
