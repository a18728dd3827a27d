"""One request shown in two ways: every page points at files that are there, cold and warm alike.

All pairings of the places where a picture can stand are pages of one site, each with a request of
its own: a page of the one place is built before a page of the other, after it, and both are one
page where that can be. The site is built twice: first everything is promised and drawn, then
everything is known from the beginning.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import mkdocs.commands.build
import mkdocs.config
import pytest

from tests.integration.built_pages import tags
from tests.integration.site import QUICK, Site, begin_anew, fence

URL = "https://example.org/my docs/"
BASE = urlsplit(URL).path


class Part(NamedTuple):
    """What stands on one page; CASE and PROMPT are put in."""

    folder: str
    body: str = ""
    meta: Mapping[str, object] = {}


INLINE = '![A boat at sea](gemini: "PROMPT")'
FILE = '![A boat at sea]({}/CASE.webp "gemini: PROMPT")'
PICTURE = {"prompt": "PROMPT", "alt": "A boat at sea"}

PLACES: Mapping[str, tuple[Part, ...]] = {
    "inline": (Part("", INLINE),),
    "inline in a folder": (Part("guide/", INLINE),),
    "fence": (Part("guide/", fence("PROMPT", alt="A boat at sea", caption="The *old* boat")),),
    "file": (Part("guide/", FILE.format("images")),),
    "file from two depths": (
        Part("", FILE.format("shared")),
        Part("guide/deep/", FILE.format("../../shared")),
    ),
    "hero": (Part("guide/", meta={"gemini_image": PICTURE}),),
    "card": (Part("", meta={"gemini_image": {**PICTURE, "show": False}}),),
    "template": (Part("guide/", meta={"picture": "CASE"}),),
    "404": (),
}
RENDERED_LAST = {"template", "404"}
PAIRINGS = [*((place,) for place in PLACES), *combinations(PLACES, 2)]
OUTCOMES = {"drawn": "", "other shape": " [emulate: ratio-ignored]",
            "refused": " [emulate: image-safety]"}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One request, the places that show it in their order, and what comes of it."""

    places: tuple[str, ...]
    outcome: str
    together: bool = False

    @property
    def pairing(self) -> tuple[str, ...]:
        return tuple(place for place in PLACES if place in self.places)

    @property
    def name(self) -> str:
        how = ("together",) if self.together else ()
        return re.sub(r"\W+", "-", " ".join((" then ".join(self.places), *how, self.outcome)))

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield the Markdown of its pages by their paths, in the order in which they are built."""
        parts = [PLACES[place] for place in self.places]
        if self.together:
            together = [part for (part,) in parts]
            yield f"{together[0].folder}{self.name}--1.md", self._page(together)
            return
        for at, part in enumerate((part for each in parts for part in each), 1):
            yield f"{part.folder}{self.name}--{at}.md", self._page([part])

    def _page(self, parts: Sequence[Part]) -> str:
        meta = {name: value for part in parts for name, value in part.meta.items()}
        bodies = "\n\n".join(part.body for part in parts)
        text = f"---\n{json.dumps(meta)}\n---\n# A page\n\n{bodies}\n\nThe end.\n"
        return text.replace("CASE", self.name).replace("PROMPT", self.prompt)

    @property
    def prompt(self) -> str:
        return f"A boat, {self.name}{OUTCOMES[self.outcome]}"


def all_cases() -> Iterator[Case]:
    for places in PAIRINGS:
        orders = [places] if RENDERED_LAST & {*places} else [places, places[::-1]]
        folders = [[part.folder for part in PLACES[place]] for place in places]
        can_be_together = folders in ([["guide/"], ["guide/"]], [[""], [""]])
        for outcome, order in product(OUTCOMES, orders if len(places) > 1 else [places]):
            yield Case(order, outcome)
            if can_be_together:
                yield Case(order, outcome, together=True)


CASES = {case.name: case for case in all_cases()}

HOOK = """
import re

from mkdocs.structure.files import Files


def on_files(files, config):
    return Files(sorted(files, key=lambda file: file.src_uri.rpartition("--")[2]))


# What a lightbox does.
def on_page_content(html, page, config, files):
    if not config.extra["linked"]:
        return html
    image = r'(?:<picture>.*?)?<img[^>]* src="([^"]*)"[^>]*>(?:</picture>)?'
    return re.sub(image, r'<a class="zoom" href="\\1">\\g<0></a>', html)
