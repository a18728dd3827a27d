"""A site whose pages a host has rendered for a command, and what the command asks of the host."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.whole_site.image_lookup import StandsAt
from mkdocs_gemini_images.build.whole_site.site_group import LocateNotice


@dataclass(frozen=True, slots=True)
class RenderedBuild:
    """A build that has come to its barrier."""

    build: SiteBuild
    locate: LocateNotice
    stands_at: StandsAt


@dataclass(frozen=True, slots=True)
class CommandSite:
    """A site that a command looks at."""

    file: Path
    """The configuration file."""
    builds: tuple[RenderedBuild, ...]
    """One for each language that the site builds by itself."""
    source: Callable[[str], Path | None]
    """Finds the file of a page, unless a plugin generated the page."""
    braces: bool
    """Whether the site's Markdown reads attribute lists."""
    fragments: bool
    """Whether its theme reads `#only-light` and `#only-dark`."""
    publishes: Callable[[str], bool]
    """Whether a file of this path in the docs folder would be on the site."""
    folders: tuple[Path, ...]
    """Where its Markdown looks for files that pages include."""
    entry: str
    """What to take out of the configuration, and where, to be rid of the package."""
    left_out: tuple[str, ...] = ()
    """Languages that may show pictures as well, and are not built."""
