"""The files that a page includes are found in each way in which sites include files."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.sources.included_files import included_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "a.md": "A", "b.md": '--8<-- "c.md"', "c.md": '{% include "b.md" %}{! parts/d.md !}',
        "parts/d.md": "D --8<-- 'e.md'", "parts/e.md": "E", "with space.md": "S",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "two.md").symlink_to("one.md")
    (tmp_path / "one.md").symlink_to("a.md")
    (tmp_path / "latin.md").write_bytes(b"\xe9")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('--8<-- "a.md"', ["a.md"]),
        ("-8<- 'a.md'", ["a.md"]),
        ('> - --8<-- "a.md:3:5"', ["a.md"]),
        ('--8<-- "a.md:section"', ["a.md"]),
        ("--8<--\na.md\nwith space.md\n--8<--\n", ["a.md", "with space.md"]),
        ("    --8<--\r\n    a.md\r\n    --8<--\r\n", ["a.md"]),
        ('{% include "a.md" %}', ["a.md"]),
        ("{%- include-markdown 'a.md' start='x' -%}", ["a.md"]),
        ("{!a.md!}", ["a.md"]),
        ('--8<-- "two.md"', ["a.md"]),
        ('--8<-- "a.md"\n{! two.md !}', ["a.md"]),
        ('--8<-- "b.md"', ["b.md", "c.md", "parts/d.md", "parts/e.md"]),
        ('--8<-- "none.md"\n--8<-- "latin.md"\n--8<-- "parts"\n--8<-- "https://x.org/a.md"', []),
        ("[a link](a.md) and `a.md`", []),
        ("--8<--\na.md\n", []),
        ("-" * 100_000 + "\n{!" + " " * 100_000 + "\n--8<--" + "\nx" * 50_000, []),
        ('--8<-- "' + "x" * 5000 + '"\n--8<-- "\0"', []),
    ],
)
def test_included_files_are_found(folder: Path, text: str, names: list[str]) -> None:
    found = list(included_files(text, [folder]))
    assert [file.relative_to(folder.resolve()).as_posix() for file, _ in found] == names
    assert all(file.read_text() == included for file, included in found)