"""

MAIN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
{% for path in config.extra_css %}<link href="{{ path | url }}" rel="stylesheet">
{% endfor %}{% if page.meta.image %}<meta name="thumbnail" content="{{ page.meta.image }}">
{% endif %}</head><body>
{% if page.meta.picture %}{{ gemini_image(page.meta.picture) }}
{% endif %}{{ page.content }}
</body></html>
"""
AWAY = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not found</title></head><body>
{% for name in config.extra.away %}<section id="{{ name }}">{{ gemini_image(name) }}</section>
{% endfor %}</body></html>
"""


@dataclass
class Twice:
    """What two builds of one site left."""

    cold: dict[str, str]
    """What belongs to a case in each page, by `CASE: page`, and the search index."""
    warm: dict[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """The addresses of the first build that lead nowhere, by case."""
    still_wrong: dict[str, list[str]] = field(default_factory=dict)
    """Those of the second one."""


SHAPES: Mapping[str, dict[str, Any]] = {
    "directories": {"directory_urls": True, "formats": ["webp"]},
    "files, two formats, linked": {
        "directory_urls": False, "formats": ["jpeg", "webp"], "linked": True,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=SHAPES)
def twice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """Build a site of all cases when nothing is drawn, and again when everything is."""
    return build_twice(tmp_path_factory.mktemp("pairings"), **SHAPES[request.param])


def build_twice(
    root: Path, *, directory_urls: bool, formats: list[str], linked: bool = False
) -> Twice:
    named = {name: case for name, case in CASES.items() if RENDERED_LAST & {*case.places}}
    pictures = {name: {**PICTURE, "prompt": case.prompt} for name, case in named.items()}
    away = [name for name, case in named.items() if "404" in case.places]
    config = {
        "site_url": URL,
        "use_directory_urls": directory_urls,
        "theme": {"name": "mkdocs", "custom_dir": "over"},
        "plugins": ["search"],
        "hooks": ["hook.py"],
        "extra": {"away": away, "linked": linked},
    }
    pages = dict(page for case in CASES.values() for page in case.pages())
    options = {**QUICK, "widths": [96], "quality": 1, "base_url": "emulator", "formats": formats}
    here = Site(root, {"index.md": "# Home\n", **pages}, {**options, "pictures": pictures}, config)
    (root / "over").mkdir()
    (root / "over" / "main.html").write_text(MAIN)
    (root / "over" / "404.html").write_text(AWAY)
    (root / "hook.py").write_text(HOOK)
    file, site = here.write(), root / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1767312000")
        run(file)
        cold, wrong = read(site), wrong_addresses(site)
        run(file)
    return Twice(cold, read(site), wrong, wrong_addresses(site))


def run(file: Path) -> None:
    begin_anew()
    config = mkdocs.config.load_config(str(file))
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs.commands.build.build(config)


def read(site: Path) -> dict[str, str]:
    """Read a site's pages, and what is searched in."""
    index = site / "search" / "search_index.json"
    return {f"{case}: {page}": html for page, case, html in pieces(site)} | {
        "search": index.read_text()
    }


