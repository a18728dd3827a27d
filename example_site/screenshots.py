"""Make the pictures of the built manual that the README shows.

Run `make site` first, then this, with Playwright and a Chromium: `.venv/bin/python
example_site/screenshots.py`. What goes in is `example_site/site`; out come WebP files in
`example_site/docs/images`. The browser is `CHROMIUM`, or /usr/bin/chromium, or Playwright's own.
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SITE = HERE / "site"
IMAGES = HERE / "docs" / "images"
BROWSER = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MOST_BYTES = 200_000

SHOTS = (
    # name, page, width, height, colour scheme
    ("home", "index.html", 1280, 640, "light"),
    ("home-dark", "index.html", 1280, 640, "dark"),
)


def main() -> None:
    """Take all shots."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(BROWSER) if BROWSER.exists() else None, args=["--no-sandbox"]
        )
        for name, page_name, width, height, scheme in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto((SITE / page_name).as_uri())
            page.wait_for_function("[...document.images].slice(0, 1).every(i => i.complete)")
            page.wait_for_timeout(500)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            target = IMAGES / f"{name}.webp"
            shot.save(target, "WEBP", quality=82, method=6)
            size = target.stat().st_size
            if size > MOST_BYTES:
                raise SystemExit(f"{target} has {size} bytes, more than {MOST_BYTES}")
            print(f"{target.relative_to(HERE)}: {size} bytes")
        browser.close()


if __name__ == "__main__":
    main()
