"""The manual, built, served and opened in a browser, with what a page of it has moved."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.contexts import page_of
from tests.browser.waiting import scrolled_through
from tests.warm_process import HOST, run

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "example_site/.cache/plugin/gemini-images"
CACHE = ROOT / "example_site/.cache/quick"
"""What is encoded with the least effort stays out of the cache of the manual that is published."""
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


def build(folder: Path) -> None:
    """Build the manual as it is, but for its cache, and encode with the least effort.

    What `make site` has drawn before is not drawn again.
    """
    drawn = PUBLISHED / "emulator"
    if drawn.is_dir():
        shutil.copytree(drawn, CACHE / "emulator", dirs_exist_ok=True)
    code = f"""
from mkdocs_gemini_images.config.options import GeminiImagesConfig
GeminiImagesConfig.cache_dir.default = {str(CACHE)!r}
{HOST}"""
    config = ROOT / "example_site/mkdocs.yml"
    run(code, "build", "--strict", "--quiet", "-f", config, "-d", folder, timeout=500)


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


def turned_to(context: Any, site: str, name: str, *, width: int) -> Any:
    """Go to a page in a context's one page, and bring each picture into view."""

    def opened() -> Any:
        page = page_of(context, width=width, height=900)
        go(page, site, name)
        return page

    return scrolled_through(opened)
