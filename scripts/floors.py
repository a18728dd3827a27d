"""Print the lowest version of each dependency that `pyproject.toml` allows, as pip's constraints.

`make floors` installs these and runs the tests with them.
"""

import tomllib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
ALSO = {"check-jsonschema", "properdocs"}
"""The host ProperDocs, and a tool of the tests whose newest versions need a newer click."""


def floors(requirements: Iterable[str]) -> Iterator[str]:
    """Yield `name==version` for each requirement. Raises `ValueError` for one without a floor."""
    for text in requirements:
        requirement = Requirement(text)
        lowest = [each.version for each in requirement.specifier if each.operator in (">=", "==")]
        if len(lowest) != 1:
            raise ValueError(f"{text!r} has no lowest version: write {requirement.name}>=VERSION")
        yield f"{requirement.name}=={lowest[0]}"


def main() -> None:
    """Print the constraints, one a line."""
    read = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    project = read["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    also = [each for each in read["dependency-groups"]["test"] if Requirement(each).name in ALSO]
    print(*floors([*project["dependencies"], *extras, *also]), sep="\n")


if __name__ == "__main__":
    main()
