"""The options for encoding originals as published files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncodingOptions:
    """How the files that are published from an original are encoded."""

    formats: tuple[str, ...] = ("webp",)
    """In the order in which a browser tries them; all browsers show the last one."""
    widths: tuple[int, ...] = (480, 960, 1440)
    """In pixels."""
    quality: int = 80
    """On the scale of WebP, from 1 to 100; that of other formats follows from it."""
    original: bool = False
    """Whether the bytes that the API sent are published, unchanged, and no other files."""
