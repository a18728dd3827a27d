"""Read a fence, an inline image or a mapping of options into a `Directive`.

In go a fence's header and body, or an inline image's alt, title and attribute list, all text. Out
comes a `Directive` in which every option has its type, or a `DiagnosticError` with all mistakes:
one wrong option makes the whole directive wrong. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    kept,
    quoted,
)
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.directive import (
    FILE_KINDS,
    Attributes,
    Directive,
    id_shown_by,
)
from mkdocs_gemini_images.directives.fence_body import (
    Value,
    read_body,
    read_header,
    read_prompt,
)
from mkdocs_gemini_images.directives.options.misspelt_options import meant_option
from mkdocs_gemini_images.directives.options.option_table import LIST_OPTIONS, OPTIONS
from mkdocs_gemini_images.directives.options.unknown_option import correction

_OF_ECHO = (
    "prompt", "alt", "caption", "crop", "focus", "class", "width", "align", "loading", "priority",
)  # fmt: skip
"""The options of a directive that shows a picture of another directive by its id."""
_DATA = re.compile(r"data-(?!gemini)[a-z][a-z0-9-]*")
"""Attributes for scripts, such as a lightbox; `data-gemini` begins the plugin's own."""


def read_fence(
    header: Mapping[str, str], body: str, *, classes: tuple[str, ...] = (), id: str = ""
) -> Directive:
    """Return the directive of a fence.

    Where the header has options, classes or an id, the body is the prompt alone; otherwise the body
    has prompt and options. Raises `DiagnosticError` with all mistakes.
    """
    mistakes: list[Diagnostic] = []
    if not (header or classes or id):
        options = kept(lambda: read_body(body, OPTIONS, LIST_OPTIONS), mistakes)
        return _directive(options, mistakes, classes=(), source=body)
    header, data = _without_data(header)
    options = kept(lambda: read_header(header, LIST_OPTIONS), mistakes)
    if id:
        options.setdefault("id", id)
    prompt = kept(lambda: read_prompt(body, OPTIONS), mistakes)
    if "prompt" in options:
        expected, got = "the prompt in the fence's body", "prompt= in its header"
        mistakes.append(Diagnostic(expected, got, "move it"))
    else:
        options |= prompt
    return _directive(options, mistakes, classes=classes, source=body, data=data)


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
    mistakes: list[Diagnostic] = []
    for own, where in (("prompt", "the title"), ("alt", "the brackets")):
        if own in attributes:
            got = f"{own}= in braces"
            mistakes.append(Diagnostic(f"the {own} in {where}", got, "move it", at=own))
    if "prompt" in title.lower() and meant_option(title, ("prompt",)):
        expected, got = "the prompt alone as the title", quoted(title)
        mistakes.append(Diagnostic(expected, got, "write what to draw, and no option"))
    attributes, data = _without_data(attributes)
    options = kept(lambda: read_header(attributes, LIST_OPTIONS), mistakes)
    options |= {"prompt": title, "alt": alt}
    if file:
        mistakes += _wrong_named_file(file, options)
    return _directive(options, mistakes, classes=classes, source=title, file=file, data=data)


def read_options(options: Mapping[str, Value], source: str) -> Directive:
    """Return the directive of options that stand in neither a fence nor an image.

    Raises `DiagnosticError` with all mistakes.
    """
    return _directive(options, [], classes=(), source=source)


def _without_data(attributes: Mapping[str, str]) -> tuple[Mapping[str, str], Attributes]:
    """Return the options of an attribute list, and its `data-` attributes, which pass through."""
    data = {name: text for name, text in attributes.items() if _DATA.fullmatch(name)}
    options = {name: text for name, text in attributes.items() if name not in data}
    return options, tuple(data.items())


def _wrong_named_file(file: str, options: Mapping[str, Value]) -> Iterator[Diagnostic]:
    """Yield why a named file cannot be one picture of a known format."""
    if PurePosixPath(file).suffix.lower() not in FILE_KINDS:
        kinds = ", ".join(FILE_KINDS)
        expected = f"a named file that ends in {kinds}"
        yield Diagnostic(expected, quoted(file), "rename it")
    if "dark" in options:
        fix = "write gemini: in place of the path"
        said = "a named file is one picture, and dark= asks for a second"
        yield Diagnostic.sentence(said, fix, at="dark")


def _wrong_echo(id: str, options: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield the options that a directive must not have which shows the picture of an id again."""
    for name in options:
        if name not in _OF_ECHO:
            said = (
                f"{quoted(id)} is a picture that is described elsewhere, and {name} belongs there"
            )
            yield Diagnostic.sentence(said, "leave it out, or write what to draw", at=name)


def _directive(
    options: Mapping[str, Value],
    mistakes: Sequence[Diagnostic],
    *,
    classes: tuple[str, ...],
    source: str,
    file: str = "",
    data: Attributes = (),
) -> Directive:
    """Return the directive of all options.

    Raises `DiagnosticError` with the `mistakes` made before and all others. A model or a preset
    that cannot be read is in `unread`, since what is right depends on it.
    """
    values: dict[str, Any] = {}
    diagnostics = list(mistakes)
    unread = set[str]()
    for name, written in options.items():
        option = OPTIONS.get(name)
        if option is None:
            fix = correction(name, OPTIONS)
            diagnostics.append(Diagnostic("a known option", quoted(name), fix, at=name))
            continue
        try:
            values[option.field or name] = option.read(written)
        except DiagnosticError as error:
            unread.add(name)
            diagnostics += [each._replace(at=name) for each in error.diagnostics]
    if "prompt" not in options or not folded(str(options["prompt"])):
        diagnostics.append(Diagnostic.sentence("the prompt is missing", "say what to draw"))
    elif id_shown_by(str(options["prompt"])):
        diagnostics += _wrong_echo(
            str(options["prompt"]).strip(), [*options, *["file"][: len(file)]]
        )
    values["classes"] = (*classes, *values.get("classes", ()))
    directive = Directive(**values, data=data, source=source, file=file)
    if diagnostics:
        readable = directive._replace(unread=frozenset(unread & {"model", "preset"}))
        raise DiagnosticError(*diagnostics, readable=readable)
    return directive
