"""Look at a project, and propose the new texts of its files.

In: the configuration of a site. Out: a `Proposal`. Files are read as text: the configuration is not
loaded, and nothing that it names is run.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.core.git_index import has_repository
from mkdocs_gemini_images.hosts.host_choice import is_zensicals
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION
from mkdocs_gemini_images.hosts.setup import example_page
from mkdocs_gemini_images.hosts.setup.file_changes import FileChange, read_text
from mkdocs_gemini_images.hosts.setup.installers import (
    PACKAGE,
    REQUIREMENTS,
    in_requirements,
    in_workflow,
    left_by_hand,
)
from mkdocs_gemini_images.hosts.setup.mkdocs_yaml import set_up_yaml
from mkdocs_gemini_images.hosts.setup.wishes import PLUGIN, Wishes
from mkdocs_gemini_images.hosts.setup.yaml_document import YamlDocument, names, option, read_yaml
from mkdocs_gemini_images.hosts.setup.zensical_toml import listed_extensions, set_up_toml

_MOST_PARENTS = 10
_STOCK = "gemini-images"
_LARGEST_PAGE = 2**24


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to change in a project."""

    changes: tuple[FileChange, ...]
    top: Path
    """The folder that holds the project: the top of its working tree, or that of the site."""
    zensical: bool
    """Whether Zensical reads the configuration."""
    page: str
    """The path of the example page in the docs folder; empty where none is proposed."""
    emulated: bool
    """Whether the emulator draws by what is proposed."""
    is_new: bool
    """Whether the site did not have the plugin or the extension before."""
    by_hand: tuple[str, ...] = ()
    """Places that install what builds the site, and in which this package is to be named."""


@dataclass(frozen=True, slots=True)
class _Site:
    """What a configuration says about the site's folders."""

    docs: str
    stock: str
    is_new: bool


def propose(config: Path, *, emulated: bool) -> Proposal:
    """Return what is to change so that a site shows pictures.

    `emulated` lets the emulator draw until the author decides otherwise. Raises `DiagnosticError`
    with all that is to be changed by hand, and `OSError`.
    """
    text = read_text(config)
    is_toml = config.suffix == ".toml"
    parents = [] if is_toml else _parents(config, text)
    site = _toml_site(text) if is_toml else _yaml_site(config.name, text, parents)
    root, zensical = config.absolute().parent, is_zensicals(config)
    top = next((each for each in (root, *root.parents) if has_repository(each)), root)
    page = _new_page(root / site.docs, top) if site.docs and site.is_new else ""
    wishes = Wishes(zensical, emulated, page, example_page.TITLE)
    if is_toml:
        after = set_up_toml(config.name, text, wishes)
    else:
        after = set_up_yaml(config.name, text, wishes, parents)
    changes = [FileChange(config, text, after)]
    if page:
        changes.append(FileChange(config.parent / site.docs / page, None, example_page.TEXT))
    changes += _attributes(config.parent, site.stock)
    package = f"{PACKAGE}[emulator]" if emulated else PACKAGE
    installing = list(_installers(root, top, package))
    by_hand = [left_by_hand(_shown(each.path, top), each.after) for each in installing]
    changed = (each for each in (*changes, *installing) if each.after != each.before)
    places = tuple(each for each in by_hand if each)
    emulated = emulated and site.is_new
    return Proposal(tuple(changed), top, zensical, page, emulated, site.is_new, places)


def _installers(root: Path, top: Path, package: str) -> Iterator[FileChange]:
    """Yield the files that may install what builds the site, changed or not."""
    wanted = [folder / name for folder in (root, top) for name in (*REQUIREMENTS, "pyproject.toml")]
    wanted += sorted((top / ".github/workflows").glob("*.y*ml"))
    for file in dict.fromkeys([*wanted, top / ".gitlab-ci.yml"]):
        if not file.is_file() or not file.resolve().is_relative_to(top.resolve()):
            continue
        try:
            text = read_text(file)
        except (OSError, DiagnosticError):  # it is no file of the site's
            continue
        after = text
        if file.suffix == ".txt":
            after = in_requirements(text, package)
        elif file.suffix != ".toml":
            after = in_workflow(file.name, text, package)
        yield FileChange(file, text, after)


