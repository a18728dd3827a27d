"""How an image, or a picture that no page shows, becomes a row of a survey."""

import pytest

from mkdocs_gemini_images.build.messages.notices import Notice, NoticeKind
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.reports.survey import SurveyRow
from mkdocs_gemini_images.reports.survey_rows import (
    broken_rows,
    image_row,
    orphan_row,
    with_flaws,
)
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from mkdocs_gemini_images.store.record import Record
from tests.unit.flat_prices import flat
from tests.unit.pictures import png, record, step
from tests.unit.site_images import site_image

FOX = record(step("A fox"), png())._replace(text="A red\nfox in snow")
MISSING, PLAIN = Missing(), Directive("A fox")
LIGHT = site_image(PLAIN)


def need(key: str, price: float | None = 0.25) -> PlannedRequest:
    return PlannedRequest(key, step(), "", "", flat(price))


@pytest.mark.parametrize(
    ("held", "refused", "light", "note"),
    [
        (Missing(), "", None, ""),
        (Missing(), "refused: safety", None, "refused: safety"),
        (Missing(), "", LIGHT, "for dark pages"),
        (Missing(), "refused: safety", LIGHT, "refused: safety"),
        (InStock(FOX), "refused: safety", None, ""),
        (InStock(FOX), "", LIGHT, "for dark pages"),
        (Fallback(FOX), "refused: safety", None, ""),
        (Drifted(FOX, "size"), "refused: safety", None, "size"),
        (Drifted(FOX, "size"), "", LIGHT, "size"),
        (UserFile(9, 9), "refused: safety", None, "refused: safety"),
    ],
)
def test_the_note_is_the_drift_the_refusal_or_the_dark_variant(
    held: LookupResult, refused: str, light: SiteImage | None, note: str
) -> None:
    assert image_row(site_image(PLAIN, held, light=light), [], (), refused=refused).note == note


@pytest.mark.parametrize(
    ("held", "needs", "key"),
    [
        (InStock(FOX), [], FOX.key),
        (InStock(FOX), [need("n")], FOX.key),
        (Drifted(FOX, ""), [need("n")], FOX.key),
        (Missing(), [need("m"), need("n")], "n"),
        (Missing(), [], "its own"),
        (UserFile(9, 9), [], "its own"),
    ],
)
def test_the_key_is_that_of_the_shown_picture_or_of_the_last_request(
    held: LookupResult, needs: list[PlannedRequest], key: str
) -> None:
    assert image_row(site_image(PLAIN, held), needs, (), key="its own").key == key


@pytest.mark.parametrize(
    ("prices", "price"),
    [
        ([], 0),
        ([0.25], 0.25),
        ([0.25, 0.5], 0.75),
        ([0.0], 0.0),
        ([None], None),
        ([0.25, None], None),
    ],
)
def test_the_price_is_the_sum_of_the_requests_or_unknown(
    prices: list[float | None], price: float | None
) -> None:
    row = image_row(site_image(PLAIN), [need("k", each) for each in prices], ())
    assert (row.requests, row.price) == (len(prices), price)


@pytest.mark.parametrize(
    ("directive", "id", "alt", "take"),
    [
        (Directive("A fox"), "", None, 1),
        (Directive("A fox", id="fox", alt=""), "fox", "", 1),
        (Directive("A fox", alt="A red fox", take=3), "", "A red fox", 3),
    ],
)
def test_a_row_has_the_options_of_its_directive(
    directive: Directive, id: str, alt: str | None, take: int
) -> None:
    row = image_row(site_image(directive), [], ("a.md:1", "b.md"), ("k1", "k2"))
    assert (row.id, row.alt, row.take) == (id, alt, take)
    assert (row.places, row.takes) == (("a.md:1", "b.md"), ("k1", "k2"))
    assert (row.model, row.size) == ("gemini-nano-banana-2.1", "1K")


