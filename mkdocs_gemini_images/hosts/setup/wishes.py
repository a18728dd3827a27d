"""What a site needs from its configuration, whatever the format of that is."""

from collections.abc import Collection
from dataclasses import dataclass

from mkdocs_gemini_images.hosts.mkdocs.site_config import reads_braces

PLUGIN = "gemini-images"
STYLE_SHEET = "assets/gemini/gemini-images.css"
STAND_IN = "draws stand-ins, free of charge; take this line out for the real ones"
_FENCES = {
    "fenced_code", "markdown.extensions.fenced_code", "pymdownx.superfences", "extra",
    "markdown.extensions.extra", "pymdownx.extra",
}  # fmt: skip
"""What reads fences. MkDocs turns `fenced_code` on by itself, Zensical nothing of these."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be in a configuration after it is set up."""

    zensical: bool
    """Whether Zensical reads it, which runs no plugin, only the Markdown extension."""
    emulated: bool
    """Whether the bundled emulator draws until the author decides otherwise."""
    page: str = ""
    """The path of the example page, which belongs into an explicit `nav`; empty without one."""
    title: str = ""
    """The title of that page in `nav`."""

    def options(self) -> tuple[tuple[str, str, str], ...]:
        """Return our options, each with its value and a comment."""
        options = []
        if self.emulated:
            options.append(("base_url", "emulator", STAND_IN))
        if self.zensical:
            options.append(("cache_dir", ".gemini-cache", "zensical build --clean empties .cache"))
        return tuple(options)


def is_met(name: str, listed: Collection[str]) -> bool:
    """Whether a list of plugins or extensions has what the entry `name` is wanted for."""
    if name == "attr_list":
        return reads_braces(listed)
    if name == "pymdownx.superfences":
        return not _FENCES.isdisjoint(listed)
    return name in listed