def _shown(file: Path, top: Path) -> str:
    return file.relative_to(top).as_posix()


def _parents(config: Path, text: str) -> list[YamlDocument]:
    """Read the configurations that a file inherits from, the nearest first.

    Raises `DiagnosticError` where one cannot be read.
    """
    found: list[YamlDocument] = []
    file, document = config, read_yaml(config.name, text)
    while (value := document.seen("INHERIT")) is not None:
        file = file.parent / document.word("INHERIT")
        try:
            document = read_yaml(file.name, read_text(file))
        except (OSError, DiagnosticError) as error:
            said = f"{document.line(value)}: INHERIT names a file that cannot be read ({error})"
            raise DiagnosticError(Diagnostic.sentence(said, "correct it")) from error
        found.append(document)
        if len(found) > _MOST_PARENTS:
            said = f"{config.name}: INHERIT leads through more than {_MOST_PARENTS} files"
            raise DiagnosticError(Diagnostic.sentence(said, "inherit from fewer"))
    return found


def _yaml_site(name: str, text: str, parents: list[YamlDocument]) -> _Site:
    docs, stock, is_new = "docs", "", True
    for document in (*reversed(parents), read_yaml(name, text)):
        if document.seen("docs_dir") is not None:
            docs = document.word("docs_dir")
        for key, entry in (("plugins", PLUGIN), ("markdown_extensions", EXTENSION)):
            stock = option(document.seen(key), entry, "stock") or stock
            is_new = is_new and entry not in names(document.seen(key))
    return _Site(docs, stock or _STOCK, is_new)


def _toml_site(text: str) -> _Site:
    """Return the folders of a `zensical.toml`; one that is no TOML is refused elsewhere."""
    try:
        project: Any = tomllib.loads(text).get("project", {})
        docs = project.get("docs_dir", "docs")
        listed = project.get("markdown_extensions", {})
        entries = listed if isinstance(listed, list) else [listed]
        tables = [each for each in entries if isinstance(each, dict) and EXTENSION in each]
        stock = tables[0][EXTENSION].get("stock", _STOCK) if tables else _STOCK
    except (ValueError, AttributeError, RecursionError):
        return _Site("", "", is_new=True)
    return _Site(str(docs), str(stock), EXTENSION not in listed_extensions(project))


def _new_page(docs: Path, top: Path) -> str:
    """Return the path of an example page; empty where the site has pictures, or no room for one."""
    if not docs.is_dir() or not docs.resolve().is_relative_to(top.resolve()):
        return ""
    if any(_mentions_pictures(file) for file in docs.rglob("*.md")):
        return ""
    return example_page.free_name({each.name for each in docs.iterdir()})


def _mentions_pictures(file: Path) -> bool:
    try:
        data = regular_files.read(file, _LARGEST_PAGE, follow=True)
    except OSError:  # a page that cannot be read shows nothing
        return False
    return b"gemini-image" in data or b"gemini:" in data


def _attributes(root: Path, stock: str) -> Iterator[FileChange]:
    """Yield a `.gitattributes` that lets Git keep the bytes of the stock in a folder."""
    outside = "://" in stock or Path(stock).is_absolute() or ".." in Path(stock).parts
    if not stock or outside or not stock.isprintable() or " " in stock:
        return
    file = root / ".gitattributes"
    before = read_text(file) if file.exists() else None
    folder = Path(stock).as_posix()
    for line in (before or "").splitlines():
        pattern, *attributes = line.split() or [""]
        if pattern.startswith(f"{folder}/") and {"-text", "binary"} & set(attributes):
            return
    newline = "\r\n" if "\r\n" in (before or "") else "\n"
    text = before or ""
    text += newline if text and not text.endswith("\n") else ""
    yield FileChange(file, before, f"{text}{folder}/** -text{newline}")
