"""Look at a project, and propose the new texts of its files.

In: the configuration of a site. Out: a `SetupProposal`. Files are read as text: the configuration
is not loaded, and nothing that it names is run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.core.git_index import has_repository
from mkdocs_gemini_images.hosts.host_choice import is_zensicals
from mkdocs_gemini_images.hosts.setup import example_page, site_facts
from mkdocs_gemini_images.hosts.setup.file_changes import FileChange, read_text
from mkdocs_gemini_images.hosts.setup.installers import (
    PACKAGE,
    REQUIREMENTS,
    in_requirements,
    in_workflow,
    left_by_hand,
)
from mkdocs_gemini_images.hosts.setup.mkdocs_yaml import set_up_yaml
from mkdocs_gemini_images.hosts.setup.site_facts import SiteFacts
from mkdocs_gemini_images.hosts.setup.wishes import Wishes
from mkdocs_gemini_images.hosts.setup.yaml_document import YamlDocument, read_yaml
from mkdocs_gemini_images.hosts.setup.zensical_toml import set_up_toml
from mkdocs_gemini_images.reports.doctor.portability import changed_line_ends

_MOST_PARENTS = 10
_LARGEST_PAGE = 2**24


@dataclass(frozen=True, slots=True)
class SetupProposal:
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
    listing: str = ""
    """The file that lists the site's pages, in which the example page is to be named; or empty."""


def propose_setup(config: Path, *, emulated: bool) -> SetupProposal:
    """Return what is to change so that a site shows pictures.

    `emulated` lets the emulator draw until the author decides otherwise. Raises `DiagnosticError`
    with all that is to be changed by hand, and `OSError`.
    """
    text = read_text(config)
    is_toml = config.suffix == ".toml"
    documents = [] if is_toml else _documents(config, text)
    site = site_facts.of_toml(text) if is_toml else site_facts.of_yaml(documents[::-1])
    root, zensical = config.absolute().parent, is_zensicals(config)
    top = next((each for each in (root, *root.parents) if has_repository(each)), root)
    page = _new_page(root / site.docs, site, top) if site.docs and site.is_new else ""
    wishes = Wishes(zensical, emulated, page, example_page.TITLE)
    if is_toml:
        after = set_up_toml(config.name, text, wishes)
    else:
        after = set_up_yaml(config.name, text, wishes, documents[1:])
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
    listing = config.parent / site.docs / site.listing if page and site.listing else None
    by_file = listing.as_posix() if listing is not None and listing.is_file() else ""
    return SetupProposal(
        tuple(changed), top, zensical, page, emulated, site.is_new, places, by_file
    )


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


def _documents(config: Path, text: str) -> list[YamlDocument]:
    """Read a configuration and those that it inherits from, the nearest first.

    Raises `DiagnosticError` where one cannot be read.
    """
    file, document = config, read_yaml(config.name, text)
    found = [document]
    while (value := document.seen("INHERIT")) is not None:
        file = file.parent / document.word("INHERIT")
        try:
            document = read_yaml(file.name, read_text(file))
        except (OSError, DiagnosticError) as error:
            said = f"{document.line(value)}: INHERIT names a file that cannot be read ({error})"
            raise DiagnosticError(Diagnostic.sentence(said, "correct it")) from error
        found.append(document)
        if len(found) > _MOST_PARENTS + 1:
            said = f"{config.name}: INHERIT leads through more than {_MOST_PARENTS} files"
            raise DiagnosticError(Diagnostic.sentence(said, "inherit from fewer"))
    return found


def _new_page(docs: Path, site: SiteFacts, top: Path) -> str:
    """Return the path of an example page; empty where the site has pictures, or no room for one.

    Pages that the site does not show do not count, and the example is not one of them.
    """
    if not docs.is_dir() or not docs.resolve().is_relative_to(top.resolve()):
        return ""
    pages = (each for each in docs.rglob("*.md") if site.shows(each.relative_to(docs).as_posix()))
    if any(map(_mentions_pictures, pages)):
        return ""
    taken = {each.name for each in docs.iterdir()}
    hidden = {each for each in example_page.NAMES if not site.shows(each)}
    return example_page.free_name(taken | hidden)


def _mentions_pictures(file: Path) -> bool:
    try:
        data = regular_files.read(file, _LARGEST_PAGE, follow=True)
    except OSError:  # a page that cannot be read shows nothing
        return False
    return b"gemini-image" in data or b"gemini:" in data


def _protects(line: str, folder: str) -> bool:
    """Return whether a line of a `.gitattributes` lets Git keep the bytes of files in a folder."""
    pattern, *attributes = line.split()
    return pattern.startswith(f"{folder}/") and bool({"-text", "binary"} & set(attributes))


def _attributes(root: Path, stock: str) -> Iterator[FileChange]:
    """Yield a `.gitattributes` that lets Git keep the bytes of the stock in a folder."""
    outside = "://" in stock or Path(stock).is_absolute() or ".." in Path(stock).parts
    if not stock or outside or not stock.isprintable() or " " in stock:
        return
    file = root / ".gitattributes"
    before = read_text(file) if file.exists() else None
    folder = Path(stock).as_posix()
    protecting = [_protects(line, folder) for line in (before or "").splitlines() if line.strip()]
    if any(protecting) and (protecting[-1] or changed_line_ends(root / stock) is None):
        return  # no later line takes it back
    newline = "\r\n" if "\r\n" in (before or "") else "\n"
    text = before or ""
    text += newline if text and not text.endswith("\n") else ""
    yield FileChange(file, before, f"{text}{folder}/** -text{newline}")
