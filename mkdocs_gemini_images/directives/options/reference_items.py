"""Read what an author says about a reference: `fox.png as person`, `gs://b/fox as object`.

In: one item of `references`. Out: a `ReferenceItem`, or `DiagnosticError`. The words that tell the
model what each reference is are made here as well: they are part of the prompt that is sent, and so
of its key. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
    wrong_value,
)

ROLES: Mapping[str, str] = {
    "object": "an object: keep its form and its details",
    "person": "a person: keep the face and the figure",
    "style": "an example of the style: draw in this style, and nothing of what it shows",
}
"""What a reference may be, and how the model is told. The words are part of keys."""
MIME_BY_SUFFIX: Mapping[str, str] = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
    ".heic": "image/heic", ".heif": "image/heif", ".avif": "image/avif",
}  # fmt: skip
_CLAUSE = r"(?P<rest>.*\S),?\s+(?P<name>as|type)(?::\s*|\s+)(?P<value>[\w/+-]+)"


class ReferenceItem(NamedTuple):
    """One reference: where it is, and what its author says about it."""

    target: str
    """A path, an address or `#id`."""
    role: str = ""
    """One of `ROLES`, or empty."""
    mime_type: str = ""
    """The type of the picture at an address, or empty."""

    def __str__(self) -> str:
        role = f" as {self.role}" if self.role else ""
        return f"{self.target}{role}{f' type {self.mime_type}' if self.mime_type else ''}"


def read_reference(written: str) -> ReferenceItem:
    """Return what an item of `references` says. Raises `DiagnosticError`."""
    rest = re.sub(r"\Afile:\s+", "", written.strip())
    said: dict[str, str] = {}
    while (clause := re.fullmatch(_CLAUSE, rest)) is not None and clause["name"] not in said:
        said[clause["name"]] = clause["value"].lower()
        rest = clause["rest"].rstrip(",").rstrip()
    role, mime_type = said.get("as", ""), said.get("type", "")
    if role and role not in ROLES:
        fix = did_you_mean(role, ROLES)
        what = "as object, person or style"
        raise DiagnosticError(wrong_value("a reference", what, f"as {said['as']}", fix))
    types = sorted(set(MIME_BY_SUFFIX.values()))
    if mime_type and mime_type not in types:
        fix = did_you_mean(mime_type, types)
        raise DiagnosticError(Diagnostic("the type of a picture", quoted(mime_type), fix))
    return ReferenceItem(rest, role, mime_type)


def mime_type_of(uri: str) -> str:
    """Return the type of a picture by the ending of its address, or empty."""
    path = re.split(r"[?#]", uri, maxsplit=1)[0].lower()
    return next((kind for suffix, kind in MIME_BY_SUFFIX.items() if path.endswith(suffix)), "")


def with_roles(prompt: str, items: Sequence[ReferenceItem]) -> str:
    """Return a prompt that says what each reference is, where its author does."""
    words = [
        f"Reference image {number} shows {ROLES[item.role]}."
        for number, item in enumerate(items, 1)
        if item.role
    ]
    end = "." if words and prompt[-1:].isalnum() else ""
    return " ".join([f"{prompt}{end}", *words])
