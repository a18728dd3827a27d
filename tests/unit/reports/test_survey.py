"""How a survey merges, sorts and sums its rows, and how it looks as text, JSON and Markdown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.reports.survey import (
    SURVEY_STATES,
    Survey,
    SurveyRow,
    SurveyState,
    merge_rows,
    row_price,
    sort_rows,
    survey_flaws,
    survey_json,
    survey_lines,
    survey_markdown,
)

NEW = SurveyRow(
    "new", "A fox", ("a.md:3",), "fox", "k" * 64, "model", "1K", requests=1, price=0.05,
    cost_at_most=0.08, flaws=("a.md:3: no alt",),
)  # fmt: skip


def new_row(**more: Any) -> SurveyRow:
    """Make the row of another build, which differs from `NEW` in some fields."""
    values = {name: getattr(NEW, name) for name in SurveyRow.__dataclass_fields__}
    return SurveyRow(**(values | more))


@pytest.mark.parametrize(
    ("more", "one"),
    [
        ({}, True),
        ({"places": ("b.md:1",)}, True),
        ({"what": "A fox, in other words"}, True),
        ({"flaws": ()}, True),
        ({"key": "o" * 64}, False),
        ({"id": "owl"}, False),
        ({"state": "drifted"}, False),
        ({"note": "refused"}, False),
    ],
)
def test_rows_of_one_picture_are_merged(more: dict[str, Any], one: bool) -> None:
    assert len(list(merge_rows([NEW, new_row(**more)]))) == (1 if one else 2)


def test_a_merged_row_has_the_places_and_requests_of_all() -> None:
    first = new_row(places=("b.md:1",), flaws=("b.md:1: no alt", "b.md:1: a flaw"))
    second = new_row(flaws=("a.md:3: no alt", "b.md:1: a flaw"), draft="A fox")
    third = new_row(price=0.0, cost_at_most=0.0, requests=0, draft="Another")
    (merged,) = merge_rows([first, second, third])
    assert merged == new_row(
        places=("a.md:3", "b.md:1"), requests=2, price=0.1, cost_at_most=0.16,
        flaws=("b.md:1: no alt", "b.md:1: a flaw", "a.md:3: no alt"), draft="A fox",
    )  # fmt: skip


def test_a_merged_row_has_each_alt_of_its_uses_once() -> None:
    rows = [new_row(alt=alt) for alt in ("A fox", "Ein Fuchs", None, "A fox", "Un renard")]
    (merged,) = merge_rows([*rows, new_row(alt="A fox", other_alts=("Ein Fuchs", "En rev"))])
    assert (merged.alt, merged.other_alts) == ("A fox", ("Ein Fuchs", "Un renard", "En rev"))


@pytest.mark.parametrize(
    ("prices", "price"),
    [((0.25, 0.5), 0.75), ((None, 0.5), None), ((0.5, None), None), ((0.0, 0.0), 0.0)],
)
def test_a_merged_price_is_unknown_when_one_of_them_is(
    prices: tuple[float | None, ...], price: float | None
) -> None:
    (merged,) = merge_rows(new_row(price=each) for each in prices)
    assert merged.price == price


@pytest.mark.parametrize(
    ("place", "what", "one"),
    [("a.md:3", "wrong", True), ("a.md:4", "wrong", False), ("a.md:3", "another", False)],
)
def test_rows_without_a_key_are_merged_when_place_and_text_are_equal(
    place: str, what: str, one: bool
) -> None:
    broken = [SurveyRow("broken", "wrong", ("a.md:3",)), SurveyRow("broken", what, (place,))]
    assert len(list(merge_rows(broken))) == (1 if one else 2)


def test_merged_rows_keep_their_order() -> None:
    merged = merge_rows(new_row(key=key * 64) for key in "cabbac")
    assert list(merged) == [
        new_row(key=key * 64, requests=2, price=0.1, cost_at_most=0.16) for key in "cab"
    ]


@pytest.mark.parametrize(
    ("rows", "requests", "cost"),
    [
        ((), 0, 0.0),
        ((NEW,), 1, 0.05),
        ((NEW, new_row(requests=3, price=0.5)), 4, 0.55),
        ((NEW, new_row(requests=2, price=None)), 3, 0.05),
        ((new_row(requests=0, price=0.5),), 0, 0.0),
    ],
)
def test_the_survey_sums_requests_and_prices(
    rows: tuple[SurveyRow, ...], requests: int, cost: float
) -> None:
    survey = Survey(rows)
    assert survey.requests == requests
    assert survey.cost == pytest.approx(cost)


@pytest.mark.parametrize(
    ("rows", "refusal", "code"),
    [
        ((), "", 0),
        ((), "frozen", 0),
        ((NEW,), "", 2),
        ((NEW,), "frozen", 3),
        ((new_row(requests=0),), "frozen", 0),
        ((SurveyRow("drifted", "A fox"),), "", 0),
        ((SurveyRow("broken", "A fox"),), "", 1),
        ((NEW, SurveyRow("broken", "A fox")), "frozen", 1),
    ],
)
def test_the_exit_code_summarizes_the_rows_and_the_refusal(
    rows: tuple[SurveyRow, ...], refusal: str, code: int
) -> None:
    assert Survey(rows, refusal).exit_code == code
    assert json.loads(survey_json(Survey(rows, refusal)))["exit_code"] == code


def test_the_sums_for_the_emulator_have_no_price() -> None:
    assert Survey((NEW,), "", 9.0, emulated=True).sums() == (
        "1 new; the emulator draws at no cost, and keeps what it draws in its cache"
    )


def test_json_has_every_field_and_the_sums() -> None:
    value = json.loads(survey_json(Survey((NEW, SurveyRow("new", "Ü\n")), "frozen", 1 / 3)))
    pictures = value.pop("pictures")
    assert value == {
        "v": 1, "requests": 1, "cost": 0.05, "cost_at_most": 0.08, "spent": 0.333333,
        "refusal": "frozen", "exit_code": 3,
    }  # fmt: skip
    assert [each["what"] for each in pictures] == ["A fox", "Ü\n"]
    assert all(each.keys() == SurveyRow.__dataclass_fields__.keys() for each in pictures)
    assert (pictures[0]["places"], pictures[0]["flaws"]) == (["a.md:3"], ["a.md:3: no alt"])


def test_json_of_an_empty_survey_has_an_empty_list() -> None:
    assert json.loads(survey_json(Survey(())))["pictures"] == []


def test_markdown_lists_changed_pictures_flaws_and_drafts() -> None:
    survey = Survey((NEW, SurveyRow("in stock", "An owl", ("b.md",), draft="An owl")), "frozen")
    assert survey_markdown(survey) == (
        "**Pictures:** 1 new, 1 in stock; 1 request, about $0.05 (at most $0.08); spent so "
        "far $0.00\n"
        "\n"
        "A build would not draw them: <code>frozen</code>\n"
        "\n"
        "| | where | picture | model | price |\n"
        "|---|---|---|---|---:|\n"
        "| new | <code>a.md&#58;3</code> | <code>&#35;fox A fox</code> | <code>model 1K</code> "
        "| $0.050 |\n"
        "\n"
        "**Shown, but to be corrected:**\n"
        "\n"
        "- <code>a.md&#58;3&#58; no alt</code>\n"
        "  - draft from the model: <code>An owl</code>\n"
    )


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("A fox", "<code>A fox</code>"),
        ("@octocat #1 a|b", "<code>&#64;octocat &#35;1 a&#124;b</code>"),
        ("[x](https://x.example) ![y](z)",
         "<code>&#91;x&#93;&#40;https&#58;//x.example&#41; &#33;&#91;y&#93;&#40;z&#41;</code>"),
        ("<img src=x>", "<code>&#60;img src&#61;x&#62;</code>"),
        ("www.x.example", "<code>www&#46;x.example</code>"),
        ("me@x.example", "<code>me&#64;<wbr>x.example</code>"),
        ("::error::x", "<code>\ufffderror&#58;&#58;x</code>"),
        ("two\nlines\r\nof\u2028text", "<code>two lines of text</code>"),
        ("\u202eback", "<code>\ufffdback</code>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_escapes_markup_in_a_cell(words: str, cell: str) -> None:
    lines = survey_markdown(Survey((SurveyRow("new", words, ("a.md",)),))).splitlines()
    assert lines[-1] == f"| new | <code>a.md</code> | {cell} |  |  |"


def test_the_terminal_table_has_a_line_for_each_row() -> None:
    refused = new_row(note="refused\nlately", price=None, places=("a.md", "b.md", "c.md", "d.md"))
    assert survey_lines(Survey((NEW, refused, SurveyRow("in stock", "\x1b[31mred")))) == [
        ("new", "a.md:3", "#fox A fox", "model 1K", "$0.050"),
        ("new", "a.md\nb.md\nc.md", "#fox A fox (refused lately)", "model 1K", "?"),
        ("in stock", "", "\ufffd[31mred", "", ""),
    ]


@pytest.mark.parametrize("text", ["##[error]x", "##vso[task.x]y", "### ##", "\x1b\u202e\ud83d"])
def test_json_holds_every_text_and_no_command_to_a_runner(text: str) -> None:
    written = survey_json(Survey((SurveyRow("new", text, ("a.md",), note=text),), text))
    assert (json.loads(written)["refusal"], json.loads(written)["pictures"][0]["note"]) == (
        text, text,
    )  # fmt: skip
    assert "##" not in written
    assert written.isascii()
    assert "\x1b" not in written


def test_flaws_are_listed_with_the_draft_of_their_picture() -> None:
    rows = (
        new_row(draft="A fox"),
        SurveyRow("in stock", "x"),
        new_row(flaws=("b.md: \x1ba", "c.md: b")),
    )
    assert survey_flaws(Survey(rows)) == [
        "a.md:3: no alt", "  draft from the model: A fox", "b.md: \ufffda", "c.md: b",
    ]  # fmt: skip


def rows(*states: SurveyState, **more: object) -> tuple[SurveyRow, ...]:
    return tuple(SurveyRow(state, "A fox", **more) for state in states)  # type: ignore[arg-type]


PRICED = SurveyRow("new", "A fox", requests=1, price=0.045)
UNPRICED = SurveyRow("new", "A fox", requests=2, price=None)
IN_STOCK = SurveyRow("in stock", "A fox")


@pytest.mark.parametrize(
    ("listed", "refusal", "code", "sums"),
    [
        ((), "", 0, "no pictures; spent so far $1.00"),
        ((IN_STOCK,), "frozen", 0, "1 in stock; spent so far $1.00"),
        (rows("your own", "orphaned", "drifted"), "", 0,
         "1 drifted, 1 your own, 1 orphaned; spent so far $1.00"),
        ((PRICED,), "", 2, "1 new; 1 request, about $0.04; spent so far $1.00"),
        ((PRICED, PRICED), "frozen", 3, "2 new; 2 requests, about $0.09; spent so far $1.00"),
        ((PRICED, UNPRICED), "", 2,
         "2 new; 3 requests, about $0.04 and 1 of unknown price; spent so far $1.00"),
        ((PRICED, *rows("broken")), "", 1,
         "1 broken, 1 new; 1 request, about $0.04; spent so far $1.00"),
        ((*rows("new"),), "", 0, "1 new; spent so far $1.00"),
    ],
)  # fmt: skip
def test_the_sums_count_states_requests_and_prices(
    listed: tuple[SurveyRow, ...], refusal: str, code: int, sums: str
) -> None:
    survey = Survey(listed, refusal, 1.0)
    assert survey.exit_code == code
    assert survey.sums() == sums


@pytest.mark.parametrize(
    ("listed", "price"),
    [(PRICED, "$0.045"), (UNPRICED, "?"), (IN_STOCK, ""), (SurveyRow("new", "x"), "")],
)
def test_a_row_has_a_price_when_a_request_would_be_sent(listed: SurveyRow, price: str) -> None:
    assert row_price(listed) == price


def test_rows_are_sorted_by_state_place_and_key() -> None:
    listed = [SurveyRow(state, "x", (place,), key=key) for state in reversed(SURVEY_STATES)
              for place in ("b.md", "a.md") for key in "21"]  # fmt: skip
    found = sort_rows(listed)
    assert [each.state for each in found] == [state for state in SURVEY_STATES for _ in range(4)]
    assert [(*each.places, each.key) for each in found[:4]] == [
        ("a.md", "1"), ("a.md", "2"), ("b.md", "1"), ("b.md", "2"),
    ]  # fmt: skip


def test_rows_of_a_page_are_sorted_by_line_number() -> None:
    places = ("a.md:17", "a.md:6", "a.md", "a b.md:100", "a.md:9: odd")
    listed = sort_rows(SurveyRow("new", "x", (place,)) for place in places)
    found = [place for each in listed for place in each.places]
    assert found == ["a b.md:100", "a.md", "a.md:6", "a.md:17", "a.md:9: odd"]


def test_long_prompts_and_lists_are_cut_except_in_json() -> None:
    survey = Survey((SurveyRow("new", "word " * 100, ("a.md:1", "b.md", "c.md", "d.md"), "fox"),))
    (line,) = survey_lines(survey)
    assert len(line[2]) == len("#fox ") + 80
    assert line[1] == "a.md:1\nb.md\nc.md"
    assert "d.md" not in survey_markdown(survey)
    (picture,) = json.loads(survey_json(survey))["pictures"]
    assert (picture["what"], len(picture["places"])) == ("word " * 100, 4)


def test_what_is_wrong_is_said_whole() -> None:
    wrong = f"{'16:99 is not drawn, ' * 9}did you mean 16x9?"
    survey = Survey((SurveyRow("broken", wrong, ("a.md:1",)),))
    assert survey_lines(survey)[0][2] == wrong
    assert "did you mean 16x9?</code>" in survey_markdown(survey)


def test_the_id_of_a_named_file_is_not_shown() -> None:
    assert (
        survey_lines(Survey((SurveyRow("orphaned", "A map", id="file:a.webp"),)))[0][2] == "A map"
    )


def test_markdown_without_changes_has_no_table() -> None:
    assert survey_markdown(Survey(rows("in stock", "your own"), "", 2.0)) == (
        "**Pictures:** 1 in stock, 1 your own; spent so far $2.00\n"
    )


@given(st.text(), st.text(max_size=9), st.sampled_from(SURVEY_STATES))
def test_any_text_gives_valid_json_and_a_markdown_row(
    what: str, note: str, state: SurveyState
) -> None:
    survey = Survey((SurveyRow(state, what, ("a.md",), note=note, requests=1),), note)
    assert json.loads(survey_json(survey))["pictures"][0]["what"] == what
    table = [line for line in survey_markdown(survey).splitlines() if line.startswith("|")]
    assert all(line.count("|") == 6 for line in table)
    survey_markdown(survey).encode()


def test_a_translated_picture_stands_behind_the_one_it_is_made_from() -> None:
    rows = [
        SurveyRow("new", "German", ("a.de.md:1",), key="g", made_from="e"),
        SurveyRow("new", "other", ("b.md:1",), key="o"),
        SurveyRow("new", "English", ("c.md:9",), key="e"),
        SurveyRow("new", "French", ("a.fr.md:1",), key="f", made_from="e"),
        SurveyRow("new", "alone", ("a.md:1",), key="x", made_from="of no row"),
        SurveyRow("broken", "without a key", ("z.md:1",)),
    ]
    listed = [row.what for row in sort_rows(rows)]
    assert listed == ["without a key", "alone", "other", "English", "German", "French"]
