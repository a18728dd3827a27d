"""What the site's owner decided for every picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from mkdocs_gemini_images.directives.presets import Preset
from mkdocs_gemini_images.models import catalogue


@dataclass(frozen=True, slots=True)
class ImageDefaults:
    """What the site's owner decided for every picture."""

    model: str = catalogue.DEFAULT_MODEL
    aspect_ratio: str = "16:9"
    size: str = "1K"
    temperature: float | None = None
    preset: str = ""
    presets: Mapping[str, Preset] | None = None
    request: str = ""
    emulated: bool = False
