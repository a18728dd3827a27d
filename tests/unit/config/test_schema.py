"""What an editor is told of the options: all that works passes, and a slip is marked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import jsonschema
import pytest
import yaml

from scripts.schema import FILE, MANUAL, schema, text
from tests.unit.config.test_reading import GOOD

ROOT = Path(__file__).parents[3]
EDITOR = jsonschema.Draft7Validator(schema())


class _Editor(yaml.SafeLoader):
    """Reads YAML 1.2 as the language server does: a tagged value is what stands behind the tag."""


def _behind(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Editor.add_multi_constructor("!", _behind)
_Editor.add_multi_constructor("tag:yaml.org,2002:python/name:", _behind)
_Editor.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("int", "bool"))]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?\d+$"), list("-0123456789"))
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def marked(written: str) -> list[str]:
    """What an editor marks in a configuration."""
    read = json.loads(json.dumps(yaml.load(written, _Editor)))  # an editor's names are all text
    return [error.message for error in EDITOR.iter_errors(read)]


def options(written: str) -> str:
    return f"plugins:\n- search\n- gemini-images:\n{indent(dedent(written), '    ')}"


def shown() -> Iterator[Any]:
    """All examples of options in the manual and the README, and the manual's own."""
    for path in [*sorted(MANUAL.parent.glob("*.md")), ROOT / "README.md"]:
        found = re.findall(r"^( *)```yaml\n(.*?)^\1```$", path.read_text("utf-8"), re.M | re.S)
        for at, (_, block) in enumerate(found):
            if "gemini-images:" in block:
                yield pytest.param(path.name, dedent(block), id=f"{path.name} {at}")
    own = (ROOT / "example_site/mkdocs.yml").read_text("utf-8")
    yield pytest.param("mkdocs.yml", own, id="mkdocs.yml")


def test_the_file_is_what_the_options_say() -> None:
    assert FILE.read_text("utf-8") == text(), "run make schema"
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_manual_hands_out_the_file_that_the_package_has() -> None:
    assert MANUAL.with_name("schema.json").read_text("utf-8") == FILE.read_text("utf-8")


def test_there_are_examples() -> None:
    assert len(list(shown())) > 10


@pytest.mark.parametrize(("name", "block"), list(shown()))
def test_an_example_of_the_manual_is_not_marked(name: str, block: str) -> None:
    if name != "troubleshooting.md":  # where mistakes are shown
        assert marked(block) == []


@pytest.mark.parametrize("option", sorted({option for option, _, _ in GOOD} - {"enabled: yes"}))
def test_what_the_plugin_takes_is_not_marked(option: str) -> None:
    # But for YAML 1.1's `yes`, which is a word to an editor.
    assert marked(options(option)) == []


@pytest.mark.parametrize(
    "written",
    [
        "plugins: [search, gemini-images]",
        "plugins:\n- gemini-images:",
        "plugins:\n- gemini-images: {budget: 1}",
        "plugins: {search: {lang: en}, gemini-images: {budget: 1}}",
        "plugins:\n- another: {buget: 1}",
        "site_name: A site\nmarkdown_extensions: [attr_list]",
        options("enabled: !ENV DRAW\nbudget: !ENV [BUDGET, 2]\nsize: !ENV [A, B, 2K]"),
        options("api_key: !ENV MY_KEY\nfrozen: !ENV [CI, false]"),
        options("frozen:"),
        options("prices: {a-model: {2K: 0.1, input_picture: 0.002}, another: 0.04}"),
        options("presets: {ink: {template: 'ink, {{ prompt }}', aspect_ratio: 3:2, class: wide}}"),
        options("presets: {ink: {template: '{{ prompt }}', localized: true}}"),
        options("presets: {ink: {localized: edit, localized_edit: 'Write it in {language}.'}}"),
        options("localized_edit: {de: Nur die Wörter, fr: Les mots}"),
        options(
            "pictures: {lost: A fox, found: {prompt: A fox, alt: '', take: 2, priority: true}}"
        ),
        options("alt_rules: {missing: error, long: off, older: warn}"),
        options("label: {en: AI-generated, pt-BR: Gerado por IA}"),
    ],
)
def test_every_way_to_write_it_passes(written: str) -> None:
    assert marked(written) == []


@pytest.mark.parametrize(
    "written",
    [
        options("buget: 1"),
        "plugins: {gemini-images: {buget: 1}}",
        options("budget: lots"),
        options("budget: -1"),
        options("on_missing: shout"),
        options("aspect_ratio: 16:8"),
        options("size: 8K"),
        options("size: 1024"),
        options("widths: [wide]"),
        options("enabled: 2"),
        options("gallery: prompt"),
        options("label: {en: 1}"),
        options("api_key: AIzaSyD-literal"),
        options("prices: {a-model: {3K: 0.1}}"),
        options("prices: {a-model: {serch: 0.1}}"),
        options("pictures: {lost: {prompt: A fox, widht: 24rem}}"),
        options("alt_rules: {promt: off}"),
        options("alt_rules: {older: error}"),
        options("presets: {ink: {templat: 'ink, {{ prompt }}'}}"),
        options("presets: {ink: {template: 'ink'}}"),
        options("presets: {ink: {prompt: 'a fox'}}"),
        options("presets: {ink: {align: middle}}"),
    ],
)
def test_a_slip_is_marked_once(written: str) -> None:
    assert len(marked(written)) == 1
