"""The page with which an author begins: one fence and one inline image. Pure."""

from collections.abc import Collection

NAMES = ("pictures.md", "gemini-images.md")
"""What the page may be called, the first one that is free."""
TITLE = "Pictures"
TEXT = """\
# Pictures

A picture from a fence, which has room for a caption and options:

```gemini-image
prompt: A lighthouse above a quiet harbour at dusk, watercolour
alt: A striped lighthouse over a bay
caption: The harbour, by *evening light*
aspect_ratio: 21:9
```

And one in the text, with its options behind it:
![A fox behind a large cup](gemini: "A fox drinking tea, ink drawing"){ width=12rem }

Change the words and look again; delete this page when you have pictures of your own.
"""
"""Prompts that the emulator knows how to draw."""


def free_name(taken: Collection[str]) -> str:
    """Return a name for the page that no file of the docs folder has; empty where none is free."""
    return next((name for name in NAMES if name not in taken), "")
