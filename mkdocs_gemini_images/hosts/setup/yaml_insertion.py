"""Put one entry into a list or mapping of a YAML text; every other byte stays as it is.

In: a text, a key of its mapping, and an entry. Out: the text with the entry behind the last one, in
the style of the others. The text is parsed once more: what the parser sees must be what it saw
before, and the entry. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.setup.yaml_document import LIST, YamlDocument, read_yaml

_STEP = 4
"""How far MkDocs' own examples indent the options of an entry behind its dash."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A plugin, an extension, a page of `nav` or a style sheet."""

    name: str
    value: str = ""
    """What stands behind the name, of a page."""
    options: tuple[tuple[str, str, str], ...] = ()
    """Option, value, and a comment behind them."""

    def in_list(self, step: int = _STEP) -> list[str]:
        """Return its lines as an item of a list, without indentation."""
        if self.value:
            return [f"- {self.name}: {self.value}"]
        if not self.options:
            return [f"- {self.name}"]
        return [f"- {self.name}:", *self._options(" " * step)]

    def in_mapping(self) -> list[str]:
        """Return its lines in a mapping, without indentation."""
        if not self.options:
            return [f"{self.name}: {{}}"]
        return [f"{self.name}:", *self._options("  ")]

    def in_braces(self) -> str:
        """Return it on one line, as in a mapping in braces."""
        options = ", ".join(f"{name}: {value}" for name, value, _ in self.options)
        return f"{self.name}: {self.value or f'{{{options}}}'}"

    def _options(self, indent: str) -> list[str]:
        return [
            f"{indent}{name}: {value}{f' # {remark}' if remark else ''}"
            for name, value, remark in self.options
        ]


def with_entry(
    document: YamlDocument, key: str, entry: Entry, first: Sequence[object] = ()
) -> YamlDocument:
    """Return a document with an entry under `key`; `first` stand before it in a new list.

    Raises `DiagnosticError`, which says the line and what to add by hand, where that is not safe.
    """
    try:
        value = document.collection(key)
        if value is None:
            text = _at_the_end(document, key, _new_list(entry, first))
        elif not isinstance(value, yaml.CollectionNode):
            lines = _indented(_new_list(entry, first), _list_column(document))
            text = _behind_line(document, value.end_mark.index, lines)
        elif value.flow_style:
            text = _in_brackets(document, value, entry)
        else:
            text = _in_block(document, key, value, entry)
        where = document.line(value or document.root)
        return _only_added(document, text, f"{where}: an entry of {key}")
    except DiagnosticError as error:
        raise by_hand(str(error), key, entry) from error


def by_hand(said: str, key: str, entry: Entry) -> DiagnosticError:
    """Return an error that says why an entry is not added, and what to write."""
    wanted = f"{{{entry.in_braces()}}}" if entry.value or entry.options else entry.name
    fix = f"write this under {key} by hand, then run this once more: - {wanted}"
    return DiagnosticError(Diagnostic.sentence(said, fix))


def _new_list(entry: Entry, first: Sequence[object]) -> list[str]:
    dumped = yaml.safe_dump(list(first), sort_keys=False) if first else ""
    return [*dumped.splitlines(), *entry.in_list()]


def _indented(lines: Sequence[str], column: int) -> list[str]:
    return [f"{' ' * column}{line}" for line in lines]


def _list_column(document: YamlDocument) -> int:
    """Return the column of the dashes of a new list: as in the first list of the file."""
    for _, value in document.root.value:
        if isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
            dash = re.match(r" *(?=-)", _line_of(document.text, value.value[0].start_mark.index))
            if dash:
                return len(dash[0])
    return document.root.start_mark.column + 2


def _at_the_end(document: YamlDocument, key: str, lines: Sequence[str]) -> str:
    """Put a new key behind everything, as a section of its own."""
    column = document.root.start_mark.column
    added = [f"{' ' * column}{key}:", *_indented(lines, _list_column(document))]
    newline = document.newline
    text = document.text if document.text.endswith("\n") else f"{document.text}{newline}"
    gap = "" if text.endswith(("\n\n", "\n\r\n")) else newline
    return f"{text}{gap}{newline.join(added)}{newline}"


