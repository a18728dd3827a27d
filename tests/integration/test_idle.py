"""A build with nothing to draw stays light: what is only for drawing is not even imported."""

import json
import subprocess
import sys

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site

LOADED = """
import json, sys
from mkdocs.config import load_config
from mkdocs.commands.build import build
build(load_config("mkdocs.yml"))
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"httpx", "httpcore", "anyio", "PIL", "rich", "asyncio", "starlette", "uvicorn"}
OURS = {
    f"mkdocs_gemini_images.{name}"
    for name in (
        "gemini.client",
        "generation.worker",
        "imaging.encoder",
        "emulator",
    )
}

READERS = {
    f"mkdocs_gemini_images.{name}"
    for name in ("build", "directives.directive", "markdown.conversion", "rendering")
}
"""What a site without directives does not need: its start is to be short."""


def loaded(here: Site) -> set[str]:
    """Build in a process of its own; give the modules it imported."""
    here.write()
    process = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=here.root, check=True, capture_output=True, text=True
    )
    assert process.stderr == ""
    return set(json.loads(process.stdout))


def test_a_site_without_directives_loads_nothing_heavy(site: MakeSite) -> None:
    found = loaded(site("# No picture\n"))
    assert found & (HEAVY | OURS | READERS) == set()


def test_a_warm_site_loads_nothing_that_draws(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    assert loaded(here) & (HEAVY | OURS) == set()


@pytest.mark.parametrize("variable", ["CI", ""])
def test_a_build_that_may_not_draw_makes_no_client(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable or "GEMINI_API_KEY", "1" if variable else "")
    here = site(FOX)
    process = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=(here.write()).parent, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert set(json.loads(process.stdout)) & (HEAVY | OURS) == set()
    assert "A fox in snow" in process.stderr


def test_a_site_without_directives_leaves_no_folder_behind(site: MakeSite) -> None:
    here = site("# No picture\n")
    built = here.build()
    assert built.said == ()
    assert not here.stock.exists()
    assert not here.cache.exists()


def test_a_page_that_only_speaks_of_gemini_opens_no_build(site: MakeSite) -> None:
    here = site('# Gemini\n\nWrite `![A fox](gemini: "A fox")` for a fox.\n')
    here.journal.mkdir(parents=True)
    (here.journal / "unknown.answer").write_bytes(b"an answer without its intent")
    assert here.build().said == ()
