"""The rooms of the command line, each by itself: sums, names, closing lines and addresses."""

import json
import posixpath
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.build.by_hand import find, with_twin
from mkdocs_gemini_images.build.notices import closing_line
from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import EMULATOR, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, single_line
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.rendering.addresses import neighbour, srcset
from mkdocs_gemini_images.rendering.corrections import Correction, Corrections
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.reports.survey import (
    STATES,
    Row,
    State,
    Survey,
    as_json,
    as_lines,
    as_markdown,
    ordered,
    price_of,
)  # fmt: skip
from mkdocs_gemini_images.reports.survey_rows import orphan, row
from mkdocs_gemini_images.requests.plan import PlannedRequest
from mkdocs_gemini_images.requests.request import ResolvedImage
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step

# survey


def rows(*states: State, **more: object) -> tuple[Row, ...]:
    return tuple(Row(state, "A fox", **more) for state in states)  # type: ignore[arg-type]


NEW = Row("new", "A fox", requests=1, price=0.045)
UNPRICED = Row("new", "A fox", requests=2, price=None)
IN_STOCK = Row("in stock", "A fox")


@pytest.mark.parametrize(
    ("listed", "refusal", "code", "sums"),
    [
        ((), "", 0, "no pictures; spent so far $1.00"),
        ((IN_STOCK,), "frozen", 0, "1 in stock; spent so far $1.00"),
        (rows("your own", "orphaned", "drifted"), "", 0,
         "1 drifted, 1 your own, 1 orphaned; spent so far $1.00"),
        ((NEW,), "", 2, "1 new; 1 request, about $0.04; spent so far $1.00"),
        ((NEW, NEW), "frozen", 3, "2 new; 2 requests, about $0.09; spent so far $1.00"),
        ((NEW, UNPRICED), "", 2,
         "2 new; 3 requests, about $0.04 and 1 of unknown price; spent so far $1.00"),
        ((NEW, *rows("broken")), "", 1,
         "1 broken, 1 new; 1 request, about $0.04; spent so far $1.00"),
        ((*rows("new"),), "", 0, "1 new; spent so far $1.00"),
    ],
)  # fmt: skip
def test_sums_and_codes(listed: tuple[Row, ...], refusal: str, code: int, sums: str) -> None:
    survey = Survey(listed, refusal, 1.0)
    assert survey.exit_code == code
    assert survey.sums() == sums


@pytest.mark.parametrize(
    ("listed", "price"), [(NEW, "$0.045"), (UNPRICED, "?"), (IN_STOCK, ""), (Row("new", "x"), "")]
)
def test_a_price_stands_where_something_would_be_sent(listed: Row, price: str) -> None:
    assert price_of(listed) == price


def test_what_wants_attention_comes_first() -> None:
    listed = [Row(state, "x", (place,), key=key) for state in reversed(STATES)
              for place in ("b.md", "a.md") for key in "21"]  # fmt: skip
    found = ordered(listed)
    assert [each.state for each in found] == [state for state in STATES for _ in range(4)]
    assert [(*each.places, each.key) for each in found[:4]] == [
        ("a.md", "1"), ("a.md", "2"), ("b.md", "1"), ("b.md", "2"),
    ]  # fmt: skip


def test_lines_of_a_page_are_in_the_order_of_the_page() -> None:
    places = ("a.md:17", "a.md:6", "a.md", "a b.md:100", "a.md:9: odd")
    listed = ordered(Row("new", "x", (place,)) for place in places)
    found = [place for each in listed for place in each.places]
    assert found == ["a b.md:100", "a.md", "a.md:6", "a.md:17", "a.md:9: odd"]


def test_long_prompts_are_cut_for_people_and_whole_for_scripts() -> None:
    survey = Survey((Row("new", "word " * 100, ("a.md:1", "b.md", "c.md", "d.md"), "fox"),))
    (line,) = as_lines(survey)
    assert len(line[2]) == len("#fox ") + 80
    assert line[1] == "a.md:1\nb.md\nc.md"
    assert "d.md" not in as_markdown(survey)
    (told,) = json.loads(as_json(survey))["pictures"]
    assert (told["what"], len(told["places"])) == ("word " * 100, 4)


