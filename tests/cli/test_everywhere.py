"""What all commands share: help, suggestions, colour, completion, and running in any folder."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import click
import click.testing
import pytest

from mkdocs_gemini_images.cli import main
from tests.integration.conftest import MakeSite
from tests.integration.site import begin_anew, fence
from tests.unit.pictures import png

ORDER = [
    "init", "plan", "draw", "check", "review", "pick", "alt", "adopt", "accept", "gallery", "costs",
    "prune", "eject", "doctor", "sync", "serve", "mcp", "emulator",
]  # fmt: skip


def help_of(*words: str, width: int = 80) -> str:
    done = click.testing.CliRunner().invoke(main.main, [*words, "--help"], terminal_width=width)
    assert done.exit_code == 0
    return done.stdout


def test_the_help_lists_all_commands_in_their_order() -> None:
    listed = help_of().split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in listed] == ORDER
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


@pytest.mark.parametrize("name", ORDER)
def test_the_help_of_commands_and_options_is_a_sentence(name: str) -> None:
    command = main.main.commands[name]
    assert (command.help or "").partition("\n")[0].endswith(".")
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help[0].isupper()
            assert option.help.endswith(".")
    assert all(len(line) <= 80 for line in help_of(name).splitlines())


@pytest.mark.parametrize(
    ("typed", "fix"), [("pln", "did you mean 'plan'?"), ("Draw", "did you mean 'draw'?"),
                       ("zzz", "known are init, plan,")],
)  # fmt: skip
def test_a_misspelt_command_gets_a_suggestion(typed: str, fix: str) -> None:
    done = click.testing.CliRunner().invoke(main.main, [typed])
    assert done.exit_code == 2
    assert f"expected a command, got '{typed}': {fix}" in done.stderr


RUNS = (
    ("init", 1, "has no mapping with a key on each line"),
    ("plan", 2, "4 new"),
    ("draw fox", 0, "1 drawn"),
    ("draw map.md", 0, "wrote map.webp"),
    ("draw fox --takes 2", 0, "1 drawn"),
    ("check", 1, "A hen"),
    ("review", 1, "is in no Git repository"),
    ("pick fox 2", 0, "wrote take: 2 into fox.md"),
    ("alt fox --all", 0, "1 of 1  fox.md:"),
    ("adopt town.md mine.png", 0, "adopted mine.png as "),
    ("accept", 0, "nothing has drifted"),
    ("gallery", 0, "wrote gallery.html with 5 pictures"),
    ("costs", 0, "together  "),
    ("prune", 0, "0 pictures are shown by no page"),
    ("doctor", 0, "4 pictures in "),
    ("sync", 1, "the stock is a folder: commit it"),
    ("eject --write", 1, "wrote 2 pictures, replaced 3 directives, left 1"),
)


def test_every_command_works_from_any_folder(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {name: fence(f"A {name}", id=name) for name in ("fox", "town", "hen")}
    pages["map"] = '![A map](map.webp "gemini: A map")\n'
    pages = {f"{name}.md": text for name, text in pages.items()}
    made = site(pages)
    made.write()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.png").write_bytes(png(64, 36))
    monkeypatch.chdir(elsewhere)
    assert {line.split()[0] for line, _, _ in RUNS} == {*ORDER} - {"serve", "mcp", "emulator"}
    for line, code, words in RUNS:
        begin_anew()
        done = click.testing.CliRunner().invoke(
            main.main, [*line.split(), "-f", f"../{made.root.name}/mkdocs.yml"]
        )
        assert (done.exit_code, words in done.output) == (code, True), f"{line}: {done.output}"
        assert "\x1b" not in done.output, line
    assert sorted(path.name for path in elsewhere.iterdir()) == ["gallery.html", "mine.png"]


def on_a_terminal(folder: Path, *words: str, typed: str = "", **environment: str) -> str:
    """Run the command on a pseudo-terminal, where `typed` is typed, and return what it prints."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mkdocs_gemini_images", *words]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **environment}
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    said = b""
    while True:
        try:
            said += (new := os.read(ours, 4096))
        except OSError:
            new = b""
        if not new:
            break
    process.wait()
    os.close(ours)
    return said.decode()


def test_colour_is_used_on_a_terminal_without_no_color(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox"))
    made.write()
    assert "\x1b[32mnew" in on_a_terminal(made.root, "plan")
    plain = on_a_terminal(made.root, "plan", NO_COLOR="1")
    assert "new" in plain
    assert "\x1b[3" not in plain


def test_a_narrow_table_breaks_no_models_name_and_cuts_no_message(site: MakeSite) -> None:
    path = "guide/chapter/pictures.md"
    made = site(
        {path: fence("A fox in deep snow " * 9, id="fox") + fence("A", aspect_ratio="16:99")}
    )
    made.write()
    said = on_a_terminal(made.root, "plan", NO_COLOR="1", COLUMNS="80")
    table = said.splitlines()[1:]  # below the header, which is bold
    assert all(len(line.rstrip()) <= 80 for line in table)
    assert any("gemini-3.1-flash-image  $0.0" in line for line in table)
    assert "did you mean '16:9'?" in " ".join(said.split())


def test_no_is_answered_with_one_line(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", edits="Now at night") + fence("An owl"))
    made.write(max_new=1)
    said = on_a_terminal(made.root, "draw", typed="n\n", GEMINI_API_KEY="x" * 39)
    said = said.removeprefix("n\r\n")  # what is typed before the question
    assert said.startswith("Draw 3 requests for 2 pictures with gemini-3.1-flash-image, about $")
    assert said.endswith("though 3 requests are more than max_new: 1? [y/N]: nothing is drawn\r\n")


COMPLETE = """
eval "$(_GEMINI_IMAGES_COMPLETE=bash_source gemini-images)"
complete_at() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  _gemini_images_completion gemini-images
  echo "${COMPREPLY[@]}"
}
complete_at gemini-images pl
complete_at gemini-images draw --t
complete -p gemini-images
env COMP_WORDS="gemini-images plan -f mk" COMP_CWORD=3 \\
  _GEMINI_IMAGES_COMPLETE=bash_complete gemini-images
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_options_and_files() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", COMPLETE], capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    command, option, how, file = done.stdout.splitlines()
    assert (command, option) == ("plan", "--takes")
    assert how.endswith("-F _gemini_images_completion gemini-images")
    assert file == "file,mk"
