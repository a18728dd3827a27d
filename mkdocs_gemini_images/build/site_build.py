"""One build of a site: it collects images while pages render, and finishes them at the barrier.

A host opens it at the first directive, hands it each directive, and finishes it when all pages are
rendered. It keeps the messages of the build. Knows no host.
"""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.build.build_tools import BuildTools
from mkdocs_gemini_images.build.collecting.collection import Collection
from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.collecting.resolving import broken_alt_rules
from mkdocs_gemini_images.build.finish import (
    FinishedBuild,
    finish,
    images_to_draw,
    resolve_images,
    takes_of_finished,
)
from mkdocs_gemini_images.build.messages import alt_notices, money_notices, notices
from mkdocs_gemini_images.build.messages.closing_line import closing_line
from mkdocs_gemini_images.build.messages.notices import Level, Notice, NoticeKind
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.named_files import write_named_file
from mkdocs_gemini_images.build.showing.presentation import crop_file
from mkdocs_gemini_images.build.showing.publishing import with_focal_point
from mkdocs_gemini_images.build.showing.shapes import in_shapes
from mkdocs_gemini_images.build.site_image import SiteImage, ThemePair, Use
from mkdocs_gemini_images.config.cache_folder import with_trusted_cache
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.imaging import metadata, reference_files
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.metadata import Origin
from mkdocs_gemini_images.imaging.publisher import Publisher, before
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.store.lookup import Fallback, Missing
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.generation.progress import Progress
    from mkdocs_gemini_images.generation.tracker import SpendTracker
    from mkdocs_gemini_images.requests.planning import Plan


