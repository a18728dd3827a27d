"""Read `pictures:` of `mkdocs.yml`: the pictures that a theme's templates show by name.

In goes the mapping as YAML left it; out come directives by their names, or a `DiagnosticError`
with all mistakes. Pure.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.plain_values import plain_text
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.options.mapping import read_mapping


def read_pictures(written: Mapping[object, object]) -> dict[str, Directive]:
    """Return the named pictures, or raise `DiagnosticError` with the mistakes of all of them."""
    pictures: dict[str, Directive] = {}
    diagnostics: list[Diagnostic] = []
    for name, body in ((plain_text(name), body) for name, body in written.items()):
        try:
            pictures[name] = read_mapping(body, f"picture {quoted(name)}", f"pictures\n{name}")
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return pictures
