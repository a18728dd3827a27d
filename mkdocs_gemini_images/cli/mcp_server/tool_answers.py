"""What a tool returns: text and small pictures, of a bounded size.

In: lines, and records of pictures in stock. Out: an `Answer`. Each line is made printable, since it
may quote a page, a server or a stranger's sidecar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    counted,
    printable,
)
from mkdocs_gemini_images.imaging.thumbnails import thumbnails
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

MAX_TEXT = 20_000
"""Characters of all lines."""
MAX_LINE = 6_000
MAX_PICTURES = 6
MAX_PICTURE_BYTES = 150_000
_SIDES = (512, 320, 160)
"""Pixels of the longer side of a preview: the first whose file is small enough."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small WebP of a picture."""

    data: bytes
    mime_type: str = "image/webp"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool returns."""

    text: str
    previews: tuple[Preview, ...] = ()
    refused: bool = False
    """Whether the tool has not done what it was asked for."""


def make_answer(
    lines: Iterable[str], previews: Sequence[Preview] = (), *, refused: bool = False
) -> Answer:
    """Return an answer of as many lines as fit, which says how many were left out."""
    kept: list[str] = []
    length = left_out = 0
    for line in lines:
        shown = printable(line)
        shown = shown if len(shown) <= MAX_LINE else f"{shown[: MAX_LINE - 1]}…"
        length += len(shown) + 1
        if left_out or length > MAX_TEXT:
            left_out += 1
        else:
            kept.append(shown)
    if left_out:
        kept.append(f"{counted(left_out, 'line')} left out: name a picture or a page")
    return Answer("\n".join(kept), tuple(previews[:MAX_PICTURES]), refused)


def preview(record: Record, store: Store, *, most: int = _SIDES[0]) -> Preview:
    """Return a preview of a picture whose longer side has `most` pixels or fewer.

    Raises `DiagnosticError` where the picture is damaged.
    """
    for side in (each for each in _SIDES if each <= most):
        made = thumbnails([record], store, max_side=side)
        if record.key in made.failures:
            raise DiagnosticError(made.failures[record.key])
        data = made.files[record.key]
        if len(data) <= MAX_PICTURE_BYTES:
            return Preview(data)
    said = "the picture is too detailed for a small preview"
    raise DiagnosticError(
        Diagnostic.sentence(said, "a person looks at it with gemini-images gallery")
    )
