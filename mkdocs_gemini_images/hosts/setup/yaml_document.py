"""Read YAML with the places of its keys, so that lines can be put into its text.

In: the text of a configuration. Out: a `YamlDocument`, whose nodes say where they stand. Tags such
as `!ENV` and `!!python/name` are read and never constructed. Lines are inserted as text, since a
round trip through a YAML library changes indentation, blank lines and long lines elsewhere. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import yaml

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError

LIST, MAPPING, NULL = (f"tag:yaml.org,2002:{kind}" for kind in ("seq", "map", "null"))
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True)
class YamlDocument:
    """A file with one mapping, whose keys stand on lines of their own."""

    name: str
    """The name of the file, for messages."""
    text: str
    root: yaml.MappingNode

    @cached_property
    def events(self) -> tuple[tuple[yaml.Event, int, int], ...]:
        """What a parser sees in the text, with the characters where it begins and ends."""
        return tuple(
            (each, each.start_mark.index, each.end_mark.index)
            for each in yaml.parse(self.text, Loader=yaml.SafeLoader)
            if each.start_mark is not None and each.end_mark is not None
        )

    @cached_property
    def newline(self) -> str:
        """How its lines end: as the first one does."""
        first = self.text.partition("\n")[0]
        return "\r\n" if first.endswith("\r") else "\n"

    def line(self, node: yaml.Node) -> str:
        """Return where a node begins, as `mkdocs.yml:12`."""
        return f"{self.name}:{node.start_mark.line + 1}"

    def value(self, key: str) -> yaml.Node | None:
        """Return the value of a key, or None where the file has no such key.

        Raises `DiagnosticError` where a merge may bring the key, and where it stands twice.
        """
        found = [pair for pair in self.root.value if pair[0].value == key]
        if len(found) > 1:
            said = f"{self.line(found[1][0])}: {key} is there twice"
            raise DiagnosticError(Diagnostic.sentence(said))
        if not found:
            merges = [each for each, _ in self.root.value if each.tag == _MERGE]
            if merges:
                said = f"{self.line(merges[0])}: a merge (<<) may bring {key}"
                raise DiagnosticError(Diagnostic.sentence(said))
            return None
        name: yaml.Node = found[0][0]
        value: yaml.Node = found[0][1]
        if value.start_mark.index < name.start_mark.index:
            said = f"{self.line(name)}: {key} is an alias of another value"
            raise DiagnosticError(Diagnostic.sentence(said))
        return value

    def seen(self, key: str) -> yaml.Node | None:
        """Return the value of a key as a reader sees it, also through an alias or a merge."""
        found: list[yaml.Node] = [value for name, value in self.root.value if name.value == key]
        merged = [value for name, value in self.root.value if name.tag == _MERGE]
        for each in merged:
            for mapping in each.value if isinstance(each, yaml.SequenceNode) else [each]:
                pairs = mapping.value if isinstance(mapping, yaml.MappingNode) else []
                found.extend(value for name, value in pairs if name.value == key)
        return found[0] if found else None

    def word(self, key: str) -> str:
        """Return the value of a key that is plain text; empty for anything else."""
        value = self.seen(key)
        return "" if value is None else scalar(value)

    def collection(self, key: str) -> yaml.Node | None:
        """Return the list or mapping of a key, an empty value, or None without the key.

        Raises `DiagnosticError` where the value is something else, or is used elsewhere as well.
        """
        value = self.value(key)
        if value is None:
            return None
        anchor = re.match(r"&([\w-]+)", self.text[value.start_mark.index :])
        if anchor and any(
            isinstance(each, yaml.AliasEvent) and each.anchor == anchor[1]
            for each, _, _ in self.events
        ):
            said = f"{self.line(value)}: {key} has the anchor &{anchor[1]}, which is used elsewhere"
            raise DiagnosticError(Diagnostic.sentence(said))
        empty = value.tag == NULL and value.start_mark.index == value.end_mark.index
        if value.tag not in (LIST, MAPPING) and not empty:
            said = f"{self.line(value)}: {key} is neither a list nor a mapping"
            raise DiagnosticError(Diagnostic.sentence(said))
        return value


def read_yaml(name: str, text: str) -> YamlDocument:
    """Read the text of a file. Raises `DiagnosticError` for anything but one block mapping."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = name if mark is None else f"{name}:{mark.line + 1}"
        problem = getattr(error, "problem", None) or str(error) or "it is nested too deeply"
        said = f"{where}: the file cannot be read ({problem})"
        raise DiagnosticError(Diagnostic.sentence(said, "correct it")) from error
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        said = f"{name} has no mapping with a key on each line"
        fix = "write it so, then run this once more"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    return YamlDocument(name, text, root)


def scalar(node: yaml.Node) -> str:
    """Return the text of a plain or quoted value; empty for anything else, such as `!ENV NAME`."""
    known = node.tag.startswith("tag:yaml.org,2002:")
    return str(node.value) if isinstance(node, yaml.ScalarNode) and known else ""


def names(node: yaml.Node | None) -> list[str]:
    """List the names in a list of plugins or extensions, each alone or with options."""
    if isinstance(node, yaml.MappingNode):
        return [scalar(key) for key, _ in node.value]
    entries = node.value if isinstance(node, yaml.SequenceNode) else []
    return [
        name
        for each in entries
        for name in (names(each) if isinstance(each, yaml.MappingNode) else [scalar(each)])
    ]


def option(node: yaml.Node | None, name: str, key: str) -> str:
    """Return the plain text of an option of an entry in a list or mapping; empty without it."""
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for entry in entries:
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
        for each, options in pairs:
            if scalar(each) == name and isinstance(options, yaml.MappingNode):
                return next((scalar(v) for k, v in options.value if scalar(k) == key), "")
    return ""


def scalar_texts(node: yaml.Node) -> Iterator[str]:
    """Yield every text in a node, such as the pages of a `nav`."""
    waiting, seen = [node], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:  # an alias, which may also lead in a circle
            continue
        seen.add(id(each))
        if isinstance(each, yaml.MappingNode):
            waiting += [value for _, value in each.value]
        elif isinstance(each, yaml.SequenceNode):
            waiting += each.value
        else:
            yield scalar(each)
