"""A lightbox opens the largest file, in the build that draws and in the next, byte for byte.

The lightbox is a stand-in that does what mkdocs-glightbox does: it reads finished HTML, and puts
each image into a link to its `data-src`, or else to its `src`. It is installed beside the others.
"""

import re
from html import unescape
from pathlib import Path

from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.warm_process import HOST, started

STAND_IN = '''
import re
from html import escape
from pathlib import Path
from mkdocs.plugins import BasePlugin

class Lightbox(BasePlugin):
    def on_page_content(self, html, **rest):
        return re.sub("<img[^>]*>", linked, html)

class PrintSite(BasePlugin):
    """Copies the HTML of all pages into one, as mkdocs-print-site-plugin does."""
    def on_page_content(self, html, **rest):
        self.copied = getattr(self, "copied", "") + html.replace('src="', 'src="../')

    def on_post_build(self, config):
        page = Path(config.site_dir, "print_page", "index.html")
        page.parent.mkdir()
        page.write_text(self.copied)

class Feed(BasePlugin):
    """Writes the HTML of all pages into a feed, as mkdocs-rss-plugin does."""
    def on_page_content(self, html, **rest):
        self.copied = getattr(self, "copied", "") + escape(html)

    def on_post_build(self, config):
        feed = f"<rss><item><description>{self.copied}</description></item></rss>"
        Path(config.site_dir, "feed.xml").write_text(feed)

def linked(image):
    found = dict(re.findall(' ([a-z-]+)="([^"]*)"', image[0]))
    return f'<a class="glightbox" href="{found.get("data-src") or found["src"]}">{image[0]}</a>'
'''


def install(folder: Path) -> None:
    """Install the stand-in as a distribution in a folder, with an entry point of its own."""
    facts = folder / "glightbox_stand_in-1.0.dist-info"
    facts.mkdir(parents=True)
    (folder / "glightbox_stand_in.py").write_text(STAND_IN)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: glightbox-stand-in\nVersion: 1\n")
    (facts / "entry_points.txt").write_text(
        "[mkdocs.plugins]\nglightbox = glightbox_stand_in:Lightbox\n"
        "print-site = glightbox_stand_in:PrintSite\nrss = glightbox_stand_in:Feed\n"
    )


def build(here: Site, *options: str) -> str:
    """Build a site in a process that has the stand-in installed; return what it says."""
    found = f"import sys\nsys.path.insert(0, {str(here.root / 'installed')!r})\n"
    process = started(found + HOST, "build", *options, "-f", here.write())
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def test_a_lightbox_opens_the_largest_file(site: MakeSite) -> None:
    owl = fence("An owl [emulate: image-prohibited]")
    pages = {"index.md": fence("A fox", id="fox"), "sub/deep.md": fence("A fox", id="fox") + owl}
    pages["cut.md"] = fence("A fox", id="fox", crop="1:1")
    config = {"theme": {"name": None, "custom_dir": "theme"}, "plugins": ["glightbox"]}
    here = site(pages, aspect_ratio="8:1", widths=[960], retries=0, config=config)
    install(here.root / "installed")
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    built = []
    for _ in range(2):
        assert "An owl" in build(here)
        found = sorted((here.root / "site").rglob("index.html"))
        built.append({page.relative_to(here.root / "site"): page.read_text() for page in found})
    assert built[0] == built[1]
    for page, html in built[0].items():
        up = "../" * (len(page.parts) - 1)
        links = [found["href"] for tag, found in tags(html) if tag == "a"]
        images = [found for tag, found in tags(html) if tag == "img"]
        assert [image["data-src"] for image in images] == links
        opened = [link.removeprefix(up) for link in links]
        assert all((here.root / "site" / name).is_file() for name in opened)
        assert opened[0].endswith("-1536.webp")
        shown = "-1x1-50-50-192." if page.parts[0] == "cut" else "-960."
        assert images[0]["src"] == up + opened[0].replace("-1536.", shown)
        assert all("placeholder-" in name for name in opened[1:])


def test_a_lightbox_leaves_each_screen_its_own_cut(site: MakeSite) -> None:
    """The mark lies over the link, and what is opened is the whole picture."""
    page = fence("A fox", crop="narrow 1:1, wide 21:9") + "\n" + fence("An owl", dark="At night")
    theme = {"name": None, "custom_dir": "theme", "color_mode": "auto"}
    here = site(page, label="icon", config={"theme": theme, "plugins": ["glightbox"]})
    install(here.root / "installed")
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    built = []
    for _ in range(2):
        build(here, "--strict")
        built.append((here.root / "site" / "index.html").read_text())
    assert built[0] == built[1]
    opened = re.findall(
        r'<a class="glightbox" href="([^"]*)"><picture>(?:<source[^>]*>)+<img[^>]*></picture></a>'
        r'<span class="gemini-image__mark ',
        built[0],
    )
    assert [link.endswith("-688.webp") for link in opened] == [True] * built[0].count("<picture>")
    assert opened


def test_a_print_page_and_a_feed_have_the_cuts_and_the_words_of_the_mark(site: MakeSite) -> None:
    """They are copied before a lightbox's link is put around a whole `<picture>`."""
    page = fence("A fox", crop="narrow 1:1, wide 21:9") + "\n" + fence("An owl", dark="At night")
    theme = {"name": None, "custom_dir": "theme", "color_mode": "auto"}
    others = ["glightbox", "rss", "print-site"]
    here = site(page, label="icon", config={"theme": theme, "plugins": others})
    install(here.root / "installed")
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text("{{ page.content }}")
    built = []
    for _ in range(2):
        build(here, "--strict")
        built.append(
            [
                (here.root / "site" / name).read_text()
                for name in ("print_page/index.html", "feed.xml")
            ]
        )
    assert built[0] == built[1]
    printed, feed = built[0]
    assert printed.count("<picture>") == 2
    assert len(re.findall(r'<a class="glightbox"[^>]*><picture>', printed)) == 2
    assert not re.search(r"<source[^>]*>\s*<a ", printed)
    sets = [each["srcset"] for tag, each in tags(printed) if "srcset" in each]
    shown = [address.split()[0] for each in sets for address in each.split(", ")]
    assert all((here.root / "site/print_page" / address).is_file() for address in shown)
    for copied in (printed, unescape(feed)):
        assert copied.count(">AI-generated image</span>") == 2
