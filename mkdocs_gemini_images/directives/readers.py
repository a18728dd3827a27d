"""Read a fence, an inline image or a mapping of options into a `Directive`.

In go a fence's header and body, or an inline image's alt, title and attribute list, all text. Out
comes a `Directive` in which every option has its type, or a `DiagnosticError` with all mistakes:
one wrong option makes the whole directive wrong. Pure.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.directives.directive import FILE_KINDS, Attributes, Directive, folded
from mkdocs_gemini_images.directives.fence_body import (
    Value,
    read_body,
    read_header,
    read_prompt,
)
from mkdocs_gemini_images.directives.misspelt_options import meant_option
from mkdocs_gemini_images.directives.option_table import LIST_OPTIONS, OPTIONS

_DATA = re.compile(r"data-(?!gemini)[a-z][a-z0-9-]*")
"""Attributes for scripts, such as a lightbox; `data-gemini` begins the plugin's own."""


def read_fence(
    header: Mapping[str, str], body: str, *, classes: tuple[str, ...] = (), id: str = ""
) -> Directive:
    """Return the directive of a fence.

    Where the header has options, classes or an id, the body is the prompt alone; otherwise the body
    has prompt and options. Raises `DiagnosticError` with all mistakes.
    """
    if not (header or classes or id):
        return _directive(read_body(body, OPTIONS, LIST_OPTIONS), classes=(), source=body)
    header, data = _without_data(header)
    options = read_header(header, LIST_OPTIONS)
    if id:
        options.setdefault("id", id)
    if "prompt" in options:
        expected, got = "the prompt in the fence's body", "prompt= in its header"
        raise DiagnosticError(Diagnostic(expected, got, "move it"))
    options |= read_prompt(body, OPTIONS)
    return _directive(options, classes=classes, source=body, data=data)


def read_image(
    alt: str,
    title: str,
    attributes: Mapping[str, str],
    *,
    classes: tuple[str, ...] = (),
    file: str = "",
) -> Directive:
    """Return the directive of an inline image: the title is its prompt, `![](...)` is decorative.

    `file` is the image's path where it is an ordinary one: the picture is then published under it.
    Raises `DiagnosticError` with all mistakes.
    """
    for own, where in (("prompt", "the title"), ("alt", "the brackets")):
        if own in attributes:
            raise DiagnosticError(
                Diagnostic(f"the {own} in {where}", f"{own}= in braces", "move it")
            )
    if "prompt" in title.lower() and meant_option(title, ("prompt",)):
        expected, got = "the prompt alone as the title", quoted(title)
        raise DiagnosticError(Diagnostic(expected, got, "write what to draw, and no option"))
    attributes, data = _without_data(attributes)
    options = read_header(attributes, LIST_OPTIONS) | {"prompt": title, "alt": alt}
    if file:
        _check_named_file(file, options)
    return _directive(options, classes=classes, source=title, file=file, data=data)


def read_options(options: Mapping[str, Value], source: str) -> Directive:
    """Return the directive of options that stand in neither a fence nor an image.

    Raises `DiagnosticError` with all mistakes.
    """
    return _directive(options, classes=(), source=source)


def _without_data(attributes: Mapping[str, str]) -> tuple[Mapping[str, str], Attributes]:
    """Return the options of an attribute list, and its `data-` attributes, which pass through."""
    data = {name: text for name, text in attributes.items() if _DATA.fullmatch(name)}
    options = {name: text for name, text in attributes.items() if name not in data}
    return options, tuple(data.items())


def _check_named_file(file: str, options: Mapping[str, Value]) -> None:
    """Raise `DiagnosticError` for a named file that cannot be one picture of a known format."""
    diagnostics = []
    if PurePosixPath(file).suffix.lower() not in FILE_KINDS:
        kinds = ", ".join(FILE_KINDS)
        expected = f"a named file that ends in {kinds}"
        diagnostics.append(Diagnostic(expected, quoted(file), "rename it"))
    if "dark" in options:
        fix = "write gemini: in place of the path"
        diagnostics.append(Diagnostic("one picture in a named file", "dark= beside it", fix))
    if diagnostics:
        raise DiagnosticError(*diagnostics)


def _directive(
    options: Mapping[str, Value],
    *,
    classes: tuple[str, ...],
    source: str,
    file: str = "",
    data: Attributes = (),
) -> Directive:
    """Return the directive of all options, or raise `DiagnosticError` with all mistakes."""
    values: dict[str, Any] = {}
    diagnostics: list[Diagnostic] = []
    for name, written in options.items():
        option = OPTIONS.get(name)
        if option is None:
            fix = did_you_mean(name, OPTIONS)
            diagnostics.append(Diagnostic("a known option", quoted(name), fix))
            continue
        try:
            values[option.field or name] = option.read(written)
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    if "prompt" not in options or not folded(str(options["prompt"])):
        diagnostics.append(Diagnostic("a prompt", "none", "say what to draw"))
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    values["classes"] = (*classes, *values.get("classes", ()))
    return Directive(**values, data=data, source=source, file=file)
