"""What axe-core finds wrong with a page, in a word for each: rule and element.

In go an open page and what of it is ours; out comes a list that is to be empty. All of axe's rules
run, with best practices, but those for whole pages where only a part is looked at.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from tests.browser.waiting import awaited

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
]  # fmt: skip
RUN = """async ([include, exclude, tags]) => {
  const context = { exclude, ...(include.length ? { include } : {}) };
  const found = await axe.run(context, { runOnly: tags, resultTypes: ['violations', 'passes'] });
  return [found.violations, found.passes.length];
}"""


def violations(page: Any, *, within: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
    """List what is wrong on a page: in the elements `within`, or everywhere but in `without`."""
    # Not by a script element: a page's own policy may forbid those.
    page.evaluate(AXE)
    found, passed = awaited(page, RUN, [list(within), [[each] for each in without], TAGS])
    assert passed, "axe has looked at nothing"
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


CONTRAST = """([host, selector]) => [
  ...(host ? document.querySelector(host).shadowRoot : document).querySelectorAll(selector)
].map(element => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => numbers(colour).slice(0, 3).map(value => value / 255)
    .map(value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [.2126, .7152, .0722][at], 0);
  let below = element;
  const clear = colour => numbers(colour)[3] === 0;
  while (clear(getComputedStyle(below).backgroundColor)) below = below.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(below).backgroundColor]
    .map(light).sort((a, b) => b - a);
  return (a + .05) / (b + .05);
})"""


def contrasts(page: Any, selector: str, *, host: str = "") -> list[float]:
    """Give the contrast of each element's text: axe cannot tell it inside of the tree of `host`."""
    found: list[float] = page.evaluate(CONTRAST, [host, selector])
    assert found, f"there is no {selector}"
    return found
