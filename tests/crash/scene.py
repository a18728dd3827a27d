"""A scene: a site of small pictures without its host, built for good, and watched.

`Scene.build` runs the real path from directives to published files: stock, journal, lock, client
and encoder are the ones that users have; only the host is left out, since it costs time and is not
what is tried here. `oracle.py` says what must be true of every end.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import ThemePair, Use
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import choose
from mkdocs_gemini_images.config.settings import EncodingOptions, ImageDefaults, Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.draw_command import DrawCommand, DryRun
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.press_queue import PreviewRefusal
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.requests.planning import Plan
from mkdocs_gemini_images.requests.request import ImageRequest, key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Missing
from tests.crash.till import KEY

EDIT = "; "
"""What stands between a prompt and its edits."""
DEFAULTS = ImageDefaults(model="gemini-3.1-flash-image", size="512")


class Heard:
    """Watches the drawing; `begun` is called when requests are about to go.

    What a person would hear at once is written to the file `roll`, if there is one.
    """

    def __init__(self, begun: Callable[[], None] = lambda: None, roll: Path | None = None) -> None:
        self._begun = begun
        self._roll = roll

    def begin(self, plan: Plan) -> None:
        self._begun()

    def say(self, text: str) -> None:
        if self._roll is not None:
            with self._roll.open("a", encoding="utf-8") as file:
                file.write(f"{text}\n")

    def advance(self, outcome: RequestOutcome, spent: float) -> None:
        if outcome.failure is not None and outcome.billed:
            self.say(f"{outcome.need.display_name}: {outcome.reason}")

    def end(self) -> None: ...


@dataclass(frozen=True)
class Ended:
    """What a build left for its page."""

    shown: dict[str, RenderedImage]
    """By prompt."""
    said: tuple[str, ...]
    loud: tuple[str, ...]
    """Warnings alone."""
    missing: int


@dataclass(frozen=True)
class Scene:
    """One site's folder, where it buys, and which cache it has: several may share one stock."""

    root: Path
    url: str
    cache_name: str = ".cache"
    roll: Path | None = None
    """Where what people hear is written down."""

    @property
    def stock(self) -> Path:
        return self.root / "gemini-images"

    @property
    def cache(self) -> Path:
        return self.root / self.cache_name

    @property
    def journal(self) -> Path:
        return self.cache / "journal"

    @property
    def caches(self) -> list[Path]:
        """All caches beside the stock, of whatever scene."""
        return sorted(self.root.glob(".cache*"))

    def journals(self, pattern: str) -> Iterator[Path]:
        """Give the files of a kind in the journals of all caches."""
        for cache in self.caches:
            yield from cache.glob(f"journal/{pattern}")

    def put_aside(self) -> Iterator[Path]:
        """Give the answers that were put into temporary folders."""
        for folder in Path(tempfile.gettempdir()).glob("gemini-images-*"):
            with suppress(FileNotFoundError):  # a build that ends now removes it
                yield from list(folder.glob("*.answer"))

    def settings(self, *, frozen: bool = False, retries: int = 2) -> Settings:
        server = choose(self.url, environment={"GEMINI_API_KEY": KEY})
        return Settings(
            self.root,
            self.stock,
            self.cache,
            "docs",
            server,
            DEFAULTS,
            EncodingOptions(widths=(480,)),
            SpendingLimits(max_new=10**6, budget=1e6),
            frozen=frozen,
            retries=retries,
        )

    def build(
        self,
        prompts: Iterable[str],
        *,
        site: str = "site",
        frozen: bool = False,
        retries: int = 2,
        begun: Callable[[], None] = lambda: None,
        command: DrawCommand | None = None,
    ) -> Ended:
        """Build a page of these pictures, or run a command on it."""
        settings, heard = self.settings(frozen=frozen, retries=retries), Heard(begun, self.roll)
        build = SiteBuild(
            settings,
            FolderStore(self.stock),
            self.root / site,
            BuildMode(command),
            progress=heard,
            tracker=SpendTracker(),
        )
        pairs: dict[str, ThemePair] = {}
        try:
            for prompt in prompts:
                directive = directive_of(prompt)
                pairs[prompt] = build.collect(directive, Use(directive, "index.md"))
            try:
                build.finish()
            finally:
                heard.say("\n".join(notice.text for notice in build.notices))
                build.tell(build.notices)
            shown = {prompt: build.shown(pair) for prompt, pair in pairs.items()}
            said = tuple(notice.text for notice in build.notices)
            # The till's pictures are small on purpose, which is said of each when it is bought.
            loud = tuple(
                notice.text
                for notice in build.notices
                if notice.level == "warning" and "came as 32 x 18 " not in notice.text
            )
            return Ended(shown, said, loud, build.missing)
        finally:
            build.close()

    def press(
        self, prompts: Iterable[str], *, site: str = "site", begun: Callable[[], None]
    ) -> None:
        """Show a page of these pictures in a preview, and press the button of each that lacks."""
        settings, heard = self.settings(), Heard(roll=self.roll)
        build = SiteBuild(
            settings,
            FolderStore(self.stock),
            self.root / site,
            BuildMode(serving=True),
            progress=heard,
            tracker=SpendTracker(),
        )
        for prompt in prompts:
            directive = Directive(prompt, "A picture", id=name(prompt))
            build.collect(directive, Use(directive, "index.md"))
        build.finish()
        heard.say("\n".join(notice.text for notice in build.notices))
        build.tell(build.notices)
        preview = PreviewController(heard.say, lambda page: None, interval=0.02)
        preview.build_begins(settings.limits)
        snapshot = PreviewSnapshot(build)
        preview.build_ended(snapshot, frozenset({"index.md"}))
        preview.open()
        begun()
        for handle, image in snapshot.images.items():
            if isinstance(image.lookup, Missing):
                with suppress(PreviewRefusal):  # its answer waits, or another has drawn it
                    preview.draw(handle, 1.0)
        while any(
            (preview.state(handle) or {})["state"] == "drawing" for handle in snapshot.images
        ):
            time.sleep(0.01)
        preview.close()
        build.close()

    def missing(self, prompts: Iterable[str]) -> int:
        """Count the pictures of a page that are not in stock or not whole, as a check does."""
        build = SiteBuild(
            self.settings(),
            FolderStore(self.stock),
            self.root / "site",
            BuildMode(DryRun(thorough=True)),
            progress=Heard(),
            tracker=SpendTracker(),
        )
        for prompt in prompts:
            directive = Directive(prompt, "A picture")
            build.collect(directive, Use(directive, "index.md"))
        build.finish()
        return build.missing

    @staticmethod
    def key_of(prompt: str) -> str:
        """Give the key of a prompt's picture, with its edits."""
        request = None
        for text in prompt.split(EDIT):
            step = ImageRequest(DEFAULTS.model, text, DEFAULTS.aspect_ratio, DEFAULTS.size)
            request = step._replace(after=request)
        assert request is not None
        return key(request)


def directive_of(prompt: str) -> Directive:
    """Make the directive of a prompt, with its edits."""
    first, *edits = prompt.split(EDIT)
    return Directive(first, "A picture", id=name(prompt), edits=tuple(edits))


def name(prompt: str) -> str:
    """Name a prompt's picture."""
    return "p" + re.sub(r"\W+", "-", prompt)[:40]
