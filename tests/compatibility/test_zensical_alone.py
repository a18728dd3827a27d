"""A project that has a `zensical.toml` and nothing of MkDocs'."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mkdocs_gemini_images.hosts.zensical.project import read_project
from tests.cli import command
from tests.compatibility.toml_site import TomlSite
from tests.integration.conftest import MakeSite
from tests.integration.site import fence
from tests.warm_process import started

MANUAL = (Path(__file__).parents[2] / "example_site/docs/hosts.md").read_text(encoding="utf-8")
SNIPPETS = 'attr_list = {}\nadmonition = {}\npymdownx.snippets.base_path = ["parts"]\n'
PAGES = {
    "index.md": "---\ntitle: Home\n---\n"
    + fence("A fox", id="fox", alt="One")
    + '\nA word ![Two](gemini: "An owl"){ .left } inline.\n\n`![no](gemini: "x")`\n',
    "guide/deep.md": "!!! note\n\n"
    + fence("A heron", alt="Three").replace("\n", "\n    ")
    + "\n--8<-- \"part.md\"\n\n````\n" + fence("A cat", alt="no") + "````\n",
    "guide/again.md": fence("A fox", id="fox", alt="One"),
    "hidden.md": fence("A secret", alt="no"),
    "draft.md": fence("A draft", alt="no"),
    ".dot/a.md": fence("A dot", alt="no"),
    "plain.md": "# No picture\n",
}  # fmt: skip


@pytest.fixture
def here(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> TomlSite:
    found = TomlSite(
        site(PAGES), SNIPPETS, 'exclude_docs = "hidden.md"\ndraft_docs = "draft.md"\n', "text/docs"
    )
    found.write()
    (found.root / "parts").mkdir()
    (found.root / "parts/part.md").write_text(fence("A part", alt="Four"))
    monkeypatch.chdir(found.root)  # Zensical's snippets start from there
    return found


def planned(here: TomlSite) -> dict[str, list[str]]:
    """List the texts of the pictures that `plan` finds on each page."""
    _, said = here.run("plan", "--json")
    found: dict[str, list[str]] = {}
    for each in json.loads(said)["pictures"]:
        for place in each["places"]:
            found.setdefault(place.partition(":")[0], []).append(each["alt"])
    return {page: sorted(alts) for page, alts in found.items()}


def test_what_plan_finds_is_what_the_built_site_shows(here: TomlSite) -> None:
    found = planned(here)
    assert here.run("draw", "--yes")[0] == 0
    code, said = here.zensical("build")
    assert code == 0, said
    assert here.shown() == found
    assert found == {
        "index.md": ["One", "Two"],
        "guide/deep.md": ["Four", "Three"],
        "guide/again.md": ["One"],
    }


def test_each_command_works_and_leaves_no_folder_of_zensicals(site: MakeSite) -> None:
    here = TomlSite(site({"index.md": fence("A fox", id="fox"), "a.md": fence("A fox", id="fox")}))
    here.write()
    assert here.run("plan")[0] == 2
    code, said = here.run("check")
    assert (code, "a.md:2: 'A fox' is not drawn" in said) == (1, True), said
    assert "cache_dir '.cache/plugin/gemini-images' is in .cache, which is Zensical's" in said
    assert here.run("draw", "--yes", "--takes", "2")[0] == 0
    assert here.run("pick", "fox", "2") == (0, "wrote take: 2 into a.md, index.md\n")
    assert here.run("pick", "a.md:2", "1") == (0, "wrote take: 1 into a.md\n")
    (here.root / "docs/a.md").unlink()
    assert here.run("check")[0] == 0
    assert here.run("accept") == (0, "nothing has drifted\n")
    assert "its picture is in stock already" in here.run("adopt", "fox", str(here.file))[1]
    assert here.run("gallery", "-o", f"{here.root}/g.html")[1].endswith("with 2 pictures\n")
    assert here.run("prune")[1] == "0 pictures are shown by no page\n"  # takes are kept
    assert "zensical 0" in here.run("doctor")[1]
    assert "the stock is a folder" in here.run("sync")[1]
    code, said = here.run("eject", "--write")
    assert (code, said.splitlines()[-1]) == (
        0, "now take gemini_images out of markdown_extensions in zensical.toml"
    ), said  # fmt: skip
    assert not (here.root / "site").exists()
    assert [each.name for each in (here.root / ".cache").iterdir()] == ["plugin"]


ALONE = """
import importlib.abc, importlib.metadata, sys

ENDLESS = {"serve", "emulator", "mcp"}
ARGUMENTS = {
    "adopt": ["fox", "zensical.toml"], "alt": ["--help"], "draw": ["--yes"], "pick": ["fox", "2"],
    "gallery": ["-o", "gallery.html"],
}
BUILDS = (
    "mkdocs.commands", "mkdocs.contrib", "mkdocs.livereload", "mkdocs.structure", "mkdocs.themes",
    "material", "materialx", "properdocs",
)
asked = []

class Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.startswith(BUILDS):
            asked.append(name)
            raise ImportError(name)

def entry_points(*, original=importlib.metadata.entry_points, **chosen):
    if chosen.get("group", "").startswith(("mkdocs", "properdocs")):
        asked.append(chosen)
    return original(**chosen)

