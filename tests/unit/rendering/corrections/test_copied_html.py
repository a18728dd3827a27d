"""Copies of pages are corrected in the same way as pages, in every escaping."""

import html
import json
import tracemalloc
from collections.abc import Callable

import pytest

from mkdocs_gemini_images.rendering.corrections.copied_html import corrected, rebased
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage, Source

FILE = Candidate("assets/gemini/fox-0123456789ab-960.webp", 960)
MARK = "0123456789abcdef"
PROMISED = RenderedImage(FILE.uri, 960, 540, (FILE,), awaited="0123456789ab", promise=MARK)
DRAWN = RenderedImage(FILE.uri, 800, 800, (Candidate(FILE.uri, 800),), sources=(Source("A", "/a"),))
CORRECTIONS = [Correction(PROMISED, DRAWN)]


def page(shown: RenderedImage, below: str) -> str:
    mark = f' data-gemini-promise="{shown.promise}"' if shown.promise else ""
    return (
        f'<p title="R&amp;B">Über</p><img{mark} src="{shown.src}" width="{shown.width}"'
        f' height="{shown.height}" srcset="{shown.src} {shown.candidates[0].width}w">{below}'
    )


BEFORE = page(PROMISED, '<p data-gemini-sources="0123456789ab"></p>')
AFTER = page(DRAWN, "<p>Sources</p>")


def corrected_copy(text: str, kind: str) -> str:
    return corrected(
        text, kind, Corrections(CORRECTIONS, lambda shown: "<p>Sources</p>", lambda mark, place: "")
    )


def as_jinja(text: str) -> str:
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (".html", str),
        (".json", lambda text: json.dumps({"a": [1, text], "b\\": "x"}, indent=2)),
        (".json", lambda text: json.dumps({"a": text}, ensure_ascii=False)),
        (".xml", lambda text: f'<a b="c">{html.escape(text)}</a>\n<d>e</d>'),
        (".xml", lambda text: f"<a>{html.escape(text, quote=False)}</a>"),
        (".xml", lambda text: f"<a>{as_jinja(text)}</a>"),
        (".xml", lambda text: f"<a><![CDATA[{text}]]></a>"),
    ],
)
def test_a_copy_is_corrected(kind: str, written: Callable[[str], str]) -> None:
    assert corrected_copy(written(BEFORE), kind) == written(AFTER)
    assert corrected_copy(written(AFTER), kind) == written(AFTER)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".json", '{"a": "<p data-gemini-sources=\\u0022x\\u0022>", "b": 1.50}'),
        (".json", '"' + BEFORE.replace('"', "\\u0022") + '"'),  # escaped in a way of its own
        (".json", '{"broken": "\\x fox-0123456789ab-960.webp"'),
        (".xml", f"<a>{html.escape(BEFORE).replace('&lt;', '&#60;')}</a>"),
        (".xml", "<a>&lt;img&gt; &nbsp;</a>"),
    ],
)
def test_what_cannot_be_escaped_as_it_was_stays(kind: str, text: str) -> None:
    assert corrected_copy(text, kind) == text


OURS = {"assets/gemini/a-1.webp", "assets/gemini/a-2.webp", "images/a fox.webp"}


@pytest.mark.parametrize(
    ("uri", "before", "after"),
    [
        (
            "print_page/index.html",
            "assets/gemini/a-1.webp 1w, assets/gemini/a-2.webp 2w",
            "../assets/gemini/a-1.webp 1w, ../assets/gemini/a-2.webp 2w",
        ),
        ("print_page.html", "../../assets/gemini/a-1.webp 1w", "assets/gemini/a-1.webp 1w"),
        ("p/index.html", "../images/a%20fox.webp 1w", "../images/a%20fox.webp 1w"),
        ("p/index.html", "assets/gemini/b-1.webp 1w", "assets/gemini/b-1.webp 1w"),
        ("p/index.html", "/assets/gemini/a-1.webp 1w", "/assets/gemini/a-1.webp 1w"),
        ("p/index.html", "https://x/assets/gemini/a-1.webp", "https://x/assets/gemini/a-1.webp"),
    ],
)
def test_srcset_fits_the_page_it_has_come_to(uri: str, before: str, after: str) -> None:
    tag = '<source srcset="{0}"><img src="x.webp" srcset="{0}" alt="assets/gemini/a-1.webp">'
    assert rebased(tag.format(before), uri, OURS) == tag.format(after)
    before, after = (f"{each.removesuffix(' 1w')}#only-dark" for each in (before, after))
    tag = '<img data-src="{0}" src="assets/gemini/a-1.webp">'
    assert rebased(tag.format(before), uri, OURS) == tag.format(after)


def test_long_data_beside_an_image_stays_as_it_is() -> None:
    text = f'<img src="data:image/png;base64,{"A" * 60_000}">'
    assert corrected_copy(text + BEFORE, ".html") == text + AFTER


def test_a_string_of_megabytes_takes_no_more_room_than_a_few_of_it() -> None:
    text = json.dumps(["A b" * 700_000, BEFORE])
    tracemalloc.start()
    try:
        assert corrected_copy(text, ".json") == json.dumps(["A b" * 700_000, AFTER])
        assert tracemalloc.get_traced_memory()[1] < 20 * len(text)
    finally:
        tracemalloc.stop()