class SiteBuild:
    """One build of a site, or of one language of it.

    `site` is the folder that is built; the builds of one site's languages have one `shared`.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        site: Path,
        mode: BuildMode | None = None,
        *,
        progress: "Progress",
        tracker: "SpendTracker",
        shared: SharedByLanguages | None = None,
    ) -> None:
        self.settings = settings = with_trusted_cache(settings)
        self.store, self.tracker = store, tracker
        mode = mode or BuildMode()
        self.notices: list[Notice] = []
        if settings.cache_refusal is not None:
            self.say("warning", str(settings.cache_refusal), kind="flaw")
        self.written: list[str] = []
        """The named files that were written into the docs folder."""
        self._cache = VariantCache(settings.cache / "variants", lambda text: self.say("info", text))
        links = HardlinkCache(settings.cache / "ready")
        generator = Generator(
            settings, store, progress=progress, tracker=tracker, command=mode.draw_command,
            load=lambda part: reference_files.load(part, settings.root),
        )  # fmt: skip
        publisher = Publisher(site, settings.encoding, store, self._cache, links)
        self.tools = BuildTools(settings, store, publisher, generator, mode)
        if not mode.dry:
            generator.recover(may_draw=not self.tools.refusal)
        self._collection = Collection(settings, store, mode, shared or SharedByLanguages())
        self.mistakes = self._collection.mistakes
        self._finished: FinishedBuild | None = None

    @property
    def mode(self) -> BuildMode:
        """What the build may do, and for which command."""
        return self.tools.mode

    def say(self, level: Level, text: str, kind: NoticeKind = "broken") -> None:
        """Keep a message until all messages are logged together."""
        self.notices.append(Notice(level, text, kind=kind))

    def report(
        self, diagnostic: Diagnostic, page: str, source: str, kind: NoticeKind = "broken"
    ) -> None:
        """Keep the warning about a mistake of the directive written as `source`."""
        self.notices.append(Notice.of(diagnostic, page, source, kind))

    def collect(
        self, directive: Directive, use: Use, language: str = "", *,
        base: str | None = None, with_card: bool = False,
    ) -> ThemePair:  # fmt: skip
        """Return the images of a directive, as `Collection.add` does, or raise `DiagnosticError`.

        An image that is asked for after the barrier is published at once.
        """
        breaches = broken_alt_rules(directive, language, self.settings)
        if "error" in breaches.values():
            raise DiagnosticError(*self.mistakes(directive, use.page, language, base))
        try:
            pair = self._collection.add(directive, use, language, base=base, with_card=with_card)
        except DiagnosticError as error:
            for first, wrong in self._collection.misspelt():
                self.report(wrong, first.page, first.directive.source)
            raise DiagnosticError(*error.diagnostics, *breaches) from None
        for breach in breaches:
            self.report(breach, use.page, directive.source, "alt")
        if self._finished is not None:
            self._publish_late(pair, self._finished)
        return pair

    def refuse(self, reason: str) -> None:
        """Draw nothing in this build, for a reason that was found on a page."""
        mode = self.mode._replace(refusal=self.mode.refusal or reason)
        self.tools = self.tools._replace(mode=mode)

    def shown(self, pair: ThemePair) -> RenderedImage:
        """Return what pages show for a directive now."""
        light, *dark = (self._marked(image, pair) for image in pair.images)
        return light._replace(dark=dark[0]) if dark else light

    def presented(self, pair: ThemePair, directive: Directive) -> ThemePair:
        """Return images as another directive presents them, and publish the cuts that it shows."""
        pair = pair._replace(presentation=directive)
        self._collection.note_shapes(pair)
        if self._finished is not None:
            self._publish_late(pair, self._finished)
        return pair

    def current(self, image: SiteImage) -> SiteImage:
        """Return an image as it is now: as collected, or as it is since the barrier."""
        return image if self._finished is None else self._finished.images[image.key]

    def crop(self, image: SiteImage, crop: Crop) -> tuple[str, Variant] | None:
        """Return the path and content of a crop; None where there is no picture to cut."""
        image = self.current(image)
        if image.shown.placeholder:
            return None
        return crop_file(image, self.settings, crop, (image.shown.width, image.shown.height))

    def origin(self, image: SiteImage) -> Origin | None:
        """Return where an image's picture comes from, if that is known."""
        record = image.record
        return None if record is None else metadata.origin(record, *before(record, self.store))

    def ask_for(self, names: Set[str]) -> None:
        """Let a command that names images also ask for those with `names`."""
        self.tools = self.tools._replace(mode=self.mode.with_names(names))

    def plan(self) -> "Plan":
        """Return what `finish` would buy."""
        from mkdocs_gemini_images.requests.planning import Plan

        images, ids = resolve_images(self._collection, self.tools)
        wanted = images_to_draw(images, ids, self.tools)
        if not wanted:
            return Plan()
        return self.tools.generator.plan_only(wanted, keys=ids.keys, named=ids.directives)

    def finish(self, *, may_draw: bool = True) -> tuple[Correction, ...]:
        """Draw, publish and report; return what pages have to show instead of what was promised.

        Raises `KeyboardInterrupt`, and `OSError` where the site cannot be written. Whatever it
        raises, what had arrived by then is stored, and `notices` has what was spent.
        """
        try:
            self._finished = finish(
                self._collection, self.tools, may_draw=may_draw, on_drawn=self._keep_drawn
            )
        finally:
            self._report_drawn(self._finished)
        return self._finished.corrections

    def _keep_drawn(self, drawn: FinishedBuild) -> None:
        self._finished = drawn

    def tell(self, output: list[Notice]) -> None:
        """Note which notices were output, so that no later build tells the same bills."""
        money_notices.mark_as_told(self.tools.generator, output)

    @property
    def finished(self) -> FinishedBuild:
        """What became of the build. Raises `RuntimeError` before the barrier."""
        if self._finished is None:
            raise RuntimeError("the build is not finished")
        return self._finished

    @property
    def is_finished(self) -> bool:
        """Whether the build is past its barrier."""
        return self._finished is not None

    @property
    def has_images(self) -> bool:
        """Whether any page shows an image."""
        return bool(self._collection)

    @property
    def images(self) -> tuple[SiteImage, ...]:
        """The images that pages show, as they are now."""
        found = self._collection.images() if self._finished is None else self._finished.images
        return tuple(found.values())

    @property
    def missing(self) -> int:
        """How many of the images that were asked for show something else, or lack takes."""
        asked = (each for each in self.images if self.mode.asks_for(each) and not each.in_batch)
        absent = sum(isinstance(image.lookup, Missing | Fallback) for image in asked)
        takes = takes_of_finished(self.finished, self.tools)
        return absent + sum(len(each.lacking) for _, each in takes)

    def names(self) -> frozenset[str]:
        """Return all names by which a command line can address an image."""
        return frozenset[str]().union(*(image.names for image in self.images)) - {""}

    def check(self, damaged: Mapping[str, Diagnostic]) -> set[str]:
        """Report what is missing, and pictures that are `damaged`, by key.

        Return the keys of damaged pictures that pages show.
        """
        images, shown = dict(self.finished.images), set[str]()
        for name, image in images.items():
            if image.is_lost:  # reported as it was looked up
                shown.add(self.finished.ids.key(image.request) or "")
            if image.record is not None and (wrong := damaged.get(image.record.key)):
                shown.add(image.record.key)
                images[name] = image._replace(lookup=Missing(str(wrong)))
        self._finished = self.finished._replace(images=images)
        self._report(self._finished)
        return shown

    def write_named_file(self, image: SiteImage) -> bool:
        """Write the named file of one image. Raises `OSError`."""
        return write_named_file(image, self.settings, self.store, self.tools.publisher)

    def closing_line(self) -> str:
        """Return the line that sums the build up."""
        finished = self.finished
        return closing_line(
            list(self.images), finished.generated, self.settings,
            seconds=finished.seconds, files=self.written,
        )  # fmt: skip

    def close(self) -> None:
        """Close the cache. A build that is broken off writes nothing more into the site."""
        if self._finished is None:
            self.tools.publisher.stop()
        self._cache.close()

    def _marked(self, image: SiteImage, pair: ThemePair) -> RenderedImage:
        image, serving = self.current(image), self.mode.serving
        shown = image.shown
        if pair.presentation.crop is not None or shown.mark is not None:
            image = with_focal_point(image, self.tools, *pair.shapes.crops)
            shown = in_shapes(image, pair.shapes, self.settings, serving=serving)
        return shown._replace(handle=image.handle) if serving and not image.echo else shown

    def _publish_late(self, pair: ThemePair, finished: FinishedBuild) -> None:
        """Publish and report what a directive shows that was not known at the barrier."""
        from mkdocs_gemini_images.build.showing.late_images import publish_late

        self._finished, late = publish_late(pair, self._collection, finished, self.tools)
        missing = notices.level_of_missing(self.settings, serving=self.mode.serving)
        self.notices += notices.of_images(late.values(), missing=missing)

    def _report_drawn(self, finished: FinishedBuild | None) -> None:
        """Report what was drawn, or what was spent by a build that was broken off before."""
        if finished is None:
            self.notices += money_notices.of_broken_off(self.tools.generator.result)
            return
        if self.settings.alt_rules["older"] == "warn":
            self.notices += alt_notices.of_alts(finished, self.images, self.store)
        if not self.mode.dry:
            self._report(finished)

    def _report(self, finished: FinishedBuild) -> None:
        self.notices += notices.of_build(finished, self.tools)
        if finished.generated.unknown or finished.generated.waiting:
            self.notices += money_notices.of_bills(finished, list(self.notices))