sys.meta_path.insert(0, Refused())
importlib.metadata.entry_points = entry_points
import mkdocs.theme
from mkdocs_gemini_images.cli.main import main
from mkdocs_gemini_images.hosts.zensical import serving

mkdocs.theme.Theme.__init__ = lambda *_, **__: asked.append("a theme")
ran = []
for name in sorted(main.list_commands(None)):
    if name not in ENDLESS:
        try:
            main([name, *ARGUMENTS.get(name, [])])
        except SystemExit as end:
            ran.append((name, end.code))
import zensical
zensical.build("zensical.toml", {"clean": True, "strict": True})
print("ran", dict(ran))
print("asked", asked)
"""


def test_no_command_has_a_project_of_zensicals_built_by_mkdocs(site: MakeSite) -> None:
    here = TomlSite(site(fence("A fox", id="fox"), base_url="emulator"))
    here.write()
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        cwd=here.root, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *_, ran, asked = done.stdout.splitlines()
    assert asked == "asked []"
    assert {"'plan': 0", "'draw': 0", "'doctor': 0"} <= set(
        ran.removeprefix("ran {").removesuffix("}").split(", ")
    ), done.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[project]", "[project"), "zensical.toml:1: Zensical cannot read the configuration ("),
        (('docs_dir = "docs"', 'docs_dir = "gone"'), "Docs directory does not exist"),
        (("extensions.gemini_images]", "extensions.admonition]"),
         "gemini-images init adds [project.markdown_extensions.gemini_images]"),
        (("quality", "qualty"), "did you mean 'quality'?"),
    ],
)  # fmt: skip
def test_a_configuration_that_is_wrong_is_said_in_a_sentence(
    site: MakeSite, change: tuple[str, str], said: str
) -> None:
    here = TomlSite(site("# No picture\n", quality=70))
    here.write()
    here.file.write_text(here.file.read_text().replace(*change))
    code, output = here.run("plan")
    assert (code, output.count("\n")) == (1, 1)
    assert said in output


def test_an_error_of_another_extension_is_said_without_a_traceback(site: MakeSite) -> None:
    here = TomlSite(site('--8<-- "gone.md"\n'), "pymdownx.snippets.check_paths = true\n")
    here.write()
    code, output = here.run("plan")
    assert (code, output.count("\n")) == (1, 1), output
    assert "Zensical ends the build of the site (" in output
    assert "gone.md" in output


def test_the_manuals_lines_are_right_behind_what_zensical_writes(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    subprocess.run(
        [sys.executable, "-m", "zensical", "new", str(tmp_path)], capture_output=True, check=True
    )
    file = tmp_path / "zensical.toml"
    file.write_text(file.read_text() + lines)
    settings = read_project(file).settings()
    assert (settings.defaults.size, settings.cache) == ("2K", tmp_path / ".gemini-cache")


YAML = """
site_name: T
theme: { name: material, palette: { scheme: slate } }
plugins: [blog, macros: { module_name: made }]
markdown_extensions: [attr_list, gemini_images]
"""


def test_pages_and_words_that_zensicals_plugins_make_are_found(site: MakeSite) -> None:
    here = site(
        {
            "index.md": '{{ picture("A cat") }}\n',
            "blog/index.md": "# Blog\n",
            "blog/posts/a.md": "---\ndate: 2024-01-02\n---\n# Post\n\n![b](gemini: 'A blog')\n",
        }
    )
    here.write()
    macro = "def define_env(env):\n    @env.macro\n    def picture(prompt):\n"
    (here.root / "made.py").write_text(f"{macro}        return f'![m](gemini: \"{{prompt}}\")'\n")
    (here.root / "mkdocs.yml").write_text(YAML)
    found = command.plan(here)
    assert [(each["places"], each["what"]) for each in found["pictures"]] == [
        (["blog/posts/a.md:6"], "A blog"), (["index.md:1"], "A cat"),
    ]  # fmt: skip


def test_where_zensical_is_not_installed_a_sentence_says_so(site: MakeSite) -> None:
    here = TomlSite(site(fence("A fox")))
    here.write()
    absent = (
        "import sys; sys.modules['zensical'] = None\n"
        "from mkdocs_gemini_images.cli.main import main; main(sys.argv[1:])"
    )
    for command_line in (["plan"], ["serve"]):
        done = started(absent, *command_line, folder=here.root)
        assert done.communicate(timeout=120)[1] == (
            "Error: zensical.toml is read with Zensical, which is not installed: "
            "pip install zensical, or name an mkdocs.yml with -f\n"
        )
        assert done.returncode == 1


def test_an_address_where_nothing_can_listen_is_said(site: MakeSite) -> None:
    here = TomlSite(site("# No picture\n"))
    here.write()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        code, said = here.run("serve", "-a", at)
    assert (code, said.count("\n")) == (1, 1)
    assert f"nothing can listen at {at} (" in said
    assert here.run("serve", "-a", "8000") == (
        1, "Error: the address must be HOST:PORT (you wrote '8000'): write it like localhost:8000\n"
    )  # fmt: skip
