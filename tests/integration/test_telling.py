"""A bill counts as told when its message was output, whatever else ends a build.

A hook stands for another plugin.
"""

import logging
from collections.abc import Iterator

import pytest
from mkdocs.exceptions import PluginError

from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.requests.request import ImageRequest, canonical, key
from tests.integration.client.hostile import Hostile, hostile, http, png, reply, reset
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, QUICK, Site

TOLD = "its answer never arrived; about $0.05 may have been billed"
EARLIER = f"index.md:3: a request of an earlier build for 'A fox in snow' was sent and {TOLD}"
HOOK = """
from pathlib import Path

def ending(name):
    def end(*arguments, **more):
        event, _, statement = Path(__file__).with_name("end").read_text().partition(":")
        if event == name:
            exec(statement)
    return end

for name in ("files", "page_content", "env", "page_context", "post_page", "post_build"):
    globals()["on_" + name] = ending(name)
"""
ENDS = {
    RuntimeError: "raise RuntimeError('another plugin')",
    SystemExit: "raise SystemExit(3)",
    KeyboardInterrupt: "raise KeyboardInterrupt",
    PluginError: "from mkdocs.exceptions import PluginError; raise PluginError('refused')",
}


@pytest.fixture
def till() -> Iterator[Hostile]:
    """A server that drops the first request, and answers the others."""
    with hostile(None, reset(b""), http(reply(png(688, 384)))) as running:
        yield running


@pytest.fixture
def here(site: MakeSite, till: Hostile) -> Site:
    made = site(FOX, config={"hooks": ["hook.py"]}, base_url=till.url, retries=0)
    (made.root / "hook.py").write_text(HOOK)  # the host loads it once
    (made.root / "end").write_text("")
    return made


def said_until(
    here: Site, caplog: pytest.LogCaptureFixture, event: str, end: type[BaseException]
) -> str:
    """Build with a hook that ends the build in this event; return what was logged."""
    caplog.clear()
    (here.root / "end").write_text(f"{event}:{ENDS[end]}")
    caught: BaseException | None = None
    try:
        caught = here.build().error  # that of the host
    except (RuntimeError, KeyboardInterrupt) as error:
        caught = error
    (here.root / "end").write_text("")
    assert caught is not None
    return "\n".join(record.getMessage() for record in caplog.records if "gemini" in record.name)


def left_by_a_killed_build(here: Site) -> None:
    """Leave an intent in the journal whose request may have been billed."""
    request = ImageRequest(str(QUICK["model"]), "A fox in snow", "16:9", "512")
    time = "2026-11-22T10:00:00Z"
    intent = Intent(key(request), canonical(request, {}), "w", "", 0.0451, time)
    Journal(here.journal, here.root).begin(intent)


@pytest.mark.parametrize(
    ("event", "end"),
    [("post_page", RuntimeError), ("page_context", SystemExit), ("post_page", KeyboardInterrupt),
     ("post_build", PluginError)],
)  # fmt: skip
def test_a_bill_is_told_before_another_plugin_ends_the_build(
    here: Site, till: Hostile, caplog: pytest.LogCaptureFixture, event: str,
    end: type[BaseException],
) -> None:  # fmt: skip
    said = said_until(here, caplog, event, end)
    assert "index.md:3: 'A fox in snow' is not drawn: the answer did not arrive: " in said
    assert said.count("; about $0.05 may have been billed") == 2, "at once, and at its page"
    rest = here.build()
    assert "'A fox in snow' is requested again: 1 earlier request brought no picture" in rest.text
    assert TOLD not in rest.text, "it is told once"
    assert len(till.requests) == 2


@pytest.mark.parametrize(
    ("event", "end"), [("page_content", RuntimeError), ("env", KeyboardInterrupt)]
)  # fmt: skip
def test_a_bill_that_no_build_could_tell_is_told_by_the_next_one(
    here: Site, till: Hostile, caplog: pytest.LogCaptureFixture, event: str,
    end: type[BaseException],
) -> None:  # fmt: skip
    left_by_a_killed_build(here)
    here.options["frozen"] = True
    said = [said_until(here, caplog, each, end) for each in ("files", event)]
    said += [here.build().text, here.build().text]
    assert sum(text.count(EARLIER) for text in said) == 1, "it is told once"
    assert EARLIER not in said[0]
    assert till.requests == []


def test_a_quiet_build_has_not_told(here: Site, till: Hostile) -> None:
    left_by_a_killed_build(here)
    log = logging.getLogger("mkdocs")
    level = log.level
    try:
        log.setLevel(logging.ERROR)
        here.build(frozen=True)
    finally:
        log.setLevel(level)
    told = [text for text in here.build(frozen=True).infos if "may have been billed" in text]
    assert told == [EARLIER]
    assert "billed" not in here.build(frozen=True).text
    assert till.requests == []


def test_a_strict_build_tells_before_it_is_aborted(here: Site) -> None:
    here.config["strict"] = True
    built = here.build()
    assert built.error is not None
    assert "about $0.05 may have been billed" in built.warnings[0]
    here.config["strict"] = False
    assert TOLD not in here.build(frozen=True).text
