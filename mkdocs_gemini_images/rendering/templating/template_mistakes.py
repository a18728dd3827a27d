"""Say where a site's own template has a mistake: its file, and the line.

In: the exception that Jinja2 or the template raised, or the XML parser's about what it wrote. Out:
a `Diagnostic` that names the file and its line. Reads no file.
"""

import traceback
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import jinja2

from mkdocs_gemini_images.core.diagnostics import Diagnostic

TEMPLATE_ERRORS = (
    jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""The exceptions that loading and rendering a template raise: templates may compute."""


def failed(error: Exception, name: str, folders: Sequence[str]) -> Diagnostic:
    """Return the diagnostic for a template of that `name` which cannot be read or rendered."""
    file, line = name, 0
    if isinstance(error, jinja2.TemplateSyntaxError):
        file, line = error.filename or name, error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if any(PurePath(frame.filename).is_relative_to(folder) for folder in folders):
                file, line = frame.filename, frame.lineno or 0
    said = f"the template cannot be rendered ({str(error) or type(error).__name__})"
    return Diagnostic.sentence(said, "mend it", file=_place(file, line, folders))


def not_xml(
    error: etree.ParseError,
    written: str,
    template: jinja2.Template,
    values: dict[str, Any],
    folders: Sequence[str],
) -> Diagnostic:
    """Return the diagnostic for a template that has `written` what is not well-formed XML."""
    row, column = error.position
    end = sum(len(each) for each in written.splitlines(keepends=True)[: row - 1]) + column
    line = 0
    whole = template.render(values)
    end += len(whole) - len(whole.lstrip())
    passed = 0
    chunks = template.root_render_func(template.new_context(values))
    for chunk in chunks:
        frame = getattr(chunks, "gi_frame", None)
        line = 0 if frame is None else template.get_corresponding_lineno(frame.f_lineno)
        if passed + len(chunk) > end:
            before = chunk.count("\n", 0, end - passed)
            line = _line_of(chunk.split("\n")[before], line + before, template)
            break
        passed += len(chunk)
    said = f"the template does not write well-formed XML ({error})"
    place = _place(template.filename or template.name or "", line, folders)
    return Diagnostic.sentence(said, "mend it", file=place)


def _line_of(words: str, line: int, template: jinja2.Template) -> int:
    """Return the line of `words` in a template: `line`, or below it, since Jinja2 trims blocks."""
    loader, name = template.environment.loader, template.name
    if loader is None or name is None:
        return line
    lines = loader.get_source(template.environment, name)[0].split("\n")
    below = range(line, min(line + 3, len(lines)) + 1)
    return next((number for number in below if words.strip() in lines[number - 1]), line)


def _place(file: str, line: int, folders: Sequence[str]) -> str:
    """Return a template's path from the name of its folder, and the line, if that is known."""
    for folder in folders:
        if PurePath(file).is_relative_to(folder):
            file = f"{PurePath(folder).name}/{PurePath(file).relative_to(folder).as_posix()}"
    return f"{file}:{line}" if line else file
