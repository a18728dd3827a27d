"""The lowest version of a dependency is read from its requirement."""

import pytest

from scripts.floors import floors


@pytest.mark.parametrize(
    ("requirement", "floor"),
    [
        ("httpx>=0.28,<1", "httpx==0.28"),
        ("moto[server]>=5.1", "moto==5.1"),
        ("pillow == 12", "pillow==12"),
    ],
)
def test_the_floor_of_a_requirement_is_its_lowest_version(requirement: str, floor: str) -> None:
    assert [*floors([requirement])] == [floor]


def test_a_requirement_without_a_floor_is_an_error() -> None:
    with pytest.raises(ValueError, match="write httpx>=VERSION"):
        [*floors(["httpx<1"])]
