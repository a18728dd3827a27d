"""An example of a directive is not drawn, and its HTML is the same as without the plugin."""

import pytest

from tests.unit.markdown.examples import EXAMPLES, SUPERFENCES_ONLY, text
from tests.unit.markdown.hosts import MATERIAL, SITES


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_stays_as_it_is(example: str, site: str) -> None:
    source = f"before\n\n{text(EXAMPLES[example])}\n\nafter\n"
    html, host = SITES[site].shown(source)
    assert host.prompts == []
    assert html == SITES[site].convert(source)


@pytest.mark.parametrize("site", [name for name in SITES if "superfences" in name])
@pytest.mark.parametrize("example", SUPERFENCES_ONLY)
def test_an_example_stays_as_superfences_takes_it(example: str, site: str) -> None:
    source = f"before\n\n{text(SUPERFENCES_ONLY[example])}\n\nafter\n"
    html, host = SITES[site].shown(source)
    assert host.prompts == []
    assert html == SITES[site].convert(source)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_not_reported(example: str) -> None:
    _, host = MATERIAL.shown(text(EXAMPLES[example]))
    assert host.diagnostics == []


HEADERS = [
    "gemini-image",
    ".gemini-image",
    " gemini-image",
    "{ .gemini-image }",
    "{.gemini-image}",
    '{ .gemini-image aspect_ratio="16:9" alt="A fox" }',
    "{ .gemini-image aspect_ratio=16:9 }",
    "{ .gemini-image #fox .wide data-x='1' }",
    "{ .gemini-image title='A title' }",
    "gemini-image { .wide #fox }",
    'gemini-image { alt="A fox" }',
    'gemini-image title="A title"',
    'gemini-image hl_lines="1"',
    'gemini-image linenums="1"',
    'gemini-image aspect_ratio="16:9"',
    "gemini-image aspect_ratio=16:9",
    "gemini-image title",
    "gemini-image 16:9 {",
    "{ .gemini-image }}",
    "{ .gemini-image dark }",
    "{ gemini-image }",
    "{ #fox .gemini-image }",
    "{ .wide .gemini-image }",
    "gemini-image, please",
    "gemini_image",
    "gemini-images",
    "Gemini-Image",
    "{ .geminiimage alt='A fox' }",
]


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("around", ["<!--\n{}\n-->", "<div>\n{}\n</div>"])
def test_every_header_in_raw_html_stays_as_it_is(around: str, header: str, site: str) -> None:
    source = around.format(f"```{header}\nA <fox>\n\n  & more\n```")
    html, host = SITES[site].shown(source)
    assert host.prompts == []
    assert html == SITES[site].convert(source)
