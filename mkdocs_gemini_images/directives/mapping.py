"""A directive as YAML left it: in a page's front matter, or in `mkdocs.yml`.

In comes whatever YAML 1.1 has made of an author's words; out comes the directive that a fence with
the same options would be, or the complaints about it. Numbers and lists are turned back into the
text they were; a boolean where words belong was a word once, and nobody knows which.
"""

from collections.abc import Collection, Mapping

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.directives.directive import OPTIONS, Diagnostics, Directive, read_options
from mkdocs_gemini_images.models.dimensions import canonical_ratio

_WORDS = ("prompt", "alt", "caption", "dark", "edits", "references")


def read_mapping(
    written: object, where: str, source: str, *, beside: Collection[str] = ()
) -> Directive | Diagnostics:
    """Read a prompt, or a mapping of options; `where` is what messages call it.

    `beside` names what may stand among the options for somebody else to read.
    """
    if isinstance(written, str):
        return read_options({"prompt": written}, source)
    if not isinstance(written, Mapping):
        got = quoted(str(written)) if written is not None else "nothing"
        return (Diagnostic(f"{where} as a prompt or a mapping", got, "write what to draw"),)
    diagnostics, options = [], {}
    for name, value in ((str(name), value) for name, value in written.items()):
        if name in beside:
            continue
        if name not in OPTIONS:
            fix = did_you_mean(name, [*OPTIONS, *beside])
            diagnostics.append(Diagnostic(f"a known option in {where}", quoted(name), fix))
        elif got := _no_words(name, value):
            fix = "put it in quotes, since YAML reads it as that"
            diagnostics.append(Diagnostic(f"{name} as text in {where}", got, fix))
        else:
            options[name] = as_text(name, value)
    return tuple(diagnostics) or read_options(options, source)


def _no_words(option: str, written: object) -> str:
    """Say what an option's value is that cannot be turned back into words; empty if it can."""
    for each in written if isinstance(written, list) else [written]:
        if isinstance(each, Mapping | list):
            return "a mapping" if isinstance(each, Mapping) else "a list"
        if isinstance(each, bool) and option in _WORDS:
            return str(each).lower()
    return ""


def as_text(option: str, written: object) -> str | tuple[str, ...]:
    """Give an option's reader text, as a fence would, whatever YAML made of it."""
    if OPTIONS[option].many:
        items = written if isinstance(written, list) else [written]
        return tuple(str(item) for item in items if item is not None)
    if option == "aspect_ratio":
        return canonical_ratio(written)
    if isinstance(written, list):
        return " ".join(str(item) for item in written)
    if isinstance(written, bool):
        return str(written).lower()
    return "" if written is None else str(written)
