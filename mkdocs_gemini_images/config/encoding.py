"""How originals become published files, as the site's owner decided."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncodingOptions:
    """How originals become published files."""

    formats: tuple[str, ...] = ("webp",)
    """In the order in which a browser is to try them; the last one is every browser's."""
    widths: tuple[int, ...] = (480, 960, 1440)
    quality: int = 80
    """On WebP's scale, whatever the format."""
    original: bool = False
    """Whether the API's own bytes are published, once there are any, and nothing else."""
