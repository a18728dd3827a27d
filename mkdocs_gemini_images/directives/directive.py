"""One picture as its author described it.

A `Directive` has the options of a fence, an inline image, front matter or `mkdocs.yml`, each with
its type. Defaults of the site and of presets are not filled in: `requests` applies them. Pure.
"""

import re
from typing import Any, Literal, NamedTuple

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.crops import Focus, Ratios
from mkdocs_gemini_images.models.catalogue import Ground

FILE_KINDS = {".webp": "webp", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".avif": "avif"}
"""The suffixes of a named file, and the format in which the build then writes it."""

Localized = bool | Literal["edit"] | None
"""Whether each language has a picture of its own, drawn anew or as an edit of the first one's."""

ID = r"[A-Za-z][\w-]{0,79}"
"""The pattern of an id."""

_SHOWN_ID = re.compile(rf"#({ID})")

Attributes = tuple[tuple[str, str], ...]
"""HTML attributes, by name."""


class Directive(NamedTuple):
    """One picture as its author described it; an empty value means "not written"."""

    prompt: str = ""
    alt: str | None = None
    caption: str = ""
    id: str = ""
    model: str = ""
    aspect_ratio: str = ""
    size: str = ""
    temperature: float | None = None
    grounding: tuple[Ground, ...] = ()
    preset: str = ""
    references: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    dark: str = ""
    localized: Localized = None
    localized_edit: str = ""
    take: int = 1
    crop: Ratios | None = None
    focus: Focus | None = None
    classes: tuple[str, ...] = ()
    width: str = ""
    align: str = ""
    loading: str = ""
    priority: bool = False
    data: Attributes = ()
    """The `data-` attributes of an attribute list, for the `<img>`."""
    file: str = ""
    """The image's own path, as written, where it names a file of the docs folder."""
    source: str = ""
    """The text that it was read from, by which messages find its line."""
    unread: frozenset[str] = frozenset()
    """The options that could not be read and on which others depend: `model`, `preset`."""

    @property
    def shown_id(self) -> str:
        """The id of the picture that it shows again, where its prompt is `#id`; or empty."""
        return id_shown_by(self.prompt)

    @property
    def author_digest(self) -> str:
        """The SHA-256 of the options that decide what is drawn, as the author wrote them.

        It leaves out presentation (alt, caption, id, crop, class ...) and the site's defaults.
        """
        words: dict[str, Any] = {"prompt": folded(self.prompt)}
        for name in _DRAWING_OPTIONS:
            if (value := getattr(self, name)) not in ("", (), None):
                words[name] = value
        if self.take != 1:
            words["take"] = self.take
        return digest(words)


_DRAWING_OPTIONS = (
    "model", "aspect_ratio", "size", "temperature", "grounding", "preset", "references", "edits",
    "dark", "localized", "localized_edit",
)  # fmt: skip


def id_shown_by(prompt: str) -> str:
    """Return the id of the picture that a prompt shows again, or empty."""
    match = _SHOWN_ID.fullmatch(prompt.strip())
    return "" if match is None else match[1]
