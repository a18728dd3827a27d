"""What people do to the stock by hand: adopt a picture, accept one that drifted, prune orphans.

In come a build that has looked at the site and the stock it looked into; out come records, or
complaints. The rules are the drawing's own: one key, one picture, for ever; a picture's bytes prove
what it is; and what git does not have is not deleted. Nothing is ever sent from here.
"""

import base64
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, did_you_mean, quoted
from mkdocs_gemini_images.core.image_format import ImageError, identify
from mkdocs_gemini_images.store.lookup import Drifted, UserFile
from mkdocs_gemini_images.store.record import Record, now
from mkdocs_gemini_images.store.store import Store


def find(images: Iterable[SiteImage], name: str) -> SiteImage | Diagnostic:
    """Find the one picture that `name` stands for: its id, its named file, or its only page."""
    listed = [image for image in images if image.light is None]
    by_name = [
        image for image in listed
        if name and name in image.names - {use.page for use in image.uses}
    ]  # fmt: skip
    by_page = [image for image in listed if name and name in image.names]
    found = by_name or by_page
    if len(found) == 1:
        return found[0]
    if found:
        names = sorted({image.resolved.display_name for image in by_name} - {name})
        fix = f"write {' or '.join(names)}" if names else "give it an id and name that"
        return Diagnostic("a name of one picture", f"{name}, which has {len(found)}", fix)
    known = sorted({image.address for image in listed})
    fix = did_you_mean(name, known) if known else "no page has a picture"
    return Diagnostic("an id, a named file or a page", quoted(name), fix)


def with_twin(images: Iterable[SiteImage], image: SiteImage) -> list[SiteImage]:
    """Give what has drifted of a picture and its twin for dark pages, or the picture itself."""
    both = [each for each in images if each is image or each.light is image]
    return [each for each in both if isinstance(each.lookup, Drifted)] or [image]


def lacking_take(image: SiteImage, take: int, key: str, stock: Store) -> Diagnostic | None:
    """Say why a take of a picture cannot be shown; `key` is that take's."""
    directive, name = image.resolved.directive, image.address
    if isinstance(image.lookup, UserFile):
        return Diagnostic("a drawn picture", f"{name}, your own file", "move it away")
    try:
        found = stock.find(key)
    except DiagnosticError as error:
        return error.diagnostics[0]
    # A take that drifted with its picture is shown as well, and found by its words.
    if (
        found is not None
        or stock.find_by_author_digest(replace(directive, take=take).author_digest) is not None
    ):
        return None
    return Diagnostic(
        f"take {take} in stock", "none", f"gemini-images draw {name} --takes {take} draws it"
    )


def adopt(
    image: SiteImage, key: str, request: dict[str, object], data: bytes, stock: Store
) -> Record | Diagnostic:
    """Take a picture that was drawn by hand or elsewhere into stock, for one directive.

    Raises `OSError`.
    """
    from mkdocs_gemini_images.imaging.encoder import backdrop

    in_stock = Diagnostic(
        "a picture that is not in stock",
        "one that is",
        "one key is one picture for ever; write another take: in the directive, and adopt it",
    )
    # What is held may be another's: a named file of the author's own hides what is in stock.
    try:
        if stock.find(key) is not None:
            return in_stock
    except DiagnosticError as error:
        return error.diagnostics[0]
    try:
        proven = identify(data)
        tiny = backdrop(data)
    except ImageError as error:
        return Diagnostic("a whole PNG, JPEG or WebP", str(error), "export it again")
    record = Record(
        key=key,
        sha256=sha256(data).hexdigest(),
        kind=proven.kind,
        width=proven.width,
        height=proven.height,
        backdrop=base64.b64encode(tiny).decode(),
        author_digest=image.author_digest,
        request=request,
        id=image.resolved.name,
        price=0.0,
        time=now(),
        origin="adopted",
        alt=(image.resolved.directive.alt or "") if image.resolved.name else "",
    )
    first = stock.put(record, data)
    return record if first is None or first.sha256 == record.sha256 else in_stock


def accept(
    image: SiteImage, key: str, request: dict[str, object], stock: Store
) -> Record | Diagnostic:
    """Keep a picture that drifted as the picture of today's request. Raises `OSError`."""
    if not isinstance(image.lookup, Drifted):
        return Diagnostic("a picture that has drifted", "one that has not", "nothing is to be done")
    old = image.lookup.record
    try:
        data = stock.read(old)
    except DiagnosticError as error:
        return error.diagnostics[0]
    # The model's turn belongs to the old request: a conversation is not continued from it.
    record = replace(
        old, key=key, request=request, price=0.0, turn=(), time=now(), origin=f"accepted {old.key}"
    )
    stock.put(record, data)
    return record


def prune(
    orphans: Iterable[Record], stock: Store, *, force: bool, in_git: Callable[[Path], bool]
) -> tuple[list[Record], list[Record]]:
    """Delete pictures that no page shows; give those deleted, and those kept for git's sake.

    Raises `OSError`.
    """
    deleted, kept = [], []
    for record in orphans:
        files = (stock.path(record), stock.folder / f"{record.key}.json")
        if not force and not all(in_git(file) for file in files):
            kept.append(record)
            continue
        for file in files:
            file.unlink(missing_ok=True)
        deleted.append(record)
    return deleted, kept


def is_in_git(file: Path) -> bool:
    """Whether the last commit has a file exactly as it is: then deleting it loses nothing.

    By its content: what `git status` lists is a matter of settings, and of marks on single files.
    """
    committed = _git(file, "rev-parse", "--verify", "--quiet", f"HEAD:./{file.name}")
    return bool(committed) and committed == _git(file, "hash-object", "--", file.name)


def _git(file: Path, *arguments: str) -> str:
    """Ask git something in a file's folder; empty where it has no answer."""
    command = ["git", "-C", str(file.parent), *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
