"""One errand over all that one stock serves: a site's languages, and several configurations.

In come builds whose pages are rendered and whose barrier is still ahead, with what finds a line of
theirs; out come the sums over all of them. One question is asked before money is spent; a picture
that several builds show is one row and one request; and what any of them needs is no orphan.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mkdocs_gemini_images.build import notices
from mkdocs_gemini_images.build.build import Build, DryRun
from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.generation.generator import DrawCommand, GenerationResult
from mkdocs_gemini_images.reports.status import BuildStatus
from mkdocs_gemini_images.reports.survey import Survey, ordered, united
from mkdocs_gemini_images.reports.survey_rows import orphan
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest, held_against
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

Place = Callable[[Notice], str]


class SiteGroup:
    """The builds of one errand; `command` is what each of them is given."""

    def __init__(self, asked: DrawCommand | DryRun) -> None:
        self.command = asked
        self.notices: list[Notice] = []
        self.damaged = 0
        """Pictures in stock that are damaged, and that no page shows."""
        self._asked = asked
        self._builds: list[tuple[Build, Place]] = []
        self._standing: list[tuple[BuildStatus, Place]] = []
        self._owners: dict[int, tuple[Build, BuildStatus]] = {}
        self._places: dict[int | str, Place] = {}
        self._agreed = frozenset[str]()
        if isinstance(asked, DrawCommand):
            self.command = replace(asked, agree=self._has_agreed)

    def add(self, build: Build, place: Place) -> Diagnostic | None:
        """Take in a build that has come to its barrier; `place` finds the line of a notice."""
        stocks = {each.bucket or str(each.owned.resolve()) for each in self._settings(build)}
        if len(stocks) > 1:
            got = " and ".join(sorted(stocks))
            return Diagnostic("configurations of one stock", got, "run once for each")
        self._builds.append((build, place))
        return None

    def settle(self) -> None:
        """Let all builds pass their barrier, after one question where money would be spent.

        Raises `KeyboardInterrupt`, and `OSError` where a named file cannot be written.
        """
        order = self._asked if isinstance(self._asked, DrawCommand) else None
        buying = order is not None and order.only <= self.names()
        if order is not None and buying:
            needs = _by_key(build.plan_only() for build, _ in self._builds)
            limits = [build.settings.limits for build, _ in self._builds]
            plans = [held_against(needs.values(), each) for each in limits]
            # Whose walls are the lowest has the say: nobody's may be passed by another's.
            planned = next((each for each in plans if each.refusal), plans[0])
            if planned.needs and order.agree(planned):
                self._agreed = frozenset(need.key for need in planned.needs)
        for build, _ in self._builds:
            build.settle(buying=buying)
        if isinstance(self._asked, DryRun) and self._asked.closely:
            self._check()
        for build, _ in self._builds:
            build.write_named_files()
            build.close()
        self.notices = [notice for build, _ in self._builds for notice in build.notices]
        self._index()

    def gathered(self) -> "SiteGroup":
        """Let the first post of each picture know all the places that want it."""
        first: dict[tuple[str, str], SiteImage] = {}
        for standing, _ in self._standing:
            for name, image in standing.names():
                known = first.setdefault(name, image)
                known.uses += [use for use in image.uses if use not in known.uses]
        return self

    def write_named_file(self, image: SiteImage) -> bool:
        """Write the named file of one picture that is shown. Raises `OSError`."""
        return self._owner(image)[0].write_named_file(image)

    def close(self) -> None:
        """Let go of the caches."""
        for build, _ in self._builds:
            build.close()

    @property
    def settings(self) -> Settings:
        """The first site's settings."""
        return self._builds[0][0].settings

    @property
    def stock(self) -> Store:
        """The stock that all of them look into."""
        return self._builds[0][0].stock

    @property
    def images(self) -> tuple[SiteImage, ...]:
        """The pictures that pages show, each once."""
        found: dict[tuple[str, str], SiteImage] = {}
        for standing, _ in self._standing:
            for name, image in standing.names():
                found.setdefault(name, image)
        return tuple(found.values())

    @property
    def written(self) -> list[str]:
        """The named files that were written into the docs."""
        return list(dict.fromkeys(file for build, _ in self._builds for file in build.written))

    @property
    def missing(self) -> int:
        """How many of the pictures asked for are not there, and how many others are damaged."""
        return self.damaged + sum(build.missing for build, _ in self._builds)

    def names(self) -> frozenset[str]:
        """Give all that a picture can be called by."""
        return frozenset[str]().union(*(build.names() for build, _ in self._builds))

    def place(self, notice: Notice) -> str:
        """Write where a message belongs, as the build does that has its page."""
        its = self._places.get(id(notice)) or self._places.get(notice.page)
        return (its or self._builds[0][1])(notice)

    def request_of(self, image: SiteImage) -> tuple[str, dict[str, Any]]:
        """Give the key of a post's request, and the request itself. Raises `KeyError`."""
        return self._owner(image)[1].request_of(image)

    def keys_by_page(self) -> dict[str, set[str]]:
        """List the keys of the pictures that each page shows, drawn or not."""
        found: dict[str, set[str]] = {}
        for standing, _ in self._standing:
            for (key, _), image in standing.names():
                for use in image.uses:
                    found.setdefault(use.page, set()).add(key)
        return found

    def orphans(self) -> list[Record]:
        """List the pictures in stock that no build needs any more."""
        return self._orphans(self.stock.records())

    def _orphans(self, records: Iterable[Record]) -> list[Record]:
        shown = (key for standing, _ in self._standing for key in standing.shown())
        requests = (asked for standing, _ in self._standing for asked in standing.requests())
        return reachability.orphans(records, shown, requests)

    def survey(self) -> Survey:
        """Say what builds would do, a row for each picture."""
        plans = [(each.settings, each.planned()) for each, _ in self._standing]
        refusals = [each.refusal_reason for each, _ in self._standing]
        for settings, _ in plans:
            # The languages of one site are built by one command, which has one set of walls.
            together = _by_key(planned for other, planned in plans if other == settings)
            refusals.append(held_against(together.values(), settings.limits).refusal)
        needs = _by_key(planned for _, planned in plans)
        records = list(self.stock.records())
        takes = reachability.takes(records)
        rows = [row for each, place in self._standing for row in each.rows(place, needs, takes)]
        rows += [orphan(record) for record in self._orphans(records)]
        spent = sum(record.price or 0.0 for record in records)
        refusal = next((why for why in refusals if why), "")
        emulated = self.settings.server.emulated
        return Survey(ordered(united(rows)), refusal, spent, emulated)

    def closing_line(self) -> str:
        """Sum all up in one line."""
        generated = GenerationResult()
        for build, _ in self._builds:
            generated.records |= build.generated.records
            generated.adopted += build.generated.adopted
            generated.spent += build.generated.spent
        seconds = sum(build.seconds for build, _ in self._builds)
        return notices.closing_line(
            list(self.images), generated, self.settings, seconds=seconds, files=self.written
        )

    def _index(self) -> None:
        """Note what is whose, now that nothing is added any more."""
        self._standing = [(build.standing(), place) for build, place in self._builds]
        for (build, place), (standing, _) in zip(self._builds, self._standing, strict=True):
            for image in standing.images:
                self._owners.setdefault(id(image.resolved), (build, standing))
            for image in standing.images:
                self._owners[id(image)] = (build, standing)
            names: list[int | str] = [*map(id, build.notices), *build.names()]
            for name in names:
                self._places.setdefault(name, place)

    def _owner(self, image: SiteImage) -> tuple[Build, BuildStatus]:
        """Find the build that a post is of, or the one whose picture it is another take of."""
        return self._owners.get(id(image)) or self._owners[id(image.resolved)]

    def _settings(self, build: Build) -> list[Settings]:
        return [build.settings, *(each.settings for each, _ in self._builds)]

    def _has_agreed(self, planned: Plan) -> bool:
        return all(need.key in self._agreed for need in planned.needs)

    def _check(self) -> None:
        """Read every picture of the stock, used or not, and hold it against its digest."""
        damaged = {}
        for record in self.stock.records():
            try:
                self.stock.read(record)
            except DiagnosticError as error:
                (damaged[record.key],) = error.diagnostics
        shown = set[str]().union(*(build.check(damaged) for build, _ in self._builds))
        unshown = [wrong for key, wrong in damaged.items() if key not in shown]
        self.damaged = len(unshown)
        for wrong in unshown:
            self._builds[0][0].say("warning", str(wrong))


def _by_key(plans: Iterable[Plan]) -> dict[str, PlannedRequest]:
    """Give the requests of several plans, each once."""
    return {need.key: need for plan in plans for need in plan.needs}
