"""Tell whether a key comes from the environment, as it must, or from a file that others can read.

In go a key as the host has read it, the configuration file and the environment. The files are read
as YAML, with those that they inherit, but no value is made of them: escapes, folded lines, anchors
and merged mappings are then the text that they stand for. A default after `!ENV` is a literal.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from mkdocs_gemini_images.core.plain_values import plain_text

_ENV = "!ENV"
_MERGE = "tag:yaml.org,2002:merge"
_LONG_KEY = 16
"""Characters; the shortest keys in use have twice as many."""
_MAX_FILES = 20


def is_from_environment(key: object, file: Path, environment: Mapping[str, str]) -> bool:
    """Return whether a key is the value of a variable that the configuration names, and no literal.

    A long key is looked for in all text of the files: one of the environment has no reason to be
    there. A short one may be a word of its own. Where there is no file, as in a configuration from
    standard input, any variable may be meant.
    """
    text = plain_text(key)
    names, literals = set(environment), list[str]()
    for number, (written, found) in enumerate(_files(file, environment)):
        names = found if number == 0 else names | found
        literals.append(written)
    if len(text) >= _LONG_KEY and any(text in written for written in literals):
        return False
    return any(_is_value(key, environment[name]) for name in names & environment.keys())


def _is_value(key: object, variable: str) -> bool:
    """Return whether a key is what the host makes of a variable: numbers are read as such."""
    if key == variable:
        return True
    try:
        return isinstance(key, int) and yaml.safe_load(variable) == key
    except (yaml.YAMLError, ValueError):
        return False


def _files(first: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Yield the literals of each configuration file, and the variables that it names."""
    waiting, seen = [first], set[Path]()
    while waiting and len(seen) < _MAX_FILES:
        file = waiting.pop().resolve()
        if file in seen:
            continue
        seen.add(file)
        try:
            text = file.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if file.suffix == ".toml":  # Zensical's, which has no variables; it reads mkdocs.yml too
            yield text, set()
            waiting += [file.with_name("mkdocs.yml"), file.with_name("mkdocs.yaml")]
            continue
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError):
            root = None
        names, literals = _scalars(root)
        yield "\n".join([text, *literals]), names
        waiting += [file.parent / parent for parent in _inherited(root, environment)]


def _scalars(root: yaml.Node | None) -> tuple[set[str], list[str]]:
    """Return the variables that `!ENV` names in a document, and all other texts."""
    names, literals = set[str](), list[str]()
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        match node:
            case yaml.ScalarNode() if node.tag == _ENV:
                names.add(node.value)
            case yaml.ScalarNode():
                literals.append(node.value)
            case yaml.SequenceNode() if node.tag == _ENV:
                *variables, last = node.value or [None]
                named = variables or [last]
                names |= {each.value for each in named if isinstance(each, yaml.ScalarNode)}
                waiting += [last] if variables else []
            case yaml.SequenceNode():
                waiting += node.value
            case yaml.MappingNode():
                waiting += [each for pair in node.value for each in pair]
    return names, literals


def _inherited(root: yaml.Node | None, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that a document may inherit, as a text or as the value of a variable."""
    for value in _values_of("INHERIT", root):
        names, literals = _scalars(value)
        yield from (*literals, *(environment[name] for name in names & environment.keys()))


def _values_of(key: str, root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield the values that a mapping has under a key, those of merged mappings included."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if name.tag == _MERGE:
                waiting.append(value)
            elif name.value == key:
                yield value
