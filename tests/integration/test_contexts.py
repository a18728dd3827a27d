"""Every place in Markdown where a picture can stand, in real builds: two depths, both URL styles.

The pages are those whose HTML is held golden elsewhere; here the host renders them, and each of
their addresses is followed to a file.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.unit.markdown.hosts import MATERIAL

PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[1] / "unit" / "markdown" / "golden").glob("*.md"))
}
EXTENSIONS: list[Any] = [
    {name: dict(MATERIAL.options[name])} if name in MATERIAL.options else name
    for name in MATERIAL.extensions
]


@pytest.mark.parametrize("directory_urls", [True, False], ids=["directories", "files"])
def test_a_picture_is_found_from_wherever_it_stands(site: MakeSite, directory_urls: bool) -> None:
    pages = {"index.md": "# Home", "more.md": "# More", "deep/er/more.md": "# More"}
    for name, text in PAGES.items():
        pages[name] = pages[f"deep/er/{name}"] = text
    config = {
        "use_directory_urls": directory_urls,
        "markdown_extensions": EXTENSIONS,
        "site_url": "https://site.example/with/a/path/",
    }
    built = site(pages, config=config, max_new=500, budget=50).build()
    assert len(PAGES) == 38
    for name, text in PAGES.items():
        stem = name.removesuffix(".md")
        page = f"{stem}/index.html" if directory_urls else f"{stem}.html"
        near, deep = built.images(page), built.images(f"deep/er/{page}")
        assert len(near) == len(deep), name
        assert near or "error" in built.pages[page], f"{name}: {text}"
        for image in (*near, *deep):
            assert image["src"].endswith(".webp"), name
            assert {"alt", "width", "height", "srcset", "loading"} <= image.keys(), name
        assert "<p><figure" not in built.pages[page], name
