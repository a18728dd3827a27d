"""The addresses of a figure's files, relative to any page and with any file name."""

import posixpath
from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import neighbour, srcset_value

NAMES = st.text(st.sampled_from("ab.-_ ü&,狐"), min_size=1, max_size=3).filter(
    lambda name: name.strip(". ") == name
)
FOLDERS = st.lists(NAMES, max_size=3)
FILES = st.tuples(FOLDERS, NAMES).map(lambda found: "/".join([*found[0], f"{found[1]}.webp"]))


@given(FOLDERS, FILES, FILES)
def test_the_address_of_another_file_is_relative_to_the_same_page(
    folders: list[str], uri: str, other: str
) -> None:
    page = "/".join(folders) or "."
    address = posixpath.relpath(uri, page)
    for fragment in ("", "#only-light"):
        found = neighbour(quote(address) + fragment, uri, other)
        assert posixpath.normpath(posixpath.join(page, unquote(found))) == other
        assert " " not in found
        assert "," not in found


@given(FILES, FILES, st.sampled_from(["/", "/base/", "https://cdn.example/x/"]))
def test_the_address_of_another_file_keeps_an_absolute_base(
    uri: str, other: str, base: str
) -> None:
    assert neighbour(base + quote(uri), uri, other) == base + quote(other)


@given(FILES, FILES)
def test_srcset_lists_each_file_with_its_width(uri: str, other: str) -> None:
    shown = RenderedImage(uri, 9, 9, (Candidate(other, 5), Candidate(uri, 9)))
    parts = [each.split() for each in srcset_value(shown.candidates, quote(uri), uri).split(",")]
    assert parts == [[quote(other), "5w"], [quote(uri), "9w"]]
