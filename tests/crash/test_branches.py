"""Two branches that each add twenty pictures meet: no conflict, whichever way, and all is whole."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from mkdocs_gemini_images.cli.main import main
from tests.crash.scene import DEFAULTS, Scene
from tests.crash.till import Till
from tests.integration.site import begin_anew, fence

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

WAYS = 50
BASE = ["Picture of both"]
OURS = [f"Ours {number}" for number in range(20)]
THEIRS = [f"Theirs {number}" for number in range(20)]
PERSON = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A person"), ("EMAIL", "person@example.org"))
}


class Repository:
    """A folder under git, with a configuration of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._environment = {**os.environ, **PERSON, "GIT_CONFIG_NOSYSTEM": "1"}
        self._environment["GIT_CONFIG_GLOBAL"] = os.devnull
        self.git("init", "--quiet", "--initial-branch=base")
        for name, value in (("gc.auto", "0"), ("commit.gpgsign", "false")):
            self.git("config", name, value)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root, env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def commit(self, words: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", words)


def merge(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "ours")
    ours.git("merge", "--quiet", "--no-edit", "theirs")


def merge_back(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "theirs")
    ours.git("merge", "--quiet", "--no-edit", "--no-ff", "ours")


def rebase(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "ours")
    ours.git("rebase", "--quiet", "theirs")


def squash(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "theirs")
    ours.git("merge", "--quiet", "--squash", "ours")
    ours.commit("squashed")


def pick(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "ours")
    ours.git("cherry-pick", "base..theirs")


def octopus(ours: Repository, random: Random) -> None:
    ours.git("switch", "--quiet", "--detach", "base")
    ours.git("merge", "--quiet", "--no-edit", "ours", "theirs")


MEETINGS: tuple[Callable[[Repository, Random], None], ...] = (
    merge, merge_back, rebase, squash, pick, octopus,
)  # fmt: skip


def write_page(root: Path, name: str, prompts: list[str]) -> None:
    page = root / "docs" / f"{name}.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text("# Pictures\n" + "".join(fence(prompt) for prompt in prompts))


def grow(here: Repository, bought: Scene, branch: str, prompts: list[str], random: Random) -> None:
    """Add pictures to a branch, in some commits and in any order."""
    here.git("switch", "--quiet", "--force-create", branch, "base")
    left = random.sample(prompts, len(prompts))
    done: list[str] = []
    for commits in range(random.randint(1, 2), 0, -1):
        now = left if commits == 1 else left[: random.randint(1, len(left) - commits)]
        left = left[len(now) :]
        done += now
        for prompt in now:
            for file in bought.stock.glob(f"{bought.key_of(prompt)}.*"):
                shutil.copy(file, here.root / "gemini-images")
        write_page(here.root, branch, done)
        here.commit(f"{len(now)} pictures")


def test_branches_with_pictures_meet_without_conflict(tmp_path: Path, till: Till) -> None:
    seed = secrets.token_hex(4)
    print(f"seed {seed}")
    random = Random(seed)
    bought = Scene(tmp_path / "bought", till.url)
    bought.build([*BASE, *OURS, *THEIRS])
    all_files = {path.name: path.read_bytes() for path in bought.stock.iterdir()}
    here = Repository(make_base(tmp_path / "site", bought, till))
    here.commit("a site")
    for way in range(WAYS):
        grow(here, bought, "ours", OURS, random)
        grow(here, bought, "theirs", THEIRS, random)
        MEETINGS[way % len(MEETINGS)](here, random)
        assert here.git("status", "--porcelain") == ""
        merged = here.root / "gemini-images"
        assert {path.name: path.read_bytes() for path in merged.iterdir()} == all_files
        assert Scene(here.root, till.url).missing([*BASE, *OURS, *THEIRS]) == 0
        if way < len(MEETINGS):
            begin_anew()
            done = CliRunner().invoke(main, ["check", "-f", str(here.root / "mkdocs.yml")])
            assert done.exit_code == 0, done.output
    assert len(till.bills()) == len(all_files) / 2


def make_base(root: Path, bought: Scene, till: Till) -> Path:
    """Write a site of one picture."""
    (root / "gemini-images").mkdir(parents=True)
    for file in bought.stock.glob(f"{bought.key_of(BASE[0])}.*"):
        shutil.copy(file, root / "gemini-images")
    write_page(root, "index", BASE)
    (root / ".gitignore").write_text("/site/\n/.cache/\n")
    options = f"{{base_url: '{till.url}', model: {DEFAULTS.model}, size: '{DEFAULTS.size}'}}"
    (root / "mkdocs.yml").write_text(
        "site_name: Test\nmarkdown_extensions: [fenced_code]\n"
        f"plugins:\n  - gemini-images: {options}\n"
    )
    return root
