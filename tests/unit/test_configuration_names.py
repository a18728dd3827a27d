"""Messages that every host shares name no file that only one of them has."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mkdocs_gemini_images

PACKAGE = Path(mkdocs_gemini_images.__file__).parent
OF_ONE_HOST = ("hosts/", "cli/", "plugin.py", "emulator/")
"""They speak of MkDocs' file, or of the files of all hosts."""
NAMES_IT_BY_RIGHT = {
    "config/settings.py": "the name until the host says its own",
    "config/api_key_origin.py": "a file that is read",
}
SHARED = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not path.relative_to(PACKAGE).as_posix().startswith(OF_ONE_HOST)
]


def texts(tree: ast.Module) -> Iterator[str]:
    """Yield the texts in code, without its documentation."""
    documentation = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }  # fmt: skip
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if isinstance(node, ast.Constant) and is_text and id(node) not in documentation:
            yield str(node.value)


def test_no_shared_message_names_the_configuration_of_mkdocs() -> None:
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in SHARED
        if any("mkdocs.y" in text for text in texts(ast.parse(path.read_text("utf-8"))))
    }
    assert named == set(NAMES_IT_BY_RIGHT)


@pytest.mark.parametrize("text", ["'in mkdocs.yml'", "f'{1} in mkdocs.yml'"])
def test_a_text_that_names_it_would_be_found(text: str) -> None:
    assert any("mkdocs.y" in each for each in texts(ast.parse(f'"""mkdocs.yml"""\nsaid = {text}')))
