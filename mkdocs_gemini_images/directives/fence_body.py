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
    quoted,
)
from mkdocs_gemini_images.directives.options.misspelt_options import (
    meant_item,
    meant_option,
    with_visible_spaces,
)
from mkdocs_gemini_images.directives.options.unknown_option import correction

Value = str | tuple[str, ...]
"""An option as written: text, or the items of a list."""

_OPTION = re.compile(r"(?P<name>[A-Za-z][\w-]*)[ \t]*:(?:[ \t]+|$)(?P<rest>.*)")
_OPTION_WITHOUT_SPACE = re.compile(r"(?P<name>[A-Za-z][\w-]*):(?P<rest>\S.*)")
_BLOCK_MARKS = {"|", ">", "|-", ">-"}
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
    if any(name in known for name, _ in heads):
        return _read_options(lines, heads, known, lists)
    misspelt = [
        _unknown(line, name, known) if name else _misspelt(line, meant)
        for line, (name, _) in zip(lines, heads, strict=True)
        if (meant := meant_option(line, known)) is not None
    ]
    if misspelt:
        meant_options = dict(filter(None, (_meant(line, known, lists) for line in lines)))
        raise DiagnosticError(*misspelt, readable={"prompt": body} | meant_options)
    return {"prompt": "\n".join(lines).strip()}


def read_prompt(body: str, known: Collection[str]) -> dict[str, Value]:
    """Return the prompt in the body of a fence whose header has the options.

    Raises `DiagnosticError` with the lines at the margin that are meant as options.
    """
    lines = [line for line in body.split("\n") if not line.startswith("#")]
    misplaced = [
        Diagnostic(
            "the prompt alone, since the header has options",
            quoted(line),
            "move all options to one place",
            at=line,
        )
        for line in dedent("\n".join(lines)).split("\n")
        if not line.startswith(" ") and meant_option(line, known) is not None
    ]
    prompt = "\n".join(line.expandtabs(4).rstrip() for line in lines).strip()
    if misplaced:
        raise DiagnosticError(*misplaced, readable={"prompt": prompt})
    return {"prompt": prompt}


def read_header(header: Mapping[str, str], lists: Collection[str]) -> dict[str, Value]:
    """Return the options of a fence's header or an attribute list: text, or a list as `[a, b]`.

    Raises `DiagnosticError` with the items that are not understood.
    """
    options: dict[str, Value] = {}
    diagnostics: list[Diagnostic] = []
    for name, text in header.items():
        options[name] = _items(name, text, [], diagnostics) if name in lists else text
    if diagnostics:
        raise DiagnosticError(*diagnostics, readable=options)
    return options


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
    meant_options: dict[str, Value] = {}
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
        if name not in known:
            is_prompt = not (options or diagnostics or any(name == "prompt" for name, _ in heads))
            diagnostics.append(
                _unknown(line, name, known) if name else _unread(line, known, is_prompt=is_prompt)
            )
            meant_options |= dict(filter(None, [_meant(line, known, lists)]))
        elif name in options:
            said, fix = f"{name} is written twice", f"keep one of them, or take out {quoted(rest)}"
            diagnostics.append(Diagnostic.sentence(said, fix, at=line))
        else:
            # Below `|` a line is text whatever it looks like.
            if block and rest not in _BLOCK_MARKS:
                diagnostics += _indented_options(name, block, known)
            if name in lists:
                options[name] = _items(name, rest, block, diagnostics)
            else:
                options[name] = _text(rest, block)
    if diagnostics:
        raise DiagnosticError(*diagnostics, readable=meant_options | options)
    return options


def _meant(line: str, known: Collection[str], lists: Collection[str]) -> tuple[str, Value] | None:
    """Return the option that a misspelt line is meant to set, and its value, or None."""
    name = meant_option(line, known)
    if name is None:
        return None
    value = re.split("[:;=|]", line, maxsplit=1)[-1].strip()
    return name, ((value,) if name in lists else value)


