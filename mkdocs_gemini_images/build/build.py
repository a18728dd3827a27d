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
from mkdocs_gemini_images.build.notices import Kind, Level, Notice
from mkdocs_gemini_images.build.resolve import clash, wish
from mkdocs_gemini_images.build.site_image import Pair, Post, Use, cut, edition, notes, present
from mkdocs_gemini_images.config.settings import OnDrift, Settings
from mkdocs_gemini_images.core.diagnostics import Complaint
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Complaints, Directive
from mkdocs_gemini_images.generation.generator import Bought, Buyer, Order, Progress, Purse
from mkdocs_gemini_images.generation.permission import why_not
from mkdocs_gemini_images.imaging import metadata, reference_files
from mkdocs_gemini_images.imaging.hardlink_cache import Ready
from mkdocs_gemini_images.imaging.metadata import Origin
from mkdocs_gemini_images.imaging.publisher import Press, before
from mkdocs_gemini_images.imaging.variant_cache import Cache
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.rendering.corrections import Swap
from mkdocs_gemini_images.rendering.figure import Shown
from mkdocs_gemini_images.requests import dependencies, request
from mkdocs_gemini_images.requests.plan import Plan
from mkdocs_gemini_images.requests.request import Step, Wanted, another_take
from mkdocs_gemini_images.store.folder import Pictures, Record
from mkdocs_gemini_images.store.lookup import Drifted, Held, Missing, Previous, Stocked, held

