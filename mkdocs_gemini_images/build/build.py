"""The whole story of one build, without its host.

While pages render, each directive is shown what there is or what is promised, and nothing is paid.
Then comes one barrier: everything that is wanted is known, is made unique, is held against the
walls, and what is missing is drawn together; files are written into the site; pages are told what
came out differently. Then the messages, all together, and one closing line.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.build import named_files, notices, referenced_images
from mkdocs_gemini_images.build.notices import Level, Notice, NoticeKind
from mkdocs_gemini_images.build.resolve import author_digest, clash
from mkdocs_gemini_images.build.site_image import (
    SiteImage,
    ThemePair,
    Use,
    cut,
    job,
    notes,
    present,
)
from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive
from mkdocs_gemini_images.generation.generator import (
    DrawCommand,
    GenerationResult,
    Generator,
    Progress,
    SpendTracker,
)
from mkdocs_gemini_images.generation.permission import refusal_reason
from mkdocs_gemini_images.imaging import metadata, reference_files
from mkdocs_gemini_images.imaging.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.metadata import Origin
from mkdocs_gemini_images.imaging.publisher import Publisher, before
from mkdocs_gemini_images.imaging.variant_cache import Cache
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.rendering.corrections import Correction
from mkdocs_gemini_images.rendering.figure import RenderedImage
from mkdocs_gemini_images.requests import dependencies, request
from mkdocs_gemini_images.requests.plan import Plan
from mkdocs_gemini_images.requests.request import ImageRequest, ResolvedImage, another_take
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    is_stocked,
    look_up,
)
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
    from mkdocs_gemini_images.reports.status import BuildStatus


@dataclass(frozen=True, slots=True)
class DryRun:
    """Somebody asked how things stand: nothing is drawn, and nothing written."""

    closely: bool = False
    """Whether to read every picture and hold it against its digest."""


MAX_TAKES = 20
"""How many takes of one picture are looked for."""

_LATE = "it is asked for after the others were drawn; build once more"


class Build:
    """One build's pictures."""

    def __init__(
        self,
        settings: Settings,
        stock: Store,
        site: Path,
        *,
        progress: Progress,
        tracker: SpendTracker,
        serving: bool = False,
        command: DrawCommand | DryRun | None = None,
        one_page: bool = False,
        filed: dict[str, ResolvedImage] | None = None,
    ) -> None:
        self.settings = settings
        self.notices: list[Notice] = []
        self.refusal_reason = refusal_reason(
            settings,
            looking=isinstance(command, DryRun),
            ordered=isinstance(command, DrawCommand),
            serving=serving,
        )
        self._stock = stock
        self._cache = Cache(settings.cache / "variants", lambda text: self.say("info", text))
        ready = HardlinkCache(settings.cache / "ready")
        self._publisher = Publisher(site, settings.encoding, self._stock, self._cache, ready)
        self._serving = serving
        self._one_page = one_page
        self._look = command if isinstance(command, DryRun) else None
        self._order = command if isinstance(command, DrawCommand) else None
        drifted = self._order is not None and self._order.drifted
        self._on_drift: OnDrift = "draw" if drifted else settings.on_drift
        self._posts: dict[tuple[ImageRequest, str], SiteImage] = {}
        self._named: dict[str, ResolvedImage] = {}
        # Shared by the builds of one site, one per language: they publish into one folder.
        self._filed: dict[str, ResolvedImage] = {} if filed is None else filed
        self._keys: dict[str, str] = {}
        self._buyer = Generator(
            settings,
            stock,
            progress=progress,
            tracker=tracker,
            load=lambda part: reference_files.load(part, settings.root),
            order=self._order,
        )
        self.generated = GenerationResult() if self._look is not None else self._buyer.adopt()
        self.settled = False
        self.seconds = 0.0
        self.written: list[str] = []

    def say(
        self, level: Level, text: str, page: str = "", source: str = "", kind: NoticeKind = "broken"
    ) -> None:
        """Keep a message until all are said together."""
        self.notices.append(Notice(level, text, page, source, kind))

    @property
    def used(self) -> bool:
        """Whether any page shows a picture."""
        return bool(self._posts)

    @property
    def is_look(self) -> bool:
        """Whether somebody only asks how things stand, and nobody sees the pages."""
        return self._look is not None

    @property
    def missing(self) -> int:
        """How many pictures, of those asked for, are not there: something else stands for them."""
        images = [image for image in self._posts.values() if self._asked(image)]
        absent = sum(isinstance(image.held, Missing | Fallback) for image in images)
        return absent + sum(len(takes) for _, takes in self._lacking_takes())

    def names(self) -> frozenset[str]:
        """Give the pictures' ids and other names, their named files, and the pages they are on."""
        return frozenset[str]().union(*(image.names for image in self._posts.values())) - {""}

    def closing_line(self) -> str:
        """Sum the build up in one line."""
        images = list(self._posts.values())
        return notices.closing_line(
            images, self.generated, self.settings, seconds=self.seconds, files=self.written
        )

    @property
    def images(self) -> tuple[SiteImage, ...]:
        """The pictures that pages show."""
        return tuple(self._posts.values())

    @property
    def stock(self) -> Store:
        """The stock it looks into."""
        return self._stock

    def standing(self) -> "BuildStatus":
        """Hand over to whoever asks how things stand."""
        from mkdocs_gemini_images.reports.status import BuildStatus

        return BuildStatus(
            self.settings,
            self.images,
            self.notices,
            keys=self._keys,
            named=self._named,
            needs_drawing=lambda image: (
                image.needs_drawing(self._on_drift) and not self._blocked(image)
            ),
            stocked=lambda key: is_stocked(self._stock, key),
            refused=self._buyer.refusal,
        )

    def afterwards(self) -> "PreviewSnapshot":
        """Hand over to a live preview, which draws picture by picture until the next build."""
        from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot

        return PreviewSnapshot(
            self.settings,
            self._stock,
            self._publisher,
            self._posts.values(),
            keys=self._keys,
            named=self._named,
            load=lambda part: reference_files.load(part, self.settings.root),
            refusal_reason=refusal_reason(self.settings, ordered=True, serving=True),
            blocked=self._blocked,
            most_takes=MAX_TAKES,
        )

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()

    # While pages render

    def show(
        self, directive: Directive, page: str, language: str = ""
    ) -> RenderedImage | Diagnostics:
        """Say what a page is to point at for a directive, or what is wrong with it.

        `language` is the code of the language that the page is written in.
        """
        pair = self.want(directive, page, language)
        return pair if isinstance(pair, tuple) else self.tell(pair)

    def want(
        self,
        directive: Directive,
        page: str,
        language: str = "",
        *,
        base: str | None = None,
        crops: tuple[Crop, ...] = (),
        named: str = "",
    ) -> ThemePair | Diagnostics:
        """Find the posts of a directive or open them, or say what is wrong with it.

        `base` is the folder that its references start from, its page's where nothing is said;
        `crops` are published beside it; `named` is what `pictures:` in `mkdocs.yml` calls it.
        """
        rules, breaches = self.settings.alt_rules, list(alt_rules.breaches(directive, language))
        if refused := tuple(wrong for rule, wrong in breaches if rules[rule] == "error"):
            return refused
        resolved = author_digest(directive, page, language, base, self.settings)
        if isinstance(resolved, tuple):
            return resolved
        wrong = clash(resolved, self._named, self._filed) or named_files.outside(resolved.file)
        if wrong is not None:
            return (wrong,)
        for rule, breach in breaches:
            if rules[rule] == "warn":
                self.say("warning", str(breach), page, directive.source, "alt")
        light = self._post(resolved, 0, None)
        light.crops += [crop for crop in crops if crop not in light.crops]
        dark = None if resolved.dark is None else self._post(resolved, 1, light)
        use = Use(directive, page, named)
        for image in (light,) if dark is None else (light, dark):
            if use not in image.uses:
                image.uses.append(use)
        return ThemePair(light, dark)

    def tell(self, pair: ThemePair) -> RenderedImage:
        """Say what a page is to point at for a directive's pictures, as things are now."""
        told = self._told(pair.light)
        return told if pair.dark is None else replace(told, dark=self._told(pair.dark))

    def crop(self, image: SiteImage, crop: Crop) -> tuple[str, Variant] | None:
        """Give the file of a crop and what is in it; None where there is no picture to cut."""
        if image.shown.placeholder:
            return None
        return cut(image, self.settings, crop, (image.shown.width, image.shown.height))

    def origin(self, image: SiteImage) -> Origin | None:
        """Say where a picture comes from, if that is known."""
        record = image.record
        return None if record is None else metadata.origin(record, *before(record, self._stock))

    def _told(self, image: SiteImage) -> RenderedImage:
        return replace(image.shown, handle=image.handle) if self._serving else image.shown

    def _post(self, resolved: ResolvedImage, which: int, light: SiteImage | None) -> SiteImage:
        """Find the post of a picture, or open one: look it up, and decide what its page is told."""
        step = resolved.dark if which and resolved.dark is not None else resolved.step
        found = self._posts.get((step, resolved.name))
        if found is not None:
            return found
        why = self.refusal_reason or (_LATE if self.settled else "")
        image, key = SiteImage(resolved, step, why, light), self._key(step)
        image.held = self._held(image, key)
        present(image, self.settings, serving=self._serving)
        if (
            resolved.file
            and (own := named_files.own_file(image, self.settings, self._stock)) is not None
        ):
            image.own = image.held = own
        if not self.settled:
            needs_drawing = image.needs_drawing(self._on_drift) and not self.refusal_reason
            image.promised = needs_drawing or (key is None and image.own is None)
        if image.promised or image.own is not None:
            present(image, self.settings, serving=self._serving)
        self._posts[step, resolved.name] = image
        if self.settled:
            self._publish([image])
        return image

    def _held(self, image: SiteImage, key: str | None) -> LookupResult:
        return image.own or look_up(
            image.step, key, image.author_digests(), image.name, self._stock
        )

    def write_named_files(self) -> list[str]:
        """Write the named files of pictures in stock into the docs folder, and list them.

        Only for somebody who asked for it: a build never writes there, and the emulator's pictures
        never go where they could be taken for real ones. Raises `OSError`.
        """
        if self._order is None or self.settings.server.emulated:
            return []
        for image in self._posts.values():
            stocked = isinstance(image.held, InStock)
            if stocked and self._asked(image) and self.write_named_file(image):
                self.written.append(image.resolved.file)
        return self.written

    def write_named_file(self, image: SiteImage) -> bool:
        """Write the named file of one picture that is shown. Raises `OSError`."""
        return named_files.write(image, self.settings, self._stock, self._publisher)

    def _key(self, step: ImageRequest) -> str | None:
        """Give a step's key, unless it builds on a picture that has not been seen yet."""
        try:
            return request.key(step, self._keys)
        except KeyError:
            return None

    # The barrier

    def plan_only(self) -> Plan:
        """Plan what `settle` would buy if it is agreed to."""
        self._resolve()
        resolved = [] if self.refusal_reason else self._to_buy()
        if not resolved:
            return Plan()
        return self._buyer.plan_only(resolved, keys=self._keys, named=self._named)

    def settle(self, *, buying: bool = True) -> list[Correction]:
        """Draw what is missing and may be drawn, publish all, say what came out unlike promised.

        Raises `KeyboardInterrupt`; what had arrived by then is kept.
        """
        self._resolve()
        promised = [image for image in self._posts.values() if image.promised]
        if buying and not self.refusal_reason and (resolved := self._to_buy()):
            self._buy(resolved)
        self.settled = True
        corrections = [self._close(image) for image in promised]
        if self.settings.alt_rules["older"] == "warn":
            own = self._look is not None
            self.notices += notices.of_alts(self.images, self._key, self._stock, everything=own)
        if self._look is None:
            corrections += self._publish(list(self._posts.values()))
            self._report()
        return [correction for correction in corrections if correction.promised != correction.shown]

    def _resolve(self) -> None:
        """Give every id its key, now that all are known, and look again for who waited for one."""
        named = {id: resolved.step for id, resolved in self._named.items()}
        # A build of all pages sees every id there is.
        images = self._posts.values() if self._one_page else ()
        known = referenced_images.elsewhere(images, self._named, self._stock)
        self._keys, circles = dependencies.resolve(named, known)
        for image in self._posts.values():
            if not any(True for _ in dependencies.needs(image.step)):
                continue
            wrong = circles.get(image.resolved.directive.id)
            wrong = wrong or dependencies.unresolved(image.step, self._keys, named)
            lost = None if wrong is None else Missing(str(wrong))
            image.held = lost or self._held(image, self._key(image.step))

    def _asked(self, image: SiteImage) -> bool:
        """Whether an order names this picture, by its id or by a page it is on."""
        if self._order is None or not self._order.only:
            return True
        return not image.names.isdisjoint(self._order.only)

    def _blocked(self, image: SiteImage) -> str:
        """Say which picture it refers to cannot be built upon."""
        return referenced_images.blocked(
            image, self._posts, self._keys, self._named, self._on_drift
        )

    def _to_buy(self) -> list[ResolvedImage]:
        """List what is missing and asked for, as far as it can be drawn."""
        promised = [image for image in self._posts.values() if image.promised]
        lacking = [image for image in promised if image.needs_drawing(self._on_drift)]
        resolved = [
            image.resolved for image in lacking if self._asked(image) and not self._blocked(image)
        ]
        return resolved + self._other_takes()

    def _other_takes(self) -> list[ResolvedImage]:
        """List the further takes that an order asks for, of every picture it names."""
        return [take for image in self._posts.values() for take in self._takes_of(image)]

    def _takes_of(self, image: SiteImage) -> list[ResolvedImage]:
        if self._order is None or image.light is not None or image.own is not None:
            return []
        takes = range(2, self._order.takes + 1) if self._asked(image) else ()
        return [another_take(image.resolved, take) for take in takes]

    def _lacking_takes(self) -> Iterator[tuple[SiteImage, list[ResolvedImage]]]:
        """Give each picture that is there, with its takes that were asked for and are not."""
        for image in self._posts.values():
            if isinstance(image.held, InStock | Drifted):
                takes = [each for each in self._takes_of(image) if not self._in_stock(each.step)]
                if takes:
                    yield image, takes

    def _in_stock(self, step: ImageRequest) -> bool:
        key = self._key(step)
        return key is not None and is_stocked(self._stock, key)

    def _buy(self, resolved: list[ResolvedImage]) -> None:
        begun = time.monotonic()
        before = self.generated
        waiting = defaultdict[str | None, list[SiteImage]](list)
        for image in self._posts.values():
            if image.promised:
                waiting[self._key(image.step)].append(image)

        def publisher(record: Record) -> None:
            """Encode a picture that has just arrived while others are on their way."""
            for image in waiting[record.key]:
                # The stem is the promised one: it names this very request.
                self._publisher.start(job(image, self.settings, record))

        self.generated = self._buyer.buy(
            resolved, keys=self._keys, named=self._named, on_record=publisher
        )
        self.generated.adopted += before.adopted
        self.generated.unknown += before.unknown
        self.seconds = time.monotonic() - begun

    def _close(self, image: SiteImage) -> Correction:
        """Look a promised picture up again, and correct what its page was told."""
        promise = image.shown
        image.promised = False
        damaged = isinstance(image.held, Missing) and image.held.damage
        if not damaged and self._look is None:
            image.held = self._held(image, self._key(image.step))
        image.why = self._blocked(image) or self._reason(image.step)
        present(image, self.settings, serving=self._serving)
        return Correction(promise, image.shown)

    def _reason(self, step: ImageRequest) -> str:
        reason = self.generated.reasons.get(self._key(step) or "")
        return reason or self.generated.refusal or self.refusal_reason or "nobody asked for it"

    def _publish(self, images: list[SiteImage]) -> list[Correction]:
        """Write the files of pictures; one whose original is damaged becomes a placeholder."""
        for image in images:
            if image.record is not None:
                self._publisher.start(job(image, self.settings, image.record))
            elif image.shown.placeholder:
                self._write_placeholder(image)
        diagnostics = self._publisher.finish()
        corrections = []
        for image in images:
            diagnostic = diagnostics.get(image.stem)
            if diagnostic is not None and image.record is not None:
                before = image.shown
                image.held = Missing(str(diagnostic))
                present(image, self.settings, serving=self._serving)
                if image.shown.placeholder:
                    self._write_placeholder(image)
                corrections.append(Correction(before, image.shown))
        return corrections

    def check(self, damaged: Mapping[str, Diagnostic]) -> set[str]:
        """Say what is missing, and what is `damaged`, by key; give the keys that pages show."""
        shown = set[str]()
        for image in self._posts.values():
            if image.record is not None and (wrong := damaged.get(image.record.key)):
                shown.add(image.record.key)
                image.held = Missing(str(wrong))
        self._report()
        return shown

    def _write_placeholder(self, image: SiteImage) -> None:
        drawing = placeholder.draw(image.step.pixels, notes(image, serving=self._serving))
        self._publisher.write(image.shown.src, drawing.encode())

    def _report(self) -> None:
        quiet = self._serving or self.settings.on_missing == "info" or not self.settings.enabled
        asked = [image for image in self._posts.values() if self._asked(image)]
        level: Level = "info" if quiet else "warning"
        shared = {self.refusal_reason, self.generated.refusal} - {""}
        self.notices += notices.of_posts(asked, missing=level, shared=shared)
        for image, takes in self._lacking_takes():
            self.notices += notices.of_takes(image, takes, self._reason(takes[0].step))
        self.notices += notices.of_purchase(self.generated)
        if (unsynced := self._stock.unsynced()) is not None:
            self.say("info", str(unsynced))
