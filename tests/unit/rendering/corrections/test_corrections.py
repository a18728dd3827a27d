"""A page is corrected where an element carries a promise's mark, and left alone otherwise."""

import pytest

from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage, Source

STEM = "fox-0123456789ab"
MARK = "0123456789abcdef"
PROMISE = f' data-gemini-promise="{MARK}"'


def shown(stem: str, width: int, height: int, *slots: tuple[int, int]) -> RenderedImage:
    files = tuple(Candidate(f"assets/gemini/{stem}-{slot}.webp", true) for slot, true in slots)
    return RenderedImage(files[-1].uri, width, height, files, "100vw")


FILES = shown(STEM, 1376, 768, (480, 480), (960, 960), (1376, 1376))
PROMISED = FILES._replace(src=f"assets/gemini/{STEM}-960.webp", promise=MARK)
SMALLER = shown(STEM, 800, 800, (480, 480), (1376, 800))
OTHER = shown("fox-ba9876543210", 640, 480, (480, 480), (640, 640))
PLACEHOLDER = RenderedImage("assets/gemini/placeholder-1376x768.svg", 1376, 768, placeholder=True)

PLAIN = (
    f'<p>Before</p><img alt="A fox &gt; 3"{PROMISE} src="../assets/gemini/{STEM}-960.webp"'
    f' width="1376" height="768" srcset="../assets/gemini/{STEM}-480.webp 480w,'
    f' ../assets/gemini/{STEM}-960.webp 960w, ../assets/gemini/{STEM}-1376.webp 1376w"'
    ' sizes="100vw" loading="lazy"><p>After</p>'
)


def corrected(html: str, *corrections: Correction) -> str:
    return Corrections(corrections, lambda shown: "", lambda mark, place: "").apply(html)


def attributes(html: str) -> str:
    return html[html.index("<img") : html.index(">", html.index("<img")) + 1]


def test_a_picture_of_another_size_gets_its_true_numbers() -> None:
    assert attributes(corrected(PLAIN, Correction(PROMISED, SMALLER)).replace(" &gt; 3", "")) == (
        f'<img alt="A fox" src="../assets/gemini/{STEM}-1376.webp" width="800" height="800"'
        f' srcset="../assets/gemini/{STEM}-480.webp 480w, ../assets/gemini/{STEM}-1376.webp 800w"'
        ' sizes="100vw" loading="lazy">'
    )


def test_a_placeholder_has_neither_srcset_nor_sizes() -> None:
    html = corrected(PLAIN, Correction(PROMISED, PLACEHOLDER))
    assert html == (
        '<p>Before</p><img alt="A fox &gt; 3" src="../assets/gemini/placeholder-1376x768.svg"'
        ' width="1376" height="768" loading="lazy"><p>After</p>'
    )


def test_another_picture_is_reached_by_its_own_names() -> None:
    html = corrected(PLAIN, Correction(PROMISED, OTHER))
    assert STEM not in html
    assert 'src="../assets/gemini/fox-ba9876543210-640.webp" width="640" height="480"' in html
    assert "fox-ba9876543210-480.webp 480w, ../assets/gemini/fox-ba9876543210-640.webp 640w" in html


SRC = f'src="../assets/gemini/{STEM}-960.webp"'
ORDERS = [
    f'<img {SRC} width="1376" height="768"{PROMISE}>',
    f'<img height="768"{PROMISE} width="1376" {SRC}>',
    f'<img{PROMISE} height="768" {SRC} data-src="b/y.png" width="1376"/>',
    f'<img data-src="b/y.png" {SRC}\n width="1"\n height="1"\n{PROMISE} />',
]


@pytest.mark.parametrize("tag", ORDERS)
def test_attributes_are_corrected_in_any_order(tag: str) -> None:
    html = corrected(tag, Correction(PROMISED, OTHER))
    for part in ('src="../assets/gemini/fox-ba9876543210-640.webp"', 'width="640"', 'height="480"'):
        assert part in html
    assert html.count("y.png") == tag.count("y.png")
    assert MARK not in html


def test_links_that_others_put_around_a_picture_follow_it() -> None:
    box = f'<a class="glightbox" href="../assets/gemini/{STEM}-960.webp">{PLAIN}</a>'
    assert corrected(box, Correction(PROMISED, PLACEHOLDER)).startswith(
        '<a class="glightbox" href="../assets/gemini/placeholder-1376x768.svg">'
    )
    assert corrected(box, Correction(PROMISED, SMALLER)).startswith(
        f'<a class="glightbox" href="../assets/gemini/{STEM}-1376.webp">'
    )


