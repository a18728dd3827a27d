"""Write texts of others into Markdown that a code host shows, so that they stay text. Pure."""

import re

from mkdocs_gemini_images.core.diagnostics import single_line

_MARKUP = frozenset("&<>|\\*_`[](){}@#~!:$\"'+^=")
"""The characters that begin markup in some Markdown: a link, a mention, an emoji, a formula."""


def cell(text: str) -> str:
    """Return text for a Markdown table that no host turns into markup, a link or a mention.

    In `<code>`, because hosts search the remaining text for mentions and addresses.
    """
    escaped = entities(text).replace("www.", "www&#46;")
    # GitHub makes links of addresses of mail after it has read the entities.
    escaped = re.sub(r"(?<=\S)&#64;(?=\w)", "&#64;<wbr>", escaped)
    return f"<code>{escaped}</code>" if escaped else ""


def entities(text: str) -> str:
    """Return text on one line, for an attribute in Markdown: what begins markup is an entity."""
    return "".join(f"&#{ord(each)};" if each in _MARKUP else each for each in single_line(text))
