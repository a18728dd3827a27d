"""The pictures that `mkdocs.yml` names for the theme's templates.

In comes `pictures:` as YAML left it; out come directives by their names, or all that is wrong with
them. Nothing is shown here and nothing drawn.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive
from mkdocs_gemini_images.directives.mapping import read_mapping


def read_pictures(written: Mapping[object, object]) -> tuple[dict[str, Directive], Diagnostics]:
    """Read the named pictures; one with a mistake is left out and complained about."""
    pictures: dict[str, Directive] = {}
    diagnostics: list[Diagnostic] = []
    for name, body in ((str(name), body) for name, body in written.items()):
        read = read_mapping(body, f"picture '{name}'", f"{name}:")
        if isinstance(read, Directive):
            pictures[name] = read
        else:
            diagnostics += read
    return pictures, tuple(diagnostics)
