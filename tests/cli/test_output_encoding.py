"""Text that leaves the program is UTF-8, whatever the system would write into a pipe or a file."""

import os
import subprocess
import sys

import click.testing
import pytest

from mkdocs_gemini_images.cli import main
from tests.cli.command import run
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, begin_anew, fence

PROMPT = "日本の狐 → 雪, “quietly” 🦊"


@pytest.fixture
def foreign(site: MakeSite) -> Site:
    """A site with words that cp1252 and ASCII lack."""
    here = site(fence(PROMPT, id="fox") + fence("A heron", sise="→"))
    here.write()
    return here


@pytest.mark.parametrize("charset", ["cp1252", "ascii", "cp437", "cp932"])
@pytest.mark.parametrize(
    "command",
    ["plan", "plan --markdown", "plan --json", "check", "doctor", "prune", "draw --yes", "draw 狼",
     "costs", "alt", "eject", "accept", "pick 狼→ 2", "adopt 狼→.png 狐", "review"],
)  # fmt: skip
def test_every_command_prints_any_text_as_utf_8(foreign: Site, command: str, charset: str) -> None:
    begin_anew()
    words = command.split()
    arguments = [words[0], "-f", str(foreign.root / "mkdocs.yml"), *words[1:]]
    done = click.testing.CliRunner(charset=charset).invoke(main.main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    said = done.stdout_bytes.decode() + done.stderr_bytes.decode()
    assert "\\u" not in said.replace("\\\\u", "") or command == "plan --json"


@pytest.mark.parametrize(
    "surroundings",
    [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}],
    ids=["cp1252", "C locale"],
)
def test_a_pipe_gets_the_prompt_as_it_is(foreign: Site, surroundings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mkdocs_gemini_images", "plan", "-f", "mkdocs.yml"]
    environment = {**os.environ, "PYTHONUTF8": "0", **surroundings}
    done = subprocess.run(command, cwd=foreign.root, env=environment, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert PROMPT in done.stdout.decode()


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--json",)])
def test_a_plan_is_written_into_a_file_as_utf_8(foreign: Site, form: tuple[str, ...]) -> None:
    file = foreign.root / "comment.md"
    printed = run(foreign, "plan", *form)
    written = run(foreign, "plan", *form, "-o", str(file))
    assert (written.stdout, written.code) == ("", printed.code)
    assert f"wrote {file}" in written.stderr
    assert file.read_bytes().decode() == printed.stdout


def test_a_plan_that_cannot_be_written_is_one_line(foreign: Site) -> None:
    done = run(foreign, "plan", "-o", str(foreign.root / "mkdocs.yml/plan.md"))
    assert done.code == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")