def test_a_named_files_id_is_no_name_to_show() -> None:
    assert as_lines(Survey((Row("orphaned", "A map", id="file:a.webp"),)))[0][2] == "A map"


def test_a_comment_without_changes_has_no_table() -> None:
    assert as_markdown(Survey(rows("in stock", "your own"), "", 2.0)) == (
        "**Pictures:** 1 in stock, 1 your own; spent so far $2.00\n"
    )


@given(st.text())
def test_plain_text_is_one_line_that_steers_nothing(text: str) -> None:
    found = single_line(text)
    assert "\n" not in found
    assert all(each.isprintable() or each in "\u200c\u200d" for each in found)
    assert single_line(found) == found


@given(st.text(), st.text(max_size=9), st.sampled_from(STATES))
def test_any_words_make_a_value_and_a_row(what: str, note: str, state: State) -> None:
    survey = Survey((Row(state, what, ("a.md",), note=note, requests=1),), note)
    assert json.loads(as_json(survey))["pictures"][0]["what"] == what
    table = [line for line in as_markdown(survey).splitlines() if line.startswith("|")]
    assert all(line.count("|") == 6 for line in table)
    as_markdown(survey).encode()


# report


def image(
    prompt: str = "A fox",
    held: LookupResult | None = None,
    *pages: str,
    id: str = "",
    file: str = "",
    light: SiteImage | None = None,
) -> SiteImage:
    directive = Directive(prompt=prompt, id=id)
    resolved = ResolvedImage(directive, step(prompt), file=file)
    uses = tuple(Use(directive, page) for page in pages)
    return SiteImage(resolved, resolved.step, held or Missing(), light, uses=uses)


def stocked(prompt: str = "A fox") -> Record:
    return record(step(prompt), png())


FOX, OWL = stocked(), stocked("An owl")


@pytest.mark.parametrize(
    ("held", "generated", "line"),
    [
        ([], GenerationResult(), "0 pictures"),
        ([InStock(FOX)], GenerationResult(), "1 picture, 1 from stock"),
        (
            [InStock(FOX), Drifted(FOX, ""), Missing(), UserFile(1, 1), Fallback(FOX)],
            GenerationResult(),
            "5 pictures, 1 from stock, 1 drifted, 1 not drawn",
        ),
        (
            [InStock(FOX), InStock(OWL)],
            GenerationResult({FOX.key: FOX}, spent=0.034),
            "2 pictures, 1 from stock, 1 drawn in 2.5 s for $0.03 (commit 2 files in stock/)",
        ),
        (
            [InStock(FOX)],
            GenerationResult(recovered=[FOX]),
            "1 picture, 1 that had arrived earlier (commit 2 files in stock/)",
        ),
        (
            [Missing()],
            GenerationResult(spent=0.25),
            "1 picture, about $0.25 spent in vain, 1 not drawn",
        ),
        ([Missing("damage")], GenerationResult(), "1 picture, 1 not drawn"),
    ],
)
def test_a_closing_line_sums_a_build_up(
    tmp_path: Path, held: Sequence[LookupResult], generated: GenerationResult, line: str
) -> None:
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())
    images = [image(held=each) for each in held]
    assert closing_line(images, generated, settings, seconds=2.51) == line


@pytest.mark.parametrize(
    ("stock", "named"), [("art/stock", "art/stock"), ("/srv/stock", "/srv/stock")]
)
def test_a_stock_is_named_as_whoever_commits_it_does(
    tmp_path: Path, stock: str, named: str
) -> None:
    settings = Settings(tmp_path, tmp_path / stock, tmp_path / "cache", "docs", Server())
    line = closing_line(
        [image(held=InStock(FOX))], GenerationResult(recovered=[FOX]), settings, seconds=0
    )
    assert line.endswith(f"(commit 2 files in {named}/)")


