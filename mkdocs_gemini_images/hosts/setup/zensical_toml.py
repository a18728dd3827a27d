"""Set up a `zensical.toml`, text to text.

In: the text, and what is wanted. Out: the text with the Markdown extension and what pages need;
comments, order and spelling of the rest stay. The result is read once more with Python's own
parser: the values must be those from before, and the new ones. Pure.
"""

import copy
import re
import tomllib
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION
from mkdocs_gemini_images.hosts.setup.wishes import STYLE_SHEET, Wishes, is_met
from mkdocs_gemini_images.hosts.setup.zensical_defaults import DEFAULT_EXTENSIONS, full_names

_KEY = "markdown_extensions"
_OURS = re.compile(
    rf"^(?:extra_css = [^\n]*|\[project\.{_KEY}\.{EXTENSION}\]\n(?:\w[^\n]*\n)*\w[^\n]*)\n", re.M
)
"""What is added as lines of its own."""
_SPACELESS = re.compile(rf"(\n\[project\.{_KEY}\.{EXTENSION}\]\n(?:\w[^\n]*\n)+)(?=\[)")
"""Our table right before the next one: the library puts no blank line between them."""


def set_up_toml(name: str, text: str, wishes: Wishes) -> str:
    """Return the text of a configuration, set up.

    Raises `DiagnosticError` for a text that is no TOML, or that cannot be changed safely.
    """
    lines = text.replace("\r\n", "\n")
    unix = "\r\n" not in text or "\n" in text.replace("\r\n", "")
    read = _read(name, text)
    project = read.get("project")
    if not isinstance(project, dict):
        raise DiagnosticError(Diagnostic.sentence(f"{name} has no table [project]", "add it"))
    if _KEY not in project:
        lines = f"{lines.rstrip(chr(10))}\n\n{DEFAULT_EXTENSIONS}"
    try:
        changed = _changed(text if unix and _KEY in project else lines, wishes)
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        raise _by_hand(name, wishes) from error
    changed = changed if unix else changed.replace("\n", "\r\n")
    if _read(name, changed) != _expected(read, wishes):
        raise _by_hand(name, wishes)
    return changed


def listed_extensions(project: dict[str, Any]) -> list[str]:
    """List the names of the Markdown extensions of a table `project`, written as table or list."""
    listed = project.get(_KEY)
    if isinstance(listed, dict):
        return list(full_names(listed))
    entries = listed if isinstance(listed, list) else []
    return [name for each in entries for name in (each if isinstance(each, dict) else [each])]


def pages_of(nav: Any) -> list[str]:
    """List the pages of a `nav`."""
    if isinstance(nav, str):
        return [nav]
    inner = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    return [page for each in inner for page in pages_of(each)]


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = f"{name} cannot be read ({error or 'it is nested too deeply'})"
        raise DiagnosticError(Diagnostic.sentence(said, "correct it")) from error


def _missing(project: dict[str, Any], wishes: Wishes) -> tuple[dict[str, Any], bool, bool]:
    """Return which extensions a project lacks, and whether it lacks style sheet and page."""
    listed = listed_extensions(project)
    wanted = {
        "attr_list": {},
        "pymdownx.superfences": {},
        EXTENSION: {name: value for name, value, _ in wishes.options()},
    }
    lacks = {name: to for name, to in wanted.items() if not is_met(name, listed)}
    pages = pages_of(project.get("nav"))
    unlisted = bool(wishes.page and pages and wishes.page not in pages)
    return lacks, STYLE_SHEET not in project.get("extra_css", []), unlisted


def _changed(text: str, wishes: Wishes) -> str:
    """Return a text with everything that its project lacks."""
    import tomlkit

    document = tomlkit.parse(text)
    if tomlkit.dumps(document) != text:
        raise ValueError("the change would rewrite something else")
    project: Any = document["project"]
    lacks, unstyled, unlisted = _missing(document.unwrap()["project"], wishes)
    if unstyled:
        if "extra_css" not in project:
            project["extra_css"] = tomlkit.array()
        project["extra_css"].append(STYLE_SHEET)
    if unlisted:
        entry = _entry_like(project["nav"], wishes)
        project["nav"].append(tomlkit.inline_table())
        project["nav"][-1] = entry
    remarks = {name: remark for name, _, remark in wishes.options()}
    listed = project[_KEY]
    for name, options in lacks.items():
        if isinstance(listed, list):
            pairs = ", ".join(f'{option} = "{value}"' for option, value in options.items())
            entry = tomlkit.value(f"{{{name} = {{{pairs}}}}}")
            listed.append(entry if options else name)
        elif not options or name != EXTENSION:
            listed[name] = tomlkit.inline_table()
        else:
            table = tomlkit.table()
            for option, value in options.items():
                table[option] = tomlkit.string(value).comment(remarks[option])
            listed[name] = table
    return _above_comments(text, _SPACELESS.sub(r"\1\n", tomlkit.dumps(document)))


def _above_comments(before: str, after: str) -> str:
    """Return the new text with what is added above the comment of the table that follows.

    The library puts it below, between the comment and its table.
    """
    for found in reversed(list(_OURS.finditer(after))):
        added, rest = found[0], after[found.end() :].lstrip("\n")
        above = after[: found.start()].rstrip("\n").split("\n")
        first = len(above)
        while first and above[first - 1].startswith("#"):
            first -= 1
        comment = "".join(f"{line}\n" for line in above[first:])
        if comment and added not in before and rest[:1] == "[" and f"{comment}[" in before:
            gap = "\n" if added[0] == "[" else ""
            head = "\n".join(above[:first]).rstrip("\n")
            after = f"{head}\n{gap}{added}\n{comment}{rest}"
    return after


def _entry_like(nav: Any, wishes: Wishes) -> Any:
    """Return an entry for the example page, with spaces and quotes as in the last one of `nav`."""
    import tomlkit

    last = nav[-1].as_string() if isinstance(nav[-1], tomlkit.items.InlineTable) else "{"
    space, quote = re.match(r"\{([ \t]*)([\"']?)", last).groups()  # type: ignore[union-attr]
    close = "'" if re.search(r"= *'", last) else '"'
    title = f"{quote}{wishes.title}{quote}"
    return tomlkit.value(f"{{{space}{title} = {close}{wishes.page}{close}{space}}}")


def _expected(read: dict[str, Any], wishes: Wishes) -> dict[str, Any]:
    """Return what a parser is to see in the new text."""
    expected = copy.deepcopy(read)
    project = expected["project"]
    if _KEY not in project:
        project[_KEY] = tomllib.loads(DEFAULT_EXTENSIONS)["project"][_KEY]
    lacks, unstyled, unlisted = _missing(project, wishes)
    if unstyled:
        project["extra_css"] = [*project.get("extra_css", []), STYLE_SHEET]
    if unlisted:
        project["nav"] = [*project["nav"], {wishes.title: wishes.page}]
    for name, options in lacks.items():
        if isinstance(project[_KEY], list):
            project[_KEY].append({name: options} if options else name)
        else:
            project[_KEY][name] = options
    return expected


def _by_hand(name: str, wishes: Wishes) -> DiagnosticError:
    table = f"[project.{_KEY}.{EXTENSION}]"
    options = ", ".join(f'{option} = "{value}"' for option, value, _ in wishes.options())
    said = f"{name} is written in a way that cannot be changed safely"
    fix = f"add the table {table} by hand, with {options}; then run this once more"
    return DiagnosticError(Diagnostic.sentence(said, fix))
