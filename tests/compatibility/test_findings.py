"""The matrix notices what it is there to notice: a site is spoilt in one way after another."""

from pathlib import Path

import pytest

from tests.compatibility.findings import findings
from tests.unit.pictures import png, webp

CAT = '<img src="images/cat.png" alt="A cat">'
EXAMPLE = "<pre><code>prompt: A paperclip</code></pre>"
XMP = b"https://example.org/digitalsourcetype/algorithmicMedia"
OURS = (
    '<img src="assets/gemini/fox-24.webp" srcset="assets/gemini/fox-12.webp 12w,'
    ' assets/gemini/fox-24.webp 24w" alt="A fox" width="24" height="14">'
)


@pytest.fixture
def sites(tmp_path: Path) -> tuple[Path, Path]:
    """A sound site, and the same without us."""
    site, alone = tmp_path / "site", tmp_path / "alone"
    for folder in (site, alone):
        (folder / "images").mkdir(parents=True)
        (folder / "images" / "cat.png").write_bytes(png())
        (folder / "index.html").write_text(f"{CAT}{EXAMPLE}")
    (site / "index.html").write_text(f"{CAT}{OURS}{EXAMPLE}")
    (site / "assets" / "gemini").mkdir(parents=True)
    for width, height in ((12, 7), (24, 14)):
        (site / "assets" / "gemini" / f"fox-{width}.webp").write_bytes(webp(width, height, xmp=XMP))
    return site, alone


def found(sites: tuple[Path, Path]) -> str:
    expected = {"index.html": 1}
    told = findings(*sites, expected, base="/", secret="zebrawood", example="paperclip")
    return "\n".join(told)


def test_nothing_is_wrong_with_a_sound_site(sites: tuple[Path, Path]) -> None:
    assert found(sites) == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (OURS, "", "0 pictures, not 1"),
        (OURS, OURS * 2, "2 pictures, not 1"),
        ("gemini/fox-12", "gemini/hen-12", "is nowhere"),
        ('"assets/gemini/fox-12', '"../assets/gemini/fox-12', "is nowhere"),
        ('height="14"', 'height="15"', "is (24, 14), not 24×15"),
        ('height="14"', "", "lacks height"),
        ("A fox", "A fox \x02", "has '\\x02'"),
        ("<img src=", "<img data-gemini-sources src=", "has 'data-gemini-sources'"),
        ("A fox", "zebrawood", "tells a prompt"),
        ("A cat", "The cat", "other pictures are"),
        ("A paperclip", "A paperclip!", "the example differs"),
        (EXAMPLE, "", "the example is not shown"),
    ],
)
def test_what_is_wrong_is_found(
    sites: tuple[Path, Path], before: str, after: str, said: str
) -> None:
    page = sites[0] / "index.html"
    text = page.read_text()
    assert before in text
    page.write_text(text.replace(before, after))
    assert said in found(sites)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("feed.xml", "<d>&lt;p data-gemini-sources=&#34;x&#34;&gt;</d>", "data-gemini-sources"),
        ("feed.xml", f"<d>{OURS.replace('<', '&lt;').replace('14', '13')}</d>", "not 24×13"),
        ("index.json", '{"text": "zebrawood"}', "index.json tells a prompt"),
        ("llms.txt", "[fox](assets/gemini/fox-99.webp)", "fox-99.webp is nowhere"),
        ("images/cat.png", "another", "another file"),
    ],
)
def test_what_is_wrong_with_other_files_is_found(
    sites: tuple[Path, Path], file: str, text: str, said: str
) -> None:
    (sites[0] / file).write_text(text)
    assert said in found(sites)


def test_a_picture_that_has_lost_where_it_comes_from_is_found(sites: tuple[Path, Path]) -> None:
    (sites[0] / "assets" / "gemini" / "fox-24.webp").write_bytes(webp(24, 14))
    assert "fox-24.webp does not say where it comes from" in found(sites)