def test_what_is_free_or_shared_is_neither_paid_nor_committed(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())
    generated, images = GenerationResult({FOX.key: FOX}, spent=0.5), [image(held=InStock(FOX))]
    free = replace(settings, server=EMULATOR, limits=SpendingLimits(free=True))
    assert closing_line(images, generated, free, seconds=1) == "1 picture, 1 drawn in 1.0 s"
    shared = replace(settings, bucket="s3://b/p")
    assert (
        closing_line(images, generated, shared, seconds=1)
        == "1 picture, 1 drawn in 1.0 s for $0.50"
    )


@pytest.mark.parametrize(
    ("held", "state", "what", "note"),
    [
        (InStock(FOX), "in stock", "A fox", ""),
        (Drifted(FOX, "model a -> b"), "drifted", "A fox", "model a -> b"),
        (Fallback(FOX), "new", "A fox", ""),
        (Missing(), "new", "A fox", ""),
        (Missing("it is damaged"), "broken", "it is damaged", ""),
        (UserFile(1, 1), "your own", "A fox", ""),
    ],
)
def test_a_post_becomes_a_row(held: LookupResult, state: str, what: str, note: str) -> None:
    found = row(image(held=held), [], ("a.md",))
    assert (found.state, found.what, found.note, found.requests, found.price) == (
        state,
        what,
        note,
        0,
        0,
    )
    assert found.key == (FOX.key if isinstance(held, InStock | Drifted | Fallback) else "")


def test_a_row_costs_what_all_its_requests_cost_or_nobody_knows() -> None:
    needs = [PlannedRequest(str(number), step(), "w", "", 0.1) for number in range(3)]
    found = row(image(), needs, ())
    assert (found.requests, found.key) == (3, "2")
    assert found.price == pytest.approx(0.3)
    unknown = [*needs, replace(needs[0], price=None)]
    assert row(image(), unknown, ()).price is None


def test_an_orphan_tells_what_its_sidecar_knows() -> None:
    found = orphan(replace(FOX, id="fox"))
    assert (found.state, found.what, found.id, found.size) == ("orphaned", "A fox", "fox", "1K")
    assert orphan(replace(FOX, request={"config": 7, "text": 7})).what == "7"


# byhand


LIGHT = image("A fox", None, "index.md", "guide.md", id="fox")
POSTS = [
    LIGHT,
    image("A fox at night", None, "index.md", "guide.md", id="fox", light=LIGHT),
    image("A map", None, "map.md", file="images/map.webp"),
    image("A town", None, "guide.md"),
    image("A lake", None, "lake.md"),
]


@pytest.mark.parametrize(
    ("name", "prompt"),
    [("fox", "A fox"), ("index.md", "A fox"), ("images/map.webp", "A map"), ("map.md", "A map"),
     ("lake.md", "A lake")],
)  # fmt: skip
def test_a_name_finds_its_one_picture(name: str, prompt: str) -> None:
    found = find(POSTS, name)
    assert isinstance(found, SiteImage)
    assert (found.resolved.directive.prompt, found.light) == (prompt, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [("guide.md", "expected a name of one picture, got guide.md, which has 2: give it an id"),
     ("zebra", "'zebra': known are fox, guide.md, images/map.webp, lake.md"),
     ("", "'': known are"), ("A fox", "'A fox': did you mean"), ("map.webp", "map.webp"),
     ("file:images/map.webp", "did you mean 'images/map.webp'")],
)  # fmt: skip
def test_a_name_of_none_or_many_is_refused(name: str, words: str) -> None:
    found = find(POSTS, name)
    assert isinstance(found, Diagnostic)
    assert words in str(found)


def test_where_there_is_no_picture_there_is_no_name() -> None:
    assert "no page has a picture" in str(find([], "fox"))


def test_twins_go_together_as_far_as_they_have_drifted() -> None:
    drifted = Drifted(FOX, "")
    light, stored, other = image(held=drifted), image(held=InStock(FOX)), image(held=drifted)
    dark = image(held=drifted, light=light)
    assert with_twin([light, dark, other], light) == [light, dark]
    dark = image(held=drifted, light=stored)
    assert with_twin([stored, dark, other], stored) == [dark]
    dark = image(held=InStock(FOX), light=stored)
    assert with_twin([stored, dark, other], stored) == [stored]


# Addresses


