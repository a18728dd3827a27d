"""The images of one finished build, which the live preview serves until the next build ends.

In: a finished build. Out: for each image its takes, its keys and the plan to draw it, held against
what the session has spent. Effects: it draws images for at most an agreed amount, and publishes
images that the store has received since the build.
Knows no host and no HTTP.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.build.build_tools import Images
from mkdocs_gemini_images.build.collecting.image_ids import BlockingReferences
from mkdocs_gemini_images.build.messages import money_notices
from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.showing.presentation import present, publish_job
from mkdocs_gemini_images.build.showing.publishing import publish
from mkdocs_gemini_images.build.showing.shapes import in_shape
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage
from mkdocs_gemini_images.config.limits import MAX_TAKES
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.generation.progress import Progress
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker
from mkdocs_gemini_images.imaging import reference_files, variants
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.requests.planning import Plan, plan_requests
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage, another_take
from mkdocs_gemini_images.store import pair_names
from mkdocs_gemini_images.store.lookup import InStock, UserFile, is_stocked
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


class PreviewSnapshot:
    """The images of a finished build, by their handles."""

    def __init__(self, build: SiteBuild) -> None:
        self._build = build
        self._tools = build.tools
        self._settings = build.settings
        self._ids = build.finished.ids
        self._keys: dict[tuple[ImageKey, int], str | None] = {}
        self.tracker = build.tracker
        """The account of the session."""
        self.limits = build.settings.limits
        """The limits of the session, which a later build may change."""
        self._current: Images = dict(build.finished.images)
        self._keys_by_handle = {image.handle: key for key, image in self._current.items()}
        self._dark_twins = {
            image.light.key: key for key, image in self._current.items() if image.light is not None
        }

    @property
    def free(self) -> bool:
        """Whether the in-process emulator draws, which costs nothing."""
        return self.limits.free

    @property
    def images(self) -> dict[str, SiteImage]:
        """The current state of all images, by handle."""
        return {handle: self._current[key] for handle, key in self._keys_by_handle.items()}

    @property
    def settings(self) -> Settings:
        """The settings of the build."""
        return self._settings

    @property
    def store(self) -> Store:
        """The store of the build."""
        return self._build.store

    @property
    def asking_refusal(self) -> str:
        """Why nothing may be asked of a server, or an empty text."""
        return BuildMode(DrawCommand(lambda _: True), serving=True).refusal_reason(self._settings)

    def in_shape(self, image: SiteImage, crop: Crop) -> RenderedImage:
        """Return what pages show of an image as a cut."""
        return in_shape(image, crop, self._settings, serving=True)

    def image(self, handle: str) -> SiteImage:
        """Return the current state of one image. Raises `KeyError`."""
        return self._current[self._keys_by_handle[handle]]

    @property
    def folder(self) -> Path:
        """The folder of the store, in which new images appear."""
        return self._build.store.folder

    def sidecar_names(self) -> frozenset[str]:
        """Return the names of the sidecars in that folder, which may hold any other files."""
        found = pair_names.entries(self.folder, pair_names.SHORT)
        return frozenset(stem for stem, kind in found if kind == pair_names.SIDECAR)

    def refusal_reason(self, image: SiteImage) -> str:
        """Return why an image cannot be drawn at any price, or an empty text."""
        if image.damage:
            return image.damage
        if isinstance(image.lookup, UserFile):
            return f"{image.resolved.file} is your own file"
        on_drift = self._build.mode.on_drift(self._settings)
        return self.asking_refusal or BlockingReferences(self._current, self._ids, on_drift).reason(
            image
        )

    def to_draw(self, image: SiteImage, take: int = 0) -> ResolvedImage:
        """Return what is drawn: an image with its dark twin, or only another take of the image."""
        return another_take(image.resolved, take) if take else image.resolved

    def takes(self, image: SiteImage) -> list[int]:
        """Return the takes of an image that are in the store; a dark twin has no takes."""
        if image.light is not None or isinstance(image.lookup, UserFile):
            return []
        return [take for take in self.numbers(image) if self._find(image, take) is not None]

    def numbers(self, image: SiteImage) -> list[int]:
        """Return the numbers that takes of an image can have."""
        return sorted({*range(1, MAX_TAKES + 1), image.request.take})

    def twin(self, image: SiteImage) -> SiteImage | None:
        """Return the image's twin for dark pages, or None."""
        dark = self._dark_twins.get(image.key)
        return None if dark is None else self._current[dark]

    def key(self, image: SiteImage, take: int = 0) -> str | None:
        """Return the key of an image, or of another take; None where a reference has no key."""
        cached = (image.key, take)
        if cached not in self._keys:
            request = image.request._replace(take=take) if take else image.request
            self._keys[cached] = self._ids.key(request)
        return self._keys[cached]

    def plan(self, resolved: ResolvedImage) -> Plan:
        """Return the requests of a drawing, with a refusal where the session may not buy them.

        The plan is empty where the image refers to an id without a key.
        """
        try:
            return plan_requests(
                [resolved],
                self._ids.keys,
                self._ids.directives,
                lambda key: is_stocked(self._build.store, key),
                lambda key: False,
                self.tracker.applied_to(self.limits),
            )
        except KeyError:
            return Plan()

    def draw(
        self,
        resolved: Iterable[ResolvedImage],
        agreed: Amount,
        tracker: SpendTracker,
        progress: Progress,
        on_record: Callable[[Record], None],
        log: Callable[[str], None],
    ) -> GenerationResult:
        """Draw images, repetitions included, for at most an agreed amount; `tracker` counts it.

        What was or may have been billed without a picture is logged.
        The plan is made when the generator has the lock: if it needs more, nothing is drawn.
        """
        # `counted`: the author has agreed to the number of requests, whatever their price.
        limits = self.limits._replace(max_new=agreed.requests, budget=agreed.usd, counted=True)
        generator = Generator(
            self._settings._replace(limits=limits),
            self._build.store,
            progress=progress,
            tracker=tracker,
            load=lambda part: reference_files.load(part, self._settings.root),
            command=DrawCommand(lambda plan: not plan.refusal, asks_again=True),
        )
        generated = generator.generate(
            resolved, keys=self._ids.keys, named=self._ids.directives, on_record=on_record
        )
        told = list(money_notices.of_press(generated))
        for notice in told:
            log(notice.text)
        # The reasons of what was not drawn were logged as they came.
        reasons = [Notice("info", reason) for reason in generated.reasons.values()]
        money_notices.mark_as_told(generator, told + reasons)
        return generated

    def look_again(self) -> None:
        """Publish the images that are new in the store. Raises `OSError` where it cannot."""
        current: Images = {}
        changed: Images = {}
        for image in self._current.values():
            light = None if image.light is None else current[image.light.key]
            later = self._look_up_again(image, light)
            current[image.key] = later
            if later is not image:
                changed[image.key] = later
        # The host may be emptying the site's folder: then its next build publishes the images.
        with suppress(FileNotFoundError):
            changed = publish(changed, self._tools)
        self._current = current | changed

    def stop_publishing(self) -> None:
        """Write nothing more into the site."""
        self._tools.publisher.stop()

    def sample(self, image: SiteImage, take: int) -> bytes:
        """Return the file of a take that a page shows first.

        Raises `DiagnosticError` where the take is not in stock or its image cannot be read.
        """
        record = self._find(image, take)
        if record is None:
            said = f"take {take} is not in stock"
            raise DiagnosticError(Diagnostic.sentence(said, "draw it first"))
        resolved = another_take(image.resolved, take)
        other = SiteImage(resolved, resolved.light, InStock(record))
        job = publish_job(present(other, self._settings, serving=True), self._settings, record)
        first = variants.shown_first([file for _, file in job.files])
        uri = next(uri for uri, file in job.files if file == first)
        return self._tools.publisher.made(job, uri)

    def _look_up_again(self, image: SiteImage, light: SiteImage | None) -> SiteImage:
        """Return the same object, or a new one where the store has the image now."""
        record = None if isinstance(image.lookup, InStock | UserFile) else self._find(image)
        if record is not None:
            if image.resolved.file and image.record is not None:
                # The site has an earlier image under this name.
                self._tools.publisher.withdraw(image.resolved.file)
            later = image._replace(lookup=InStock(record), light=light)
        elif light is image.light:
            return image
        else:
            # A dark twin that is missing shows the files of its light image.
            later = image._replace(light=light)
        return present(later, self._settings, serving=True)

    def _find(self, image: SiteImage, take: int = 0) -> Record | None:
        key = self.key(image, take)
        try:
            return None if key is None else self._build.store.find(key)
        except DiagnosticError:
            return None