@pytest.mark.parametrize(("localized", "id"), [(False, "fox"), (True, "fox@fr")])
def test_the_id_of_a_localized_image_has_its_language(localized: bool, id: str) -> None:
    directive = Directive("A fox", id="fox")
    authored = AuthoredRequest(step(), directive, "fr", localized)
    resolved = ResolvedImage(directive, directive, authored)
    assert image_row(SiteImage(resolved, authored, Missing()), [], ()).id == id


def test_a_named_file_is_not_an_id() -> None:
    image = site_image(Directive("A fox"), Missing(), file="fox.webp")
    assert image_row(image, [], ()).id == ""


@pytest.mark.parametrize(
    ("kinds", "shown", "draft"),
    [
        (["alt"], FOX, "A red fox in snow"),
        (["flaw", "alt"], FOX, "A red fox in snow"),
        (["flaw"], FOX, ""),
        ([], FOX, ""),
        (["alt"], None, ""),
    ],
)
def test_a_flaw_of_the_alt_adds_the_models_description_as_a_draft(
    kinds: list[NoticeKind], shown: Record | None, draft: str
) -> None:
    notices = [Notice("warning", f"text {kind}", "a.md", kind=kind) for kind in kinds]
    row = with_flaws(
        SurveyRow("in stock", "A fox"), notices, shown, lambda notice: notice.page + ":7"
    )
    assert row.flaws == tuple(f"a.md:7: text {kind}" for kind in kinds)
    assert row.draft == draft


@pytest.mark.parametrize(
    ("config", "size"),
    [({"imageSize": "2K"}, "2K"), ({}, "1K"), ({"imageSize": 7}, "7"), ("x", ""), (None, "")],
)
def test_the_size_of_an_orphan_comes_from_its_request(config: object, size: str) -> None:
    row = orphan_row(
        FOX._replace(id="fox", request={"text": "A fox", "config": config, "model": "m"})
    )
    assert row == SurveyRow("orphaned", "A fox", (), "fox", FOX.key, "m", size)


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
def test_a_row_has_the_state_of_its_image(
    held: LookupResult, state: str, what: str, note: str
) -> None:
    row = image_row(site_image(PLAIN, held), [], ("a.md",))
    assert (row.state, row.what, row.note, row.requests, row.price) == (
        state,
        what,
        note,
        0,
        0,
    )
    assert row.key == (FOX.key if isinstance(held, InStock | Drifted | Fallback) else "")


def test_the_row_of_an_orphan_has_the_facts_of_its_sidecar() -> None:
    row = orphan_row(FOX._replace(id="fox"))
    assert (row.state, row.what, row.id, row.size) == ("orphaned", "A fox", "fox", "1K")
    assert orphan_row(FOX._replace(request={"config": 7, "text": 7})).what == "7"


def test_all_mistakes_of_a_directive_are_one_row() -> None:
    fox, duck = (
        [Notice("warning", f"wrong {at}", "a.md", f"a {name}", at=at) for at in ("4", "5")]
        for name in ("fox", "duck")
    )
    others = [
        Notice("warning", "a flaw", "a.md", "a duck", kind="flaw", at="6"),
        Notice("info", "not drawn", "a.md", "a heron", at="7"),
        Notice("warning", "the template", at="8"),
        Notice("warning", "an option", at="9"),
    ]
    notices = [*fox, duck[0], *others, duck[1], *fox]
    rows = list(broken_rows(notices, lambda notice: f"{notice.page}:{notice.at}"))
    assert rows == [
        SurveyRow("broken", "wrong 4; wrong 5", ("a.md:4", "a.md:5")),
        SurveyRow("broken", "wrong 4; wrong 5", ("a.md:4", "a.md:5")),
        SurveyRow("broken", "the template", (":8",)),
        SurveyRow("broken", "an option", (":9",)),
    ]


@pytest.mark.parametrize("held", [Missing(), Fallback(FOX), Drifted(FOX, "size")])
def test_a_picture_on_its_way_is_in_batch_and_says_since_when(held: LookupResult) -> None:
    how = "being drawn in batch since 14:02 (job mgi-0123456789ab-1)"
    row = image_row(site_image(PLAIN, held)._replace(in_batch=how), [], ())
    assert (row.state, row.note, row.requests) == ("in batch", "since 14:02", 0)
