"""What the site's owner decided, checked: values only, the same under every host.

A host's own configuration is read once, at the door, and becomes these. Nothing here reads a file,
the environment or the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.config.encoding import EncodingOptions
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.directives.alt_rules import RULES, Rule, Weight
from mkdocs_gemini_images.directives.directive import Directive

OnMissing = Literal["warn", "fail", "info"]
OnDrift = Literal["keep", "draw"]
Publish = Literal["resized", "original"]


@dataclass(frozen=True, slots=True)
class Settings:
    """One site's decisions about its pictures."""

    root: Path
    """The folder of `mkdocs.yml`."""
    stock: Path
    cache: Path
    docs: str
    """The documentation's folder, relative to `root`, with slashes."""
    server: Server
    defaults: ImageDefaults = field(default_factory=ImageDefaults)
    encoding: EncodingOptions = field(default_factory=EncodingOptions)
    limits: SpendingLimits = field(default_factory=SpendingLimits)
    bucket: str = ""
    """The address of a stock that machines share, such as `s3://bucket/prefix`, or empty."""
    enabled: bool = True
    frozen: bool = False
    on_missing: OnMissing = "warn"
    on_drift: OnDrift = "keep"
    concurrency: int = 4
    requests_per_minute: float = 0.0
    timeout: float = 300.0
    """Seconds for one request, from the first byte out to the last byte in."""
    retries: int = 2
    sizes: str = ""
    assets_dir: str = "assets/gemini"
    label: str = ""
    priority: bool = False
    """Whether the first picture of each page is fetched at once."""
    alt_rules: Mapping[Rule, Weight] = field(default_factory=lambda: dict.fromkeys(RULES, "warn"))
    pictures: Mapping[str, Directive] = field(default_factory=dict)
    """What the theme's templates show, by name."""
    dark_pages: bool = True
    """Whether the theme can show a page in the dark; where it cannot, no dark twin is drawn."""

    @property
    def in_one_format(self) -> "Settings":
        """The same, with the one format that every browser knows."""
        return replace(self, encoding=replace(self.encoding, formats=self.encoding.formats[-1:]))

    @property
    def owned(self) -> Path:
        """Where pictures are kept: the stock, or, for the emulator's, a corner of the cache."""
        return self.cache / "emulator" if self.server.emulated else self.stock
