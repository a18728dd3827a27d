"""A build with pictures looks for garbage rarely, and leaves Python's setting as it was."""

import gc
import json
from collections.abc import Iterator
from typing import NoReturn

import pytest

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.hosts.mkdocs import build_opening
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, begin_anew

HOOK = """
import gc, json
from pathlib import Path
from mkdocs.exceptions import PluginError

def on_post_page(output, page, config):
    Path(config.config_file_path).with_name("threshold.json").write_text(json.dumps(gc.get_threshold()))
    {ending}
"""


@pytest.fixture(autouse=True)
def _pythons_own_setting() -> Iterator[None]:
    begin_anew()  # a build of another test that was not closed gives its setting back as it goes
    gc.collect()
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize("ending", ["return None", "raise PluginError('no')"])
def test_the_setting_is_back_whatever_ends_the_build(site: MakeSite, ending: str) -> None:
    before = gc.get_threshold()
    here = site(FOX, config={"hooks": ["hook.py"]})
    (here.root / "hook.py").write_text(HOOK.format(ending=ending))
    built = here.build()
    assert (built.error is None) == ("return" in ending)
    during = json.loads((here.root / "threshold.json").read_text())
    assert during[0] > before[0]
    assert gc.get_threshold() == before


def test_the_setting_is_back_after_a_stock_that_cannot_be_opened(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, during = gc.get_threshold(), list[int]()

    def refused(*_: object) -> NoReturn:
        during.append(gc.get_threshold()[0])
        raise DiagnosticError(Diagnostic.sentence("the stock is locked"))

    monkeypatch.setattr(build_opening, "open_store", refused)
    assert "the stock is locked" in str(site(FOX).build().loud)
    assert during[0] > before[0]
    assert gc.get_threshold() == before


def test_a_site_without_directives_changes_nothing(site: MakeSite) -> None:
    before = gc.get_threshold()
    here = site("# No picture\n", config={"hooks": ["hook.py"]})
    (here.root / "hook.py").write_text(HOOK.format(ending="return None"))
    here.build()
    assert tuple(json.loads((here.root / "threshold.json").read_text())) == before
