"""Pages are written all together or not at all, and a page changed meanwhile is kept."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits


@pytest.fixture
def drafts(tmp_path: Path) -> PageEdits:
    """Two pages, both with a new text."""
    for name in ("a.md", "b.md"):
        folder = tmp_path / name[0]
        folder.mkdir()
        (folder / name).write_bytes(b"\xef\xbb\xbfold\r\n")
    made = PageEdits(lambda page: None if page == "made.md" else tmp_path / page[0] / page)
    for name in ("a.md", "b.md"):
        made.put(name, made.text(name, "").replace("old", "new"))
    return made


def texts(root: Path) -> list[bytes]:
    return [(root / name[0] / name).read_bytes() for name in ("a.md", "b.md")]


def test_all_are_written_byte_for_byte_with_their_modes(drafts: PageEdits, tmp_path: Path) -> None:
    (tmp_path / "a/a.md").chmod(0o600)
    drafts.withdraw("b.md")
    drafts.write()
    assert texts(tmp_path) == [b"\xef\xbb\xbfnew\r\n", b"\xef\xbb\xbfold\r\n"]
    assert (tmp_path / "a/a.md").stat().st_mode & 0o777 == 0o600


def test_a_page_changed_meanwhile_is_not_overwritten(drafts: PageEdits, tmp_path: Path) -> None:
    (tmp_path / "b/b.md").write_bytes(b"theirs")
    with pytest.raises(DiagnosticError):
        drafts.write()
    assert texts(tmp_path) == [b"\xef\xbb\xbfold\r\n", b"theirs"]


def test_when_one_cannot_be_written_the_others_are_as_they_were(
    drafts: PageEdits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "b.md":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        drafts.write()
    assert texts(tmp_path) == [b"\xef\xbb\xbfold\r\n"] * 2
    assert [path.name for path in sorted(tmp_path.rglob("*.*"))] == ["a.md", "b.md"]


def test_a_page_without_readable_text_is_refused(drafts: PageEdits, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c/c.md").write_bytes(b"\xff\xfe")
    for page in ("made.md", "c.md"):
        with pytest.raises(DiagnosticError) as caught:
            drafts.text(page, "write it yourself")
        assert caught.value.diagnostics[0].fix == "write it yourself"
