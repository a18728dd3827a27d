"""Resolve a directive, on its page and in its site, to the exact image that it asks for.

A directive as its author wrote it, its page and the site's settings go in; the requests that draw
the image come out. Reads the files of references, to hash them.
"""

import posixpath
from dataclasses import replace

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import canonical_code
from mkdocs_gemini_images.imaging import reference_files
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)


def resolve(
    directive: Directive, page: str, language: str, base: str | None, settings: Settings
) -> ResolvedImage:
    """Return the image that a directive asks for.

    `language` is the code of the page's language. References start from the folder `base`, by
    default the page's; those of a preset start from the folder of `mkdocs.yml`.

    Raises `DiagnosticError`.
    """
    code = canonical_code(language)
    completed = apply_defaults(directive, settings.defaults, code)
    if base is None and directive.references:
        base = posixpath.join(settings.docs, posixpath.dirname(page))
    parts = tuple(
        reference_files.find(written, base or "", settings.root)
        for written in completed.complete.references
    )
    if completed.complete.dark and not settings.dark_pages:
        completed = replace(completed, complete=replace(completed.complete, dark=""))
    file = named_files.site_path(directive.file, page)
    if (wrong := named_files.outside(file)) is not None:
        raise DiagnosticError(wrong)
    return compose_image(completed, settings.defaults, parts, file=file, language=code)


def check_names(
    resolved: ResolvedImage,
    directives: dict[str, ResolvedImage],
    files: dict[str, ResolvedImage],
) -> None:
    """Note an image's id in `directives` and its named file in `files`.

    Raises `DiagnosticError` when the name already stands for another request.
    """
    for name, known in ((resolved.directive.id, directives), (resolved.file, files)):
        if not name:
            continue
        first = known.setdefault(name, resolved)
        if known is directives and _differ_in_language(first, resolved):
            continue  # in a translated site, some pages are in another language
        if (first.requests, first.file) != (resolved.requests, resolved.file):
            raise DiagnosticError(
                Diagnostic(
                    f"one picture named '{name}', {quoted(first.directive.prompt)}",
                    f"another, {quoted(resolved.directive.prompt)}",
                    "give it a name of its own",
                )
            )


def _differ_in_language(first: ResolvedImage, resolved: ResolvedImage) -> bool:
    """Return whether two images of one id are localized for two languages."""
    return first.localized and resolved.localized and first.language != resolved.language
