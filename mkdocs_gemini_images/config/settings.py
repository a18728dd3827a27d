"""The settings of one site: validated values, which are the same under every host.

`reading.read_settings` makes them from the options. Nothing here reads a file, the environment or
the clock.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.alt_weights import RULES, Rule, Weight
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.models.text_models import DEFAULT_TEXT_MODEL

if TYPE_CHECKING:
    from mkdocs_gemini_images.config.mark_words import MarkWords
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.directives.presets import Preset

OnMissing = Literal["warn", "fail", "info"]
OnDrift = Literal["keep", "draw"]
Publish = Literal["resized", "original"]


class EncodingOptions(NamedTuple):
    """How the files that are published from an original are encoded."""

    formats: tuple[str, ...] = ("webp",)
    """In the order in which a browser tries them; all browsers show the last one."""
    widths: tuple[int, ...] = (480, 960, 1440)
    """In pixels."""
    quality: int = 80
    """On the scale of WebP, from 1 to 100; that of other formats follows from it."""
    original: bool = False
    """Whether the bytes that the API sent are published, unchanged, and no other files."""


class ImageDefaults(NamedTuple):
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
    localized_edit: Mapping[str, str] = {}
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
                return diagnostic._replace(at=option)
            if preset is not None and _has(preset.defaults, option):
                return diagnostic._replace(file=self.file, at=f"presets\n{name}\n{option}")
        return diagnostic._replace(file=self.file, at=f"gemini-images\n{diagnostic.at}")


class Settings(NamedTuple):
    """The settings of one site."""

    root: Path
    """The folder of `mkdocs.yml`."""
    stock: Path
    """The folder of the stock, or of its mirror where the stock is a bucket."""
    cache: Path
    docs: str
    """The folder of the pages, relative to `root`, with slashes."""
    server: Server
    defaults: ImageDefaults = ImageDefaults()
    encoding: EncodingOptions = EncodingOptions()
    limits: SpendingLimits = SpendingLimits()
    bucket: str = ""
    """The address of a stock that machines share, such as `s3://bucket/prefix`, or empty."""
    stock_url: str = ""
    """The public address of the bucket, where a machine without an API key reads; or empty."""
    enabled: bool = True
    frozen: bool = False
    unattended: bool = False
    """Whether this is a CI machine, where no person sees pictures before they are published."""
    on_missing: OnMissing = "warn"
    on_drift: OnDrift = "keep"
    concurrency: int = 4
    requests_per_minute: float = 0.0
    timeout: float = 300.0
    """Seconds for one request, from the first byte sent to the last byte received."""
    retries: int = 2
    sizes: str = ""
    assets_dir: str = "assets/gemini"
    label: str = ""
    mark: "MarkWords | None" = None
    """The words of the mark on each picture, where pictures have one."""
    priority: bool = False
    """Whether browsers fetch the first image of each page before others."""
    alt_rules: Mapping[Rule, Weight] = dict.fromkeys(RULES, "warn")
    alt_model: str = DEFAULT_TEXT_MODEL
    """The text model that proposes text alternatives."""
    pictures: "Mapping[str, Directive]" = MappingProxyType({})
    """The images that templates of the theme show, by name."""
    cache_refusal: Diagnostic | None = None
    """Why the owner's cache is not trusted, if so; `cache` is then a temporary folder."""
    dark_pages: bool = True
    """Whether the theme has a dark mode; without one, no dark variants are drawn."""

    @property
    def in_one_format(self) -> "Settings":
        """The same settings with one format, which all browsers show."""
        return self._replace(encoding=self.encoding._replace(formats=self.encoding.formats[-1:]))

    @property
    def reads_public(self) -> bool:
        """Whether the stock is read at its public address: this machine draws nothing."""
        return bool(self.stock_url) and not self.server.emulated and not self.server.key

    @property
    def owned(self) -> Path:
        """The folder where images are stored: the stock, or the emulator's folder in the cache."""
        return self.cache / "emulator" if self.server.emulated else self.stock


def _has(directive: "Directive", option: str) -> bool:
    return getattr(directive, option, "") not in ("", (), None)
