"""What a build works with, from its first directive to its last file."""

from functools import cached_property
from typing import NamedTuple

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage
from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.store.store import Store

Images = dict[ImageKey, SiteImage]


class _BuildToolsFields(NamedTuple):
    settings: Settings
    store: Store
    publisher: Publisher
    generator: Generator
    mode: BuildMode


class BuildTools(_BuildToolsFields):
    """What a build works with."""

    @cached_property
    def refusal(self) -> str:
        """Why the build may not draw, or empty."""
        return self.mode.refusal_reason(self.settings)

    @cached_property
    def on_drift(self) -> OnDrift:
        """What the build does about pictures that have drifted."""
        return self.mode.on_drift(self.settings)