NAMES = st.text(st.sampled_from("ab.-_ ü&,狐"), min_size=1, max_size=3).filter(
    lambda name: name.strip(". ") == name
)
FOLDERS = st.lists(NAMES, max_size=3)
FILES = st.tuples(FOLDERS, NAMES).map(lambda found: "/".join([*found[0], f"{found[1]}.webp"]))


@given(FOLDERS, FILES, FILES)
def test_a_neighbour_is_reached_from_the_same_page(
    folders: list[str], uri: str, other: str
) -> None:
    page = "/".join(folders) or "."
    address = posixpath.relpath(uri, page)
    for fragment in ("", "#only-light"):
        found = neighbour(quote(address) + fragment, uri, other)
        assert posixpath.normpath(posixpath.join(page, unquote(found))) == other
        assert " " not in found
        assert "," not in found


@given(FILES, FILES, st.sampled_from(["/", "/base/", "https://cdn.example/x/"]))
def test_a_neighbour_is_reached_from_an_absolute_address(uri: str, other: str, base: str) -> None:
    assert neighbour(base + quote(uri), uri, other) == base + quote(other)


@given(FILES, FILES)
def test_srcset_has_as_many_parts_as_files(uri: str, other: str) -> None:
    shown = RenderedImage(uri, 9, 9, (Candidate(other, 5), Candidate(uri, 9)))
    parts = [each.split() for each in srcset(shown.candidates, quote(uri), uri).split(",")]
    assert parts == [[quote(other), "5w"], [quote(uri), "9w"]]


# Pages put right where a name is its author's


STEM = "f1b99367d896"
MARK = "0123456789abcdef"
SMALL = Candidate(f"assets/gemini/{STEM}-480.webp", 480)
NAMED = Candidate("guide/images/my fox.webp", 688)
PLACEHOLDER = RenderedImage("assets/gemini/placeholder-688x384.svg", 688, 384, placeholder=True)


def page(promised: RenderedImage, address: str) -> str:
    return (
        f'<a href="{address}"><img class="gemini-image" data-gemini-promise="{MARK}"'
        f' src="{address}" width="688" height="384"'
        f' srcset="{srcset(promised.candidates, address, promised.src)}"></a>'
    )


@pytest.mark.parametrize("small", [(SMALL,), ()])
@pytest.mark.parametrize(
    "address", ["images/my%20fox.webp", "../images/my%20fox.webp", "my%20fox.webp",
                "../../guide/images/my%20fox.webp", "/guide/images/my%20fox.webp"],
)  # fmt: skip
def test_a_named_file_that_did_not_come_is_nowhere_pointed_at(
    small: tuple[Candidate, ...], address: str
) -> None:
    promised = RenderedImage(NAMED.uri, 688, 384, (*small, NAMED), promise=MARK)
    html = page(promised, address)
    found = Corrections([Correction(promised, PLACEHOLDER)], lambda shown: "").apply(html)
    assert "fox" not in found
    assert STEM not in found
    assert found.count("assets/gemini/placeholder-688x384.svg") == 2
    smaller = RenderedImage(NAMED.uri, 600, 300, (Candidate(NAMED.uri, 600),))
    found = Corrections([Correction(promised, smaller)], lambda shown: "").apply(html)
    assert found == (
        f'<a href="{address}"><img class="gemini-image" src="{address}" width="600" height="300"'
        f' srcset="{address} 600w"></a>'
    )


@pytest.mark.parametrize(
    "html",
    ['<img src="other/my%20fox.webp">', '<img src="images/my%20fox.webp">', "<p>my%20fox.webp</p>",
     '<a href="images/my%20fox.webp">x</a>', '<img class="gemini-image" src="b/my%20fox.webp">',
     '<img class="gemini-image" src="images/my%20fox.webp" srcset="a-000000000000-480.webp 480w, '
     'images/my%20fox.webp 688w">'],
)  # fmt: skip
def test_what_is_only_called_the_same_is_left_alone(html: str) -> None:
    promised = RenderedImage(NAMED.uri, 688, 384, (SMALL, NAMED), promise=MARK)
    assert Corrections([Correction(promised, PLACEHOLDER)], lambda shown: "").apply(html) == html
