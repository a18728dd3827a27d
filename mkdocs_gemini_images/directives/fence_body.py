"""Read the body of a fence: `option: the rest of the line, literally`.

The syntax resembles YAML, but `16:9`, `no`, `A fox: dusk` and `A fox #1` are text. The reader
removes outer quotes; an indented block or `|` continues a value over lines; `- item` or `[a, b]`
is a list where the option takes one; a line that begins with `#` is a comment. In goes the text;
out come options as text or lists, or a `DiagnosticError` with every line that is not understood.
"""

import re
from collections.abc import Collection, Mapping
from textwrap import dedent

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    near,
    quoted,
)

Value = str | tuple[str, ...]
"""An option as written: text, or the items of a list."""

_OPTION = re.compile(r"(?P<name>[A-Za-z][\w-]*)[ \t]*:(?:[ \t]+|$)(?P<rest>.*)")
_OPTION_WITHOUT_SPACE = re.compile(r"(?P<name>[A-Za-z][\w-]*):(?P<rest>\S.*)")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+|$)(?P<rest>.*)")


def read_body(body: str, known: Collection[str], lists: Collection[str]) -> dict[str, Value]:
    """Return the options in a fence's body, as written.

    A body in which no line begins with a known option is the prompt itself, unless a line looks
    like a misspelt option. `known` names all options, `lists` those whose values are lists. Raises
    `DiagnosticError` with all lines that are not understood.
    """
    lines = [line.expandtabs(4).rstrip() for line in body.split("\n")]
    lines = [line for line in lines if not line.startswith("#")]
    heads = [_head(line, known) for line in lines]
    if not any(name in known for name, _ in heads):
        misspelt = [
            _unknown(name, known) for name, _ in heads if name and near(name, known) is not None
        ]
        if misspelt:
            raise DiagnosticError(*misspelt)
        return {"prompt": "\n".join(lines).strip()}
    return _read_options(lines, heads, known, lists)


def read_header(header: Mapping[str, str], lists: Collection[str]) -> dict[str, Value]:
    """Return the options of a fence's header or an attribute list: text, or a list as `[a, b]`."""
    return {name: _items(text, []) if name in lists else text for name, text in header.items()}


def value_start(line: str, name: str) -> int | None:
    """Return where the value of the option `name` begins in a line of a body.

    Returns None where the line does not begin with this option.
    """
    match = _OPTION.fullmatch(line) or _OPTION_WITHOUT_SPACE.fullmatch(line)
    return None if match is None or match["name"] != name else match.start("rest")


def _head(line: str, known: Collection[str]) -> tuple[str, str]:
    """Return an option's name and the rest of its line; ("", "") for another line.

    `option:rest` without a space is an option only where the name is known: a prompt may contain
    such words.
    """
    match = _OPTION.fullmatch(line) or _OPTION_WITHOUT_SPACE.fullmatch(line)
    if match is None or (match.re is _OPTION_WITHOUT_SPACE and match["name"] not in known):
        return "", ""
    return match["name"], match["rest"].strip()


def _read_options(
    lines: list[str], heads: list[tuple[str, str]], known: Collection[str], lists: Collection[str]
) -> dict[str, Value]:
    options: dict[str, Value] = {}
    diagnostics: list[Diagnostic] = []
    at = 0
    while at < len(lines):
        line, (name, rest) = lines[at], heads[at]
        at += 1
        if not line:
            continue
        block = []
        while at < len(lines) and _continues(lines[at], name in lists):
            block.append(lines[at])
            at += 1
        if not name:
            diagnostics.append(
                Diagnostic(
                    "'option: value'", quoted(line), "indent a line to continue the one above"
                )
            )
        elif name not in known:
            diagnostics.append(_unknown(name, known))
        elif name in options:
            diagnostics.append(
                Diagnostic(f"'{name}' once", f"{name} again: {quoted(rest)}", "keep one of them")
            )
        else:
            options[name] = _items(rest, block) if name in lists else _text(rest, block)
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return options


def _continues(line: str, in_list: bool) -> bool:
    """Return whether a line continues the option above it.

    Indented and empty lines do; in a list, items need no indentation.
    """
    return not line or line[0] == " " or (in_list and _ITEM.fullmatch(line) is not None)


def _text(rest: str, block: list[str]) -> str:
    folded = dedent("\n".join(block)).strip("\n")
    if rest in {"|", ">", "|-", ">-"}:
        return folded
    if not folded:
        return _unquoted(rest)
    return _unquoted(f"{rest}\n{folded}".strip())


def _items(rest: str, block: list[str]) -> tuple[str, ...]:
    """Return the items of `[a, b]`, of `a` on the option's line, or of `- a` lines.

    More deeply indented lines continue an item.
    """
    if rest.startswith("[") and rest.endswith("]"):
        found = [_unquoted(item.strip()) for item in _split(rest[1:-1])]
        return tuple(item for item in found if item)
    items = [rest] if rest else []
    for line in block:
        if (match := _ITEM.fullmatch(line)) is not None:
            items.append(match["rest"].strip())
        elif line and items:
            items[-1] = f"{items[-1]}\n{line.strip()}"
        elif line:
            items.append(line.strip())
    return tuple(_unquoted(item) for item in items if item)


def _split(text: str) -> list[str]:
    """Return the parts of a text between commas that stand outside quotes."""
    return re.findall(r"""(?:[^,"']|"[^"]*"|'[^']*'|["'])+""", text)


def _unquoted(text: str) -> str:
    """Return a text without outer quotes, where they are its only ones of this kind."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text


def _unknown(name: str, known: Collection[str]) -> Diagnostic:
    return Diagnostic("a known option", quoted(f"{name}:"), did_you_mean(name, known))