def _in_block(document: YamlDocument, key: str, value: yaml.CollectionNode, entry: Entry) -> str:
    end = _last_index(document, value, value.end_mark.index)
    if value.tag != LIST:
        lines = _indented(entry.in_mapping(), value.value[0][0].start_mark.column)
        return _behind_line(document, end, lines)
    dashes = [
        re.match(r" *(?=- +(?:[&!]\S+ +)*\S)", _line_of(document.text, item.start_mark.index))
        for item in value.value
        if value.start_mark.index <= item.start_mark.index < value.end_mark.index
    ]
    columns = {len(dash[0]) for dash in dashes if dash}
    if None in dashes or len(columns) != 1:
        said = f"{document.line(value)}: the items of {key} are not on lines of their own"
        raise DiagnosticError(Diagnostic.sentence(said))
    (column,) = columns
    steps = [
        options.start_mark.column - column
        for item in value.value
        for _, options in (item.value if isinstance(item, yaml.MappingNode) else ())
        if isinstance(options, yaml.MappingNode) and not options.flow_style
        if options.start_mark.index > item.start_mark.index  # no alias
    ]
    step = steps[0] if steps and steps[0] > _STEP // 2 else _STEP
    return _behind_line(document, end, _indented(entry.in_list(step), column))


def _in_brackets(document: YamlDocument, value: yaml.CollectionNode, entry: Entry) -> str:
    """Put an entry into a list in brackets or a mapping in braces, behind the last one."""
    wanted = entry.in_braces()
    if value.tag == LIST:
        wanted = f"{{{wanted}}}" if entry.value or entry.options else entry.name
    text, end = document.text, value.end_mark.index - 1
    if not value.value:
        return f"{text[:end].rstrip(' ')}{wanted}{text[end:]}"
    behind = _last_index(document, value, end)
    return f"{text[:behind]}, {wanted}{text[behind:]}"


def _behind_line(document: YamlDocument, index: int, lines: Sequence[str]) -> str:
    """Put lines behind the line in which `index` is, with its comment."""
    text, newline = document.text, document.newline
    at = text.find("\n", len(text[:index].rstrip())) + 1
    if not at:  # the last line, without an end
        return f"{text}{newline}{newline.join(lines)}"
    return f"{text[:at]}{newline.join(lines)}{newline}{text[at:]}"


def _line_of(text: str, index: int) -> str:
    """Return the line in which `index` is."""
    begin = text.rfind("\n", 0, index) + 1
    return text[begin:].partition("\n")[0].removeprefix("\ufeff")


def _last_index(document: YamlDocument, value: yaml.Node, end: int) -> int:
    """Return where the last value before `end` ends; what comes then is comments and blanks."""
    return max(
        last
        for event, first, last in document.events
        if value.start_mark.index <= first < end
        and _ends_with_text(document.text[first:last], event)
    )


def _ends_with_text(text: str, event: yaml.Event) -> bool:
    """Whether an event ends where its text does: a block ends where the next one begins."""
    if isinstance(event, yaml.CollectionEndEvent):
        return text in ("]", "}")
    return isinstance(event, yaml.ScalarEvent | yaml.AliasEvent)


def _only_added(document: YamlDocument, text: str, what: str) -> YamlDocument:
    """Return the document of a new text, in which a parser sees one more entry and nothing else.

    Raises `DiagnosticError` where it sees another difference.
    """
    try:
        changed = read_yaml(document.name, text)
    except DiagnosticError as error:
        said = f"{what} cannot be added to this text"
        raise DiagnosticError(Diagnostic.sentence(said)) from error
    old, new = _seen(document), _seen(changed)
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    rest = old[same:]
    if rest and not any(rest[0][1:]):  # a list in place of an empty value
        rest = rest[1:]
    if new[len(new) - len(rest) :] != rest:
        said = f"{what} would change something else in this text"
        raise DiagnosticError(Diagnostic.sentence(said))
    return changed


def _seen(document: YamlDocument) -> list[tuple[object, ...]]:
    """List what a parser sees in a text, without places."""
    facts = ("anchor", "tag", "style", "value")
    return [
        (type(each), *(getattr(each, fact, None) for fact in facts))
        for each, _, _ in document.events
    ]
