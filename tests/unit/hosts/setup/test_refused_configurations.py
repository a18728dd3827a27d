"""A configuration that cannot be changed safely is left, and what to write by hand is said."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.hosts.setup.mkdocs_yaml import set_up_yaml
from mkdocs_gemini_images.hosts.setup.wishes import Wishes
from mkdocs_gemini_images.hosts.setup.yaml_document import read_yaml
from mkdocs_gemini_images.hosts.setup.zensical_toml import set_up_toml

WISHES = Wishes(zensical=False, emulated=True, page="pictures.md", title="Pictures")
READY = "site_name: Birds\nmarkdown_extensions: [attr_list]\n"
OURS = "write this under plugins by hand, then run this once more: "
OURS += "- {gemini-images: {base_url: emulator}}"

YAML = {
    f"{READY}plugins: !include plugins.yml\n": f"mkdocs.yml:3: plugins is neither a list nor a "
    f"mapping: {OURS}",
    f"{READY}x: &x [search]\nplugins: *x\n": "mkdocs.yml:4: plugins is an alias",
    f"{READY}plugins: &x [search]\ny: *x\n": "has the anchor &x, which is used elsewhere",
    f"{READY}b: &b\n  plugins: [search]\n<<: *b\n": "mkdocs.yml:5: a merge (<<) may bring plugins",
    f"{READY}plugins: [search]\nplugins: []\n": "mkdocs.yml:4: plugins is there twice",
    f"{READY}plugins: search\n": "mkdocs.yml:3: plugins is neither a list nor a mapping",
    f"{READY}plugins: null\n": "mkdocs.yml:3: plugins is neither a list nor a mapping",
    f"{READY}plugins:\n  -\n    search\n": "mkdocs.yml:4: the items of plugins are not on",
    f"{READY}plugins:\n  - search:\n      separator: |+\n        x\n\n\ntheme: mkdocs\n":
        "would change something else",
    f"{READY}...\n": "mkdocs.yml:1: an entry of plugins cannot be added to this text",
    f"{READY}nav: !ENV NAV\nplugins: [gemini-images]\n": "",
    f"{READY}plugins: [gemini-images]\nnav: &n [index.md]\nextra: *n\n":
        "write this under nav by hand, then run this once more: - {Pictures: pictures.md}",
    "{site_name: Birds}": "mkdocs.yml has no mapping with a key on each line",
    "- site_name": "mkdocs.yml has no mapping with a key on each line",
    "": "mkdocs.yml has no mapping with a key on each line",
    "a: 1\n---\nb: 2\n": "mkdocs.yml:2: the file cannot be read (but found another document)",
    "a: [1\nb: 2\n": "mkdocs.yml:2: the file cannot be read",
    "a: \x00": "the file cannot be read",
    f"a: {'[' * 5000}": "mkdocs.yml: the file cannot be read",
    "a: *unknown\n": "mkdocs.yml:1: the file cannot be read (found undefined alias 'unknown')",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), YAML.items())
def test_yaml_that_cannot_be_changed_safely_is_refused_with_its_line(
    text: str, message: str
) -> None:
    if not message:
        assert set_up_yaml("mkdocs.yml", text, WISHES) == text
        return
    with pytest.raises(DiagnosticError) as caught:
        set_up_yaml("mkdocs.yml", text, WISHES)
    assert message in str(caught.value)


def test_all_that_is_to_be_done_by_hand_is_said_at_once() -> None:
    text = "plugins: !a b\nmarkdown_extensions: !a b\nnav: &n [index.md]\nextra: *n\n"
    with pytest.raises(DiagnosticError) as caught:
        set_up_yaml("mkdocs.yml", text, WISHES)
    assert len(caught.value.diagnostics) == 3


def test_many_aliases_of_aliases_take_no_time() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    text = "\n".join([*lines, "nav: [*a59, index.md]", ""])
    assert "{Pictures: pictures.md}" in set_up_yaml("mkdocs.yml", text, WISHES)


def test_an_alias_in_a_circle_is_no_trap() -> None:
    text = "nav: &n [index.md, *n]\n"
    with pytest.raises(DiagnosticError, match="&n, which is used elsewhere"):
        set_up_yaml("mkdocs.yml", text, WISHES)


PARENT = read_yaml("base.yml", "site_name: X\n\nplugins: [search]\nmarkdown_extensions: [extra]\n")


def test_what_a_file_inherits_is_not_replaced() -> None:
    text = "INHERIT: base.yml\n"
    with pytest.raises(DiagnosticError) as caught:
        set_up_yaml("mkdocs.yml", text, WISHES, [PARENT])
    said = "base.yml:3: mkdocs.yml inherits plugins from here"
    assert str(caught.value) == f"{said}: {OURS}"


def test_a_file_with_plugins_of_its_own_gets_the_plugin_and_inherits_the_rest() -> None:
    text = "INHERIT: base.yml\nplugins:\n  - search\n"
    added = "  - gemini-images:\n      base_url: emulator # "
    assert set_up_yaml("mkdocs.yml", text, WISHES, [PARENT]).startswith(f"{text}{added}")
    parent = read_yaml("base.yml", "plugins: [gemini-images]\nmarkdown_extensions: [extra]\n")
    assert set_up_yaml("mkdocs.yml", "INHERIT: base.yml\n", WISHES, [parent]) == (
        "INHERIT: base.yml\n"
    )


def test_a_plugin_of_an_inherited_mapping_is_there_also_below_a_mapping_of_the_file() -> None:
    text = "INHERIT: base.yml\nplugins:\n  tags: {}\n"
    inherited = "plugins: {gemini-images: {stock: a}}\nmarkdown_extensions: [extra]\n"
    assert set_up_yaml("mkdocs.yml", text, WISHES, [read_yaml("base.yml", inherited)]) == text
    listed = read_yaml(
        "base.yml", inherited.replace("{gemini-images: {stock: a}}", "[gemini-images]")
    )
    assert "gemini-images" in set_up_yaml("mkdocs.yml", text, WISHES, [listed])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project", "zensical.toml cannot be read"),
        ("site_name = 'x'\n", "zensical.toml has no table [project]: add it"),
        ("[project]\nmarkdown_extensions = 1\n", "cannot be changed safely: add the table"),
        ("[project]\nmarkdown_extensions = []\nextra_css = 'a.css'\n", "cannot be changed safely"),
        ("[[project]]\n", "has no table [project]"),
        (f"[project]\na = {'[' * 5000}", "zensical.toml cannot be read"),
    ],
)
def test_toml_that_cannot_be_changed_safely_is_refused(text: str, message: str) -> None:
    wishes = Wishes(zensical=True, emulated=True)
    with pytest.raises(DiagnosticError) as caught:
        set_up_toml("zensical.toml", text, wishes)
    assert message in str(caught.value)