SINGLE = shown(STEM, 688, 384, (688, 688))._replace(
    src=f"assets/gemini/{STEM}-688.webp", promise=MARK
)
LARGER = shown(STEM, 1800, 900, (480, 480), (688, 1800))._replace(
    src=f"assets/gemini/{STEM}-480.webp"
)


@pytest.mark.parametrize(
    ("promised", "now", "largest"),
    [
        (PROMISED, PROMISED, f"{STEM}-1376.webp"),
        (PROMISED, SMALLER, f"{STEM}-1376.webp"),
        (PROMISED, OTHER, "fox-ba9876543210-640.webp"),
        (PROMISED, PLACEHOLDER, "placeholder-1376x768.svg"),
        (SINGLE, LARGER, f"{STEM}-688.webp"),
        (SINGLE, PLACEHOLDER, "placeholder-1376x768.svg"),
    ],
    ids=["as promised", "smaller", "another", "none", "larger", "none of one file"],
)
@pytest.mark.parametrize("fragment", ["", "#only-dark"])
def test_what_a_lightbox_opens_follows_the_largest_file(
    promised: RenderedImage, now: RenderedImage, largest: str, fragment: str
) -> None:
    promise = f' data-gemini-promise="{MARK}"'
    link = '<a class="glightbox" href="{0}"><img data-src="{0}"{2} src="{1}"></a>'
    before, after = (
        link.format(f"../{name}{fragment}", f"../{src}{fragment}", mark)
        for name, src, mark in (
            (promised.largest, promised.src, promise),
            (f"assets/gemini/{largest}", now.src, ""),
        )
    )
    assert corrected(before, Correction(promised, now)) == after


def test_a_file_that_an_author_has_a_lightbox_open_stays() -> None:
    tag = '<img data-src="../original.png"{1} src="../assets/gemini/{0}.webp">'
    assert corrected(tag.format(f"{STEM}-960", PROMISE), Correction(PROMISED, OTHER)) == tag.format(
        "fox-ba9876543210-640", ""
    )


def test_links_stay_where_another_plugin_renamed_the_addresses_of_an_image() -> None:
    rest = '<p id="a" class=""><a href="#fox">Down</a></p>'
    assert corrected(f'<img alt=""{PROMISE} data-src="x">{rest}', Correction(PROMISED, OTHER)) == (
        f'<img alt="" data-src="x">{rest}'
    )


@pytest.mark.parametrize(
    "folder", ["", "assets/gemini/", "/site/assets/gemini/", "https://x.example/assets/gemini/"]
)
def test_the_page_reaches_the_new_file_where_it_reached_the_old_one(folder: str) -> None:
    html = f'<img{PROMISE} src="{folder}{STEM}-960.webp">'
    assert (
        corrected(html, Correction(PROMISED, OTHER))
        == f'<img src="{folder}fox-ba9876543210-640.webp">'
    )


@pytest.mark.parametrize(
    "html",
    ["", "<p>Nothing</p>", '<img src="other.webp" width="1376">', f"<p>{STEM}</p>",
     f'<img src="red-{STEM}-960.webp" width="1376">',
     f'<img src="{STEM}-960.webp.png" width="1376">'],
)  # fmt: skip
def test_other_pages_come_back_as_they_are(html: str) -> None:
    assert corrected(html, Correction(PROMISED, OTHER)) is html
    assert corrected(html) is html


def test_a_name_that_ends_like_another_is_another() -> None:
    bare = shown("0123456789ab", 1376, 768, (960, 960))._replace(promise="d" * 16)
    html = f'<img src="0123456789ab-960.webp" width="1376"> {PLAIN}'
    found = corrected(html, Correction(bare, PLACEHOLDER))
    assert found == f'<img src="placeholder-1376x768.svg" width="1376"> {PLAIN}'


def test_a_mark_of_another_build_is_left_alone() -> None:
    other = PROMISED._replace(promise="f" * 16)
    assert MARK in corrected(PLAIN, Correction(other, SMALLER))


def test_a_promise_that_is_kept_loses_its_mark_and_nothing_else() -> None:
    assert corrected(PLAIN, Correction(PROMISED, PROMISED._replace(promise=""))) == PLAIN.replace(
        PROMISE, ""
    )


