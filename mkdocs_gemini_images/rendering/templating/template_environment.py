"""Open the package's Jinja2 templates, which a theme's folders can override.

The environment escapes everything: MkDocs' own does not, and alt texts, captions, labels and
sources come from others.
"""

from collections.abc import Sequence
from typing import Any

import jinja2


def template_environment(folders: Sequence[str] = ()) -> jinja2.Environment:
    """Return an environment that looks for a template in `folders`, then in the package."""
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(list(folders)),
                jinja2.PackageLoader("mkdocs_gemini_images"),
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_encodable,
    )


def _encodable(value: Any) -> Any:
    """Return a value for a page: text of others may hold half a surrogate pair, a file may not."""
    if type(value) is not str or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()