def pieces(site: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each page with its case and its HTML; a page of all cases is taken apart."""
    for path in sorted(site.rglob("*.html")):
        page, html = path.relative_to(site).as_posix(), path.read_text()
        found = re.search(r"([\w-]+)--\d", page)
        if found is not None:
            yield page, found[1], html
            continue
        start, *sections = re.split(r'(?=<section id=")', html)
        yield page, "", start
        for section in sections:
            yield page, section.split('"')[1], section


def wrong_addresses(site: Path) -> dict[str, list[str]]:
    """List, by case, the addresses on pages that lead to no file of the site."""
    wrong: dict[str, list[str]] = {}
    for page, case, html in pieces(site):
        for where, address in addresses(html):
            if not leads_to_a_file(site, page, address):
                wrong.setdefault(case, []).append(f"{page}: {where}: {address}")
    return wrong


_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+([^,]*))?(?:,|$)")
_STYLED = re.compile(r"""url\(\s*["']?([^"')]*)""")


def addresses(html: str) -> Iterator[tuple[str, str]]:
    """Yield every address in a page's HTML, with what it stands in."""
    for tag, attributes in tags(html):
        for name, value in attributes.items():
            where = f"<{tag} {attributes.get('property') or attributes.get('name') or name}>"
            if name == "srcset":
                for address, width in _CANDIDATE.findall(value):
                    yield where, address
                    if not re.fullmatch(r"(\d+w)?", width):
                        yield f"{where} after {address}", width
            elif name in ("src", "href", "poster") or "://" in value:
                yield where, value
            elif name == "style":
                yield from ((f"<{tag} style>", address) for address in _STYLED.findall(value))
    for style in re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL):
        yield from (("<style>", address) for address in _STYLED.findall(style))
    for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
        for fact in json.loads(script)["@graph"]:
            yield from (("JSON-LD", text) for text in fact.values() if URL in str(text))


def leads_to_a_file(site: Path, page: str, address: str) -> bool:
    """Whether an address leads to a file of the site, or away from the site."""
    if address.startswith(("data:", "#")) or not address:
        return bool(address)
    url = urlsplit(address)
    path = unquote(url.path)
    if url.netloc and url.netloc != urlsplit(URL).netloc:
        return True
    if url.netloc or path.startswith("/"):
        if not path.startswith(BASE):
            return False
        path = path.removeprefix(BASE)
    else:
        path = posixpath.join(posixpath.dirname(page), path)
    path = posixpath.normpath(path)
    file = site / path / "index.html" if url.path.endswith("/") else site / path
    return not path.startswith("..") and file.is_file()


def of(pairing: Sequence[str]) -> dict[str, Case]:
    return {name: case for name, case in CASES.items() if case.pairing == pairing}


def both(pairing: Sequence[str]) -> str:
    return " and ".join(pairing)


pairings = pytest.mark.parametrize("pairing", PAIRINGS, ids=both)


@pairings
def test_every_address_leads_to_a_file_in_the_build_that_draws(
    twice: Twice, pairing: tuple[str, ...]
) -> None:
    wrong = [line for name in of(pairing) for line in twice.wrong.get(name, [])]
    assert not wrong, "\n".join(["addresses that lead nowhere:", *wrong])


@pairings
def test_every_address_leads_to_a_file_in_the_build_after_it(
    twice: Twice, pairing: tuple[str, ...]
) -> None:
    wrong = [line for name in of(pairing) for line in twice.still_wrong.get(name, [])]
    assert not wrong, "\n".join(["addresses that lead nowhere:", *wrong])


@pairings
def test_the_build_that_draws_writes_the_pages_that_the_next_one_writes(
    twice: Twice, pairing: tuple[str, ...]
) -> None:
    names = of(pairing)
    pages = [page for page in twice.warm if page.partition(": ")[0] in names]
    assert len(pages) >= len(names)
    unlike = [page for page in pages if twice.cold[page] != twice.warm[page]]
    assert not unlike, "\n".join(["pages that the second build writes otherwise:", *(
        line for page in unlike for line in (page, *difference(twice.cold[page], twice.warm[page]))
    )])  # fmt: skip


def difference(before: str, after: str) -> Iterator[str]:
    """Yield the lines that differ, with the data of pictures cut short."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    for line in [*lines][3:]:
        yield "  " + re.sub(r"(base64,.{60})[^)]*", r"\1...", line)


def test_both_builds_have_the_same_pages_and_the_same_words_to_search(twice: Twice) -> None:
    assert twice.cold.keys() == twice.warm.keys()
    assert twice.cold["search"] == twice.warm["search"]
    assert twice.wrong.get("", []) == twice.still_wrong.get("", []) == []


def test_nothing_is_left_of_what_was_promised(twice: Twice) -> None:
    left = [page for page, html in twice.cold.items() if "data-gemini" in html or "<!-- " in html]
    assert not left


def test_pictures_come_out_as_the_cases_say(twice: Twice) -> None:
    assert twice.warm.keys() > {"search"}
    for page, html in twice.warm.items():
        case = CASES.get(page.partition(": ")[0])
        images = [attributes for tag, attributes in tags(html) if tag == "img"]
        if case is None:
            assert not images, page
            continue
        shape = {image["width"] + "x" + image["height"] for image in images}
        backdrops = {"background: url(data:" in image.get("style", "") for image in images}
        if images:
            assert (shape == {"688x384"}) == (case.outcome != "other shape"), page
            assert backdrops == {case.outcome != "refused"}, page
        else:
            assert "card" in case.places, page