if TYPE_CHECKING:
    from mkdocs_gemini_images.preview.snapshot import Afterwards
    from mkdocs_gemini_images.reports.status import Standing


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody asked how things stand: nothing is drawn, and nothing written."""

    closely: bool = False
    """Whether to read every picture and hold it against its digest."""


MOST_TAKES = 20
"""How many takes of one picture are looked for."""

_LATE = "it is asked for after the others were drawn; build once more"


class Build:
    """One build's pictures."""

    def __init__(
        self,
        settings: Settings,
        stock: Pictures,
        site: Path,
        *,
        progress: Progress,
        purse: Purse,
        serving: bool = False,
        errand: Order | Look | None = None,
        one_page: bool = False,
        filed: dict[str, Wanted] | None = None,
    ) -> None:
        self.settings = settings
        self.notices: list[Notice] = []
        self.why_not = why_not(
            settings,
            looking=isinstance(errand, Look),
            ordered=isinstance(errand, Order),
            serving=serving,
        )
        self._stock = stock
        self._cache = Cache(settings.cache / "variants", lambda text: self.say("info", text))
        ready = Ready(settings.cache / "ready")
        self._press = Press(site, settings.recipe, self._stock, self._cache, ready)
        self._serving = serving
        self._one_page = one_page
        self._look = errand if isinstance(errand, Look) else None
        self._order = errand if isinstance(errand, Order) else None
        drifted = self._order is not None and self._order.drifted
        self._on_drift: OnDrift = "draw" if drifted else settings.on_drift
        self._posts: dict[tuple[Step, str], Post] = {}
        self._named: dict[str, Wanted] = {}
        # Shared by the builds of one site, one per language: they publish into one folder.
        self._filed: dict[str, Wanted] = {} if filed is None else filed
        self._keys: dict[str, str] = {}
        self._buyer = Buyer(
            settings,
            stock,
            progress=progress,
            purse=purse,
            load=lambda part: reference_files.load(part, settings.root),
            order=self._order,
        )
        self.bought = Bought() if self._look is not None else self._buyer.adopt()
        self.settled = False
        self.seconds = 0.0
        self.written: list[str] = []

    def say(
        self, level: Level, text: str, page: str = "", source: str = "", kind: Kind = "broken"
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
        posts = [post for post in self._posts.values() if self._asked(post)]
        absent = sum(isinstance(post.held, Missing | Previous) for post in posts)
        return absent + sum(len(takes) for _, takes in self._lacking_takes())

    def names(self) -> frozenset[str]:
        """Give the pictures' ids and other names, their named files, and the pages they are on."""
        return frozenset[str]().union(*(post.names for post in self._posts.values())) - {""}

    def closing_line(self) -> str:
        """Sum the build up in one line."""
        posts = list(self._posts.values())
        return notices.closing_line(
            posts, self.bought, self.settings, seconds=self.seconds, files=self.written
        )

    @property
    def posts(self) -> tuple[Post, ...]:
        """The pictures that pages show."""
        return tuple(self._posts.values())

    @property
    def stock(self) -> Pictures:
        """The stock it looks into."""
        return self._stock

    def standing(self) -> "Standing":
        """Hand over to whoever asks how things stand."""
        from mkdocs_gemini_images.reports.status import Standing

        return Standing(
            self.settings,
            self.posts,
            self.notices,
            keys=self._keys,
            named=self._named,
            lacks=lambda post: post.lacks(self._on_drift) and not self._blocked(post),
            stocked=lambda key: self._stock.find(key) is not None,
            refused=self._buyer.refusal,
        )

    def afterwards(self) -> "Afterwards":
        """Hand over to a live preview, which draws picture by picture until the next build."""
        from mkdocs_gemini_images.preview.snapshot import Afterwards

        return Afterwards(
            self.settings,
            self._stock,
            self._press,
            self._posts.values(),
            keys=self._keys,
            named=self._named,
            load=lambda part: reference_files.load(part, self.settings.root),
            why_not=why_not(self.settings, ordered=True, serving=True),
            blocked=self._blocked,
            most_takes=MOST_TAKES,
        )

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()

    # While pages render

    def show(self, directive: Directive, page: str, language: str = "") -> Shown | Complaints:
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
    ) -> Pair | Complaints:
        """Find the posts of a directive or open them, or say what is wrong with it.

        `base` is the folder that its references start from, its page's where nothing is said;
        `crops` are published beside it; `named` is what `pictures:` in `mkdocs.yml` calls it.
        """
        rules, breaches = self.settings.alt_rules, list(alt_rules.breaches(directive, language))
        if refused := tuple(wrong for rule, wrong in breaches if rules[rule] == "error"):
            return refused
        wanted = wish(directive, page, language, base, self.settings)
        if isinstance(wanted, tuple):
            return wanted
        wrong = clash(wanted, self._named, self._filed) or named_files.outside(wanted.file)
        if wrong is not None:
            return (wrong,)
        for rule, breach in breaches:
            if rules[rule] == "warn":
                self.say("warning", str(breach), page, directive.source, "alt")
        light = self._post(wanted, 0, None)
        light.crops += [crop for crop in crops if crop not in light.crops]
        dark = None if wanted.dark is None else self._post(wanted, 1, light)
        use = Use(directive, page, named)
        for post in (light,) if dark is None else (light, dark):
            if use not in post.uses:
                post.uses.append(use)
        return Pair(light, dark)

    def tell(self, pair: Pair) -> Shown:
        """Say what a page is to point at for a directive's pictures, as things are now."""
        told = self._told(pair.light)
        return told if pair.dark is None else replace(told, dark=self._told(pair.dark))

    def crop(self, post: Post, crop: Crop) -> tuple[str, Variant] | None:
        """Give the file of a crop and what is in it; None where there is no picture to cut."""
        if post.shown.placeholder:
            return None
        return cut(post, self.settings, crop, (post.shown.width, post.shown.height))

    def origin(self, post: Post) -> Origin | None:
        """Say where a picture comes from, if that is known."""
        record = post.record
        return None if record is None else metadata.origin(record, *before(record, self._stock))

    def _told(self, post: Post) -> Shown:
        return replace(post.shown, handle=post.handle) if self._serving else post.shown

    def _post(self, wanted: Wanted, which: int, light: Post | None) -> Post:
        """Find the post of a picture, or open one: look it up, and decide what its page is told."""
        step = wanted.dark if which and wanted.dark is not None else wanted.step
        found = self._posts.get((step, wanted.name))
        if found is not None:
            return found
        why = self.why_not or (_LATE if self.settled else "")
        post, key = Post(wanted, step, why, light), self._key(step)
        post.held = self._held(post, key)
        present(post, self.settings, serving=self._serving)
        if (
            wanted.file
            and (own := named_files.own_file(post, self.settings, self._stock)) is not None
        ):
            post.own = post.held = own
        if not self.settled:
            lacks = post.lacks(self._on_drift) and not self.why_not
            post.promised = lacks or (key is None and post.own is None)
        if post.promised or post.own is not None:
            present(post, self.settings, serving=self._serving)
        self._posts[step, wanted.name] = post
        if self.settled:
            self._publish([post])
        return post

    def _held(self, post: Post, key: str | None) -> Held:
        return post.own or held(post.step, key, post.wishes, post.name, self._stock)

    def write_named_files(self) -> list[str]:
        """Write the named files of pictures in stock into the docs folder, and list them.

        Only for somebody who asked for it: a build never writes there, and the emulator's pictures
        never go where they could be taken for real ones. Raises `OSError`.
        """
        if self._order is None or self.settings.server.emulated:
            return []
        for post in self._posts.values():
            stocked = isinstance(post.held, Stocked)
            if stocked and self._asked(post) and self.write_named_file(post):
                self.written.append(post.wanted.file)
        return self.written

    def write_named_file(self, post: Post) -> bool:
        """Write the named file of one picture that is shown. Raises `OSError`."""
        return named_files.write(post, self.settings, self._stock, self._press)

    def _key(self, step: Step) -> str | None:
        """Give a step's key, unless it builds on a picture that has not been seen yet."""
        try:
            return request.key(step, self._keys)
        except KeyError:
            return None

    # The barrier

    def foresee(self) -> Plan:
        """Plan what `settle` would buy if it is agreed to."""
        self._resolve()
        wanted = [] if self.why_not else self._to_buy()
        if not wanted:
            return Plan()
        return self._buyer.foresee(wanted, keys=self._keys, named=self._named)

    def settle(self, *, buying: bool = True) -> list[Swap]:
        """Draw what is missing and may be drawn, publish all, say what came out unlike promised.

        Raises `KeyboardInterrupt`; what had arrived by then is kept.
        """
        self._resolve()
        promised = [post for post in self._posts.values() if post.promised]
        if buying and not self.why_not and (wanted := self._to_buy()):
            self._buy(wanted)
        self.settled = True
        swaps = [self._close(post) for post in promised]
        if self.settings.alt_rules["older"] == "warn":
            own = self._look is not None
            self.notices += notices.of_alts(self.posts, self._key, self._stock, everything=own)
        if self._look is None:
            swaps += self._publish(list(self._posts.values()))
            self._report()
        return [swap for swap in swaps if swap.promised != swap.shown]

    def _resolve(self) -> None:
        """Give every id its key, now that all are known, and look again for who waited for one."""
        named = {id: wanted.step for id, wanted in self._named.items()}
        # A build of all pages sees every id there is.
        posts = self._posts.values() if self._one_page else ()
        known = referenced_images.elsewhere(posts, self._named, self._stock)
        self._keys, circles = dependencies.resolve(named, known)
        for post in self._posts.values():
            if not any(True for _ in dependencies.needs(post.step)):
                continue
            wrong = circles.get(post.wanted.directive.id)
            wrong = wrong or dependencies.unresolved(post.step, self._keys, named)
            lost = None if wrong is None else Missing(str(wrong))
            post.held = lost or self._held(post, self._key(post.step))

    def _asked(self, post: Post) -> bool:
        """Whether an order names this picture, by its id or by a page it is on."""
        if self._order is None or not self._order.only:
            return True
        return not post.names.isdisjoint(self._order.only)

    def _blocked(self, post: Post) -> str:
        """Say which picture it refers to cannot be built upon."""
        return referenced_images.blocked(post, self._posts, self._keys, self._named, self._on_drift)

    def _to_buy(self) -> list[Wanted]:
        """List what is missing and asked for, as far as it can be drawn."""
        promised = [post for post in self._posts.values() if post.promised]
        lacking = [post for post in promised if post.lacks(self._on_drift)]
        wanted = [post.wanted for post in lacking if self._asked(post) and not self._blocked(post)]
        return wanted + self._other_takes()

    def _other_takes(self) -> list[Wanted]:
        """List the further takes that an order asks for, of every picture it names."""
        return [take for post in self._posts.values() for take in self._takes_of(post)]

    def _takes_of(self, post: Post) -> list[Wanted]:
        if self._order is None or post.light is not None or post.own is not None:
            return []
        takes = range(2, self._order.takes + 1) if self._asked(post) else ()
        return [another_take(post.wanted, take) for take in takes]

    def _lacking_takes(self) -> Iterator[tuple[Post, list[Wanted]]]:
        """Give each picture that is there, with its takes that were asked for and are not."""
        for post in self._posts.values():
            if isinstance(post.held, Stocked | Drifted):
                takes = [each for each in self._takes_of(post) if not self._in_stock(each.step)]
                if takes:
                    yield post, takes

    def _in_stock(self, step: Step) -> bool:
        key = self._key(step)
        return key is not None and self._stock.find(key) is not None

    def _buy(self, wanted: list[Wanted]) -> None:
        begun = time.monotonic()
        before = self.bought
        waiting = defaultdict[str | None, list[Post]](list)
        for post in self._posts.values():
            if post.promised:
                waiting[self._key(post.step)].append(post)

        def press(record: Record) -> None:
            """Encode a picture that has just arrived while others are on their way."""
            for post in waiting[record.key]:
                # The stem is the promised one: it names this very request.
                self._press.start(edition(post, self.settings, record))

        self.bought = self._buyer.buy(wanted, keys=self._keys, named=self._named, on_record=press)
        self.bought.adopted += before.adopted
        self.bought.unknown += before.unknown
        self.seconds = time.monotonic() - begun

    def _close(self, post: Post) -> Swap:
        """Look a promised picture up again, and correct what its page was told."""
        promise = post.shown
        post.promised = False
        damaged = isinstance(post.held, Missing) and post.held.damage
        if not damaged and self._look is None:
            post.held = self._held(post, self._key(post.step))
        post.why = self._blocked(post) or self._reason(post.step)
        present(post, self.settings, serving=self._serving)
        return Swap(promise, post.shown)

    def _reason(self, step: Step) -> str:
        reason = self.bought.reasons.get(self._key(step) or "")
        return reason or self.bought.refusal or self.why_not or "nobody asked for it"

    def _publish(self, posts: list[Post]) -> list[Swap]:
        """Write the files of pictures; one whose original is damaged becomes a placeholder."""
        for post in posts:
            if post.record is not None:
                self._press.start(edition(post, self.settings, post.record))
            elif post.shown.placeholder:
                self._write_placeholder(post)
        complaints = self._press.finish()
        swaps = []
        for post in posts:
            complaint = complaints.get(post.stem)
            if complaint is not None and post.record is not None:
                before = post.shown
                post.held = Missing(str(complaint))
                present(post, self.settings, serving=self._serving)
                if post.shown.placeholder:
                    self._write_placeholder(post)
                swaps.append(Swap(before, post.shown))
        return swaps

    def check(self, damaged: Mapping[str, Complaint]) -> set[str]:
        """Say what is missing, and what is `damaged`, by key; give the keys that pages show."""
        shown = set[str]()
        for post in self._posts.values():
            if post.record is not None and (wrong := damaged.get(post.record.key)):
                shown.add(post.record.key)
                post.held = Missing(str(wrong))
        self._report()
        return shown

    def _write_placeholder(self, post: Post) -> None:
        drawing = placeholder.draw(post.step.pixels, notes(post, serving=self._serving))
        self._press.write(post.shown.src, drawing.encode())

    def _report(self) -> None:
        quiet = self._serving or self.settings.on_missing == "info" or not self.settings.enabled
        asked = [post for post in self._posts.values() if self._asked(post)]
        level: Level = "info" if quiet else "warning"
        shared = {self.why_not, self.bought.refusal} - {""}
        self.notices += notices.of_posts(asked, missing=level, shared=shared)
        for post, takes in self._lacking_takes():
            self.notices += notices.of_takes(post, takes, self._reason(takes[0].step))
        self.notices += notices.of_purchase(self.bought)
        if (unsynced := self._stock.unsynced()) is not None:
            self.say("info", str(unsynced))
