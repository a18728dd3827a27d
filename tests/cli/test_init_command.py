"""`init` sets a site up after it has shown a diff and is told to; the site then builds."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import click.testing
import pytest

from mkdocs_gemini_images.cli import init, main
from mkdocs_gemini_images.hosts.setup import example_page
from tests.cli.test_everywhere import on_a_terminal
from tests.integration.site import begin_anew
from tests.warm_process import HOST, started

NEW = "site_name: My Docs\n"
SMALL = "      widths: [64]\n      size: 1K\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Make what `mkdocs new` makes."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Welcome\n")
    (tmp_path / "mkdocs.yml").write_text(NEW)
    return tmp_path


def run(*words: str, code: int = 0) -> click.testing.Result:
    begin_anew()
    done = click.testing.CliRunner().invoke(main.main, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def files(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*.*"))


def test_in_an_empty_folder_it_says_how_to_make_a_site() -> None:
    said = run("init", "--yes", code=1).stderr
    assert (
        "no mkdocs.yml, properdocs.yml or zensical.toml is here: make a site with mkdocs new"
        in said
    )


def test_without_a_terminal_it_shows_the_diff_and_writes_nothing(new: Path) -> None:
    done = run("init", code=1)
    assert "+  - gemini-images:\n" in done.stdout
    assert "+++ b/docs/pictures.md\n" in done.stdout
    assert "+gemini-images/** -text\n" in done.stdout
    assert done.stderr == "nothing is written, since there is no terminal to ask on: add --yes\n"
    assert files(new) == ["docs/index.md", "mkdocs.yml"]


def test_on_a_terminal_it_asks(new: Path) -> None:
    said = on_a_terminal(new, "init", typed="n\n")
    assert "Write these changes? [y/N]: " in said
    assert "nothing is written" in said
    assert (new / "mkdocs.yml").read_text() == NEW
    assert "wrote mkdocs.yml" in on_a_terminal(new, "init", typed="y\n")
    assert (new / "docs/pictures.md").is_file()


def test_a_new_site_has_two_pictures_and_builds_without_a_warning(new: Path) -> None:
    done = run("init", "--yes")
    assert done.stderr.startswith("wrote mkdocs.yml, docs/pictures.md, .gitattributes\n")
    assert "next: mkdocs serve shows pictures.md" in done.stderr
    before = {each: (new / each).read_bytes() for each in files(new)}
    assert run("init", "--yes").output == "mkdocs.yml is set up: nothing to change\n"
    assert {each: (new / each).read_bytes() for each in files(new)} == before
    planned = json.loads(run("plan", "--json", code=2).stdout)
    assert [each["state"] for each in planned["pictures"]] == ["new", "new"]
    config = new / "mkdocs.yml"
    config.write_text(config.read_text().replace("      base_url", f"{SMALL}      base_url"))
    built = started(HOST, "build", "--strict", folder=new)
    _, said = built.communicate(timeout=120)
    assert built.returncode == 0, said
    assert "2 pictures, 2 drawn" in said
    run("check")


def test_it_runs_from_another_folder(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (new / "elsewhere").mkdir()
    monkeypatch.chdir(new / "elsewhere")
    done = run("init", "--yes", "-f", "../mkdocs.yml")
    assert "+++ b/../docs/pictures.md" in done.stdout
    assert "next: mkdocs serve -f ../mkdocs.yml shows pictures.md" in done.stderr
    assert "then gemini-images draw -f ../mkdocs.yml\n" in done.stderr
    assert "delete pictures.md before you draw, or its pictures are bought as well" in done.stderr
    assert files(new) == [".gitattributes", "docs/index.md", "docs/pictures.md", "mkdocs.yml"]


def test_without_the_emulator_s_packages_real_pictures_are_meant(
    new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "find_spec", lambda name: None)
    done = run("init", "--yes")
    assert "base_url" not in (new / "mkdocs.yml").read_text()
    assert "with a key of the Gemini API in GEMINI_API_KEY" in done.stderr
    assert "gemini-images draw and a build then cost money" in done.stderr


def test_what_it_cannot_change_is_said_and_nothing_is_written(new: Path) -> None:
    text = "site_name: X\nplugins: !include a.yml\nmarkdown_extensions: !include b.yml\n"
    (new / "mkdocs.yml").write_text(text)
    said = run("init", "--yes", code=1).stderr.splitlines()
    assert [line.split(" is ")[0] for line in said] == [
        "Error: mkdocs.yml:2: plugins", "Error: mkdocs.yml:3: markdown_extensions"
    ]  # fmt: skip
    assert files(new) == ["docs/index.md", "mkdocs.yml"]


def test_a_site_with_pictures_gets_no_example_page(new: Path) -> None:
    (new / "docs/deep").mkdir()
    (new / "docs/deep/page.md").write_text('![A fox](gemini: "A fox")\n')
    run("init", "--yes")
    os.mkfifo(new / "docs/endless.md")
    run("init", "--yes")
    assert not (new / "docs/pictures.md").exists()


def test_a_site_that_has_the_plugin_gets_no_page_that_a_build_would_buy(new: Path) -> None:
    (new / "mkdocs.yml").write_text(f"{NEW}plugins: [gemini-images]\n")
    done = run("init", "--yes")
    assert "attr_list" in (new / "mkdocs.yml").read_text()
    assert files(new) == [".gitattributes", "docs/index.md", "mkdocs.yml"]
    assert done.stderr.splitlines()[1:] == ["next: mkdocs serve shows the site"]


def test_its_last_words_lead_to_a_commit_and_to_ci(new: Path) -> None:
    *_, commit, ci = run("init", "--yes").stderr.splitlines()
    assert commit == (
        "then commit the folder gemini-images; CI needs no key, and runs gemini-images check"
    )
    assert ci == "before the build; jobs for GitHub and GitLab: the manual's page CI and publishing"


def test_it_says_for_which_host_a_site_is_set_up_where_zensical_is_installed_too(
    new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "mkdocs.yml is set up for mkdocs; to build it with Zensical as well, add\n"
    assert said in run("init", "--yes").stderr
    (new / "mkdocs.yml").write_text(f"{NEW}theme: zensical\n")
    assert "set up for" not in run("init", "--yes").stderr
    (new / "mkdocs.yml").write_text(NEW)
    monkeypatch.setattr(init, "find_spec", lambda name: None)
    assert "set up for" not in run("init", "--yes").stderr


@pytest.mark.parametrize(
    ("hidden", "page"),
    [
        ("exclude_docs: pictures.md\n", "gemini-images.md"),
        ("draft_docs: |\n  pictures.md\n", "gemini-images.md"),
        ('exclude_docs: "*.md\\n!index.md"\n', ""),
        ("exclude_docs: drafts/\n", "pictures.md"),
        ("", ""),
    ],
)
def test_pages_that_the_site_does_not_show_count_for_nothing(
    hidden: str, page: str, new: Path
) -> None:
    (new / "docs/drafts").mkdir()
    (new / "docs/drafts/a.md").write_text('![A fox](gemini: "A fox")\n')
    if "drafts" not in hidden:
        (new / "docs/drafts/a.md").rename(new / ("docs/.a.md" if hidden else "docs/a.md"))
    (new / "mkdocs.yml").write_text(NEW + hidden)
    run("init", "--yes")
    made = {each.name for each in (new / "docs").glob("*.md")} - {"index.md", ".a.md", "a.md"}
    assert made == ({page} if page else set())


@pytest.mark.parametrize(
    ("plugin", "file"),
    [
        ("literate-nav", "SUMMARY.md"),
        ("literate-nav: {nav_file: NAV.md}", "NAV.md"),
        ("awesome-nav", ".nav.yml"),
    ],
)
def test_a_file_that_lists_the_pages_is_named(plugin: str, file: str, new: Path) -> None:
    (new / "mkdocs.yml").write_text(f"{NEW}plugins:\n  - search\n  - {plugin}\n")
    named = f"docs/{file} lists the site's pages: add pictures.md there\n"
    assert named not in run("init", code=1).stderr
    (new / "docs" / file).write_text("* [Home](index.md)\n")
    assert named in run("init", "--yes").stderr


def test_a_large_configuration_is_refused_before_it_is_parsed(new: Path) -> None:
    (new / "mkdocs.yml").write_text(NEW + "# a comment\n" * 500_000)
    said = run("init", "--yes", code=1).stderr
    assert said.startswith(
        "Error: mkdocs.yml has 6 MB, and files of at most 1 MB are set up: write"
    )


def test_an_example_page_replaces_no_page(new: Path) -> None:
    for name in ("pictures.md", "gemini-images.md"):
        (new / "docs" / name).write_text("# Mine\n")
    run("init", "--yes")
    assert len(files(new / "docs")) == 3
    (new / "docs/gemini-images.md").unlink()
    (new / "mkdocs.yml").write_text(NEW)
    run("init", "--yes")
    assert (new / "docs/pictures.md").read_text() == "# Mine\n"
    assert (new / "docs/gemini-images.md").read_text() == example_page.TEXT


@pytest.mark.parametrize(
    ("config", "text", "docs"),
    [
        ("mkdocs.yml", "site_name: X\ndocs_dir: pages\n", "pages"),
        ("mkdocs.yml", "site_name: X\ndocs_dir: ../outside\n", ""),
        ("mkdocs.yml", "site_name: X\ndocs_dir: !ENV DOCS\n", ""),
        ("mkdocs.yaml", "site_name: X\n", "docs"),
        ("properdocs.yml", "site_name: X\n", "docs"),
        ("zensical.toml", "[project]\nsite_name = 'X'\ndocs_dir = 'pages'\n", "pages"),
        ("zensical.toml", "[project]\nmarkdown_extensions = ['attr_list']\n", "docs"),
    ],
)
def test_the_page_lies_in_the_docs_folder_of_the_project(
    config: str, text: str, docs: str, tmp_path: Path
) -> None:
    (tmp_path.parent / "outside").mkdir(exist_ok=True)
    (tmp_path / (docs or "docs")).mkdir()
    (tmp_path / config).write_text(text)
    run("init", "--yes")
    found = [each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("pictures.md")]
    assert found == ([f"{docs}/pictures.md"] if docs else [])
    assert not list((tmp_path.parent / "outside").iterdir())


def test_what_installs_the_host_installs_the_package_as_well(new: Path) -> None:
    (new / ".github/workflows").mkdir(parents=True)
    workflow = new / ".github/workflows/docs.yml"
    workflow.write_text("jobs:\n  - run: pip install mkdocs\n  - run: pip install mkdocs; x\n")
    (new / "requirements.txt").write_text("mkdocs\n")
    (new / "pyproject.toml").write_text('[project]\ndependencies = ["mkdocs"]\n')
    said = "add mkdocs-gemini-images there by hand, so that it is installed as well"
    place = f"pyproject.toml:2: {said}\n"
    assert run("init", "--yes").stderr.startswith(place)
    assert 'install mkdocs "mkdocs-gemini-images[emulator]"\n' in workflow.read_text()
    assert (new / "requirements.txt").read_text() == "mkdocs\nmkdocs-gemini-images[emulator]\n"
    assert run("init").output == f"{place}mkdocs.yml is set up: nothing to change\n"


@pytest.mark.parametrize(
    ("stock", "before", "after"),
    [
        ("", "", "gemini-images/** -text\n"),
        ("", "*.py text\n", "*.py text\ngemini-images/** -text\n"),
        ("", "*.py text", "*.py text\ngemini-images/** -text\n"),
        ("", "*.py text\r\n", "*.py text\r\ngemini-images/** -text\r\n"),
        ("", "gemini-images/** filter=lfs -text\n", "gemini-images/** filter=lfs -text\n"),
        ("", "gemini-images/* binary\n", "gemini-images/* binary\n"),
        ("art", "", "art/** -text\n"),
        ("../art", "", ""),
        ("s3://bucket/art", "", ""),
    ],
)
def test_git_keeps_the_bytes_of_the_stock(stock: str, before: str, after: str, new: Path) -> None:
    option = f":\n      stock: {stock}" if stock else ""
    (new / "mkdocs.yml").write_text(f"{NEW}plugins:\n  - gemini-images{option}\n")
    file = new / ".gitattributes"
    if before:
        file.write_bytes(before.encode())
    run("init", "--yes")
    assert (file.read_bytes().decode() if file.exists() else "") == after


@pytest.mark.parametrize(
    ("later", "added"),
    [
        ("* text eol=crlf", True),
        ("*.png text", True),
        ("*.png text\ngemini-images/** -text", False),
        ("*.py text", False),
        ("* text=auto", False),
        ("", False),
    ],
)
def test_a_later_line_that_takes_the_bytes_of_the_stock_back_is_answered_once(
    later: str, added: bool, new: Path
) -> None:
    subprocess.run(["git", "init", "-q"], cwd=new, check=True)
    (new / "mkdocs.yml").write_text(f"{NEW}plugins:\n  - gemini-images\n")
    file, line = new / ".gitattributes", "gemini-images/** -text\n"
    before = f"{line}{later}\n"
    file.write_text(before)
    for _ in range(2):
        run("init", "--yes")
        assert file.read_text() == before + (line if added else "")


def test_a_diff_commands_no_terminal_and_no_runner(new: Path) -> None:
    (new / ".gitattributes").write_text("*.py text\n# \x1b[31m\u202e\n::error::x\n")
    done = run("init", code=1)
    assert "# \ufffd[31m\ufffd\n" in done.stdout
    assert "\n ::error" not in done.stdout


def test_a_configuration_that_leads_out_of_the_project_is_not_written(
    new: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "mkdocs.yml"
    shutil.move(new / "mkdocs.yml", outside)
    (new / "mkdocs.yml").symlink_to(outside)
    assert "leads out of" in run("init", "--yes", code=1).stderr
    assert outside.read_text() == NEW
    assert not (new / "docs/pictures.md").exists()
