"""Replaces a site's directives with ordinary Markdown images.

In: a build of the site that has collected all images. Out: an `Ejection`, which lists the files and
pages that would be written and the directives that stay. `write_ejection` writes them. Before that,
`verify_ejection` builds the site with the new pages: a page on which anything else would change is
not edited.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from typing import assert_never
from urllib.parse import quote

from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, counted
from mkdocs_gemini_images.directives import page_image
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.sources.directive_choice import find_alike
from mkdocs_gemini_images.sources.editing import markdown_image
from mkdocs_gemini_images.sources.editing.markdown_image import Target
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.ejected_files import EjectedFiles
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile

SourcePlace = tuple[str, str]
"""A page, and the text of a directive on it."""


@dataclass(slots=True)
class Ejection:
    """The files and pages that an ejection writes, and the directives that stay."""

    edits: PageEdits
    files: EjectedFiles
    braces: bool
    """Whether the site's Markdown reads attribute lists."""
    targets: dict[Use, Target] = field(default_factory=dict)
    """The addresses of the pictures that take the places of directives."""
    replaced: dict[SourcePlace, str] = field(default_factory=dict)
    """Directives that become images, each with the path of its file in the docs folder."""
    left: dict[SourcePlace, str] = field(default_factory=dict)
    """Directives that stay, each with the reason."""
    lost: list[tuple[SourcePlace, str]] = field(default_factory=list)
    """What an ordinary Markdown image cannot express, by directive."""

    def leave_page(self, page: str, reason: str) -> None:
        """Discard the changes of a page, so that all its directives stay."""
        self.edits.withdraw(page)
        self.targets = {use: target for use, target in self.targets.items() if use.page != page}
        for place in [place for place in self.replaced if place[0] == page]:
            self.left[place] = reason
            del self.replaced[place]

    def times(self, use: Use) -> int:
        """Return how many times the directive of a use is written in its page."""
        text = self.edits.original(use.page)
        return len(find_alike(text, use.directive, braces=self.braces))

    def rewrite_pages(self, examples: Mapping[Use, Set[int]]) -> None:
        """Make the edits of all pages anew, without those of the places that are examples.

        `examples` has the numbers of these places, among those where a directive is written.
        """
        for page in {use.page for use in self.targets}:
            self.edits.withdraw(page)
        for use, target in self.targets.items():
            text = self.edits.text(use.page, "")
            kept = examples.get(use, frozenset())
            new = markdown_image.with_image(
                text, use.directive, target, braces=self.braces, examples=kept
            )
            self.edits.put(use.page, new)

    def actions(self, locate: Callable[[SourcePlace], str], docs: str) -> list[tuple[str, str]]:
        """Return each action and what it applies to; `locate` returns a place as page and line.

        `docs` is the docs folder, as the configuration names it.
        """
        listed = [("write", f"{docs}/{path}") for path in sorted(self.files.new)]
        groups = (
            ("edit", ((place, f"shows {docs}/{path}") for place, path in self.replaced.items())),
            ("lose", (each for each in self.lost if each[0] in self.replaced)),
            ("leave", self.left.items()),
        )
        for action, group in groups:
            by_page = sorted(group, key=lambda each: each[0][0])
            listed += [(action, f"{locate(place)}: {text}") for place, text in by_page]
        return listed

    def summary(self, *, written: bool) -> str:
        """Return one line with the number of files, of images in pages, and of directives left."""
        left = len(self.left)
        pictures = counted(len(self.files.new), "picture")
        places = counted(len(self.replaced), "directive")
        if written:
            return f"wrote {pictures}, replaced {places}, left {left}"
        return f"{pictures} to write, {places} to replace, {left} to leave; --write does it"


def prepare_ejection(build: SiteGroup, ejection: Ejection, *, fragments: bool) -> None:
    """Plan the files, and edit the pages in memory. Raises `OSError`.

    `fragments` is whether the theme shows different files on light and dark pages.
    """
    images = build.gathered_images()
    reasons = _reasons_to_stay(images)
    dark_twins = {image.light: image for image in images if image.light is not None}
    for image in images:
        if image.light is not None:
            continue
        path, reason = "", reasons.get(image, "")
        if not reason:
            try:
                path = ejection.files.path_of(image)
            except DiagnosticError as error:
                reason = str(error)
        twin = dark_twins.get(image)
        dark = ""
        if path and twin is not None:
            dark = _dark_path(ejection, image, twin, fragments=fragments)
        for use in dict.fromkeys(image.uses):
            if reason:
                ejection.left[use.page, use.directive.source] = reason
                continue
            _replace_directive(ejection, use, path, dark)
            place = (use.page, use.directive.source)
            if image.shown.sources or image.shown.searches:
                ejection.lost.append((place, "the sources below it"))
            if use.directive.crop is not None:
                ejection.lost.append((place, "its crop: the file is the whole picture"))
    shown = _shown_directives(build)
    for notice in build.notices:
        place = (notice.page, notice.source)
        if notice.level == "warning" and notice.page and place not in shown:
            ejection.left[place] = notice.text


