"""Keeps a flag such as `--takes` on one line: browsers break a line behind any hyphen.

In: the HTML of a page. Out: the same, where each flag in a code span is an element that does not
break. What is copied from the page stays as it is.
"""

import re
from typing import Any

_CODE = re.compile(r"(?<!</span>)<code>[^<]*</code>")
_FLAG = re.compile(r"(?<![\w-])--?[a-z][\w-]*")


def on_page_content(html: str, **_: Any) -> str:
    """Put each flag in a code span into an element of its own."""
    return _CODE.sub(lambda code: _FLAG.sub(r'<span class="flag">\g<0></span>', code[0]), html)
