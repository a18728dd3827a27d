"""A name that Windows cannot hold is refused on every system, with the reason."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.portable_names import unportable


def wrong(path: str) -> str:
    return str(unportable(path, "the named file") or "")


@pytest.mark.parametrize(
    "path",
    [
        "fox.webp", "images/fox.webp", "../images/./fox.webp", ".hidden/fox.webp", 
        "a b/fox (2).webp",
        "..fox.webp", "a..b/fox.webp", "console.webp", "com.webp", "com10.webp", "aux-fox.webp",
        "nulls/fox.webp", "fox.con.webp", "lpt/fox.webp", "füchse/狐.webp", "fox'.webp",
        "f&x%20.webp",
        "fox .webp", "fox..webp", "ｃｏｎ.webp", "a：b.webp", "fo＊x.webp", "com⁴.webp",
        "~/fox.webp", "a,b;c=d+e[1]{2}!@#$^`.webp", "x" * 300,
    ],
)  # fmt: skip
def test_a_name_that_all_systems_can_hold_is_fine(path: str) -> None:
    assert wrong(path) == ""


@pytest.mark.parametrize("character", [*'<>:"|?*', "\x07"])
@pytest.mark.parametrize("path", ["fo{}x.webp", "im{}ages/fox.webp", "{}fox.webp"])
def test_a_character_that_windows_forbids_is_named(path: str, character: str) -> None:
    said = wrong(path.format(character))
    assert f"has the character {character!r}" in said
    assert said.endswith(": Windows cannot hold such a file; choose another name")


@pytest.mark.parametrize(
    "path",
    ["con.webp", "CON.webp", "images/Aux.webp", "nul.tar.webp", "prn/fox.webp", "com1.webp",
     "LPT9.webp", "com¹.webp", "con .webp", "conin$.webp", "CONOUT$.webp", "com0.webp",
     "COM³.webp", "lpt².tar.webp", "aux", "images/con/fox.webp", "nul .tar.webp"],
)  # fmt: skip
def test_a_name_of_a_device_is_refused_with_any_suffix(path: str) -> None:
    assert "is the name of a device" in wrong(path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("images./fox.webp", "'images.' in 'images./fox.webp' ends with a dot"),
     ("images /fox.webp", "in 'images /fox.webp' ends with a space"),
     (".../fox.webp", "ends with a dot"), ("fox.webp.", "'fox.webp.' ends with a dot"),
     ("images\\fox.webp", "write / between folders")],
)  # fmt: skip
def test_the_end_of_a_name_and_its_separators_are_the_same_everywhere(
    path: str, reason: str
) -> None:
    assert reason in wrong(path)


@pytest.mark.parametrize("id", ["con", "Aux", "NUL", "com1", "lpt9"])
def test_an_id_is_no_name_of_a_device(id: str) -> None:
    with pytest.raises(DiagnosticError, match=f"the id '{id}' is the name of a device") as caught:
        OPTIONS["id"].read(id)
    assert caught.value.diagnostics[0].at == "id"


@pytest.mark.parametrize("id", ["fox", "conference", "com", "aux-1", "null", "A", "füchse"])
def test_other_ids_stay_as_they_are(id: str) -> None:
    assert OPTIONS["id"].read(id) == id
