"""Where notices belong, and how they are logged."""

import logging
from collections.abc import Mapping

import pytest

from mkdocs_gemini_images.build.notices import Level, Notice
from mkdocs_gemini_images.reports.messages import Places, say_all

PAGES = {
    "index.md": "# Home\n\n```gemini-image\nA fox\n```\n",
    "guide/page.md": 'Text\n\n![An owl](gemini: "An owl")\n',
    "twice.md": "```gemini-image\nA fox\n```\n\n```gemini-image\nA fox\n```\n",
}


@pytest.mark.parametrize(
    ("page", "source", "place"),
    [
        ("index.md", "A fox", "index.md:4"),
        ("guide/page.md", "An owl", "guide/page.md:3"),
        ("twice.md", "A fox", "twice.md:2"),
        ("index.md", "An owl", "index.md"),
        ("index.md", "", "index.md"),
        ("", "A fox", ""),
        ("", "", ""),
    ],
)
@pytest.mark.parametrize("known", [PAGES, {}], ids=["known", "read"])
def test_a_place_has_a_line_when_the_directive_is_found_on_its_page(
    known: Mapping[str, str], page: str, source: str, place: str
) -> None:
    assert Places(PAGES.__getitem__, known)(Notice("info", "text", page, source)) == place


def test_a_page_is_read_at_most_once() -> None:
    read = []

    def page(name: str) -> str:
        read.append(name)
        return PAGES[name]

    places = Places(page, {"index.md": PAGES["index.md"]})
    for name in ("index.md", "twice.md", "", "twice.md", "index.md"):
        places(Notice("info", "text", name, "A fox"))
    assert read == ["twice.md"]


LOG = logging.LoggerAdapter(logging.getLogger("mkdocs_gemini_images.tests"), {})


def page_of(notice: Notice) -> str:
    return notice.page


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(each.levelname, each.getMessage()) for each in caplog.records]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, LOG.logger.name)
    return caplog


@pytest.mark.parametrize(
    ("level", "page", "line"),
    [
        ("warning", "index.md", ("WARNING", "index.md: it is 100 %s wrong")),
        ("info", "index.md", ("INFO", "index.md: it is 100 %s wrong")),
        ("info", "", ("INFO", "it is 100 %s wrong")),
    ],
)
def test_a_log_record_has_the_level_and_the_place_of_its_notice(
    log: pytest.LogCaptureFixture, level: Level, page: str, line: tuple[str, str]
) -> None:
    say_all([Notice(level, "it is 100 %s wrong", page)], page_of, set(), LOG)
    assert logged(log) == [line]


def test_a_notice_with_a_place_is_logged_once_and_one_without_each_time(
    log: pytest.LogCaptureFixture,
) -> None:
    notices = [
        Notice("warning", "a", "one.md"),
        Notice("warning", "a", "one.md", "another source"),
        Notice("info", "a", "one.md"),
        Notice("warning", "a", "two.md"),
        Notice("info", "billed"),
        Notice("info", "billed"),
    ]
    known: set[tuple[int, str]] = set()
    say_all(notices, page_of, known, LOG)
    first = [
        ("WARNING", "one.md: a"), ("INFO", "one.md: a"), ("WARNING", "two.md: a"),
        ("INFO", "billed"), ("INFO", "billed"),
    ]  # fmt: skip
    assert logged(log) == first
    say_all(notices, page_of, known, LOG)
    assert logged(log)[len(first) :] == [("INFO", "billed")] * 2
    say_all(notices[:1], page_of, set(), LOG)
    assert logged(log)[-1] == first[0]
