"""A directive is found in its page's source, and not where the page shows an example of it."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    directive_texts,
    find_all,
    find_once,
)

FENCE = "```gemini-image\nprompt: A fox\n```\n"
IMAGE = '![A fox](gemini: "A fox")'


def only_fence(page: str) -> FenceOccurrence:
    occurrence = find_once(page, "prompt: A fox", "")
    assert isinstance(occurrence, FenceOccurrence)
    return occurrence


@pytest.mark.parametrize(
    ("page", "source", "spans"),
    [
        (FENCE, "prompt: A fox", [FENCE]),
        (f"x\n{FENCE}{FENCE}", "prompt: A fox", [FENCE, FENCE]),
        (f"````\n{FENCE}````\n{FENCE}", "prompt: A fox", [FENCE]),
        (f"<!--\n{FENCE}-->\n", "prompt: A fox", []),
        (f"a {IMAGE} b {IMAGE}", "A fox", [IMAGE, IMAGE]),
        (f"`{IMAGE}` <pre>{IMAGE}</pre> {IMAGE}", "A fox", [IMAGE]),
        ('![a][f]\n\n[f]: gemini: "A fox"', "A fox", ["![a][f]"]),
        ('![a](b.png "A fox")', "A fox", []),
        ('![a](b.png "gemini: A fox")', "A fox", ['![a](b.png "gemini: A fox")']),
    ],
)
def test_all_occurrences_are_found(page: str, source: str, spans: list[str]) -> None:
    assert [page[each.start : each.end] for each in find_all(page, source)] == spans


@pytest.mark.parametrize(
    ("page", "got"), [("x", "none that is written here"), (f"{FENCE}{FENCE}", "2 of them")]
)
def test_a_directive_must_occur_once(page: str, got: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        find_once(page, "prompt: A fox", "write it")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.got, diagnostic.fix) == (got, "write it")


def test_a_fence_is_read_as_its_page_has_it() -> None:
    header = '```{ .gemini-image #fox .wide size="2K" }'
    quoted = f"> {header}\n> prompt: A fox\n> ```\n"
    occurrence = only_fence(quoted)
    assert (occurrence.first_line, occurrence.last_line) == (0, 2)
    directive = Directive(
        "prompt: A fox", id="fox", classes=("wide",), size="2K", source="prompt: A fox"
    )
    assert occurrence.read() == directive


@pytest.mark.parametrize("header", ["{ .gemini-image } }", "{ .gemini-image sise=2K }"])
def test_a_fence_with_a_mistake_has_no_directive(header: str) -> None:
    page = f"```{header}\nprompt: A fox\n```\n"
    assert all(
        each.read() is None
        for each in find_all(page, "prompt: A fox")
        if isinstance(each, FenceOccurrence)
    )


def test_the_texts_of_all_directives_are_listed_with_their_braces() -> None:
    page = f"{IMAGE}{{ .wide }}\n\n{FENCE}\n`{IMAGE}`"
    assert directive_texts(page) == [f"{IMAGE}{{ .wide }}", FENCE.rstrip()]
