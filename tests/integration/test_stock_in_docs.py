"""A stock or a cache below the docs folder is not published; the author's files beside it are."""

from pathlib import Path

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site

BARE = {"theme": {"name": None, "custom_dir": "theme"}}
"""A site of which all files are our own, or the author's."""


def bare(site: MakeSite, **options: str) -> Site:
    here = site({"index.md": FOX, "more.md": '![A fox](fox.webp "gemini: A red fox")'},
                config=BARE, **options)  # fmt: skip
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    (here.root / "docs").mkdir()
    (here.root / "docs" / f"{'a' * 64}.txt").write_text("An author's own.")
    return here


def published(here: Site) -> set[str]:
    """List what is in the built site, without what all of our sites have."""
    site = here.root / "site"
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith(("assets/gemini/", "sitemap"))}


def test_a_stock_and_a_cache_in_the_docs_folder_are_not_published(site: MakeSite) -> None:
    here = bare(site, stock="docs", cache_dir="docs/kept/cache")
    here.build()
    built = here.build()
    assert built.loud == ()
    assert [text for text in built.infos if "docs folder" in text] == [
        "stock is below the docs folder: 4 files of it are not published",
        "cache_dir is below the docs folder: 5 files of it are not published",
    ]
    assert published(here) == {f"{'a' * 64}.txt", "index.html", "more/index.html", "fox.webp"}


def test_a_stock_that_a_link_in_the_docs_folder_leads_to_is_not_published(site: MakeSite) -> None:
    here = bare(site)
    assert not [text for text in here.build().infos if "docs folder" in text]
    Path(here.root / "docs" / "pictures").symlink_to("../gemini-images")
    built = here.build()
    assert "stock is below the docs folder: 4 files of it are not published" in built.infos
    assert published(here) == {f"{'a' * 64}.txt", "index.html", "more/index.html", "fox.webp"}
