"""A browser, and how what it shows becomes a picture file of the README or the manual.

In comes a screenshot as Playwright gives it; out goes a WebP file that is small enough for a page,
or an end that says it is not. The browser is `CHROMIUM`, or /usr/bin/chromium, or Playwright's own.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

BROWSER = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(BROWSER) if BROWSER.exists() else None, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def save(shot: bytes, target: Path, most_bytes: int) -> None:
    """Write a screenshot as WebP, of at most so many bytes."""
    target.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(shot)).convert("RGB").save(target, "WEBP", quality=82, method=6)
    size = target.stat().st_size
    if size > most_bytes:
        raise SystemExit(f"{target} has {size} bytes, more than {most_bytes}")
    print(f"{target.name}: {size} bytes")
