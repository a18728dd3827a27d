"""Make the pictures of the built manual that the README shows.

Run `make site` first, then this, with Playwright and a Chromium: `.venv/bin/python
example_site/screenshots.py`. What goes in is `example_site/site`; out come WebP files in
`example_site/docs/images`.
"""

from pathlib import Path

from shots import chromium, save

HERE = Path(__file__).parent
SITE = HERE / "site"
IMAGES = HERE / "docs" / "images"
MOST_BYTES = 200_000

SHOTS = (
    # name, page, width, height, colour scheme
    ("home", "index.html", 1280, 640, "light"),
    ("home-dark", "index.html", 1280, 640, "dark"),
)


def main() -> None:
    """Take all shots."""
    with chromium() as browser:
        for name, page_name, width, height, scheme in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto((SITE / page_name).as_uri())
            page.wait_for_function("[...document.images].slice(0, 1).every(i => i.complete)")
            page.wait_for_timeout(500)
            save(page.screenshot(), IMAGES / f"{name}.webp", MOST_BYTES)


if __name__ == "__main__":
    main()
