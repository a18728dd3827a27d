"""One picture at a time, between the builds of a live preview.

In comes what a finished build knows: its posts, keys and stock, and the press of its site. Out come
what a picture is and would cost, its drawing when somebody asks for it, and the posts that what has
come into stock since has changed, published already. Nothing is drawn without an agreed price, and
nothing here knows of pages, hosts or HTTP.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mkdocs_gemini_images.build.site_image import SiteImage, job, notes, present
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.generation.conversation import LoadFile
from mkdocs_gemini_images.generation.generator import (
    DrawCommand,
    GenerationResult,
    Generator,
    Progress,
    SpendTracker,
)
from mkdocs_gemini_images.imaging import variants
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.requests.plan import Plan, plan
from mkdocs_gemini_images.requests.request import ResolvedImage, another_take, key
from mkdocs_gemini_images.store.lookup import InStock, Missing, UserFile, is_stocked
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


class PreviewSnapshot:
    """The pictures of a finished build, by their handles."""

    def __init__(
        self,
        settings: Settings,
        stock: Store,
        publisher: Publisher,
        images: Iterable[SiteImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        load: LoadFile,
        refusal_reason: str,
        blocked: Callable[[SiteImage], str],
        most_takes: int,
    ) -> None:
        self.images = {image.handle: image for image in images}
        self.free = settings.limits.free
        self._settings = settings
        self._stock = stock
        self._publisher = publisher
        self._keys = keys
        self._named = named
        self._load = load
        self._why_not = refusal_reason
        self._blocked = blocked
        self._most = most_takes
        self._twins = {id(image.light): image for image in self.images.values() if image.light}
        self._known: dict[tuple[int, int], str | None] = {}

    @property
    def folder(self) -> Path:
        """The folder in which new pictures appear."""
        return self._stock.folder

    def refusal_reason(self, image: SiteImage) -> str:
        """Say why a picture cannot be drawn whatever it costs, or nothing."""
        if isinstance(image.held, Missing) and image.held.damage:
            return image.held.damage
        if isinstance(image.held, UserFile):
            return f"{image.resolved.file} is your own file"
        return self._why_not or self._blocked(image)

    def resolved(self, image: SiteImage, take: int = 0) -> ResolvedImage:
        """Give what is to be drawn for a post: with its twin, or another take alone."""
        return another_take(image.resolved, take) if take else image.resolved

    def takes(self, image: SiteImage) -> list[int]:
        """List the takes of a post's request that are in stock; a dark twin has none of its own."""
        if image.light is not None or isinstance(image.held, UserFile):
            return []
        return [take for take in self.numbers(image) if self._find(image, take) is not None]

    def numbers(self, image: SiteImage) -> list[int]:
        """List the numbers that its takes may have."""
        return sorted({*range(1, self._most + 1), image.step.take})

    def twin(self, image: SiteImage) -> SiteImage | None:
        """Give the post of its picture for dark pages."""
        return self._twins.get(id(image))

    def key(self, image: SiteImage, take: int = 0) -> str | None:
        """Give the key of a post's picture, or of another take; None where there is none."""
        known = (id(image), take)
        if known not in self._known:
            step = replace(image.step, take=take) if take else image.step
            try:
                self._known[known] = key(step, self._keys)
            except KeyError:
                self._known[known] = None
        return self._known[known]

    def plan(self, resolved: ResolvedImage) -> Plan:
        """Plan what drawing it would take: nothing where it refers to what nobody has."""
        try:
            return plan(
                [resolved],
                self._keys,
                self._named,
                lambda key: is_stocked(self._stock, key),
                lambda key: False,
                self._settings.limits,
            )
        except KeyError:
            return Plan()

    def draw(
        self,
        resolved: Iterable[ResolvedImage],
        agree: Callable[[Plan], bool],
        progress: Progress,
        on_record: Callable[[Record], None],
    ) -> GenerationResult:
        """Draw what is wanted, if the price is still agreed to when nobody else is buying."""
        # Whoever presses a button asks again, whatever was refused before: so `only` is not empty.
        order = DrawCommand(agree, frozenset({"preview"}))
        buyer = Generator(
            self._settings, self._stock, progress=progress, tracker=SpendTracker(), load=self._load,
            order=order,
        )  # fmt: skip
        return buyer.buy(resolved, keys=self._keys, named=self._named, on_record=on_record)

    def look_again(self) -> bool:
        """Publish what has come into stock since, and say whether anything has."""
        changed = []
        for image in self.images.values():
            found = None if isinstance(image.held, InStock | UserFile) else self._find(image)
            if found is not None:
                if image.resolved.file and image.record is not None:
                    self._publisher.withdraw(
                        image.resolved.file
                    )  # an earlier picture under this name
                image.held = InStock(found)
                changed.append(image)
        # A dark twin that is missing shows what its light picture shows.
        changed += [
            image
            for image in self.images.values()
            if image.light in changed and isinstance(image.held, Missing)
        ]
        for image in changed:
            self._present(image)
        for image in self._publish(changed):
            self._present(image)
        return bool(changed)

    def sample(self, image: SiteImage, take: int) -> bytes | Diagnostic:
        """Make one file of a take, of the size that a page shows."""
        record = self._find(image, take)
        if record is None:
            return Diagnostic(f"take {take} in stock", "none", "draw it first")
        resolved = another_take(image.resolved, take)
        other = SiteImage(resolved, resolved.step, held=InStock(record))
        present(other, self._settings, serving=True)
        made = job(other, self._settings, record)
        first = variants.shown_first([file for _, file in made.files])
        return self._publisher.made(made, next(uri for uri, file in made.files if file == first))

    def _find(self, image: SiteImage, take: int = 0) -> Record | None:
        key = self.key(image, take)
        try:
            return None if key is None else self._stock.find(key)
        except DiagnosticError:
            return None

    def _present(self, image: SiteImage) -> None:
        present(image, self._settings, serving=True)
        if image.shown.placeholder:
            drawing = placeholder.draw(image.step.pixels, notes(image, serving=True))
            self._publisher.write(image.shown.src, drawing.encode())

    def _publish(self, images: list[SiteImage]) -> list[SiteImage]:
        """Write the files of pictures; give the posts whose original turns out to be damaged."""
        # The site's folder may be emptied at this moment: the build that does so publishes again.
        with suppress(FileNotFoundError):
            for image in images:
                if image.record is not None:
                    self._publisher.start(job(image, self._settings, image.record))
            diagnostics = self._publisher.finish()
            damaged = [image for image in images if image.record and image.stem in diagnostics]
            for image in damaged:
                image.held = Missing(str(diagnostics[image.stem]))
            return damaged
        return []
