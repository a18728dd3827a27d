"""Everything that a page can get from us, before axe-core: no violation by day or by night."""

from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.browser.axe import violations
from tests.browser.contexts import page_of
from tests.integration.conftest import MakeSite, set_environment, sites_in
from tests.integration.site import fence

GROUNDED = {"model": "gemini-3-pro-image", "size": "1K", "grounding": "web"}
EVERYTHING = (
    "# Pictures\n\nWords before [a link](#pictures).\n"
    + fence("A fox", caption="A *red* fox, and [a link](#pictures)", id="fox")
    + fence("An owl", caption="Drawn after a search", **GROUNDED)
    + fence("A heron", dark="The same at night")
    + fence("A heron", dark="The same at night", caption="By day and by night")
    + "".join(fence("A boat", align=side, width="40%") for side in ("left", "right"))
    + fence("A boat", align="center", caption="In the middle")
    + '\nHere is ![Sails](gemini: "A boat"){ width=80px } in a sentence, and\n'
    '![Sails](gemini: "A boat"){ sise=2K } which is in error.\n\n![](gemini: "A boat")\n'
    + fence("A gate [emulate: image-safety]", caption="It is not there")
    + fence("A duck", sise="2K")
)
THEMES: dict[str, dict[str, Any]] = {
    "material": {
        "name": "material",
        "font": False,
        "palette": [
            {"media": "(prefers-color-scheme: light)", "scheme": "default"},
            {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
        ],
    },
    "mkdocs": {"name": "mkdocs", "color_mode": "auto"},
}
# The rest of a page is the theme's, and has violations of its own.
OURS = [".gemini-image", ".gemini-image-error"]
# The colour of a link is the theme's, too, and MkDocs' (#2fa4e7 on white) is 2.7 : 1.
THEIRS = {"material": [], "mkdocs": [".gemini-image a"]}


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_cuts_have_no_violation(
    browser: Any, by_day: Any, by_night: Any, site: MakeSite, theme: str
) -> None:
    pictures = (
        "# Pictures\n\nWords.\n"
        + fence("A fox", crop="narrow 1:1, wide 21:9", focus="auto", id="fox")
        + fence("A heron", dark="The same at night", crop="1:1", caption="By day and by night")
        + '\nHere is ![Sails](gemini: "#fox"){ crop=1:1 width=80px } in a sentence.\n'
    )
    config = {"theme": THEMES[theme], "use_directory_urls": False}
    here = site(pictures, label="icon", config=config)
    assert here.build().page.count("gemini-image__words") == 3
    for context in (by_day, by_night):
        page = page_of(context)
        page.goto((here.root / "site" / "index.html").as_uri())
        assert violations(page, within=OURS, without=THEIRS[theme]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_screen_reader_reads_each_picture_once_with_its_mark_behind_it(
    browser: Any, by_day: Any, by_night: Any, marked: Path, scheme: str, width: int
) -> None:
    page = page_of(by_day if scheme == "light" else by_night, width=width, height=800)
    page.goto((marked / "index.html").as_uri())
    assert page.locator("article").aria_snapshot() == READ


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, server: tuple[str, RequestLog]) -> Path:
    """Build a page with cuts, art direction, a dark pair, an echo and a decorative picture."""
    pictures = (
        "# Pictures\n\n"
        + fence("A fox", crop="narrow 1:1, wide 21:9", id="fox", alt="A fox in two shapes")
        + fence("A heron", dark="At night", crop="1:1", alt="A heron", caption="By *day*")
        + '\nHere is ![The fox again](gemini: "#fox"){ crop=1:1 width=80px } in a sentence.\n'
        + '\n![](gemini: "A boat")\n'
        + '\n![A boat alone](gemini: "A boat"){ crop=2:1 focus=left }\n'
    )
    config = {"theme": THEMES["material"], "use_directory_urls": False}
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        here = sites_in(tmp_path_factory.mktemp("marked"), server)(
            pictures, label="icon", config=config
        )
        assert here.build().error is None
    return here.root / "site"


READ = """\
- article:
  - heading "Pictures" [level=1]
  - paragraph:
    - img "A fox in two shapes"
    - text: AI-generated image
  - figure "By day AI-generated image":
    - img "A heron"
    - text: By
    - emphasis: day
    - text: AI-generated image
  - paragraph:
    - text: Here is
    - img "The fox again"
    - text: AI-generated image in a sentence.
  - paragraph: AI-generated image
  - paragraph:
    - img "A boat alone"
    - text: AI-generated image"""


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_with_every_kind_of_picture_has_no_violation(
    browser: Any, by_day: Any, by_night: Any, site: MakeSite, theme: str
) -> None:
    config = {"theme": THEMES[theme], "use_directory_urls": False}
    here = site(EVERYTHING, label="Drawn by a machine", config=config)
    built = here.build()
    assert built.error is None
    for part in ("<figcaption>", "gemini-image__label", "gemini-image__sources", "placeholder",
                 "gemini-image--left", '<span class="gemini-image-error"'):  # fmt: skip
        assert part in built.page
    for context in (by_day, by_night):
        page = page_of(context)
        page.goto((here.root / "site" / "index.html").as_uri())
        assert violations(page, within=OURS, without=THEIRS[theme]) == []
