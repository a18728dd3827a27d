"""The one line that sums a build up: what came from where, for how much, and what to commit."""

from collections.abc import Sequence

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.store.lookup import Drifted, InStock, Missing


def closing_line(
    images: list[SiteImage],
    generated: GenerationResult,
    settings: Settings,
    *,
    seconds: float,
    files: Sequence[str] = (),
) -> str:
    """Return one line that sums up a build; `files` are named files written into the docs."""
    drawn = len(generated.records)
    new = {record.key for record in generated.new_records()}
    in_stock = sum(
        isinstance(image.lookup, InStock) and image.lookup.record.key not in new for image in images
    )
    drifted = sum(isinstance(image.lookup, Drifted) for image in images)
    in_batch = sum(bool(image.in_batch) for image in images)
    missing = sum(isinstance(each.lookup, Missing) and not each.in_batch for each in images)
    parts = [counted(len(images), "picture")]
    if in_stock:
        source = "the emulator's cache" if settings.server.emulated else "stock"
        parts.append(f"{in_stock} from {source}")
    if drifted:
        parts.append(f"{drifted} drifted")
    if generated.recovered:
        parts.append(f"{len(generated.recovered)} that had arrived earlier")
    if drawn:
        cost = "" if settings.limits.free else f" for {_against_quote(generated)}"
        parts.append(f"{drawn} drawn in {seconds:.1f} s{cost}")
    elif generated.spent:
        parts.append(f"about ${generated.spent:.2f} spent without a picture")
    if generated.collected:
        billed = sum(record.price or 0.0 for record in generated.collected)
        parts.append(f"{len(generated.collected)} collected from batch jobs for ${billed:.2f}")
    if in_batch:
        parts.append(f"{in_batch} being drawn in batch")
    if missing:
        parts.append(f"{missing} not drawn")
    line = ", ".join(parts)
    count = 2 * len(new) + len(files)  # a pair for each picture, a note for each named file
    if count and not settings.server.emulated:
        stored = [] if settings.bucket else [f"{counted(count, 'file')} in {_folder(settings)}/"]
        if changed := ", ".join([*stored, *(f"{settings.docs}/{file}" for file in files)]):
            line += f" (commit {changed})"
    return line


def _against_quote(generated: GenerationResult) -> str:
    """Return what was spent, and what was quoted for the pictures where that differs by a cent."""
    spent = f"${generated.spent:.2f}"
    quotes = [record.quoted.get("expected") for record in generated.records.values()]
    quoted = f"${sum(each or 0.0 for each in quotes):.2f}"
    return spent if None in quotes or spent == quoted else f"{spent} (quoted {quoted})"


def _folder(settings: Settings) -> str:
    """Return the path of the stock, relative to the configuration where it is below its folder."""
    if settings.stock.is_relative_to(settings.root):
        return settings.stock.relative_to(settings.root).as_posix()
    return str(settings.stock)
