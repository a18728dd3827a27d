"""The options that apply to an image where its directive does not set them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.models import catalogue

if TYPE_CHECKING:
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.directives.presets import Preset


@dataclass(frozen=True, slots=True)
class ImageDefaults:
    """What a directive does not say: the site's options, in the form that requests use."""

    model: str = catalogue.DEFAULT_MODEL
    aspect_ratio: str = "16:9"
    size: str = "1K"
    temperature: float | None = None
    preset: str = ""
    presets: "Mapping[str, Preset] | None" = None
    request: str = ""
    """JSON that is merged into every request, canonical, or empty."""
    language: str = ""
    """The code of the language that pages are written in first; empty where there is one alone."""
    localized_edit: Mapping[str, str] = field(default_factory=dict)
    """The sentences of that option by language code, where "" is the one for all languages."""
    emulated: bool = False
    """Whether the emulator draws, whose images have keys of their own."""
    file: str = "mkdocs.yml"
    """The name of the file that the options are written in."""

    def locate(self, diagnostic: Diagnostic, directive: "Directive") -> Diagnostic:
        """Return a diagnostic about an option with the place that it comes from.

        That is the directive, its preset, or what chose the model that does not take it; and the
        site's own option where none of them has written it.
        """
        name = directive.preset or self.preset
        preset = (self.presets or {}).get(name)
        for option in (diagnostic.at, "model"):
            if _has(directive, option):
                return replace(diagnostic, at=option)
            if preset is not None and _has(preset.defaults, option):
                return replace(diagnostic, file=self.file, at=f"presets\n{name}\n{option}")
        return replace(diagnostic, file=self.file, at=f"gemini-images\n{diagnostic.at}")


def _has(directive: "Directive", option: str) -> bool:
    return getattr(directive, option, "") not in ("", (), None)
