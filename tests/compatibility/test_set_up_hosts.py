"""What `init` sets up builds under ProperDocs and Zensical without a warning, with two pictures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warm_process import COMMAND, started
from tests.warm_process import run as warm_run

HOSTS = {
    "zensical": (["zensical", "new", "."], ["zensical", "build", "--strict"], "zensical.toml"),
    "properdocs": (
        ["properdocs", "new", "-q", "."], ["properdocs", "build", "--strict"], "properdocs.yml"
    ),
}  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_new_site_of_a_host_is_set_up_in_two_commands(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip

    new, build, config = HOSTS[host]
    assert run(*new).returncode == 0
    monkeypatch.setenv("NO_COLOR", "1")
    warm_run(COMMAND, "init", "--yes", folder=tmp_path)
    text = (tmp_path / config).read_text()
    if host == "properdocs":  # the theme of a new site is a package of its own
        text = f"theme: material\n{text}"
        text = text.replace("      base_url", "      widths: [64]\n      size: 1K\n      base_url")
    text = text.replace("\nbase_url", '\nwidths = [64]\nsize = "1K"\nbase_url')
    (tmp_path / config).write_text(text)
    plan = started(COMMAND, "plan", "--json", folder=tmp_path)
    planned = json.loads(plan.communicate(timeout=120)[0])
    assert [each["state"] for each in planned["pictures"]] == ["new", "new"]
    built = run(*build)
    assert built.returncode == 0, built.stdout + built.stderr
    page = (tmp_path / "site/pictures/index.html").read_text()
    assert page.count("assets/gemini/") >= 2
    assert "data-gemini" not in page
    workflow = tmp_path / ".github/workflows/docs.yml"
    assert not workflow.exists() or "mkdocs-gemini-images" in workflow.read_text()
