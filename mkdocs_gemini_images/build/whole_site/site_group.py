"""The builds of one command: the languages of a site, or several configurations of one store.

Builds whose pages are rendered go in. The command asks one question before money is spent; a
picture that several builds show is counted once; and what any of them needs is no orphan.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from mkdocs_gemini_images.build.messages.closing_line import closing_line
from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.build.takes import take_numbers
from mkdocs_gemini_images.build.whole_site import image_lookup
from mkdocs_gemini_images.build.whole_site.consent import Consent, ask_for_consent
from mkdocs_gemini_images.build.whole_site.image_lookup import NameReader, StandsAt
from mkdocs_gemini_images.build.whole_site.status import BuildStatus, KeyedRequest
from mkdocs_gemini_images.build.whole_site.unknown_names import unknown_names_error
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand, DryRun
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.generation.tracker import Ahead, SpendTracker
from mkdocs_gemini_images.imaging.cache.damage import damaged_pictures
from mkdocs_gemini_images.requests.planning import Plan
from mkdocs_gemini_images.requests.request import ImageRequest
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import InStock
from mkdocs_gemini_images.store.pair_names import is_one_of
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

LocateNotice = Callable[[Notice], str]
"""Returns the page and line of a notice."""


class SiteGroup:
    """The builds of one command. `command` is what each of them is given.

    `tracker` has what was spent before, which counts against the limits.
    """

    def __init__(self, command: Command, tracker: SpendTracker) -> None:
        self.command: Command = command
        self.tracker = tracker
        self.notices: list[Notice] = []
        self.damaged = 0
        """Damaged pictures in the store that no page shows."""
        self._given = command
        self._builds: list[tuple[SiteBuild, LocateNotice]] = []
        self._stands_at: dict[SiteBuild, StandsAt] = {}
        self.unknown: list[str] = []
        """The names in a command to draw that stand for no image."""
        self.consent = Consent()
        """What the author has agreed to."""
        self.statuses: list[tuple[BuildStatus, LocateNotice]] = []
        """The state of each build, once all are finished."""
        self._owners: dict[SiteImage, BuildStatus] = {}
        self._images: dict[tuple[str, str], SiteImage] = {}
        self._locators: dict[str, LocateNotice] = {}
        if isinstance(command, DrawCommand):
            self.command = command._replace(agree=self._has_agreed)

    def add(self, build: SiteBuild, locate: LocateNotice, stands_at: StandsAt) -> None:
        """Take in a build that has come to its barrier.

        Raises `DiagnosticError` when it does not share the store of the others.
        """
        everyone = [build, *(each for each, _ in self._builds)]
        stores = {each.settings.bucket or str(each.settings.owned.resolve()) for each in everyone}
        if len(stores) > 1:
            said = f"the configurations have different stocks, {' and '.join(sorted(stores))}"
            raise DiagnosticError(Diagnostic.sentence(said, "run the command once for each"))
        self._builds.append((build, locate))
        self._stands_at[build] = stands_at

    def finish(self) -> None:
        """Let all builds pass their barrier, after one question where money would be spent.

        Raises `KeyboardInterrupt`, and `OSError` where a named file cannot be written. Whatever it
        raises, the notices of all builds are there.
        """
        try:
            self._finish()
        finally:
            for number, (build, _) in enumerate(self._builds):
                self.notices += [notice._replace(build=number) for notice in build.notices]

    def _finish(self) -> None:
        command = self._given if isinstance(self._given, DrawCommand) else None
        self.unknown = [] if command is None else self._read_names(command.only)
        may_draw = command is not None and not self.unknown
        if command is not None and may_draw:
            self._ask(command)
            may_draw = not self.consent.otherwise  # then it sends nothing, not even a later round
        for build, _ in self._builds:
            build.finish(may_draw=may_draw)
        if isinstance(self._given, DryRun) and self._given.thorough:
            self._check()
        for build, locate in self._builds:
            _write_named_files(build)
            build.close()
            self.statuses.append((BuildStatus(build), locate))
        for status, _ in self.statuses:
            for name, image in status.named_images():
                self._images.setdefault(name, image)
                self._owners[image] = status
        for build, locate in self._builds:
            for page in build.names():
                self._locators.setdefault(page, locate)

    @property
    def is_finished(self) -> bool:
        """Whether all builds have passed their barrier, and their named files are written."""
        return len(self.statuses) == len(self._builds)

    @property
    def settings(self) -> Settings:
        """The first site's settings."""
        return self._builds[0][0].settings

    @property
    def store(self) -> Store:
        """The store of all builds."""
        return self._builds[0][0].store

    @property
    def images(self) -> tuple[SiteImage, ...]:
        """The images that pages show, each once, with its uses in the build that has it first."""
        return tuple(self._images.values())

    def gathered_images(self) -> tuple[SiteImage, ...]:
        """Return the images, each with its uses in all builds."""
        uses: dict[tuple[str, str], dict[Use, None]] = {}
        names: dict[SiteImage, tuple[str, str]] = {}
        for status, _ in self.statuses:
            for name, image in status.named_images():
                names[image] = name
                uses.setdefault(name, {}).update(dict.fromkeys(image.uses))
        gathered: dict[tuple[str, str], SiteImage] = {}
        for name, image in self._images.items():
            # A light image stands before its dark twin.
            light = None if image.light is None else gathered[names[image.light]]
            gathered[name] = image._replace(uses=tuple(uses[name]), light=light)
            self._owners[gathered[name]] = self._owners[image]
        return tuple(gathered.values())

    @property
    def written(self) -> list[str]:
        """The named files that were written into the docs folders."""
        return list(dict.fromkeys(file for build, _ in self._builds for file in build.written))

    @property
    def missing(self) -> int:
        """How many of the images asked for are missing, and how many other pictures are damaged."""
        return self.damaged + sum(build.missing for build, _ in self._builds)

    def names(self) -> frozenset[str]:
        """Return all names by which a command line can address an image."""
        return frozenset[str]().union(*(build.names() for build, _ in self._builds))

    def find_image(self, typed: str, images: Iterable[SiteImage] | None = None) -> SiteImage:
        """Return the one of `images`, by default of all, that a typed name stands for.

        Raises `DiagnosticError` when no image or several images have that name.
        """
        names = next((names for names in self.meanings(typed).values() if names), frozenset[str]())
        if not names:
            raise unknown_names_error([typed], self)
        return image_lookup.find_image(images or self.images, typed, names)

    def uses_named(self, typed: str, image: SiteImage) -> tuple[tuple[Use, ...], int | None]:
        """Return the uses of an image for which a typed name stands: all, or those on a line."""
        for reader in map(self._reader, self._stands_at if typed not in self.names() else ()):
            if (place := reader.place(typed)) is not None:
                return tuple(reader.uses_at(place, image)), place[1]
        return image.uses, None

    def locate(self, notice: Notice) -> str:
        """Return the page and line of a notice, as its build finds them."""
        first = self._builds[0][1]
        if notice.build is not None:
            return self._builds[notice.build][1](notice)
        return self._locators.get(notice.page, first)(notice)

    def write_named_file(self, image: SiteImage) -> bool:
        """Write the named file of one image. Raises `OSError`."""
        return self._owners[image].build.write_named_file(image)

    def close(self) -> None:
        """Close the caches, which writing a named file has opened again."""
        for build, _ in self._builds:
            build.close()

    @cached_property
    def _take_numbers(self) -> set[int]:
        return take_numbers(self.store.records())

    def request_of(self, image: SiteImage, request: ImageRequest | None = None) -> KeyedRequest:
        """Return the key and JSON of an image's request, or of another `request` of its build.

        Raises `KeyError` for an id without a key.
        """
        return self._owners[image].request_of(request or image.request)

    def keys_by_page(self) -> dict[str, set[str]]:
        """Return the keys of the images that each page shows, drawn or not."""
        found: dict[str, set[str]] = {}
        for status, _ in self.statuses:
            for (key, _), image in status.named_images():
                for use in image.uses:
                    found.setdefault(use.page, set()).add(key)
        return found

    def tell(self, output: list[Notice]) -> None:
        """Note which notices were output, so that no later build tells the same bills."""
        for number, (build, _) in enumerate(self._builds):
            build.tell([notice for notice in output if notice.build == number])

    def orphans(self) -> list[Record]:
        """Return the pictures in the store that no build needs."""
        numbers = self._take_numbers
        needed = (key for status, _ in self.statuses for key in status.needed_keys(numbers))
        requests = (request for status, _ in self.statuses for request in status.requests())
        return reachability.orphans(list(self.store.records()), needed, requests)

    def spare_takes(self, image: SiteImage) -> list[SiteImage]:
        """Return the other takes of an image that have drifted, as images of their own."""
        return list(self._owners[image].spare_takes(image, self._take_numbers))

    def named_files(self) -> list[tuple[Settings, set[str]]]:
        """Return the settings of each build, with the files that its pages name."""
        return [(build.settings, {image.resolved.file for image in build.images})
                for build, _ in self._builds]  # fmt: skip

    def closing_line(self) -> str:
        """Return the line that sums all builds up."""
        generated = GenerationResult()
        for part in (build.finished.generated for build, _ in self._builds):
            generated.add_pictures(part)
        return closing_line(
            list(self.images), generated, self.settings, files=self.written,
            seconds=sum(build.finished.seconds for build, _ in self._builds),
        )  # fmt: skip

    def meanings(self, typed: str) -> Mapping[SiteBuild, frozenset[str]]:
        """Return the names of images that a typed name stands for, in each build.

        What one build has as a name is no path in another.
        """
        if typed in self.names():
            return {build: frozenset({typed}) for build, _ in self._builds}
        return {build: self._reader(build).read(typed) for build in self._stands_at}

    def _reader(self, build: SiteBuild) -> NameReader:
        settings = build.settings
        return NameReader(build.images, settings.root, settings.docs, self._stands_at[build])

    def _read_names(self, typed: Iterable[str]) -> list[str]:
        """Let each build know the images that names stand for there; return unknown names."""
        meant = {each: self.meanings(each) for each in sorted(typed)}
        for meanings in meant.values():
            for build, names in meanings.items():
                build.ask_for(names)
        return [each for each, meanings in meant.items() if not any(meanings.values())]

    def _ask(self, command: DrawCommand) -> None:
        """Ask once for the requests of all builds."""
        self.consent = ask_for_consent([each for each, _ in self._builds], command, self.store)
        self.tracker.ahead = Ahead(len(self.consent.keys), self.consent.at_most)

    def _has_agreed(self, planned: Plan) -> bool:
        return all(need.key in self.consent.keys for need in planned.needs)

    def _check(self) -> None:
        """Prove every picture in the store, used or not: its digest, and all of its pixels."""
        damaged = damaged_pictures(self.store.records(), self.store)
        damaged |= self.store.lost()
        shown = set[str]().union(*(build.check(damaged) for build, _ in self._builds))
        said = {notice.text for build, _ in self._builds for notice in build.notices}
        unshown = [wrong for stem, wrong in damaged.items() if not is_one_of(stem, shown)]
        unshown += [wrong for wrong in self.store.faults() if str(wrong) not in said]
        self.damaged = len(unshown)
        for wrong in unshown:
            self._builds[0][0].say("warning", str(wrong))


def _write_named_files(build: SiteBuild) -> None:
    """Write the named files that a command to draw asks for.

    The emulator's pictures are never written among the author's files. Raises `OSError`.
    """
    if build.mode.draw_command is None or build.settings.server.emulated:
        return
    for image in build.images:
        stocked = isinstance(image.lookup, InStock) and build.mode.asks_for(image)
        if stocked and build.write_named_file(image):
            build.written.append(image.resolved.file)
