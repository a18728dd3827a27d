"""Where notices belong, and how they are logged."""

import logging

import pytest

from mkdocs_gemini_images.build.messages.notices import Level, Notice
from mkdocs_gemini_images.reports.notice_log import Places, say_all
from mkdocs_gemini_images.sources.line_numbers import SourceLines

PAGES = {
    "index.md": "# Home\n\n```gemini-image\nA fox\n```\n",
    "guide/page.md": 'Text\n\n![An owl](gemini: "An owl")\n',
    "twice.md": "```gemini-image\nA fox\n```\n\n```gemini-image\nA fox\n```\n",
}


@pytest.mark.parametrize(
    ("page", "source", "place"),
    [
        ("index.md", "A fox", "index.md:3"),
        ("guide/page.md", "An owl", "guide/page.md:3"),
        ("twice.md", "A fox", "twice.md:1"),
        ("index.md", "An owl", "index.md"),
        ("index.md", "", "index.md"),
        ("", "A fox", ""),
        ("", "", ""),
    ],
)
def test_a_place_has_a_line_when_the_directive_is_found_on_its_page(
    page: str, source: str, place: str
) -> None:
    assert Places(PAGES.__getitem__, {})(Notice("info", "text", page, source)) == place


def test_a_live_preview_splits_a_page_again_only_when_its_text_is_another() -> None:
    notice, known = Notice("info", "text", "index.md", "A fox"), dict[str, SourceLines]()
    assert Places(PAGES.__getitem__, {}, known)(notice) == "index.md:3"
    lines = known["index.md"]
    assert Places(PAGES.__getitem__, {}, known)(notice) == "index.md:3"
    assert known["index.md"] is lines
    edited = {"index.md": f"A new line\n\n{PAGES['index.md']}"}
    assert Places(edited.__getitem__, {}, known)(notice) == "index.md:5"


CONFIG = """\
site_name: x
plugins:
- gemini-images:
    size: 4K
    presets:
      ink:
        template: "{{ prompt }}"
        references: [gone.png]
      oil: {size: 4K}
    pictures:
      hero:
        prompt: A fox
        size: 4K
"""


@pytest.mark.parametrize(
    ("source", "at", "place"),
    [
        ("", "presets\nink\nreferences", "mkdocs.yml:8"),
        ("", "presets\noil\nsize", "mkdocs.yml:9"),
        ("", "presets\nwash\nsize", "mkdocs.yml:5"),
        ("", "gemini-images\nsize", "mkdocs.yml:4"),
        ("pictures\nhero", "", "mkdocs.yml:11"),
        ("pictures\nhero", "size", "mkdocs.yml:13"),
        ("pictures\nhero", "alt", "mkdocs.yml:11"),
        ("", "elsewhere", "mkdocs.yml"),
        ("", "", "mkdocs.yml"),
    ],
)
def test_a_mistake_in_the_configuration_has_the_line_of_its_key(
    source: str, at: str, place: str
) -> None:
    places = Places(PAGES.__getitem__, {"mkdocs.yml": CONFIG})
    assert places(Notice("warning", "text", "mkdocs.yml", source, at=at)) == place


def test_equal_mistakes_of_a_page_are_those_of_its_equal_directives(
    log: pytest.LogCaptureFixture,
) -> None:
    empty = "```gemini-image\n```\n"
    places = Places({"a.md": f"{empty}\n{empty}"}.__getitem__, {})
    say_all([Notice("warning", "none", "a.md", "")] * 3, places, set(), LOG)
    assert [text for _, text in logged(log)] == ["a.md:1: none", "a.md:4: none"]


def test_messages_come_by_page_and_line_and_a_shared_reason_with_the_first(
    log: pytest.LogCaptureFixture,
) -> None:
    places = ["", "b.md:2", "a.md:10", "a.md:9", "a.md"]
    notices = [
        Notice("warning", "x: no key", place.partition(":")[0], place, reason="no key")
        for place in places
    ]
    say_all(notices, lambda each: each.source, set(), LOG)
    assert [text for _, text in logged(log)] == [
        "a.md: x: no key", "a.md:9: x: as above", "a.md:10: x: as above", "b.md:2: x: as above",
        "x: as above",
    ]  # fmt: skip


def test_a_page_is_read_at_most_once() -> None:
    read = []

    def page(name: str) -> str:
        read.append(name)
        return PAGES[name]

    places = Places(page, {"mkdocs.yml": ""})
    for name in ("mkdocs.yml", "twice.md", "", "twice.md", "mkdocs.yml"):
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
