"""The way out: a site's pictures as files among its pages, and its directives as ordinary images.

In comes a build that has looked at the site; out comes what would be written and what would be left
as it is, and, when that is agreed to, the files. An original goes out as it was drawn; a file that
is there and has other bytes is never replaced. What a page becomes is shown to the host before it
is written: a page on which anything else would change is left alone.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path, PurePosixPath
from typing import assert_never
from urllib.parse import quote

from mkdocs_gemini_images.build import named_files
from mkdocs_gemini_images.build.site_group import SiteGroup
from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, counted
from mkdocs_gemini_images.directives import page_image
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.sources import markdown_image
from mkdocs_gemini_images.sources.markdown_image import Target
from mkdocs_gemini_images.sources.page_edits import PageEdits
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record

Place = tuple[str, str]
"""A page, and the text of a directive on it."""


@dataclass(slots=True)
class Ejection:
    """What would be written, and what is left."""

    drafts: PageEdits
    publishes: Callable[[str], bool]
    """Whether a file of this path in the docs folder would be on the site."""
    moved: dict[Place, str] = field(default_factory=dict)
    """Directives that become images, and the file in the docs folder that each shows."""
    left: dict[Place, str] = field(default_factory=dict)
    """Directives that are left as they are, and why."""
    lost: list[tuple[Place, str]] = field(default_factory=list)
    """What ordinary Markdown has no words for."""
    files: dict[str, Record] = field(default_factory=dict)
    """Originals to write into the docs folder."""
    named: list[SiteImage] = field(default_factory=list)
    """Pictures whose named files are to be there."""
    new: list[str] = field(default_factory=list)
    """Files that are not there yet, by their paths in the docs folder."""

    def leave(self, page: str, why: str) -> None:
        """Leave all of a page as it is."""
        self.drafts.withdraw(page)
        for place in [place for place in self.moved if place[0] == page]:
            self.left[place] = why
            del self.moved[place]

    def told(self, where: Callable[[Place], str], docs: str) -> list[tuple[str, str]]:
        """List what it does, and to what; `where` writes a place as page and line.

        `docs` is the docs folder, as people call it.
        """
        said = [("write", f"{docs}/{name}") for name in sorted(self.new)]
        lists = (
            ("edit", ((place, f"shows {docs}/{file}") for place, file in self.moved.items())),
            ("lose", (each for each in self.lost if each[0] in self.moved)),
            ("leave", self.left.items()),
        )
        for does, listed in lists:
            by_page = sorted(listed, key=lambda each: each[0][0])
            said += [(does, f"{where(place)}: {what}") for place, what in by_page]
        return said

    def sums(self, *, written: bool) -> str:
        """Sum it up in one line."""
        left = len(self.left)
        pictures = counted(len(self.new), "picture")
        places = counted(len(self.moved), "directive")
        if written:
            return f"wrote {pictures}, replaced {places}, left {left}"
        return f"{pictures} to write, {places} to replace, {left} to leave; --write does it"


def prepare(
    build: SiteGroup,
    drafts: PageEdits,
    folder: str,
    *,
    publishes: Callable[[str], bool],
    braces: bool,
    fragments: bool,
) -> Ejection:
    """Draft the way out of a site. Raises `OSError`."""
    made = Ejection(drafts, publishes)
    images = build.gathered_images()
    stays = _stays(images)
    twins = {image.light: image for image in images if image.light is not None}
    for image in images:
        if image.light is not None:
            continue
        why = stays.get(image, "")
        target = "" if why else _file(build, image, folder, made)
        if isinstance(target, Diagnostic):
            why, target = str(target), ""
        dark = ""
        if target and (twin := twins.get(image)) is not None:
            dark = _dark(build, image, twin, folder, made, fragments=fragments)
        for use in dict.fromkeys(image.uses):
            place = (use.page, use.directive.source)
            if why:
                made.left[place] = why
                continue
            if (by_hand := _beyond_the_text(use, target, braces=braces)) is not None:
                made.left[place] = str(by_hand)
                continue
            _draft(made, use, target, dark, braces=braces)
            if image.shown.sources or image.shown.searches:
                made.lost.append((place, "the sources below it"))
    shown = _shown(build)
    for notice in build.notices:
        place = (notice.page, notice.source)
        if notice.level == "warning" and notice.page and place not in shown:
            made.left[place] = notice.text
    return made


def verify(
    made: Ejection, build: SiteGroup, look: Callable[[Mapping[str, str]], SiteGroup]
) -> None:
    """Hold the drafts against what the host makes of them: `look` builds the site with them.

    A page on which a directive is still there, or another one is not as it was, is left alone.
    """
    before = _shown(build)
    while texts := made.drafts.changed():
        after = _shown(look(texts))
        gone = Counter({place: before[place] for place in made.moved})
        wrong = {page for page, _ in (before - gone - after) + (after - (before - gone))}
        if not wrong:
            return
        drafted = {page for page, _ in made.moved}
        for page in wrong & drafted or drafted:
            made.leave(page, "something else on the page would change with it; write it by hand")


def write(made: Ejection, build: SiteGroup) -> Diagnostic | None:
    """Write the files, and then the pages. Raises `OSError`."""
    docs = _docs(build)
    for name, record in made.files.items():
        try:
            data = build.store.read(record)
        except DiagnosticError as error:
            return error.diagnostics[0]
        if not (docs / name).exists():
            atomic_files.write(docs / name, data)
    for image in made.named:
        build.write_named_file(image)
        if not (docs / image.resolved.file).exists():
            fix = "look at its folder, and at the picture in stock"
            return Diagnostic(f"to write {image.resolved.file}", "no file", fix)
    return made.drafts.write()


def _stays(images: Sequence[SiteImage]) -> dict[SiteImage, str]:
    """Find the pictures that stay directives, and why: one that is not there, and what it needs."""
    stays = {image: why for image in images if (why := _why_not(image))}
    while True:
        kept = [image for image in images if image in stays]
        needed = {id for image in kept for id in dependencies.referenced_ids(image.request)}
        more = {
            image: f"#{image.resolved.directive.id} is needed by a picture that stays"
            for image in images
            if image not in stays and image.resolved.directive.id in needed
        }
        if not more:
            return stays
        stays |= more


def _why_not(image: SiteImage) -> str:
    if image.light is not None:
        return ""
    match image.lookup:
        case InStock() | Drifted() | UserFile():
            return ""
        case Fallback():
            return "an earlier picture stands in for it; run gemini-images draw first"
        case Missing(damage):
            return damage or "it is not in stock; run gemini-images draw first"
        case _:
            assert_never(image.lookup)


def _file(build: SiteGroup, image: SiteImage, folder: str, made: Ejection) -> str | Diagnostic:
    """Find the file in the docs folder that is to show a picture, and see to it being there."""
    record = image.record
    if record is not None:
        try:
            build.store.read(record)
        except DiagnosticError as error:
            return error.diagnostics[0]
    if image.resolved.file:
        if record is not None:
            made.named.append(image)
            made.new += (
                [] if (_docs(build) / image.resolved.file).exists() else [image.resolved.file]
            )
        return image.resolved.file
    if record is None:
        return Diagnostic("a picture in stock", "none", "run gemini-images draw first")
    stem = image.resolved.directive.id or PurePosixPath(image.uses[0].page).stem
    stem = f"{stem}-dark" if image.light is not None else stem
    name = posixpath.normpath(f"{folder}/{stem}-{record.key[:12]}{record.picture.suffix}")
    target, docs = _docs(build) / name, _docs(build).resolve()
    if (wrong := named_files.outside(name)) is not None:
        return wrong
    if not target.resolve().is_relative_to(docs):
        return Diagnostic(
            "a folder in the docs folder", f"{folder}, which leads out", "name another"
        )
    if not made.publishes(name):
        excluded = f"{folder}, which exclude_docs leaves out"
        return Diagnostic("a folder that is on the site", excluded, "name another with -o")
    if not target.exists():
        made.files[name] = record
        made.new.append(name)
    elif sha256(target.read_bytes()).hexdigest() != record.sha256:
        return Diagnostic(f"no other file as {name}", "one that is there", "move it away")
    return name


def _dark(
    build: SiteGroup,
    image: SiteImage,
    twin: SiteImage,
    folder: str,
    made: Ejection,
    *,
    fragments: bool,
) -> str:
    """Find the file for dark pages, where the theme tells the two apart and there is one."""
    if twin.record is None:
        return ""
    name = _file(build, twin, folder, made) if fragments else ""
    if name and isinstance(name, str):
        return name
    for use in image.uses:
        made.lost.append(((use.page, use.directive.source), "its picture for dark pages"))
    return ""


def _beyond_the_text(use: Use, file: str, *, braces: bool) -> Diagnostic | None:
    """Say what to write where a picture is described in front matter or in `mkdocs.yml`."""
    directive = use.directive
    if directive.source == page_image.SOURCE:
        src = quote(posixpath.relpath(file, posixpath.dirname(use.page) or "."))
        image = markdown_image.line(directive, Target(src), braces=braces)
        fix = f"write {image} below the heading, and take {page_image.SOURCE} out"
        return Diagnostic("a picture of the text", "one of the front matter", fix)
    if use.name:
        image = f"""<img src="{{{{ '{quote(file)}'|url }}}}" alt="{escape(directive.alt or "")}">"""
        fix = f'put {image} in place of {{{{ gemini_image("{use.name}") }}}} in your templates'
        return Diagnostic("a picture of the text", f"one of {use.page}", fix)
    return None


def _draft(made: Ejection, use: Use, file: str, dark: str, *, braces: bool) -> None:
    """Draft the page of one place."""
    place = (use.page, use.directive.source)
    here = posixpath.dirname(use.page) or "."
    src, other = (quote(posixpath.relpath(name, here)) if name else "" for name in (file, dark))
    target = Target(src, other)
    fix = f"write {markdown_image.line(use.directive, target, braces=braces)} where it is made"
    text = made.drafts.text(use.page, fix)
    if not isinstance(text, Diagnostic):
        new = markdown_image.with_image(text, use.directive, target, braces=braces)
        if isinstance(new, str):
            made.drafts.put(use.page, new)
            made.moved[place] = file
            if not braces and (looks := markdown_image.attributes(use.directive)):
                made.lost.append((place, f"{', '.join(looks)}, without attr_list"))
            return
        text = new
    made.left[place] = str(text)


def _shown(build: SiteGroup) -> Counter[Place]:
    return Counter(
        (use.page, use.directive.source) for image in build.gathered_images() for use in image.uses
    )


def _docs(build: SiteGroup) -> Path:
    return build.settings.root / build.settings.docs
