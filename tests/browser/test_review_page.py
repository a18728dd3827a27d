"""The page of a review in Chromium: its slider by keys, and what axe finds in light and dark."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.reports.review.changes import Review, find_changes
from mkdocs_gemini_images.reports.review.links import Links
from mkdocs_gemini_images.reports.review.output.review_page import review_page
from mkdocs_gemini_images.reports.review.revision_files import Files
from mkdocs_gemini_images.reports.review.sides import Shown
from mkdocs_gemini_images.reports.review.site_review import Compared
from mkdocs_gemini_images.reports.survey import SurveyRow
from tests.browser.axe import violations
from tests.browser.contexts import page_of
from tests.unit.pictures import png
from tests.unit.reports.review.shown import PICTURE, shown, undrawn

OLD, NEW = png(320, 180), png(200, 200)


def files() -> Files:
    links = Links("https://host.example/a/b", "c0ffee", lambda path: True)
    return Files(links, ("docs",), lambda record: f"gemini-images/{record.file_name}")


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """Write a review with a change of each kind, and words that are markup."""
    hostile = "<script>document.title='x'</script>"
    broken = Shown(SurveyRow("broken", "expected a known option", ("index.md:8",)))
    before = [shown("A fox", OLD, id="fox"), shown("A hen", OLD), shown("A gone one", OLD)]
    after = [
        shown(f"A red fox {hostile}", NEW, id="fox", alt=hostile),
        shown("A hen", OLD, state="drifted", note="model a -> b"),
        shown("A new town", NEW, place="b.md:1"), undrawn("A hill", "b.md:9"), broken,
    ]  # fmt: skip
    review = Review("main (c0ffee)", find_changes(before, after), notes=(hostile,))
    files_of = {sha256(data).hexdigest(): data for data in (OLD, NEW, PICTURE)}
    compared = Compared(
        review,
        lambda record: files_of[record.sha256],
        lambda record: files_of[record.sha256],
        files(),
        files(),
    )
    file = tmp_path / "review.html"
    file.write_text("".join(review_page(compared, "Pictures in review")))
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_and_its_slider_moves_by_keys(
    scheme: str, width: int, page_file: Path, browser: Any, by_day: Any, by_night: Any
) -> None:
    page = page_of(by_day if scheme == "light" else by_night, width=width, height=800)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url))
    page.goto(page_file.as_uri())
    assert violations(page) == []
    assert page.title() == "Pictures in review"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.focus(".slide")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.get_attribute(".slide", "aria-valuetext") == "60 % before, 40 % after"
    cut = page.evaluate("getComputedStyle(document.querySelector('.slider .after')).clipPath")
    assert cut == "inset(0px 0px 0px 60%)"
    assert page.locator(".slider").count() == 1
    assert [each for each in told if not each.startswith("data:")] == [page_file.as_uri()]
