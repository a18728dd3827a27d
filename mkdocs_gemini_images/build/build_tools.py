"""What a build works with, from its first directive to its last file."""

from dataclasses import dataclass

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.store.store import Store

Images = dict[ImageKey, SiteImage]


@dataclass(frozen=True, slots=True)
class BuildTools:
    """What a build works with."""

    settings: Settings
    store: Store
    publisher: Publisher
    generator: Generator
    mode: BuildMode
