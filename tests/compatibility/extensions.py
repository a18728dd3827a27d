"""The Markdown extensions that a site of ours may have, as neighbours: a table; nothing acts here.

Each entry stands before ours and after it in the list of Markdown extensions. What it is tried
with lies in a page of its own; the common pages are rendered with it as well.
"""

from tests.compatibility.neighbours import FOX, HERON, Neighbour


def _inside(opening: str) -> str:
    """Write a fence and an inline image in a block that indents its content."""
    lines = [f"    {line}" if line else "" for line in f"{HERON}\n{FOX}".split("\n")]
    return "\n".join((opening, "", *lines, "", ""))


def _tried(names: str, text: str, pictures: int = 2, options: str = "") -> Neighbour:
    """Return extensions that are tried together, with the text of a page.

    `options` is their list where one of them has options, as YAML.
    """
    return Neighbour(
        names,
        "pymdown-extensions" if "pymdownx." in names else "Markdown",
        extensions=options or f"[{names}]",
        files={"docs/inside.md": text, "parts/part.md": f"{HERON}\n{FOX}\n"},
        pictures={"inside/index.html": pictures},
        zensical=True,
        short="tabbed" in names,
    )


_TEXT = f'# Text\n\n{HERON}\nSome "quoted" -- text (c) and {FOX} in it.\n'

EXTENSIONS = (
    _tried("pymdownx.superfences", _inside("- An item:")),
    _tried(
        "attr_list, md_in_html",
        f"<div class='grid' markdown>\n\n{HERON}\n{FOX}{{ .left width=40 }}\n\n</div>\n",
    ),
    _tried("admonition, pymdownx.details", _inside("!!! note") + _inside("??? note"), 4),
    _tried(
        "pymdownx.tabbed, pymdownx.blocks.tab",
        _inside('=== "One"') + _inside('=== "Two"') + f"/// tab | One\n{HERON}\n{FOX}\n///\n",
        6,
        "[{pymdownx.tabbed: {alternate_style: true}}, pymdownx.blocks.tab]",
    ),
    _tried("footnotes", "A word.[^1]\n\n" + _inside("[^1]: A note.")),
    _tried("def_list", _inside("A word\n\n:   Its meaning.")),
    _tried("tables", f"| a | b |\n| --- | --- |\n| {FOX} | {FOX} |\n"),
    _tried("toc", f"# One\n\n## With {FOX}\n\n{HERON}", options="[toc: {permalink: true}]"),
    _tried("abbr, nl2br", f"{_TEXT}\n*[fox]: An animal\n*[heron]: A bird\n"),
    _tried(
        "pymdownx.snippets",
        '--8<-- "parts/part.md"\n',
        options="[pymdownx.snippets: {check_paths: true}]",
    ),
)
