"""Steps of a Markdown conversion that call a function.

Python-Markdown runs preprocessors over lines, treeprocessors over the tree and postprocessors over
the final text; each class below is a step whose `run` is the function that it was made with.
"""

import xml.etree.ElementTree as etree
from collections.abc import Callable

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor


class LineStep(Preprocessor):
    """A step over the lines of a text."""

    def __init__(self, md: Markdown, step: Callable[[list[str]], list[str]]) -> None:
        super().__init__(md)
        self.run = step  # type: ignore[assignment,method-assign]


class TreeStep(Treeprocessor):
    """A step over the tree, which it changes in place."""

    def __init__(self, md: Markdown, step: Callable[[etree.Element], None]) -> None:
        super().__init__(md)
        self.run = step  # type: ignore[assignment,method-assign]


class TextStep(Postprocessor):
    """A step over the final text of a conversion."""

    def __init__(self, md: Markdown, step: Callable[[str], str]) -> None:
        super().__init__(md)
        self.run = step  # type: ignore[assignment,method-assign]
