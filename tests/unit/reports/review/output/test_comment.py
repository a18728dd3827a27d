"""A review as a comment: what it shows, how long it is, and that strangers' words stay text."""

import re
from html import unescape

import markdown
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_gemini_images.reports.review.changes import Review, find_changes
from mkdocs_gemini_images.reports.review.links import Links
from mkdocs_gemini_images.reports.review.output.comment import MARK, comment
from mkdocs_gemini_images.reports.review.revision_files import Files
from tests.unit.reports.review.shown import OTHER, shown, undrawn


def files(*, host: str = "https://host.example/a/b") -> Files:
    """Have every file on a host."""
    links = Links(host, "c0ffee", lambda path: True)
    return Files(links, ("docs", ""), lambda record: f"gemini-images/{record.file_name}")


def written(review: Review, *, host: str = "https://host.example/a/b") -> str:
    return comment(review, files(host=host), files(host=host))


def test_a_change_has_its_place_its_words_its_price_and_both_pictures() -> None:
    before, after = shown("A fox", alt="Old"), shown("A red fox", OTHER, alt="New", id="fox")
    review = Review("main (c0ffee)", find_changes([before], [after]))
    text = written(review)
    assert text.startswith(MARK)
    (heading,) = [line for line in text.splitlines() if line.startswith("#### redrawn")]
    assert 'href="https://host.example/a/b/blob/c0ffee/docs/index.md#L3"' in heading
    assert "\n- prompt <code>A fox</code> → <code>A red fox</code>\n" in text
    assert "\n- alt <code>Old</code> → <code>New</code>\n" in text
    assert text.count("/raw/c0ffee/gemini-images/") == 2


def test_pictures_share_a_table_with_no_words() -> None:
    review = Review("main", find_changes([shown("A fox")], [shown("A red fox", OTHER)]))
    html = markdown.markdown(written(review), extensions=["tables"])
    (table,) = re.findall(r"<table>.*</table>", html, flags=re.S)
    assert re.findall(r"<th>(.*?)</th>", table) == ["before", "after"]
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert [re.sub("<[^>]*>", "", cell) for cell in cells] == ["", ""]
    assert all("<img " in cell for cell in cells)


def test_a_picture_that_is_new_or_removed_has_the_room_of_both() -> None:
    for before, after, title in (([], [shown()], "after"), ([shown()], [], "before")):
        text = written(Review("main", find_changes(before, after)))
        assert f"\n| {title} |\n| --- |\n| <a " in text


def test_a_change_without_pictures_has_no_table() -> None:
    assert "|" not in written(Review("main", find_changes([], [undrawn()])))


def test_a_picture_that_stays_is_shown_once() -> None:
    review = Review("main", find_changes([shown()], [shown(alt="Another")]))
    assert "| before and after |" in written(review)
    assert written(review).count("<img ") == 1


def test_without_a_known_host_there_are_sizes_and_no_links() -> None:
    text = written(Review("main", find_changes([], [shown()])), host="")
    assert "href" not in text
    assert "<code>13 × 7</code>" in text


def test_many_changes_are_cut_with_a_sentence_that_counts_the_rest() -> None:
    news = [shown(f"A fox, number {n} " + "🦊" * 200, place=f"p{n}.md:1") for n in range(400)]
    text = written(Review("main", find_changes([], news)))
    assert len(text.encode("utf-16-le")) // 2 < 65_536
    shown_rows = text.count("#### new ")
    assert 10 < shown_rows < 400
    assert f"And {400 - shown_rows} more changes, for which there is no room here." in text


HOSTILE = [
    "<script>alert(1)</script>", "@everyone look", "[x](https://evil.example)", "![](http://e/x)",
    "a | b | c", "`code` **bold**", "www.evil.example", "me@evil.example", "#1 and owner/name#2",
    "--> <!-- gemini-images review -->", "\n\n# Heading\n\n- list", "$$x$$ :tada:",
    '" onerror="alert(1)', "&lt;b&gt;",
]  # fmt: skip


@settings(max_examples=60)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80)))
def test_the_words_of_others_stay_text(words: str) -> None:
    before = [undrawn(f"{words} x", alt=words, id="a", note=words)]
    after = [undrawn(f"{words} y", alt=f"{words}!", id="a", note=words, place=f"{words}.md:1")]
    text = written(Review("main", find_changes(before, after), notes=(words,)), host="")
    assert text.count(MARK) == 1
    html = markdown.markdown(text, extensions=["tables"])
    body = html.partition("-->")[2]
    assert set(re.findall(r"<(\w+)", body)) <= {
        "h3", "h4", "p", "strong", "ul", "li", "code", "wbr",
    }  # fmt: skip
    outside = unescape(re.sub(r"<code>.*?</code>", "", body, flags=re.S))
    assert "@" not in outside
    assert "evil" not in outside
    assert len(re.findall(r"<h4>", body)) == 1
