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

from mkdocs_gemini_images.build.site_image import Post, edition, notes, present
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Complaint
from mkdocs_gemini_images.generation.conversation import LoadFile
from mkdocs_gemini_images.generation.generator import Bought, Buyer, Order, Progress, Purse
from mkdocs_gemini_images.imaging import variants
from mkdocs_gemini_images.imaging.publisher import Press
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.requests.plan import Plan, plan
from mkdocs_gemini_images.requests.request import Wanted, another_take, key
from mkdocs_gemini_images.store.folder import Pictures, Record
from mkdocs_gemini_images.store.lookup import Missing, Own, Stocked


class Afterwards:
    """The pictures of a finished build, by their handles."""

    def __init__(
        self,
        settings: Settings,
        stock: Pictures,
        press: Press,
        posts: Iterable[Post],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, Wanted],
        load: LoadFile,
        why_not: str,
        blocked: Callable[[Post], str],
        most_takes: int,
    ) -> None:
        self.posts = {post.handle: post for post in posts}
        self.free = settings.walls.free
        self._settings = settings
        self._stock = stock
        self._press = press
        self._keys = keys
        self._named = named
        self._load = load
        self._why_not = why_not
        self._blocked = blocked
        self._most = most_takes
        self._twins = {id(post.light): post for post in self.posts.values() if post.light}
        self._known: dict[tuple[int, int], str | None] = {}

    @property
    def folder(self) -> Path:
        """The folder in which new pictures appear."""
        return self._stock.folder

    def why_not(self, post: Post) -> str:
        """Say why a picture cannot be drawn whatever it costs, or nothing."""
        if isinstance(post.held, Missing) and post.held.damage:
            return post.held.damage
        if isinstance(post.held, Own):
            return f"{post.wanted.file} is your own file"
        return self._why_not or self._blocked(post)

    def wanted(self, post: Post, take: int = 0) -> Wanted:
        """Give what is to be drawn for a post: with its twin, or another take alone."""
        return another_take(post.wanted, take) if take else post.wanted

    def takes(self, post: Post) -> list[int]:
        """List the takes of a post's request that are in stock; a dark twin has none of its own."""
        if post.light is not None or isinstance(post.held, Own):
            return []
        return [take for take in self.numbers(post) if self._find(post, take) is not None]

    def numbers(self, post: Post) -> list[int]:
        """List the numbers that its takes may have."""
        return sorted({*range(1, self._most + 1), post.step.take})

    def twin(self, post: Post) -> Post | None:
        """Give the post of its picture for dark pages."""
        return self._twins.get(id(post))

    def key(self, post: Post, take: int = 0) -> str | None:
        """Give the key of a post's picture, or of another take; None where there is none."""
        known = (id(post), take)
        if known not in self._known:
            step = replace(post.step, take=take) if take else post.step
            try:
                self._known[known] = key(step, self._keys)
            except KeyError:
                self._known[known] = None
        return self._known[known]

    def plan(self, wanted: Wanted) -> Plan:
        """Plan what drawing it would take: nothing where it refers to what nobody has."""
        try:
            return plan(
                [wanted],
                self._keys,
                self._named,
                lambda key: self._stock.find(key) is not None,
                lambda key: False,
                self._settings.walls,
            )
        except KeyError:
            return Plan()

    def draw(
        self,
        wanted: Iterable[Wanted],
        agree: Callable[[Plan], bool],
        progress: Progress,
        on_record: Callable[[Record], None],
    ) -> Bought:
        """Draw what is wanted, if the price is still agreed to when nobody else is buying."""
        # Whoever presses a button asks again, whatever was refused before: so `only` is not empty.
        order = Order(agree, frozenset({"preview"}))
        buyer = Buyer(
            self._settings, self._stock, progress=progress, purse=Purse(), load=self._load,
            order=order,
        )  # fmt: skip
        return buyer.buy(wanted, keys=self._keys, named=self._named, on_record=on_record)

    def look_again(self) -> bool:
        """Publish what has come into stock since, and say whether anything has."""
        changed = []
        for post in self.posts.values():
            found = None if isinstance(post.held, Stocked | Own) else self._find(post)
            if found is not None:
                if post.wanted.file and post.record is not None:
                    self._press.withdraw(post.wanted.file)  # an earlier picture under this name
                post.held = Stocked(found)
                changed.append(post)
        # A dark twin that is missing shows what its light picture shows.
        changed += [
            post for post in self.posts.values()
            if post.light in changed and isinstance(post.held, Missing)
        ]  # fmt: skip
        for post in changed:
            self._present(post)
        for post in self._publish(changed):
            self._present(post)
        return bool(changed)

    def sample(self, post: Post, take: int) -> bytes | Complaint:
        """Make one file of a take, of the size that a page shows."""
        record = self._find(post, take)
        if record is None:
            return Complaint(f"take {take} in stock", "none", "draw it first")
        wanted = another_take(post.wanted, take)
        other = Post(wanted, wanted.step, held=Stocked(record))
        present(other, self._settings, serving=True)
        made = edition(other, self._settings, record)
        first = variants.shown_first([file for _, file in made.files])
        return self._press.made(made, next(uri for uri, file in made.files if file == first))

    def _find(self, post: Post, take: int = 0) -> Record | None:
        key = self.key(post, take)
        found = None if key is None else self._stock.find(key)
        return found if isinstance(found, Record) else None

    def _present(self, post: Post) -> None:
        present(post, self._settings, serving=True)
        if post.shown.placeholder:
            drawing = placeholder.draw(post.step.pixels, notes(post, serving=True))
            self._press.write(post.shown.src, drawing.encode())

    def _publish(self, posts: list[Post]) -> list[Post]:
        """Write the files of pictures; give the posts whose original turns out to be damaged."""
        # The site's folder may be emptied at this moment: the build that does so publishes again.
        with suppress(FileNotFoundError):
            for post in posts:
                if post.record is not None:
                    self._press.start(edition(post, self._settings, post.record))
            complaints = self._press.finish()
            damaged = [post for post in posts if post.record and post.stem in complaints]
            for post in damaged:
                post.held = Missing(str(complaints[post.stem]))
            return damaged
        return []
