"""One directive's image: the requests that draw it, and what else its author asked for.

A directive and the site's defaults go in. Out comes first the completed directive, whose options
are checked for the model, and from it a `ResolvedImage`: the request for light pages, the one for
dark pages, and how pages present the picture. Pure.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import localized, translation
from mkdocs_gemini_images.directives.options.reference_items import read_reference, with_roles
from mkdocs_gemini_images.directives.presets import fill
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.models.dimensions import canonical_size
from mkdocs_gemini_images.requests.request import ImageRequest, RequestPart


class _AuthoredRequestFields(NamedTuple):
    request: ImageRequest
    directive: Directive
    """The directive as its author wrote it."""
    language: str = ""
    localized: bool = False
    is_dark: bool = False
    base: "AuthoredRequest | None" = None
    """The image in the site's first language of which this one is an edit, if it is one."""


class AuthoredRequest(_AuthoredRequestFields):
    """A request whose picture pages show, and the digests of the author's options behind it.

    The digests find pictures that were drawn for the same options when the site's defaults were
    others. They are computed when they are first asked for: most look-ups by key need none.
    """

    @cached_property
    def author_digest(self) -> str:
        """The digest of the author's options, and of the language of a localized image.

        That of an edit has the options of the image in the first language.
        """
        if self.base is not None:
            return self._digest_of_edit(self.base.directive)
        return self._digest(localized=self.localized)

    def author_digests(self) -> Iterator[str]:
        """Yield the digest of today, then those of the same options with another `localized`."""
        yield self.author_digest
        if self.base is not None:
            yield self._digest(localized=True)
        yield self._digest(localized=self.base is None and not self.localized)
        if self.base is None and self.localized:
            yield self._digest_of_edit(self.directive._replace(take=1))

    def _digest(self, *, localized: bool) -> str:
        author_digest = self.directive.author_digest
        if localized:
            author_digest = digest(["localized", self.language, author_digest])
        return digest(["dark", author_digest]) if self.is_dark else author_digest

    def _digest_of_edit(self, base: Directive) -> str:
        own = [self.directive.localized_edit, self.directive.take]
        own += [self.directive.dark] if self.is_dark else []
        return digest(["localized: edit", self.language, base.author_digest, *own])


class _ResolvedImageFields(NamedTuple):
    directive: Directive
    """The directive as its author wrote it."""
    presentation: Directive
    """The directive with its preset's defaults, with which templates are rendered."""
    light: AuthoredRequest
    dark: AuthoredRequest | None = None
    file: str = ""
    """The site path of a named file under which the picture is published, or empty."""


class ResolvedImage(_ResolvedImageFields):
    """One directive's image: its request for light pages, and the one for dark pages."""

    @property
    def requests(self) -> tuple[ImageRequest, ...]:
        """The requests whose pictures pages show: the light one, and the dark one if any."""
        return tuple(each.request for each in (self.light, self.dark) if each is not None)

    @property
    def language(self) -> str:
        """The code of the language of the directive's page."""
        return self.light.language

    @property
    def localized(self) -> bool:
        """Whether the image is drawn for its page's language alone."""
        return self.light.localized

    @cached_property
    def display_name(self) -> str:
        """The image's name for people: the directive's id, or its named file.

        A localized image has its language in it, so that an earlier picture in another language
        never stands in.
        """
        name = self.directive.id or self.file
        return f"{name}@{self.language}" if name and self.localized else name

    @cached_property
    def name(self) -> str:
        """The image's name in the store."""
        is_file = self.file and not self.directive.id
        return f"file:{self.display_name}" if is_file else self.display_name


class CompletedDirective(NamedTuple):
    """A directive, and what the preset and the site's defaults make of it."""

    written: Directive
    """The directive as its author wrote it."""
    presentation: Directive
    """The directive with its preset's defaults."""
    complete: Directive
    """The directive with all defaults, and the preset's words around its prompt."""


