"""Tell at a first look whether a page may have a directive, so that most pages end there.

In go a page's Markdown or its front matter; out comes False where no reader of this package has
anything to find. A plugin with nothing to do loads none of those readers. Pure.
"""

import re
from collections.abc import Mapping
from typing import Any

_MISSPELT_OPENING = r"(?m)^[> \t]*(?:`{3,}|~{3,})[ {.]*[\w-]*im[\w-]*"


def may_have_directive(text: str) -> bool:
    """Return whether a text may have a directive, or a fence with a misspelling of its name."""
    lower = text.lower()
    return "gemini" in lower or ("im" in lower and re.search(_MISSPELT_OPENING, lower) is not None)


def may_have_page_image(meta: Mapping[str, Any], markdown: str) -> bool:
    """Return whether a page's front matter may describe its picture, also where YAML reads none."""
    if meta:
        return any("gemini" in str(key).lower() for key in meta)
    return markdown.startswith("---") and "gemini_image:" in markdown
