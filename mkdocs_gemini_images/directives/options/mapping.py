"""Read a directive from YAML: from a page's front matter, or from `mkdocs.yml`.

In goes the value that YAML 1.1 has made of an author's text; out comes the directive of a fence
with the same options, or a `DiagnosticError` with all mistakes. The reader turns numbers and lists
back into text. It refuses a boolean where text is expected, since several words become one. Pure.
"""

from collections.abc import Collection, Mapping

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    kept,
    near,
    quoted,
)
from mkdocs_gemini_images.core.plain_values import is_long, plain_text, shown
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_body import Value
from mkdocs_gemini_images.directives.options.crop_options import crop_text
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.options.unknown_option import correction
from mkdocs_gemini_images.directives.readers import read_options
from mkdocs_gemini_images.models.dimensions import canonical_ratio

_OF_REFERENCE = {"file", "as", "type"}
"""The keys of a reference that is written as a mapping."""
_TEXT_OPTIONS = ("prompt", "alt", "caption", "dark", "localized_edit", "edits", "references")


def read_mapping(
    written: object, where: str, source: str, *, other_keys: Collection[str] = ()
) -> Directive:
    """Return the directive of a prompt, or of a mapping of options.

    `where` is the name of the mapping in messages, `source` the text that messages look for to find
    its line. `other_keys` names the keys of the mapping that the caller reads. Raises
    `DiagnosticError` with all mistakes.
    """
    if isinstance(written, str):
        written = {"prompt": written}
    if not isinstance(written, Mapping):
        got = quoted(plain_text(written)) if written is not None else "nothing"
        expected = f"{where} as a prompt or a mapping"
        raise DiagnosticError(Diagnostic(expected, got, "write what to draw"))
    diagnostics: list[Diagnostic] = []
    options: dict[str, Value] = {}
    for name, value in ((plain_text(name), value) for name, value in written.items()):
        if name in other_keys:
            continue
        if name not in OPTIONS:
            fix = correction(name, [*OPTIONS, *other_keys])
            expected = f"a known option in {where}"
            diagnostics.append(Diagnostic(expected, quoted(name), fix, at=name))
            if (meant := near(name, OPTIONS)) is not None and not _not_text(meant, value):
                options.setdefault(meant, as_text(meant, value))
        elif got := _not_text(name, value):
            fix = "put it in quotes, since YAML reads it as that"
            diagnostics.append(Diagnostic(f"{name} as text in {where}", got, fix, at=name))
            if name == "prompt":
                options[name] = shown(value)  # so that it is not missed as well
        else:
            options[name] = as_text(name, value)
    directive: Directive | None = kept(lambda: read_options(options, source), diagnostics)
    if directive is not None and directive.shown_id:
        fix = "write what to draw; pages alone show a picture again by its id"
        got = quoted(directive.prompt)
        diagnostics.append(Diagnostic(f"a prompt in {where}", got, fix, at="prompt"))
    if diagnostics or directive is None:
        raise DiagnosticError(*diagnostics, readable=directive)
    return directive


def _not_text(option: str, written: object) -> str:
    """Return the name of a value that cannot be turned back into text; "" if it can."""
    if option == "crop" and isinstance(written, Mapping):
        return ""
    for each in written if isinstance(written, list) else [written]:
        if option == "references" and isinstance(each, Mapping) and each.keys() <= _OF_REFERENCE:
            continue
        if isinstance(each, Mapping | list):
            return "a mapping" if isinstance(each, Mapping) else "a list"
        if is_long(each):
            return shown(each)
        if isinstance(each, bool) and option in _TEXT_OPTIONS:
            return str(each).lower()
    return ""


def as_text(option: str, written: object) -> Value:
    """Return an option's value from YAML as the text, or items of text, that a fence would have."""
    if OPTIONS[option].many:
        items = written if isinstance(written, list) else [written]
        return tuple(_item_text(item) for item in items if item is not None)
    if option == "aspect_ratio":
        return canonical_ratio(written)
    if option == "crop":
        return crop_text(written)
    if isinstance(written, list):
        return " ".join(map(plain_text, written))
    if isinstance(written, bool):
        return str(written).lower()
    return "" if written is None else plain_text(written)


def _item_text(item: object) -> str:
    """Return an item of a list as the text that a fence would have."""
    if not isinstance(item, Mapping) or not item.keys() <= _OF_REFERENCE:
        return plain_text(item)
    said = "".join(f" {name} {plain_text(item[name])}" for name in ("as", "type") if item.get(name))
    return f"{plain_text(item.get('file', ''))}{said}"
