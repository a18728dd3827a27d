"""The manual, built, served and opened in a browser, with what a page of it has moved."""

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.waiting import scrolled_through

ROOT = Path(__file__).parents[2]
# Collected before the page's own scripts run: how far anything moved without being asked to.
# Material writes a post's facts and the foot of a page before the text above them has arrived.
WATCH_SHIFTS = """
window.shifts = 0;
const theirs = node => node?.parentElement?.closest('.md-sidebar--post, .md-footer')
  || node?.matches?.('.md-sidebar--post, .md-footer');
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput && !entry.sources.every(source => theirs(source.node)))
      window.shifts += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


def build(config: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    subprocess.run([*command, "-f", str(config), "-d", str(folder)], check=True, timeout=500)


def serve(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Have each page load its pictures: one from a cache comes too early to move anything."""
        if "/gemini/" in self.path:
            self.send_header("Cache-Control", "no-store")
        super().end_headers()


def pages() -> list[str]:
    docs = ROOT / "example_site/docs"
    found = sorted(path.relative_to(docs).with_suffix("") for path in docs.rglob("*.md"))
    return [path.as_posix().replace("blog/posts/", "blog/") for path in found]


def go(page: Any, site: str, name: str) -> None:
    urls = (f"{site}/{name}.html", f"{site}/{name}/", f"{site}/{name.rpartition('index')[0]}")
    assert any(page.goto(url).ok for url in urls)


def turned_to(reader: Any, site: str, name: str, *, width: int) -> Any:
    """Go to a page in a context's one page, which loads the theme's files once."""

    def opened() -> Any:
        page = reader.pages[0] if reader.pages else reader.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        go(page, site, name)
        return page

    return scrolled_through(opened)


def open_page(
    browser: Any, site: str, name: str, *, width: int, scheme: str = "light", density: int = 1
) -> Any:
    """Open a page in a context of its own."""

    def opened() -> Any:
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            device_scale_factor=density,
        )
        go(page, site, name)
        return page

    return scrolled_through(opened)