def _continues(line: str, in_list: bool) -> bool:
    """Return whether a line continues the option above it.

    Indented and empty lines do; in a list, items need no indentation.
    """
    return not line or line[0] == " " or (in_list and _ITEM.fullmatch(line) is not None)


def _indented_options(name: str, block: list[str], known: Collection[str]) -> list[Diagnostic]:
    """Return a diagnostic for each line of a block that is an option indented by mistake."""
    fix = f"begin it at the margin; where it belongs to {name}, begin that with '{name}: |'"
    return [
        Diagnostic("an option at the margin", quoted(line.strip()), fix, at=line)
        for line in block
        if _head(line.strip(), known)[0] in known
    ]


def _text(rest: str, block: list[str]) -> str:
    folded = dedent("\n".join(block)).strip("\n")
    if rest in _BLOCK_MARKS:
        return folded
    if not folded:
        return _unquoted(rest)
    return _unquoted(f"{rest}\n{folded}".strip())


def _items(
    name: str, rest: str, block: list[str], diagnostics: list[Diagnostic]
) -> tuple[str, ...]:
    """Return the items of `[a, b]`, of `a` on the option's line, or of `- a` lines.

    More deeply indented lines continue an item. Adds to `diagnostics` what is meant as an item and
    is not written as one.
    """
    if rest.startswith("[") and rest.endswith("]"):
        found = [_unquoted(item.strip()) for item in _split(rest[1:-1])]
        return tuple(item for item in found if item)
    items = [[rest]] if rest else []
    unread = [rest] if rest.startswith("[") or meant_item(rest) else []
    for line in block:
        if (match := _ITEM.fullmatch(line)) is not None:
            items.append([match["rest"].strip()])
        elif meant_item(line) is not None:
            unread.append(line.strip())
        elif line and items:
            items[-1].append(line.strip())
        elif line:
            items.append([line.strip()])
    diagnostics += [
        Diagnostic(
            f"an item of {name} as '- text' on a line of its own, or a list as '[a, b]'",
            quoted(line),
            "write it so, or begin it with another character",
            at=name,
        )
        for line in unread
    ]
    return tuple(_unquoted(item) for item in map("\n".join, items) if item)


def _split(text: str) -> list[str]:
    """Return the parts of a text between commas that stand outside quotes."""
    return re.findall(r"""(?:[^,"']|"[^"]*"|'[^']*'|["'])+""", text)


def _unquoted(text: str) -> str:
    """Return a text without outer quotes, where they are its only ones of this kind."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text


def _unread(line: str, known: Collection[str], *, is_prompt: bool) -> Diagnostic:
    """Return what is wrong with a line at the margin that begins with no option.

    `is_prompt` says that it is the first line of a body without a prompt, and so is meant as one.
    """
    if (meant := meant_option(line, known)) is not None:
        return _misspelt(line, meant)
    if is_prompt and "prompt" in known:
        fix = "begin the line with 'prompt: ' where options follow"
        return Diagnostic("'option: value'", quoted(line), fix, at=line)
    fix = "indent a line to continue the one above"
    if meant_item(line) is not None:
        fix = f"{fix}, and begin each item of a list with '- '"
    return Diagnostic("'option: value'", quoted(line), fix, at=line)


def _misspelt(line: str, meant: str) -> Diagnostic:
    if line[:1].isspace() and value_start(line.lstrip(), meant) is not None:
        fix = f"take out the white space before '{meant}:'"
        return Diagnostic("an option at the margin", f"{meant} behind white space", fix, at=line)
    shown = quoted(with_visible_spaces(line))
    return Diagnostic(f"'{meant}: ...'", shown, f"begin the line with '{meant}: '", at=line)


def _unknown(line: str, name: str, known: Collection[str]) -> Diagnostic:
    return Diagnostic("a known option", quoted(f"{name}:"), correction(name, known), at=line)
