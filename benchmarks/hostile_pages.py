"""Hostile pages of any size, by what is wrong with them."""

from collections.abc import Callable


def _page(unit: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda n: before + unit * n + after


IMAGE = '![a](gemini: "A fox")'
FENCE = "```gemini-image\nA fox\n```\n"

PAGES: dict[str, Callable[[int], str]] = {
    "links without an end": _page("[a](gemini: x\n"),
    "images without an end": _page("![a](gemini: x\n"),
    "images without a quote": _page('![a](gemini: "x\n'),
    "fences without an end": _page("```gemini-image\nx\n"),
    "fences of fewer and fewer marks": lambda n: "\n".join("`" * k for k in range(_root(n), 2, -1)),
    "marks and carriage returns": lambda n: "`" * n + "\rx",
    "images": _page(IMAGE + "\n\n"),
    "images on one line": _page(IMAGE + " "),
    "code spans on one line": _page(f"`x` {IMAGE} "),
    "fences": _page(FENCE),
    "bodies that begin alike": lambda n: "".join(
        f"```gemini-image\nalt: a\nprompt: fox {k}\n```\n" for k in range(n)
    ),
    "examples": _page(f"<pre>{IMAGE}</pre>\n<!-- {IMAGE} -->\n"),
    "comments without an end": _page("<!-- <pre> "),
    "ends of tags with spaces": _page("</pre      ", "<pre>"),
    "spaces in a title": _page(" ", '![a](gemini: "', "x"),
    "spaces before a title": _page(" ", "![a](gemini:", "x"),
    "spaces before an address": _page(" ", "![a](", "x"),
    "spaces in a definition": _page(" ", '[a]: gemini: "', "x"),
    "definitions": _page('[a]: gemini: "A fox"\n![a][a]\n'),
    "uses of one definition": _page("![a][b] ", '[b]: gemini: "A fox"\n\n'),
    "opening brackets": _page("![["),
    "brackets in brackets": _page("![a [b] "),
    "titles in titles": _page('![a](x.png "gemini: '),
    "quotes in a title": _page('" ', f'{IMAGE}\n![a](gemini: "', ")"),
    "identical lines": _page("x\n"),
    "quote marks": _page("> ", "", "```"),
}
"""Pages by what is wrong with them."""


def _root(n: int) -> int:
    return int((2 * n) ** 0.5)