def verify_ejection(
    ejection: Ejection, build: SiteGroup, rebuild: Callable[[Mapping[str, str]], SiteGroup]
) -> None:
    """Discard the changes of each page on which the replaced directives are not all that changes.

    `rebuild` builds the site with the new texts of pages.
    """
    _leave_examples(ejection, rebuild)
    before = _shown_directives(build)
    while texts := ejection.edits.changed():
        after = _shown_directives(rebuild(texts))
        gone = Counter({place: before[place] for place in ejection.replaced})
        changed = {page for page, _ in (before - gone - after) + (after - (before - gone))}
        if not changed:
            return
        edited = {page for page, _ in ejection.replaced}
        reason = "something else on the page would change with it; write it by hand"
        for page in changed & edited or edited:
            ejection.leave_page(page, reason)


def _leave_examples(ejection: Ejection, rebuild: Callable[[Mapping[str, str]], SiteGroup]) -> None:
    """Keep those of equal directives on a page that the page shows as examples.

    Each build replaces all of them but one: the page shows a directive only if that one is live.
    """
    repeated = {use: count for use in ejection.targets if (count := ejection.times(use)) > 1}
    examples: dict[Use, set[int]] = {use: set() for use in repeated}
    for number in range(max(repeated.values(), default=0)):
        tried = [use for use, count in repeated.items() if number < count]
        ejection.rewrite_pages({use: {number} for use in tried})
        images = rebuild(ejection.edits.changed()).gathered_images()
        shown = {use for image in images for use in image.uses}
        for use in tried:
            if use not in shown:
                examples[use].add(number)
    if repeated:
        ejection.rewrite_pages(examples)


def write_ejection(ejection: Ejection) -> None:
    """Write the files, and then the pages. Raises `DiagnosticError` and `OSError`."""
    ejection.files.write()
    ejection.edits.write()


def _reasons_to_stay(images: Sequence[SiteImage]) -> dict[SiteImage, str]:
    """Return the images whose directives stay: those that are not in stock, and what they need."""
    reasons = {image: reason for image in images if (reason := _reason_to_stay(image))}
    while True:
        needed = {id for image in reasons for id in dependencies.referenced_ids(image.request)}
        more = {
            image: f"#{image.resolved.directive.id} is needed by a picture that stays"
            for image in images
            if image not in reasons and image.resolved.directive.id in needed
        }
        if not more:
            return reasons
        reasons |= more


def _reason_to_stay(image: SiteImage) -> str:
    if image.light is not None:
        return ""
    match image.lookup:
        case InStock() | Drifted() | UserFile():
            return ""
        case Fallback():
            return "an earlier picture is shown in its place; run gemini-images draw first"
        case Missing(damage):
            return damage or "it is not in stock; run gemini-images draw first"
        case _:
            assert_never(image.lookup)


def _dark_path(ejection: Ejection, image: SiteImage, twin: SiteImage, *, fragments: bool) -> str:
    """Return the path of the file for dark pages, or an empty text where pages show none."""
    if twin.record is None:
        return ""
    if fragments:
        try:
            return ejection.files.path_of(twin)
        except DiagnosticError:
            pass
    for use in image.uses:
        ejection.lost.append(((use.page, use.directive.source), "its picture for dark pages"))
    return ""


def _replace_directive(ejection: Ejection, use: Use, path: str, dark: str) -> None:
    """Replace one directive in the edited text of its page, or leave it with the reason."""
    place = (use.page, use.directive.source)
    page_folder = posixpath.dirname(use.page) or "."
    src, dark_src = (
        quote(posixpath.relpath(each, page_folder)) if each else "" for each in (path, dark)
    )
    target = Target(src, dark_src)
    try:
        _require_directive_in_text(use, path, braces=ejection.braces)
        line = markdown_image.line(use.directive, target, braces=ejection.braces)
        text = ejection.edits.text(use.page, f"write {line} where it is made")
        new = markdown_image.with_image(text, use.directive, target, braces=ejection.braces)
    except DiagnosticError as error:
        ejection.left[place] = str(error)
        return
    ejection.edits.put(use.page, new)
    ejection.targets[use] = target
    ejection.replaced[place] = path
    if not ejection.braces and (attributes := markdown_image.attributes(use.directive)):
        ejection.lost.append((place, f"{', '.join(attributes)}, without attr_list"))


def _require_directive_in_text(use: Use, path: str, *, braces: bool) -> None:
    """Raise `DiagnosticError` for an image described in front matter or in `mkdocs.yml`.

    The diagnostic has the text that the author writes in its place.
    """
    directive = use.directive
    if directive.source == page_image.PAGE_IMAGE_SOURCE:
        src = quote(posixpath.relpath(path, posixpath.dirname(use.page) or "."))
        image = markdown_image.line(directive, Target(src), braces=braces)
        fix = f"write {image} below the heading, and take {page_image.PAGE_IMAGE_SOURCE} out"
        raise DiagnosticError(Diagnostic.sentence("the picture is in the front matter", fix))
    if use.name:
        image = f"""<img src="{{{{ '{quote(path)}'|url }}}}" alt="{escape(directive.alt or "")}">"""
        fix = f'put {image} in place of {{{{ gemini_image("{use.name}") }}}} in your templates'
        raise DiagnosticError(Diagnostic.sentence(f"the picture is in {use.page}", fix))


def _shown_directives(build: SiteGroup) -> Counter[SourcePlace]:
    return Counter(
        (use.page, use.directive.source) for image in build.gathered_images() for use in image.uses
    )
