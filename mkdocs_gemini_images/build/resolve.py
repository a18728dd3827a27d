"""What a directive wishes for, on the page and in the site that it stands in.

In come a directive as its author wrote it, its page and the site's settings; out comes one exact
picture, its references found, or what is wrong with it. One name is one picture: a second wish
under the same id or file is an error. Reads the references' files, and nothing else.
"""

import posixpath
from dataclasses import replace

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import canonical_code
from mkdocs_gemini_images.imaging import reference_files
from mkdocs_gemini_images.requests import request
from mkdocs_gemini_images.requests.request import Part, ResolvedImage


def author_digest(
    directive: Directive, page: str, language: str, base: str | None, settings: Settings
) -> ResolvedImage | tuple[Diagnostic, ...]:
    """Write a directive as the picture that is wanted, or say what is wrong with it.

    `language` is the code of its page's language, `base` the folder that its references start from,
    its page's where nothing is said. Those of a preset start from the folder of `mkdocs.yml`.
    """
    code = canonical_code(language)
    full = request.settle(directive, settings.defaults, code)
    if isinstance(full, tuple):
        return full
    if base is None and directive.references:
        base = posixpath.join(settings.docs, posixpath.dirname(page))
    parts: list[Part] = []
    for written in full.references:
        part = reference_files.find(written, base or "", settings.root)
        if isinstance(part, Diagnostic):
            return (part,)
        parts.append(part)
    if full.dark and not settings.dark_pages:
        full = replace(full, dark="")
    file = named_files.site_path(directive.file, page)
    # The wish and the messages are about the author's own words.
    return request.compose(
        full, settings.defaults, tuple(parts), written=directive, file=file, language=code
    )


def clash(
    resolved: ResolvedImage, named: dict[str, ResolvedImage], filed: dict[str, ResolvedImage]
) -> Diagnostic | None:
    """Note a picture's id and file; the same again with another request is an error."""
    for name, known in ((resolved.directive.id, named), (resolved.file, filed)):
        if not name:
            continue
        first = known.setdefault(name, resolved)
        if known is named and _one_each(first, resolved):
            continue  # one each: in a translated site, some pages are in another's language
        if (first.step, first.dark, first.file) != (resolved.step, resolved.dark, resolved.file):
            return Diagnostic(
                f"one picture named '{name}', {quoted(first.directive.prompt)}",
                f"another, {quoted(resolved.directive.prompt)}",
                "give it a name of its own",
            )
    return None


def _one_each(first: ResolvedImage, resolved: ResolvedImage) -> bool:
    """Whether two of one id are the picture of one language and that of another."""
    return first.localized and resolved.localized and first.language != resolved.language
