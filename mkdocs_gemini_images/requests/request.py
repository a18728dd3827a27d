"""One exact request, and the key that names its picture for ever.

In come a directive and the site's defaults; out comes a chain of steps (a first drawing, then its
edits), each saying exactly what is sent. The key is SHA-256 over the chain's canonical JSON, never
over an answer, so it is known before anything is drawn. A field at its default is left out: a new
field changes no old key. Servers, API keys and everything about presentation are not in it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.directives.directive import Directive, folded
from mkdocs_gemini_images.directives.languages import localized
from mkdocs_gemini_images.directives.presets import fill
from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.models.catalogue import Ground

VERSION = 1


@dataclass(frozen=True, slots=True)
class FilePart:
    """A local picture that is sent along: where it lies, and the digest of its bytes there."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class UriPart:
    """A picture that the server fetches itself."""

    uri: str


@dataclass(frozen=True, slots=True)
class PicturePart:
    """Another directive's picture, by that directive's id."""

    id: str


Part = FilePart | UriPart | PicturePart


@dataclass(frozen=True)
class ImageRequest:
    """One turn of a conversation that ends in a picture."""

    model: str
    text: str
    aspect_ratio: str
    size: str
    spelled: str = ""
    """The size as its author spelled it, for gateways; not in the key."""
    temperature: float | None = None
    parts: tuple[Part, ...] = ()
    grounding: tuple[Ground, ...] = ()
    request: str = ""
    """Canonical JSON that is merged into the body, or empty."""
    take: int = 1
    after: "ImageRequest | None" = None
    emulated: bool = False

    @property
    def pixels(self) -> dimensions.Pixels:
        """Width and height it is documented to have."""
        return catalogue.pixels(self.model, self.aspect_ratio, self.size)

    @cached_property
    def lasting_key(self) -> str | None:
        """Its key, where no directive's id has a part in it; each is taken once."""
        refers = any(isinstance(part, PicturePart) for part in self.parts)
        if refers or (self.after is not None and self.after.lasting_key is None):
            return None
        return digest(canonical(self))

    def chain(self) -> Iterator["ImageRequest"]:
        """Yield all steps of the conversation, the first one first."""
        if self.after is not None:
            yield from self.after.chain()
        yield self


@dataclass(frozen=True, slots=True)
class ResolvedImage:
    """One directive's picture: the step whose picture is shown, and its twin for dark mode."""

    directive: Directive
    step: ImageRequest
    dark: ImageRequest | None = None
    file: str = ""
    """The site path of a named file under which the picture is published, or empty."""
    language: str = ""
    """The code of its page's language."""
    localized: bool = False
    """Whether it is drawn for that language alone."""

    @property
    def display_name(self) -> str:
        """What people call its picture: the directive's id, or its named file.

        A localized one has its language with it: an earlier picture in another never stands in.
        """
        name = self.directive.id or self.file
        return f"{name}@{self.language}" if name and self.localized else name

    @property
    def name(self) -> str:
        """What its picture is called in stock."""
        return (
            f"file:{self.display_name}"
            if self.file and not self.directive.id
            else self.display_name
        )

    def shown(self) -> tuple[tuple[ImageRequest, str], ...]:
        """Give the steps whose pictures are shown, each with the wish it fulfils."""
        return self._wishing(self._wish(localized=self.localized))

    def former(self) -> tuple[tuple[ImageRequest, str], ...]:
        """Give the same steps with the wishes of before somebody else localized them, or ceased."""
        return self._wishing(self._wish(localized=not self.localized))

    def _wish(self, *, localized: bool) -> str:
        author_digest = self.directive.author_digest
        return digest(["localized", self.language, author_digest]) if localized else author_digest

    def _wishing(self, author_digest: str) -> tuple[tuple[ImageRequest, str], ...]:
        if self.dark is None:
            return ((self.step, author_digest),)
        return (self.step, author_digest), (self.dark, digest(["dark", author_digest]))


