"""The live preview: how much later a saved page is there, with a new picture or with many old ones.

Two servers run side by side, `mkdocs serve` on a site with our plugin and on one without, and pages
are saved in turn. A rebuild is timed by the host itself; the polling of files would hide it.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks import pictures
from benchmarks.bench import Bench, environment
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.sites import Site, ours

_BUILT = re.compile(r"Documentation built in ([\d.]+) seconds")
_PATIENCE = 60.0
_SAVES = 6


def preview(bench: Bench) -> Figure:
    """Save a page with one more directive, against one more paragraph."""
    pages = bench.of(50, 5)
    mine = Site(bench.folder("preview-ours"), pages, pages, ours, plugins={OURS: {}}).make()
    other = Site(bench.folder("preview-plain"), pages).make()
    with _Serving(mine).open() as one, _Serving(other).open() as two:
        later, seen = [], []
        for turn in range(bench.rounds(9)):
            prompt = f'\n\n![New](gemini: "A new picture number {turn}")\n'
            with_us, waited = one.save(prompt, 'alt="New".*?placeholder|placeholder.*?alt="New"')
            without, _ = two.save(f"\n\nA new paragraph number {turn}.\n", f"number {turn}")
            later.append(1000 * (with_us - without))
            seen.append(waited)
    return at_most(
        "live preview: save to placeholder / plain rebuild",
        max(0.0, statistics.median(later)), 100, unit=" ms",
        beside=f"{pages} pages; seen after {number(statistics.median(seen))} s, with the host's "
        "polling",
    )  # fmt: skip


def saving(bench: Bench) -> Figure:
    """Save a page of a site with many pictures, against the same with plain `<img>`."""
    pages, n = bench.of(100), bench.of(1000)
    made = [pictures.plain(bench.work / f"512/{i}.png", i, (688, 384)) for i in range(4)]
    options = {"size": "512", "model": "gemini-3.1-flash-image", "widths": [160, 320]}
    mine = Site(bench.folder("saving-ours"), pages, n, ours, plugins={OURS: options}).make()
    bench.stock(mine, made)
    bench.build(mine)
    other = bench.plain(mine)
    ratios, seconds, processor = [], [], []
    with _Serving(mine).open() as one, _Serving(other).open() as two:
        for turn in range(bench.rounds(7)):
            text, shows = f"\n\nA new paragraph number {turn}.\n", f"number {turn}"
            begun = one.cpu(), two.cpu()
            with_us, _ = one.save(text, shows)
            plain, _ = two.save(text, shows)
            ratios.append(with_us / plain)
            seconds.append((with_us, plain))
            processor.append((one.cpu() - begun[0]) / (two.cpu() - begun[1]))
    with_us, plain = (statistics.median(each) for each in zip(*seconds, strict=True))
    return at_most(
        f"live preview: save on a site with {n:,} pictures / the same with plain `<img>`",
        statistics.median(ratios), 1.05, cpu=statistics.median(processor),
        beside=f"{pages} pages; rebuilt in {number(with_us)} s, plain in {number(plain)} s",
    )  # fmt: skip


class _Serving:
    """One `mkdocs serve`, and what it says."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._built: list[float] = []
        self._process = 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._address = f"127.0.0.1:{free.getsockname()[1]}"

    @contextmanager
    def open(self) -> Iterator["_Serving"]:
        """Serve until the block ends."""
        command = [sys.executable, "-m", "mkdocs", "serve", "-f", str(self._site.config)]
        with subprocess.Popen(  # noqa: S603
            [*command, "-a", self._address],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment(),
        ) as process:  # fmt: skip
            self._process = process.pid
            try:
                threading.Thread(target=self._listen, args=(process.stderr,), daemon=True).start()
                self._wait(lambda: self._built and self._page())
                time.sleep(1)  # the observer of files begins a moment later
                yield self
            finally:
                process.terminate()

    def save(self, text: str, shows: str) -> tuple[float, float]:
        """Append to a page; give the seconds of its rebuild, and until it is seen."""
        before, page = len(self._built), self._site.docs / "index.md"
        begun = time.monotonic()
        page.write_text(page.read_text() + text)
        for _ in range(_SAVES):
            with suppress(TimeoutError):  # the host's observer misses a change now and then
                self._wait(lambda: len(self._built) > before, 5.0)
                break
            page.write_text(page.read_text() + "\n")
        self._wait(lambda: re.search(shows, self._page(), re.DOTALL))
        return self._built[-1], time.monotonic() - begun

    def cpu(self) -> float:
        """Give the processor seconds that the server has used, by all of its threads."""
        fields = Path(f"/proc/{self._process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _listen(self, said: Iterator[str]) -> None:
        for line in said:
            if found := _BUILT.search(line):
                self._built.append(float(found[1]))

    def _page(self) -> str:
        try:
            with urllib.request.urlopen(f"http://{self._address}/", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def _wait(self, come: object, patience: float = _PATIENCE) -> None:
        until = time.monotonic() + patience
        while not come():  # type: ignore[operator]
            if time.monotonic() > until:
                raise TimeoutError(f"{self._site.root.name} did not come")
            time.sleep(0.02)