def test_two_places_of_one_request_are_told_apart() -> None:
    """They share the names of their smaller files; one is published under the author's name."""
    named = Candidate("images/boat.webp", 1376)
    file = PROMISED._replace(src=named.uri, promise="b" * 16, candidates=(FILES.files[0], named))
    html = PLAIN + PLAIN.replace(MARK, "b" * 16).replace(
        f"../assets/gemini/{STEM}-960.webp", "../images/boat.webp"
    )
    found = corrected(html, Correction(PROMISED, SMALLER), Correction(file, file._replace(width=9)))
    inline, of_file = found.split("<p>After</p>")[:2]
    assert "boat" not in inline
    assert 'src="../images/boat.webp" width="9"' in of_file


def test_a_picture_that_turns_out_to_be_damaged_is_found_by_its_address() -> None:
    html = PLAIN.replace(PROMISE, ' class="gemini-image"')
    found = corrected(html, Correction(PROMISED._replace(promise=""), PLACEHOLDER))
    assert 'src="../assets/gemini/placeholder-1376x768.svg" width="1376"' in found
    assert "srcset" not in found


def test_several_pictures_are_each_corrected() -> None:
    owl = shown("owl-0123456789ab", 1376, 768, (480, 480), (960, 960), (1376, 1376))
    second = owl._replace(src="assets/gemini/owl-0123456789ab-960.webp", promise="c" * 16)
    html = PLAIN + PLAIN.replace(STEM, "owl-0123456789ab").replace(MARK, "c" * 16)
    found = corrected(html, Correction(PROMISED, SMALLER), Correction(second, PLACEHOLDER))
    assert found == (
        corrected(PLAIN, Correction(PROMISED, SMALLER))
        + corrected(PLAIN, Correction(PROMISED, PLACEHOLDER))
    )


def test_words_that_look_like_markup_stay_words() -> None:
    html = (
        f'<img alt="a &gt; width=&quot;9&quot; src="{PROMISE} src="{STEM}-960.webp" width="1376">'
    )
    found = corrected(html, Correction(PROMISED, OTHER._replace(width=7)))
    assert found.startswith('<img alt="a &gt; width=&quot;9&quot; src="')
    assert found.endswith('src="fox-ba9876543210-640.webp" width="7">')


def test_an_addresss_fragment_stays_and_a_source_is_corrected_like_an_image() -> None:
    html = f'<img{PROMISE} src="../assets/gemini/{STEM}-960.webp#only-dark" width="1376">'
    assert corrected(html, Correction(PROMISED, OTHER)) == (
        '<img src="../assets/gemini/fox-ba9876543210-640.webp#only-dark" width="640">'
    )
    html = (
        f'<source{PROMISE} media="(x)" srcset="../assets/gemini/{STEM}-480.webp 480w, '
        f'../assets/gemini/{STEM}-960.webp 960w" sizes="9vw"/>'
    )
    assert corrected(html, Correction(PROMISED, PLACEHOLDER)) == (
        '<source media="(x)" srcset="../assets/gemini/placeholder-1376x768.svg"/>'
    )
    assert corrected(html, Correction(PROMISED, OTHER)) == (
        '<source media="(x)" srcset="../assets/gemini/fox-ba9876543210-480.webp 480w, '
        '../assets/gemini/fox-ba9876543210-640.webp 640w" sizes="9vw"/>'
    )


def test_sources_are_put_where_room_was_left_for_them() -> None:
    room = '<ul class="x" data-gemini-sources="n1"><li></li></ul>'
    promised = PROMISED._replace(awaited="n1")
    drawn = OTHER._replace(sources=(Source("Foxes", "https://example.org"),))
    for swap, found in ((Correction(promised, drawn), "LINKS"), (Correction(promised, OTHER), "")):
        html = Corrections([swap], lambda shown: "LINKS", lambda mark, place: "").apply(
            PLAIN + room
        )
        assert html.endswith(f"<p>After</p>{found}")


def test_tags_without_an_end_are_passed_over() -> None:
    html = PLAIN + "<img " * 50_000 + f'src="{STEM}-960.webp'
    found = corrected(html, Correction(PROMISED, OTHER))
    assert "<img " * 50_000 + 'src="fox-ba9876543210-640.webp' in found