def settle(
    directive: Directive, site: ImageDefaults, language: str = ""
) -> Directive | tuple[Diagnostic, ...]:
    """Fill the gaps an author left from the preset, then from the site; check it for the model.

    `language` is the code of the language that its page is written in, where that is known.
    """
    presets = site.presets or {}
    name = directive.preset or site.preset
    if name and name not in presets:
        fix = did_you_mean(name, presets) if presets else "add it to presets: in mkdocs.yml"
        return (Diagnostic("a preset that mkdocs.yml defines", quoted(name), fix),)
    preset = presets.get(name)
    full = shaped(directive, site)
    full = replace(
        full,
        prompt=preset.words(folded(directive.prompt)) if preset else directive.prompt,
        model=full.model or site.model,
        aspect_ratio=full.aspect_ratio or site.aspect_ratio,
        size=full.size or site.size,
        temperature=site.temperature if full.temperature is None else full.temperature,
    )
    diagnostics = catalogue.check(
        full.model,
        full.aspect_ratio,
        dimensions.canonical_size(full.size),
        frozenset(full.grounding),
        len(full.references),
    )
    if full.localized and not language:
        fix = "set theme.language or theme.locale"
        diagnostics.append(Diagnostic("a page with a language for localized: true", "none", fix))
    return tuple(diagnostics) or full


def shaped(directive: Directive, site: ImageDefaults) -> Directive:
    """Fill the gaps an author left from the preset: how a picture is drawn, and how it stands."""
    presets = site.presets or {}
    return fill(directive, presets.get(directive.preset or site.preset))


def compose(
    full: Directive,
    site: ImageDefaults,
    parts: tuple[Part, ...] = (),
    *,
    written: Directive | None = None,
    file: str = "",
    language: str = "",
) -> ResolvedImage:
    """Write a settled directive as the chain of steps that draws it.

    `parts` are its references, found and hashed; `written` is what its author wrote, and `file`
    where it is to be published, if that is said; `language` is its page's. `take` belongs to the
    last step, so changing the last edit redraws one step.
    """
    text = folded(full.prompt)
    first = ImageRequest(
        model=full.model,
        text=localized(text, language) if full.localized else text,
        aspect_ratio=full.aspect_ratio,
        size=dimensions.canonical_size(full.size),
        spelled=full.size,
        temperature=full.temperature,
        parts=parts,
        grounding=full.grounding,
        request=site.request,
        emulated=site.emulated,
    )
    last = first
    for edit in full.edits:
        last = replace(first, text=folded(edit), parts=(), after=last)
    last = last if full.take == 1 else replace(last, take=full.take)
    dark = replace(first, text=folded(full.dark), parts=(), after=last) if full.dark else None
    return ResolvedImage(written or full, last, dark, file, language, bool(full.localized))


def another_take(resolved: ResolvedImage, take: int) -> ResolvedImage:
    """Give another drawing of the same request, as it would be with that `take` written."""
    directive, step = replace(resolved.directive, take=take), replace(resolved.step, take=take)
    return replace(resolved, directive=directive, step=step, dark=None, file="")


def canonical(step: ImageRequest, keys: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Write a step as the mapping its key is taken from.

    `keys` gives the key of each directive id; without it, an id stays as written, which is what
    file names are made from, since they are needed before all ids are known.

    Raises `KeyError` for an id that `keys` does not know.
    """
    config: dict[str, Any] = {"aspectRatio": step.aspect_ratio}
    if step.size != "1K":
        config["imageSize"] = step.size
    if step.temperature is not None:
        config["temperature"] = step.temperature
    written: dict[str, Any] = {
        "v": VERSION,
        "model": step.model,
        "text": step.text,
        "config": config,
    }
    if step.parts:
        written["parts"] = [_part(part, keys) for part in step.parts]
    if step.grounding:
        written["tools"] = list(step.grounding)
    if step.request:
        written["request"] = json.loads(step.request)
    if step.take != 1:
        written["take"] = step.take
    if step.emulated:
        written["emulated"] = True
    if step.after is not None:
        written["after"] = key(step.after, keys)
    return written


def key(step: ImageRequest, keys: Mapping[str, str] | None = None) -> str:
    """Name a step's picture: 64 hex digits, the same wherever and whenever it is asked for."""
    return step.lasting_key or digest(canonical(step, keys))


def _part(part: Part, keys: Mapping[str, str] | None) -> dict[str, str]:
    match part:
        case FilePart():
            return {"file": part.sha256}
        case UriPart():
            return {"uri": part.uri}
        case PicturePart():
            return {"id": part.id} if keys is None else {"picture": keys[part.id]}
