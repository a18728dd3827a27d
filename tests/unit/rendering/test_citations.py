"""Links to the sources and searches of a picture, made from the metadata of an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.rendering.citations import MOST, searches, sources
from mkdocs_gemini_images.rendering.rendered_image import Source

SEARCH = "https://www.google.com/search?q="


def web(uri: Any, title: Any = "A page") -> dict[str, Any]:
    return {"web": {"uri": uri, "title": title}}


@pytest.mark.parametrize(
    ("chunks", "listed"),
    [
        ([], []),
        ([web("https://x.example/a")], [("A page", "https://x.example/a")]),
        ([web("http://x.example")], [("A page", "http://x.example")]),
        ([{"image": {"sourceUri": "https://x.example/p", "title": "A fox"}}],
         [("A fox", "https://x.example/p")]),
        ([{"image": {"uri": "https://x.example/p.png"}}], []),
        ([{"web": {"uri": "https://a.example", "title": "W"},
           "image": {"sourceUri": "https://b.example", "title": "I"}}],
         [("W", "https://a.example"), ("I", "https://b.example")]),
        ([web("https://b.example", "B"), web("https://a.example", "A"),
          web("https://b.example", "C")],
         [("B", "https://b.example"), ("A", "https://a.example")]),
        ([web("https://x.example/a", "")], [("x.example", "https://x.example/a")]),
        ([web("https://x.example/a", None)], [("x.example", "https://x.example/a")]),
        ([web("https://x.example/a", 7)], [("7", "https://x.example/a")]),
        ([web("https://x.example/a", " two\nlines\x1b[0m ")],
         [("two lines [0m", "https://x.example/a")]),
        ([web("https://x.example", "x" * 200)], [("x" * 120, "https://x.example")]),
    ],
)  # fmt: skip
def test_each_source_is_listed_once_in_the_order_of_the_answer(
    chunks: list[Any], listed: list[tuple[str, str]]
) -> None:
    assert sources({"groundingChunks": chunks}) == tuple(Source(*each) for each in listed)


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://x.example", "//x.example", "/a", "", "x",
        "https://", "https:x.example", "https://x.example/ a", "https://x.example/\"", "https://'x",
        "https://x.example/<a>", "https://x.example/`", "https://x.example/\\", "http://[::1",
        "https://x.example/\n", "https://x.example/\u202e", f"https://x.example/{'a' * 2000}",
        None, 7, ["https://x.example"],
    ],
    ids=repr,
)  # fmt: skip
def test_only_a_plain_web_address_is_a_source(uri: Any) -> None:
    assert sources({"groundingChunks": [web(uri)]}) == ()


@pytest.mark.parametrize(
    "metadata",
    [
        {}, {"groundingChunks": None}, {"groundingChunks": {}}, {"groundingChunks": "x"},
        {"groundingChunks": [None, 7, "x", [], {}]}, {"groundingChunks": [{"web": None}]},
        {"groundingChunks": [{"web": ["https://x.example"]}]},
        {"webSearchQueries": None, "imageSearchQueries": {"a": 1}},
        {"webSearchQueries": [None, ""]},
        {"searchEntryPoint": {"renderedContent": "<a href='https://x.example'>x</a>"}},
    ],
    ids=repr,
)  # fmt: skip
def test_metadata_of_another_form_has_no_sources(metadata: dict[str, Any]) -> None:
    assert sources(metadata) == searches(metadata) == ()


@pytest.mark.parametrize(
    ("metadata", "listed"),
    [
        ({"webSearchQueries": ["red fox"]}, [("red fox", "red+fox")]),
        ({"imageSearchQueries": ["red fox"]}, [("red fox", "red+fox&udm=2")]),
        ({"imageSearchQueries": ["b"], "webSearchQueries": ["a", "b", "a"]},
         [("a", "a"), ("b", "b"), ("b", "b&udm=2")]),
        ({"webSearchQueries": ["a&b=c #d <e>"]},
         [("a&b=c #d <e>", "a%26b%3Dc+%23d+%3Ce%3E")]),
        ({"webSearchQueries": [" fox\nand  hen "]}, [("fox and hen", "fox+and+hen")]),
        ({"webSearchQueries": ["狐"]}, [("狐", "%E7%8B%90")]),
        ({"webSearchQueries": ["x" * 150]}, [("x" * 100, "x" * 100)]),
        ({"webSearchQueries": [7, None]}, [("7", "7")]),
    ],
)  # fmt: skip
def test_a_search_is_a_link_that_repeats_it(
    metadata: dict[str, Any], listed: list[tuple[str, str]]
) -> None:
    assert searches(metadata) == tuple(Source(words, f"{SEARCH}{query}") for words, query in listed)


def test_only_the_first_sources_and_searches_are_listed() -> None:
    words = [f"{number}" for number in range(MOST + 5)]
    found = searches({"webSearchQueries": words, "imageSearchQueries": words})
    assert [each.title for each in found] == words[:MOST]
    chunks = [web(f"https://{each}.example") for each in words]
    assert [each.uri for each in sources({"groundingChunks": chunks})] == [
        f"https://{each}.example" for each in words[:MOST]
    ]


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=20) | st.just("https://x.example"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["web", "image", "uri", "sourceUri", "title", "x"]), inner, max_size=3
    ),
    max_leaves=8,
)  # fmt: skip
NAMES = st.sampled_from(["groundingChunks", "webSearchQueries", "imageSearchQueries"])


@given(st.dictionaries(NAMES, anything | st.lists(anything, max_size=4), max_size=3))
def test_any_metadata_gives_web_addresses_with_titles(
    metadata: dict[str, Any],
) -> None:
    for each in (*sources(metadata), *searches(metadata)):
        assert each.uri.startswith(("http://", "https://"))
        assert not set(each.uri) & set(" <>\"'`\\\n")
        assert 0 < len(each.title) <= 120
