"""Mutation tests of failure_reasons.py: each changed decision must fail a row of the table.

Every literal decision (billed, again, the flags), every status in a `case` and every number in its
guards is changed, one at a time, in a module that exists only in memory. Each of these modules must
return a wrong failure for at least one row.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mkdocs_gemini_images.gemini import failure_reasons
from tests.unit.gemini.test_failure_reasons import ROWS, differs, others, same

SOURCE = Path(failure_reasons.__file__).read_text(encoding="utf-8")
OTHER = {"no": "yes", "unknown": "no", "yes": "no", "never": "soon", "soon": "once", "once": "soon"}
DECISIONS = ("billed", "again", "ends_build", "ends_model", "slow_down", "remembered")

Change = Callable[[], None]


def changes(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    """Yield each change that can be made to the decisions in `tree`, and its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in DECISIONS:
            yield from _decision(node)
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant):
            yield f"case {node.value.value!r} at line {node.value.lineno}", _set(node.value, 777)
        if isinstance(node, ast.match_case) and node.guard is not None:
            for inner in ast.walk(node.guard):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, int):
                    what = f"if {inner.value} at line {inner.lineno}"
                    yield what, _set(inner, inner.value + 1)


def _decision(node: ast.keyword) -> Iterator[tuple[str, Change]]:
    what = f"{node.arg}={ast.unparse(node.value)} at line {node.value.lineno}"
    if isinstance(node.value, ast.Constant):
        old = node.value.value
        yield what, _set(node.value, OTHER[old] if isinstance(old, str) else not old)
    elif isinstance(node.value, ast.Name):
        yield what, lambda: setattr(node, "value", ast.Constant(False, lineno=1, col_offset=0))


def _set(node: ast.Constant, value: str | int) -> Change:
    return lambda: setattr(node, "value", value)


def module(tree: ast.Module) -> ModuleType:
    """Run `tree` as a module of its own."""
    made = ModuleType("changed_failure")
    sys.modules[made.__name__] = made  # dataclasses look their module up
    try:
        exec(compile(tree, "changed_failure.py", "exec"), made.__dict__)
    finally:
        del sys.modules[made.__name__]
    return made


def unnoticed(room: ModuleType) -> bool:
    """Whether `room` judges all rows as they are to be judged."""
    return not any(differs(room, row) for row in ROWS) and all(
        same(found, wanted) for _, found, wanted in others(room)
    )


NAMES = [name for name, _ in changes(ast.parse(SOURCE))]


def test_there_are_decisions_to_change_and_none_is_changed_twice() -> None:
    assert len(NAMES) >= 30
    assert unnoticed(module(ast.parse(SOURCE)))


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_a_changed_decision_is_noticed(number: int) -> None:
    tree = ast.parse(SOURCE)
    _, change = list(changes(tree))[number]
    change()
    assert not unnoticed(module(tree))
