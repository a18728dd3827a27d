"""Walk an author's path through the live preview, in a real terminal and a real browser.

A small site in a folder of its own asks the emulator, as a server on this machine, and keeps real
pairs in its stock. A directive is written, drawn, taken again and picked, by keys and clicks alone;
each step is checked and its time is said, and the first that fails ends the walk with 1.

Run `.venv/bin/python example_site/walk.py`, with tmux, Playwright and a Chromium. `--shots` writes
what is seen on the way into `example_site/docs/screens`, for the manual.
"""

import argparse
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize
from shots import chromium, save
from terminal import Terminal

from mkdocs_gemini_images.config.reading import CI_VARIABLES
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog

SCREENS = Path(__file__).parent / "docs" / "screens"
MOST_BYTES = 80_000
PATIENCE = 30.0
LATENCY = 1.0
"""Of an answer, in seconds, where the progress is to be seen."""
SERVE, WORK = 0, 1

CONFIG = """\
site_name: A guide to the coast
theme:
  name: material
  font: false
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      toggle: {{icon: material/weather-night, name: Dark}}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      toggle: {{icon: material/weather-sunny, name: Light}}
plugins:
  - search
  - gemini-images:
      base_url: {url}
markdown_extensions:
  - attr_list
  - pymdownx.superfences
"""
BEFORE = """\
# The lighthouse

The light stands on the last rock of the bay. Its keeper climbs the stairs at dusk, and comes down
when the boats are in.

"""
DIRECTIVE = """\
```gemini-image
id: harbour
prompt: A lighthouse above a quiet harbour at dusk: watercolour
alt: A striped lighthouse over a bay
width: 75%
```

"""
AFTER = """\
## The way there

The path along the shore takes an hour. At high water, take the one over the hill, and mind the
sheep.

## When to go

In summer the light is lit at ten, in winter at four. The keeper shows the lamp to those who ask.
Bring a coat: on the gallery there is always wind.
"""
OTHER = """\
# The keeper

```gemini-image
id: keeper
prompt: A robot reading a map in a lighthouse, ink drawing
alt: A robot with a map
```
"""
DESK: ViewportSize = {"width": 1000, "height": 600}
SEEN_ELSEWHERE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("dark", {"viewport": DESK, "color_scheme": "dark"}),
    ("phone", {"viewport": {"width": 390, "height": 780}, "has_touch": True}),
)
PICTURE = "document.querySelector('img[data-gemini-images]')"
TAKES = """() => [...document.querySelector('gemini-images-preview').shadowRoot
  .querySelectorAll('.take img')].filter(image => image.naturalWidth > 0).length"""


