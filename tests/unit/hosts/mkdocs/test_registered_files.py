"""Which files of the plugin MkDocs lists: each once, and no file of the author's is replaced."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from mkdocs_gemini_images.core.package_files import STYLE_SHEET
from mkdocs_gemini_images.hosts.mkdocs.site_files import (
    GENERATED_BY,
    add_style_sheet,
    keep_metadata,
    register,
    withdraw,
)
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage

SMALL = Candidate("assets/gemini/fox-480.webp", 480)
LARGE = Candidate("assets/gemini/fox-960.webp", 960)
NAMED = Candidate("img/fox.webp", 960)
FOX = RenderedImage(LARGE.uri, 960, 540, (SMALL, LARGE))
OWN = RenderedImage("img/fox.webp", 9, 9)
PLACEHOLDER = RenderedImage("assets/gemini/none.svg", 9, 9, placeholder=True)


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    made = MkDocsConfig()
    made.load_dict({
        "site_name": "x", "docs_dir": str(tmp_path / "docs"), "site_dir": str(tmp_path / "site"),
    })  # fmt: skip
    made.validate()
    made.plugins._current_plugin = None  # the host sets it while an event runs
    return made


@pytest.fixture(autouse=True)
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


def author_file(config: MkDocsConfig, uri: str) -> File:
    """Make a file of the docs folder, as MkDocs finds it."""
    return File(uri, config.docs_dir, config.site_dir, config.use_directory_urls)


def generated_file(config: MkDocsConfig, uri: str) -> File:
    """Make a file that another plugin generates."""
    made = File.generated(config, uri, content="x")
    made.generated_by = "another"
    return made


def ours(files: Files) -> set[str]:
    return {each.src_uri for each in files if each.generated_by == GENERATED_BY}


@pytest.mark.parametrize(
    ("shown", "uris"),
    [
        (FOX, {SMALL.uri, LARGE.uri}),
        (PLACEHOLDER, {PLACEHOLDER.src}),
        (RenderedImage(NAMED.uri, 960, 540, (SMALL, NAMED)), {SMALL.uri, NAMED.uri}),
        (
            RenderedImage(LARGE.uri, 960, 540, (LARGE,), dark=RenderedImage("d.webp", 9, 9)),
            {LARGE.uri, "d.webp"},
        ),
    ],
    ids=["a picture", "a placeholder", "a named file", "with a dark twin"],
)
def test_each_file_of_an_image_is_listed_once(
    config: MkDocsConfig, shown: RenderedImage, uris: set[str]
) -> None:
    files = Files([])
    register(shown, config, files)
    register(shown, config, files)
    assert ours(files) == files.src_uris.keys() == uris


def test_a_registered_file_is_its_own_source_in_the_site(config: MkDocsConfig) -> None:
    files = Files([])
    register(FOX, config, files)
    for file in files:
        assert file.abs_src_path == file.abs_dest_path == str(Path(config.site_dir) / file.src_uri)
        assert file.is_media_file()


def test_a_registered_file_is_copied_only_from_another_place(config: MkDocsConfig) -> None:
    files = Files([])
    register(FOX, config, files)
    for file in files:
        Path(file.abs_dest_path).parent.mkdir(parents=True, exist_ok=True)
        Path(file.abs_dest_path).write_bytes(b"published")
    smaller = Path(config.site_dir, "smaller.webp")
    smaller.write_bytes(b"another plugin's")
    files.src_uris[SMALL.uri].abs_src_path = str(smaller)
    files.copy_static_files()
    assert Path(config.site_dir, LARGE.uri).read_bytes() == b"published"
    assert Path(config.site_dir, SMALL.uri).read_bytes() == b"another plugin's"


@pytest.mark.parametrize("shown", [OWN, RenderedImage(LARGE.uri, 9, 9, (LARGE,), dark=OWN)])
def test_a_file_of_the_author_is_not_replaced(config: MkDocsConfig, shown: RenderedImage) -> None:
    own = author_file(config, OWN.src)
    files = Files([own])
    register(shown, config, files)
    assert files.src_uris[OWN.src] is own
    assert own.generated_by is None


def test_a_named_file_of_an_earlier_build_is_replaced(config: MkDocsConfig) -> None:
    files = Files([author_file(config, NAMED.uri), author_file(config, "img/other.webp")])
    register(RenderedImage(NAMED.uri, 960, 540, (NAMED,)), config, files)
    assert ours(files) == {NAMED.uri}
    assert files.src_uris.keys() == {NAMED.uri, "img/other.webp"}


def test_a_file_of_another_plugin_is_not_replaced(config: MkDocsConfig) -> None:
    theirs = generated_file(config, NAMED.uri)
    files = Files([theirs])
    register(RenderedImage(NAMED.uri, 960, 540, (NAMED,)), config, files)
    assert files.src_uris == {NAMED.uri: theirs}


@pytest.mark.parametrize(
    ("made", "left"),
    [
        ([], set()),
        ([SMALL], {SMALL.uri}),
        ([SMALL, LARGE], {SMALL.uri, LARGE.uri}),
    ],
)
def test_files_that_were_not_published_are_withdrawn(
    config: MkDocsConfig, made: list[Candidate], left: set[str]
) -> None:
    page = author_file(config, "index.md")
    files = Files([page])
    register(FOX, config, files)
    for each in made:
        target = Path(config.site_dir) / each.uri
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"x")
    withdraw(FOX, files)
    assert files.src_uris.keys() == left | {"index.md"}
    withdraw(FOX, files)
    assert files.src_uris.keys() == left | {"index.md"}


# Other plugins, and the style sheet


def test_the_optimize_plugin_excludes_the_registered_files(config: MkDocsConfig) -> None:
    optimize = SimpleNamespace(config={"optimize_exclude": ["*.gif"]})
    config.plugins["material/optimize"] = optimize  # type: ignore[assignment]
    files = Files([author_file(config, "a.png"), generated_file(config, "b.png")])
    register(RenderedImage("assets/gemini/fox[1]-9.png", 9, 9), config, files)
    keep_metadata(config, files)
    assert optimize.config == {"optimize_exclude": ["*.gif", "assets/gemini/fox[[]1]-9.png"]}


def test_without_the_optimize_plugin_nothing_changes(config: MkDocsConfig) -> None:
    files = Files([])
    register(FOX, config, files)
    before = dict(files.src_uris)
    keep_metadata(config, files)
    assert files.src_uris == before


@pytest.mark.parametrize("already", [[], ["site.css"], ["site.css", f"img/{STYLE_SHEET}"]])
def test_the_style_sheet_comes_once_and_before_the_sites_own(
    config: MkDocsConfig, already: list[str]
) -> None:
    files = Files([])
    config.extra_css = list(already)
    add_style_sheet(config, files, "img")
    add_style_sheet(config, files, "img")
    uri = f"img/{STYLE_SHEET}"
    assert config.extra_css == (already if uri in already else [uri, *already])
    assert files.src_uris.keys() == {uri}
    assert ".gemini-image" in files.src_uris[uri].content_string


def test_a_style_sheet_of_the_author_replaces_the_plugins(config: MkDocsConfig) -> None:
    own = author_file(config, f"img/{STYLE_SHEET}")
    files = Files([own])
    add_style_sheet(config, files, "img")
    assert files.src_uris == {own.src_uri: own}
    assert config.extra_css == [own.src_uri]


@pytest.mark.parametrize("folder", ["assets/gemini/", "", "img/./"])
def test_each_entry_is_the_one_that_mkdocs_makes(config: MkDocsConfig, folder: str) -> None:
    class Curious(Files):
        def append(self, file: File) -> None:
            assert file.abs_dest_path
            super().append(file)

    uris = [f"{folder}fox-{width}.webp" for width in (480, 960)] + [NAMED.uri]
    files = Curious([])
    register(RenderedImage(uris[0], 9, 9, tuple(Candidate(uri, 9) for uri in uris)), config, files)
    assert len(files) == len(uris)
    for uri in uris:
        target = str(Path(config.site_dir, uri))
        made = File.generated(config, uri, abs_src_path=target)
        found = files.src_uris[made.src_uri]
        for name in (
            "src_uri", "dest_uri", "url", "name", "abs_src_path", "abs_dest_path", "src_dir",
            "dest_dir", "use_directory_urls", "inclusion", "_content",
        ):  # fmt: skip
            assert getattr(found, name) == getattr(made, name)
        assert found.generated_by == GENERATED_BY
