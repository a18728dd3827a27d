"""The whole story of one build, without its host.

While pages render, each directive is shown what there is or what is promised, and nothing is paid.
Then comes one barrier: everything that is wanted is known, is made unique, is held against the
walls, and what is missing is drawn together; files are written into the site; pages are told what
came out differently. Then the messages, all together, and one closing line.
"""

import posixpath
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, assert_never

from mkdocs_gemini_images import graph, grounding, placeholder, references, request, variant
from mkdocs_gemini_images.cache import Cache
from mkdocs_gemini_images.complaint import Complaint, quoted
from mkdocs_gemini_images.directive import Complaints, Directive, folded
from mkdocs_gemini_images.figure import Candidate, Shown
from mkdocs_gemini_images.holding import Drifted, Held, Missing, Previous, Stocked, held
from mkdocs_gemini_images.publish import Edition, Press
from mkdocs_gemini_images.purchase import Bought, Order, Progress, purchase
from mkdocs_gemini_images.request import FilePart, Part, Step, Wanted
from mkdocs_gemini_images.settings import Settings
from mkdocs_gemini_images.stock import Record, Stock
from mkdocs_gemini_images.swap import Swap
from mkdocs_gemini_images.wire import Inline

Level = Literal["warning", "info"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the author, with what is needed to find its line."""

    level: Level
    text: str
    page: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a picture is wanted."""

    directive: Directive
    page: str


@dataclass(slots=True)
class Post:
    """One picture that pages point at: what is held of it, and what they were told."""

    wanted: Wanted
    step: Step
    wish: str
    held: Held
    why: str
    """Why it is not drawn, when it is missing."""
    stem: str
    shown: Shown
    promised: bool = False
    light: "Post | None" = None
    """The picture this one is the dark twin of."""
    uses: list[Use] = field(default_factory=list)


_NOTHING = Shown("", 1, 1)


class Build:
    """One build's pictures."""

    def __init__(
        self,
        settings: Settings,
        site: Path,
        *,
        progress: Progress,
        serving: bool = False,
        order: Order | None = None,
    ) -> None:
        self.settings = settings
        self.notices: list[Notice] = []
        self.why_not = _why_not(settings, serving=serving, ordered=order is not None)
        self._stock = Stock(settings.owned)
        self._cache = Cache(settings.cache / "variants", lambda text: self.say("info", text))
        self._press = Press(site, settings.recipe, self._stock, self._cache)
        self._progress = progress
        self._serving = serving
        self._order = order
        self._posts: dict[tuple[Step, str], Post] = {}
        self._named: dict[str, Wanted] = {}
        self._keys: dict[str, str] = {}
        self._bought = Bought()
        self._barrier_passed = False
        self._seconds = 0.0

    def say(self, level: Level, text: str, page: str = "", source: str = "") -> None:
        """Keep a message until all are said together."""
        self.notices.append(Notice(level, text, page, source))

    @property
    def used(self) -> bool:
        """Whether any page shows a picture."""
        return bool(self._posts)

    # While pages render

    def show(self, directive: Directive, page: str) -> Shown | Complaints:
        """Say what a page is to point at for a directive, or what is wrong with it."""
        full = request.settle(directive, self.settings.defaults)
        if isinstance(full, tuple):
            return full
        parts: list[Part] = []
        for part in self._references(full, page, own=bool(directive.references)):
            if isinstance(part, Complaint):
                return (part,)
            parts.append(part)
        wanted = request.compose(full, self.settings.defaults, tuple(parts))
        # The wish and the messages are about the author's own words.
        wanted = replace(wanted, directive=directive)
        if (clash := self._name(wanted)) is not None:
            return (clash,)
        light = self._find(wanted, 0, None)
        light.uses.append(Use(directive, page))
        if wanted.dark is None:
            return light.shown
        dark = self._find(wanted, 1, light)
        dark.uses.append(Use(directive, page))
        return replace(light.shown, dark=dark.shown)

    def _find(self, wanted: Wanted, which: int, light: Post | None) -> Post:
        """Find the post of a picture, or open one."""
        step, wish = wanted.shown()[which]
        post = self._posts.get((step, wanted.directive.id))
        if post is None:
            post = self._open(wanted, step, wish, light)
            self._posts[step, wanted.directive.id] = post
            if self._barrier_passed:
                self._publish([post])
        return post

    def _references(
        self, full: Directive, page: str, *, own: bool
    ) -> Iterator[Part | Complaint]:
        """Find a directive's references; a preset's start from the folder of `mkdocs.yml`."""
        base = posixpath.join(self.settings.docs, posixpath.dirname(page)) if own else ""
        root = self.settings.root
        return (references.find(written, base, root) for written in full.references)

    def _name(self, wanted: Wanted) -> Complaint | None:
        """The same id with the same request may appear again; with another it is an error."""
        id = wanted.directive.id
        if not id:
            return None
        first = self._named.setdefault(id, wanted)
        if (first.step, first.dark) == (wanted.step, wanted.dark):
            return None
        return Complaint(
            f"one picture named '{id}' on the site",
            f"another one: {quoted(wanted.directive.prompt)}",
            "give it an id of its own",
        )

    def _open(self, wanted: Wanted, step: Step, wish: str, light: Post | None) -> Post:
        """Look a picture up and decide what its page is told."""
        late = "it is asked for after the others were drawn; build once more"
        why = self.why_not or (late if self._barrier_passed else "")
        post = Post(wanted, step, wish, Missing(), why, "", _NOTHING, light=light)
        post.held = self._held(post)
        may_come = self._key(step) is None or (self._lacks(post.held) and not self.why_not)
        post.promised = may_come and not self._barrier_passed
        self._present(post)
        return post

    def _held(self, post: Post) -> Held:
        id = "" if post.light is not None else post.wanted.directive.id
        return held(post.step, self._key(post.step), post.wish, id, self._stock)

    def _key(self, step: Step) -> str | None:
        """Give a step's key, unless it builds on a picture that has not been seen yet."""
        try:
            return request.key(step, self._keys)
        except KeyError:
            return None

    def _lacks(self, found: Held) -> bool:
        """Whether a picture is to be drawn, if that may be; what is damaged is mended, not bought.
        """
        match found:
            case Stocked():
                return False
            case Drifted():
                return self.settings.on_drift == "draw"
            case Previous():
                return True
            case Missing(damage):
                return not damage
            case _:
                assert_never(found)

    def _present(self, post: Post) -> None:
        """Name a picture's files and say what its page points at."""
        recipe, step = self.settings.recipe, post.step
        id = post.wanted.directive.id
        name = f"{id}-dark" if id and post.light is not None else id
        if post.promised:
            post.stem = variant.stem(step, recipe, name)
            post.shown = self._shown(post.stem, step, step.pixels)
            if step.grounding:
                post.shown = replace(post.shown, awaited=post.stem)
            return
        match post.held:
            case Stocked(record):
                post.stem = variant.stem(step, recipe, name)
            case Drifted(record) | Previous(record):
                post.stem = variant.stem(step, recipe, name, other=record.key)
            case Missing() if post.light is not None:
                # Better the light picture on a dark page than a frame without one.
                post.stem, post.shown = post.light.stem, post.light.shown
                return
            case Missing():
                post.stem = placeholder.name(step.pixels, self._notes(post))
                uri = f"{self.settings.assets_dir}/{post.stem}"
                post.shown = Shown(uri, *step.pixels, placeholder=True)
                return
            case _:
                assert_never(post.held)
        post.shown = replace(
            self._shown(post.stem, step, (record.width, record.height)),
            sources=grounding.sources(record.grounding),
            searches=grounding.searches(record.grounding),
        )

    def _notes(self, post: Post) -> tuple[str, ...]:
        """Say on a placeholder what was asked for, and why it is not there: in serve alone."""
        if not self._serving:
            return ()
        damage = post.held.damage if isinstance(post.held, Missing) else ""
        return folded(post.wanted.directive.prompt), damage or post.why

    def _shown(self, stem: str, step: Step, size: tuple[int, int]) -> Shown:
        files = variant.variants(step, self.settings.recipe, size)
        uris = [self._uri(stem, file) for file in files]
        return Shown(
            uris[files.index(variant.shown_first(files))],
            *size,
            tuple(Candidate(uri, file.width) for uri, file in zip(uris, files, strict=True)),
            self.settings.sizes,
            self.settings.label,
        )

    def _uri(self, stem: str, file: variant.Variant) -> str:
        return f"{self.settings.assets_dir}/{stem}-{file.slot}.{self.settings.recipe.format}"

    # The barrier

    def settle(self) -> list[Swap]:
        """Draw what is missing and may be drawn, publish everything, and say what came out other
        than promised. Raises `KeyboardInterrupt`; what had arrived by then is kept.
        """  # noqa: D205
        self._resolve()
        promised = [post for post in self._posts.values() if post.promised]
        lacking = [post for post in promised if self._lacks(post.held) and self._asked(post)]
        if lacking and not self.why_not:
            begun = time.monotonic()
            self._bought = purchase(
                [post.wanted for post in lacking],
                keys=self._keys,
                named=self._named,
                settings=self.settings,
                stock=self._stock,
                progress=self._progress,
                load=self._load,
                order=self._order,
                on_record=self._press_new,
            )
            self._seconds = time.monotonic() - begun
        self._barrier_passed = True
        swaps = [self._close(post) for post in promised]
        swaps += self._publish(list(self._posts.values()))
        self._report()
        return [swap for swap in swaps if swap.promised != swap.shown]

    def _resolve(self) -> None:
        """Give every id its key, now that all are known, and look again for who waited for one."""
        named = {id: wanted.step for id, wanted in self._named.items()}
        self._keys, circles = graph.resolve(named)
        for post in self._posts.values():
            if not any(True for _ in graph.needs(post.step)):
                continue
            wrong = circles.get(post.wanted.directive.id)
            wrong = wrong or graph.unresolved(post.step, self._keys, named)
            post.held = self._held(post) if wrong is None else Missing(str(wrong))

    def _asked(self, post: Post) -> bool:
        """Whether an order names this picture, by its id or by a page it is on."""
        if self._order is None or not self._order.only:
            return True
        names = {post.wanted.directive.id, *(use.page for use in post.uses)}
        return not names.isdisjoint(self._order.only)

    def _press_new(self, record: Record) -> None:
        """Encode a picture that has just arrived while others are on their way."""
        for post in list(self._posts.values()):
            if post.promised and self._key(post.step) == record.key:
                # The stem is the promised one: it names this very request.
                self._press.start(self._edition(post.stem, post.step, record))

    def _close(self, post: Post) -> Swap:
        """Look a promised picture up again, and correct what its page was told."""
        key = self._key(post.step)
        promise = post.shown
        post.promised = False
        if not isinstance(post.held, Missing) or not post.held.damage:
            post.held = self._held(post)
        post.why = (
            self._bought.reasons.get(key or "")
            or self._bought.refusal
            or self.why_not
            or "nobody asked for it"
        )
        self._present(post)
        return Swap(promise, post.shown)

    def _publish(self, posts: list[Post]) -> list[Swap]:
        """Write the files of pictures; one whose original is damaged becomes a placeholder."""
        for post in posts:
            match post.held:
                case Stocked(record) | Drifted(record) | Previous(record):
                    self._press.start(self._edition(post.stem, post.step, record))
                case Missing():
                    self._write_placeholder(post)
                case _:
                    assert_never(post.held)
        complaints = self._press.finish()
        swaps = []
        for post in posts:
            if (complaint := complaints.get(post.stem)) is not None:
                before = post.shown
                post.held = Missing(str(complaint))
                self._present(post)
                self._write_placeholder(post)
                swaps.append(Swap(before, post.shown))
        return swaps

    def _write_placeholder(self, post: Post) -> None:
        if post.shown.placeholder:
            drawing = placeholder.draw(post.step.pixels, self._notes(post))
            self._press.write(post.shown.src, drawing.encode())

    def _edition(self, stem: str, step: Step, record: Record) -> Edition:
        files = variant.variants(step, self.settings.recipe, (record.width, record.height))
        return Edition(stem, record, tuple((self._uri(stem, file), file) for file in files))

    def _load(self, part: FilePart) -> Inline | Complaint:
        return references.load(part, self.settings.root)

    # The report

    def _report(self) -> None:
        quiet = self._serving or self.settings.on_missing == "info" or not self.settings.enabled
        level: Level = "info" if quiet else "warning"
        for post in self._posts.values():
            if not self._asked(post):
                continue
            for use in post.uses:
                what = quoted(use.directive.prompt)
                match post.held:
                    case Stocked():
                        pass
                    case Drifted(_, why):
                        self.say("info", f"{what} drifted: {why}", use.page, use.directive.source)
                    case Previous():
                        text = f"expected a picture of {what}, got an earlier one of this id"
                        self.say(level, f"{text}: {post.why}", use.page, use.directive.source)
                    case Missing(damage):
                        text = damage or f"expected a picture of {what}, got none: {post.why}"
                        worst: Level = "warning" if damage else level
                        self.say(worst, text, use.page, use.directive.source)
                    case _:
                        assert_never(post.held)
        for model, billed, expected in self._bought.dearer:
            text = f"a picture of {model} cost ${billed:.3f}, where the table says ${expected:.3f}"
            self.say("info", f"{text}; prices: in mkdocs.yml corrects it")
        for price in self._bought.unknown:
            self.say(
                "info",
                "a request of an earlier build was sent and its answer never arrived; "
                f"about ${price:.2f} may have been billed",
            )

    @property
    def missing(self) -> int:
        """How many pictures, of those asked for, have only a placeholder."""
        posts = self._posts.values()
        return sum(isinstance(post.held, Missing) and self._asked(post) for post in posts)

    def names(self) -> frozenset[str]:
        """Give the ids of the pictures and the pages they are on."""
        found = {use.page for post in self._posts.values() for use in post.uses}
        found |= {use.directive.id for post in self._posts.values() for use in post.uses}
        return frozenset(found - {""})

    def closing_line(self) -> str:
        """Sum the build up in one line."""
        posts = list(self._posts.values())
        drawn = len(self._bought.records)
        new = {record.key for record in (*self._bought.records.values(), *self._bought.adopted)}
        stocked = sum(
            isinstance(post.held, Stocked) and post.held.record.key not in new for post in posts
        )
        drifted = sum(isinstance(post.held, Drifted) for post in posts)
        parts = [f"{len(posts)} {'picture' if len(posts) == 1 else 'pictures'}"]
        if stocked:
            parts.append(f"{stocked} from stock")
        if drifted:
            parts.append(f"{drifted} drifted")
        if self._bought.adopted:
            parts.append(f"{len(self._bought.adopted)} that had arrived earlier")
        if drawn:
            cost = "" if self.settings.walls.free else f" for ${self._bought.spent:.2f}"
            parts.append(f"{drawn} drawn in {self._seconds:.1f} s{cost}")
        if self.missing:
            parts.append(f"{self.missing} not drawn")
        line = ", ".join(parts)
        if new and not self.settings.server.emulated:
            line += f" (commit {2 * len(new)} files in {self.settings.stock.name}/)"
        return line

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()


def _why_not(settings: Settings, *, serving: bool, ordered: bool) -> str:
    """Say why this build may not draw, and what to do about it; empty if it may."""
    if not settings.enabled:
        return "pictures are switched off (enabled: false)"
    if settings.server.emulated:
        return ""
    if not settings.server.key:
        return f"no API key for {settings.server.host}; set GEMINI_API_KEY or api_key: !ENV NAME"
    if ordered:
        return ""
    if serving:
        return "serve never buys by itself; run gemini-images draw"
    if settings.frozen:
        return "this build is frozen, as in CI; run gemini-images draw and commit what it drew"
    return ""