class Walk:
    """One site, its terminal, its page, and the steps in their order."""

    def __init__(
        self, folder: Path, terminal: Terminal, browser: Browser, ledger: RequestLog,
        *, within: float, shots: bool,
    ) -> None:  # fmt: skip
        self.source = folder / "docs" / "index.md"
        self.stock = folder / "gemini-images"
        self.terminal = terminal
        self.browser = browser
        self.ledger = ledger
        self.within = within
        self.shots = shots
        self.page: Page
        self.panel: Locator

    def steps(self) -> None:
        """Take all steps."""
        with step("mkdocs serve starts, and the page is open"):
            self._serve()
        with step("a directive is written, and its placeholder is there"):
            self._write()
        with step("Draw is pressed, and the picture is in its place"):
            self._draw()
        with step("gemini-images draw --takes 4, and the takes are in the panel"):
            self._take()
        with step("a take is picked, and the page names it"):
            self._pick()
        with step("gemini-images plan says what is left, and what was spent"):
            self._plan()
        with step("an alt is proposed in the panel and accepted, and once more in the terminal"):
            self._alt()
        with step("Ctrl-C ends the preview"):
            self.terminal.interrupt(SERVE)
            until(lambda: self.terminal.text(SERVE).endswith("$"), "a prompt behind Ctrl-C")
        print(f"{len(self.ledger)} requests, ${self.ledger.price:.2f} if they had been Google's")

    def _serve(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.terminal.type(SERVE, f"mkdocs serve -a {address}")
        until(lambda: "Serving on" in self.terminal.text(SERVE), "the preview to be served")
        self.page = self.browser.new_page(viewport=DESK, device_scale_factor=1.5)
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.goto(f"http://{address}")
        self.panel = self.page.get_by_role("dialog", name="Picture")
        until(lambda: "Browser connected" in self.terminal.text(SERVE), "live reload to listen")

    def _write(self) -> None:
        begun = time.monotonic()
        self.source.write_text(BEFORE + DIRECTIVE + AFTER)
        self.page.wait_for_selector("img[data-gemini-images][src*=placeholder]")
        self.page.wait_for_function(f"{PICTURE}.naturalWidth > 0")
        seconds = time.monotonic() - begun
        print(f"  the placeholder is seen {seconds:.1f} s after the save")
        expect(seconds < self.within, f"it within {self.within:g} s")
        self.page.get_by_role("button", name="A striped lighthouse over a bay: Not drawn").click()
        expect("watercolour" in self.panel.inner_text(), "the prompt in the panel")
        expect(len(self.ledger) == 0, "no request for a save")
        self._shoot("placeholder", self.page)

    def _draw(self) -> None:
        # A host that saw the file half written builds, and loads the page, once more.
        self.page.wait_for_timeout(1500)
        self.page.evaluate("window.mark = 'not reloaded'")
        self.panel.get_by_role(
            "button", name=re.compile(r"^Draw \(about \$0\.\d+, at most \$0\.\d+\)")
        ).click()
        self.page.wait_for_function(f"{PICTURE}.src.endsWith('.webp') && {PICTURE}.naturalWidth")
        self._same_page()
        until(lambda: "harbour drawn for $" in self.terminal.text(SERVE), "its price said")
        expect(len(self.ledger) == 1, "one request")
        self._shoot("drawn", self.page)

    def _take(self) -> None:
        self.terminal.type(WORK, "gemini-images draw harbour --takes 4")
        until(
            lambda: "about $0.1" in " ".join(self.terminal.text(WORK).split()),
            "the price before it is spent",
        )
        self.page.wait_for_function(f"({TAKES})() === 4")
        self._same_page()
        self._come_to("3 drawn in")
        expect(len(self.ledger) == 4, "three more requests")
        names = sorted(path.name for path in self.stock.iterdir())
        pairs = {name.partition(".")[0] for name in names if name.endswith(".json")}
        expect(len(pairs) == 4 and len(names) == 8, f"four pairs in stock, not {names}")
        self._show("terminal-draw", WORK)

    def _pick(self) -> None:
        drawn = self.page.evaluate(f"{PICTURE}.src")
        self.panel.get_by_role("button", name="Take 3").click()
        self.page.wait_for_function(f"{PICTURE}.src.startsWith('blob:')")
        self._same_page()
        self._shoot("takes", self.page)
        before = self.source.read_text()
        self.panel.get_by_role("button", name="Pick take 3").click()
        until(lambda: self.source.read_text() != before, "the take written")
        named = DIRECTIVE.replace("75%\n", "75%\ntake: 3\n")
        expect(self.source.read_text() == BEFORE + named + AFTER, "take: 3, and nothing else")
        self.panel.get_by_text("· take 3 ·").wait_for()  # the page has been loaded anew
        self.page.wait_for_timeout(1500)
        self.page.wait_for_function(f"{PICTURE}.naturalWidth > 0")
        shown = self.page.evaluate(f"{PICTURE}.src")
        expect(shown != drawn and shown.endswith(".webp"), "another picture than the first")
        expect(len(self.ledger) == 4, "no request for a pick")
        if self.shots:
            self._look_elsewhere()

    def _plan(self) -> None:
        self.terminal.clear(WORK)
        self.terminal.type(WORK, "gemini-images plan")
        self._come_to("spent so far")
        plain, coloured = (self.terminal.text(WORK, colours=each) for each in (False, True))
        expect("\x1b" not in plain, "text without colours")
        expect(re.search(r"\x1b\[32m(\x1b\[\d+m)*new", coloured) is not None, "new in green")
        for words in (r"new +keeper\.md:3 ", r"in stock +index\.md:6 ", r"1 new, 1 in stock"):
            expect(re.search(words, plain) is not None, f"{words} in\n{plain}")
        expect(f"spent so far ${self.ledger.price:.2f}" in plain, "what the server was paid")
        self._show("terminal-plan", WORK)

    def _alt(self) -> None:
        self.panel.get_by_role("button", name="Alt …").click()
        self.panel.get_by_role(
            "button", name=re.compile(r"^Ask for an alt \(about \$0\.001")
        ).click()
        field = self.panel.get_by_role("textbox")
        field.wait_for()
        alt = field.input_value()
        expect(len(self.ledger) == 5, "one request for an alt")
        self._shoot("alt", self.page)
        before = self.source.read_text()
        self.panel.get_by_role("button", name="Accept").click()
        written = before.replace("alt: A striped lighthouse over a bay", f"alt: {alt}")
        until(lambda: self.source.read_text() == written != before, f"{alt} written, and only that")
        self.terminal.clear(WORK)
        self.terminal.type(WORK, "gemini-images alt harbour --all")
        until(lambda: "skip or quit" in self.terminal.text(WORK), "a question")
        self._show("terminal-alt", WORK)
        self.terminal.type(WORK, "s")
        self._come_to("quit")
        expect(len(self.ledger) == 5, "no request for the same question")

    def _look_elsewhere(self) -> None:
        for name, seen in SEEN_ELSEWHERE:
            page = self.browser.new_page(device_scale_factor=1.5, **seen)
            page.goto(self.page.url)
            page.get_by_role("button", name="A striped lighthouse over a bay: In stock").focus()
            page.keyboard.press("Enter")
            page.wait_for_function(f"({TAKES})() === 4")
            self._shoot(name, page)
            page.close()

    def _shoot(self, name: str, page: Page) -> None:
        """Keep what a page shows, when it has come to rest."""
        if self.shots:
            page.mouse.move(0, 0)
            page.wait_for_timeout(700)
            save(page.screenshot(), SCREENS / f"{name}.webp", MOST_BYTES)

    def _show(self, name: str, pane: int) -> None:
        """Keep what the terminal shows."""
        if self.shots:
            self.terminal.draw(pane, SCREENS / f"{name}.svg")

    def _come_to(self, words: str) -> None:
        """Wait for a command's last words, and the prompt behind them."""
        ended = words.replace(" ", r"\s+") + r".*\n\$$"
        until(lambda: re.search(ended, self.terminal.text(WORK), re.S) is not None, words)

    def _same_page(self) -> None:
        expect(self.page.evaluate("window.mark") == "not reloaded", "the page not to be reloaded")


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what a step is, and how long it took."""
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:5.1f} s  {words}", flush=True)


def expect(holds: bool, words: str) -> None:
    """End the walk where something does not hold."""
    if not holds:
        raise SystemExit(f"expected {words}")


def until(holds: Callable[[], bool], words: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        expect(time.monotonic() < end, words)
        time.sleep(0.05)


def environment() -> dict[str, str]:
    """Give a person's own environment with a key, and this Python's commands first."""
    gone = (*CI_VARIABLES, "GOOGLE_API_KEY", "TMUX", "NO_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if name not in gone}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "GEMINI_API_KEY": "x", "NO_MKDOCS_2_WARNING": "1"}


def main() -> None:
    """Walk, and show the terminal if that ends early."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--shots", action="store_true", help="write the manual's pictures")
    parser.add_argument("--within", type=float, default=2.0, metavar="SECONDS",
                        help="how soon a placeholder is to be there")  # fmt: skip
    chosen = parser.parse_args()
    ledger = RequestLog()
    latency = LATENCY if chosen.shots else 0
    with (
        tempfile.TemporaryDirectory() as name,
        serve_in_thread(create_app(latency=latency, request_log=ledger)) as url,
        chromium() as browser,
    ):
        folder = Path(name)
        (folder / "docs").mkdir()
        (folder / "mkdocs.yml").write_text(CONFIG.format(url=url))
        (folder / "docs" / "index.md").write_text(BEFORE + AFTER)
        (folder / "docs" / "keeper.md").write_text(OTHER)
        with Terminal(folder, environment()) as terminal:
            walk = Walk(folder, terminal, browser, ledger, within=chosen.within, shots=chosen.shots)
            try:
                walk.steps()
            except BaseException:
                print(f"{terminal.text(SERVE)}\n{'-' * 40}\n{terminal.text(WORK)}")
                raise


if __name__ == "__main__":
    main()
