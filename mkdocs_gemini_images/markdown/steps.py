"""Steps of a Markdown conversion that call a function.

Python-Markdown runs preprocessors over lines, treeprocessors over the tree and postprocessors over
the final text.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from markdown import Markdown
from markdown.util import Processor

T = TypeVar("T", bound=Processor)


def new_step(kind: type[T], md: Markdown, run: Callable[[Any], object]) -> T:
    """Return a step of a kind of Python-Markdown's, whose `run` is a function."""
    made = kind(md)
    made.run = run  # type: ignore[attr-defined]
    return made


def is_page(md: Markdown) -> bool:
    """Return whether MkDocs or a relative converts a page, and no plugin a text of its own."""
    return "relpath" in md.treeprocessors