def apply_defaults(
    directive: Directive, defaults: ImageDefaults, language: str = ""
) -> CompletedDirective:
    """Return a directive with the options its author left out: the preset's, then the site's.

    `language` is the code of the language of its page, or empty where it is unknown.

    Raises `DiagnosticError` when the preset is not defined, and with everything that the model
    cannot draw.
    """
    presets = defaults.presets or {}
    name = directive.preset or defaults.preset
    if name and name not in presets:
        fix = did_you_mean(name, presets) if presets else f"add it to presets: in {defaults.file}"
        unknown = Diagnostic.sentence(f"preset {quoted(name)} is not defined", fix, at="preset")
        raise DiagnosticError(defaults.locate(unknown, directive))
    preset = presets.get(name)
    presentation = fill(directive, preset) if preset else directive
    complete = presentation._replace(
        prompt=preset.words(folded(directive.prompt)) if preset else directive.prompt,
        model=presentation.model or defaults.model,
        aspect_ratio=presentation.aspect_ratio or defaults.aspect_ratio,
        size=presentation.size or defaults.size,
        temperature=(
            defaults.temperature if presentation.temperature is None else presentation.temperature
        ),
    )
    diagnostics = catalogue.check_options(
        complete.model,
        complete.aspect_ratio,
        canonical_size(complete.size),
        frozenset(complete.grounding),
        len(complete.references),
        [read_reference(written).role for written in complete.references],
    )
    if directive.localized_edit and complete.localized != "edit":
        said = "localized_edit says how words are translated, and the picture has no such edit"
        fix = "write localized: edit as well"
        diagnostics.append(Diagnostic.sentence(said, fix, at="localized_edit"))
    if complete.localized and not language:
        fix = "set theme.language or theme.locale"
        written = "edit" if complete.localized == "edit" else "true"
        said = f"the page has no language, which localized: {written} needs"
        diagnostics.append(Diagnostic.sentence(said, fix, at="localized"))
    if diagnostics:
        raise DiagnosticError(*(defaults.locate(each, directive) for each in diagnostics))
    return CompletedDirective(directive, presentation, complete)


def compose_image(
    completed: CompletedDirective,
    defaults: ImageDefaults,
    parts: tuple[RequestPart, ...] = (),
    *,
    file: str = "",
    language: str = "",
    base_of: Callable[[AuthoredRequest], AuthoredRequest] = lambda own: own,
) -> ResolvedImage:
    """Return the image of a completed directive, with the requests that draw it.

    `parts` are the directive's references, found and hashed; `file` is the site path of its named
    file, or empty; `language` is the code of its page's language. `base_of` returns the image that
    one with `localized: edit` is an edit of, for the request that it would be in the site's first
    language. `take` belongs to the last request, so that changing the last edit draws one request
    again.
    """
    directive, full = completed.written, completed.complete
    references = [read_reference(written) for written in full.references]
    text = folded(full.prompt)
    text = with_roles(text, references) if references else text
    is_edit = full.localized == "edit" and defaults.language not in ("", language)
    spoken = defaults.language if is_edit else language
    first = ImageRequest(
        model=full.model,
        text=localized(text, spoken) if full.localized else text,
        aspect_ratio=full.aspect_ratio,
        size=canonical_size(full.size),
        spelled=full.size,
        temperature=full.temperature,
        parts=parts,
        grounding=full.grounding,
        request=defaults.request,
        emulated=defaults.emulated,
    )
    last = first
    for edit in full.edits:
        last = first._replace(text=folded(edit), parts=(), after=last)
    base = None
    if is_edit:
        base = base_of(AuthoredRequest(last, directive._replace(take=1), spoken, localized=True))
        sentence = translation(language, full.localized_edit, defaults.localized_edit)
        first = base.request._replace(parts=(), take=1)
        last = first._replace(text=sentence, after=base.request)
    last = last if full.take == 1 else last._replace(take=full.take)
    light = AuthoredRequest(last, directive, language, bool(full.localized), base=base)
    dark = None
    if full.dark:
        request = first._replace(text=folded(full.dark), parts=(), after=last)
        dark = light._replace(request=request, is_dark=True)
    return ResolvedImage(directive, completed.presentation, light, dark, file)


def another_take(resolved: ResolvedImage, take: int) -> ResolvedImage:
    """Return another drawing of the same request, as if the directive had that `take`.

    It has no dark twin and no named file: it is drawn to be compared.
    """
    directive = resolved.directive._replace(take=take)
    request = resolved.light.request._replace(take=take)
    light = resolved.light._replace(request=request, directive=directive)
    return resolved._replace(directive=directive, light=light, dark=None, file="")
