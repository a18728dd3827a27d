"""The Markdown extensions that Zensical has where a configuration lists none.

Once a configuration lists one, it has none of them but those that it lists. The text is that of the
file which `zensical new` writes. Pure.
"""

import tomllib
from typing import Any

DEFAULT_EXTENSIONS = """\
[project.markdown_extensions]
abbr = {}
admonition = {}
attr_list = {}
def_list = {}
footnotes = {}
md_in_html = {}
toc.permalink = true
pymdownx.arithmatex.generic = true
pymdownx.betterem = {}
pymdownx.caret = {}
pymdownx.details = {}
pymdownx.emoji.emoji_generator = "zensical.extensions.emoji.to_svg"
pymdownx.emoji.emoji_index = "zensical.extensions.emoji.twemoji"
pymdownx.highlight.anchor_linenums = true
pymdownx.highlight.line_spans = "__span"
pymdownx.highlight.pygments_lang_class = true
pymdownx.inlinehilite = {}
pymdownx.keys = {}
pymdownx.magiclink = {}
pymdownx.mark = {}
pymdownx.smartsymbols = {}
pymdownx.superfences.custom_fences = [
  { name = "mermaid", class = "mermaid", format = "pymdownx.superfences.fence_code_format" },
]
pymdownx.tabbed.alternate_style = true
pymdownx.tabbed.combine_header_slug = true
pymdownx.tasklist.custom_checkbox = true
pymdownx.tilde = {}
"""


def default_extensions() -> dict[str, Any]:
    """Return the extensions with their options, by full names."""
    listed = tomllib.loads(DEFAULT_EXTENSIONS)["project"]["markdown_extensions"]
    return full_names(listed)


def full_names(listed: dict[str, Any]) -> dict[str, Any]:
    """Return extensions by full names: TOML reads `pymdownx.tilde` as a table in a table."""
    named = {name: options for name, options in listed.items() if name != "pymdownx"}
    inner = listed.get("pymdownx")
    options = inner.items() if isinstance(inner, dict) else ()
    return named | {f"pymdownx.{name}": value for name, value in options}
