"""The options that apply to an image where its directive does not set them."""

from collections.abc import Mapping
from dataclasses import dataclass

from mkdocs_gemini_images.directives.presets import Preset
from mkdocs_gemini_images.models import catalogue


@dataclass(frozen=True, slots=True)
class ImageDefaults:
    """What a directive does not say: the site's options, in the form that requests use."""

    model: str = catalogue.DEFAULT_MODEL
    aspect_ratio: str = "16:9"
    size: str = "1K"
    temperature: float | None = None
    preset: str = ""
    presets: Mapping[str, Preset] | None = None
    request: str = ""
    """JSON that is merged into every request, canonical, or empty."""
    emulated: bool = False
    """Whether the emulator draws, whose images have keys of their own."""
