"""Open the package's Jinja2 templates, which a theme's folders can override.

The environment escapes everything: MkDocs' own does not, and alt texts, captions, labels and
sources come from others.
"""

from collections.abc import Sequence
from types import CodeType
from typing import Any

import jinja2
from jinja2.bccache import Bucket


class _CompiledTemplates(jinja2.BytecodeCache):
    """The code of templates, kept for the further builds of a preview.

    Each is known by its name and file, and is that of one text.
    """

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if this very text was compiled before."""
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._code[bucket.key] = bucket.checksum, bucket.code


_COMPILED = _CompiledTemplates()


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
        bytecode_cache=_COMPILED,
    )


def _encodable(value: Any) -> Any:
    """Return a value for a page: text of others may hold half a surrogate pair, a file may not."""
    if type(value) is not str or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()
