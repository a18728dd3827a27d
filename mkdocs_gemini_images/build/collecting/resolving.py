"""Resolve a directive: the image it asks for, with the site's defaults and its references found.

In go a directive, its page and the settings; out comes a `ResolvedImage`, or all that is wrong with
the directive. Files of references are read, to hash them.
"""

import posixpath
from collections.abc import Callable
from functools import partial

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, kept
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.directives.alt_weights import Weight
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import canonical_code
from mkdocs_gemini_images.directives.portable_names import unportable
from mkdocs_gemini_images.imaging import reference_files
from mkdocs_gemini_images.requests.resolved_image import (
    AuthoredRequest,
    CompletedDirective,
    ResolvedImage,
    apply_defaults,
    compose_image,
)


def resolve(
    directive: Directive, page: str, language: str, base: str | None, settings: Settings,
    base_of: Callable[[AuthoredRequest], AuthoredRequest] = lambda own: own,
) -> ResolvedImage:  # fmt: skip
    """Return the image that a directive asks for.

    `language` is the code of the page's language. References start from the folder `base`, by
    default the page's; those of a preset start from the folder of `mkdocs.yml`. `base_of` is given
    to `compose_image`.

    Raises `DiagnosticError` with all mistakes.
    """
    code = canonical_code(language)
    found: list[Diagnostic] = []
    completed: CompletedDirective | None = kept(
        lambda: apply_defaults(directive, settings.defaults, code), found
    )
    if base is None and directive.references:
        base = posixpath.join(settings.docs, posixpath.dirname(page))
    written = directive if completed is None else completed.complete
    wrong: list[Diagnostic] = []
    parts = [
        kept(partial(reference_files.find, each, base or "", settings.root), wrong)
        for each in written.references
    ]
    found += [settings.defaults.locate(each._replace(at="references"), directive) for each in wrong]
    file = ""
    if directive.file:
        file = named_files.site_path(directive.file, page)
        misplaced = unportable(directive.file, "the named file") or named_files.outside(file)
        found += [] if misplaced is None else [misplaced]
    if found or completed is None:
        raise DiagnosticError(*found)
    if completed.complete.dark and not settings.dark_pages:
        completed = completed._replace(complete=completed.complete._replace(dark=""))
    return compose_image(
        completed, settings.defaults, tuple(parts), file=file, language=code, base_of=base_of
    )


def mistakes(
    directive: Directive, page: str, language: str, base: str | None, settings: Settings
) -> list[Diagnostic]:
    """Return all that is wrong with a directive, of which perhaps only a part could be read.

    The arguments are those of `resolve`.
    """
    if directive.unread:
        return []
    found: list[Diagnostic] = []
    kept(lambda: resolve(directive, page, language, base, settings), found)
    return [*found, *broken_alt_rules(directive, language, settings)]


def broken_alt_rules(
    directive: Directive, language: str, settings: Settings
) -> dict[Diagnostic, Weight]:
    """Return what the alt of a directive breaks of the rules that are on, with their weights."""
    rules = settings.alt_rules
    broken = alt_rules.breaches(directive, language)
    return {wrong: rules[rule] for rule, wrong in broken if rules[rule] != "off"}
