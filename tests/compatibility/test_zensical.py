"""The same site under Zensical, which runs the Markdown extension and no plugin."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from zensical.config import parse_config
from zensical.markdown.render import render

from mkdocs_gemini_images.hosts.zensical.page_error import PageError
from tests.cli import command
from tests.integration.built_pages import check_links
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence

MANUAL = (Path(__file__).parents[2] / "example_site/docs/hosts.md").read_text(encoding="utf-8")

PAGES = {
    "index.md": "# Home\n"
    + fence("A lighthouse & <b>a</b> moon", id="light", caption="By *night*, [on](guide/deep.md)")
    + '\nA word ![A "fox"](gemini: "A fox in snow"){ width=10em .left } inline.\n\n'
    '| a | b |\n|---|---|\n| ![It sits on a wall](gemini: "A cat") | x |\n',
    "guide/deep.md": "# Deep\n\n!!! note\n\n"
    + fence("A heron", dark="at night", caption="Both").replace("\n", "\n    ")
    + "\n\n- item\n\n"
    + fence("A boat", references="['#light']").replace("\n", "\n    ")
    + '\n\n![A named one](named.webp "gemini: A dog")\n',
}

FIGURE = re.compile(r"<figure.*?</figure>|<img[^>]*gemini[^>]*>", re.DOTALL)


def write(here: Site) -> Path:
    """Write a site with the configuration that the manual shows, and options of its own."""
    here.write()
    (config,) = re.findall(r"```yaml\n# mkdocs\.yml\n(.*?)```", MANUAL, re.DOTALL)
    options = "".join(
        f"      {name}: {json.dumps(value)}\n" for name, value in here.options.items()
    )
    config = re.sub(r" *size: 2K .*\n", options, config)
    if "cache_dir" in here.options:
        config = re.sub(r" *cache_dir: \.gemini-cache.*\n", "", config)
    file = here.root / "mkdocs.yml"
    file.write_text(config.replace("- attr_list\n", "- attr_list\n  - admonition\n"))
    return file


def run(here: Site, *arguments: str, host: str = "zensical") -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", host, *(arguments or ("build",))],
        cwd=here.root, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = done.stdout + done.stderr
    here.check_secrets([said])
    return done.returncode, said


def figures(here: Site) -> dict[str, list[str]]:
    """List the figures and pictures of each page as they are written."""
    site = here.root / "site"
    pages = {page.relative_to(site).as_posix(): page.read_text() for page in site.rglob("*.html")}
    return {uri: found for uri, html in pages.items() if (found := FIGURE.findall(html))}


def published(here: Site) -> list[str]:
    return sorted(file.name for file in (here.root / "site/assets/gemini").iterdir())


def rendered(here: Site, uri: str = "index.md") -> str:
    """Render one page as Zensical does, in this process."""
    parse_config(str(here.root / "mkdocs.yml"))
    text = (here.root / "docs" / uri).read_text()
    html = render(text, uri, uri.replace(".md", "/"))["content"]
    assert isinstance(html, str)
    return html


def drawn(here: Site) -> None:
    write(here)
    done = command.run(here, "draw", "--yes")
    assert done.code == 0, done.text


def test_one_configuration_gives_the_same_figures_in_three_hosts(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(PAGES)
    before = len(here.ledger)
    drawn(here)
    monkeypatch.delenv("GEMINI_API_KEY")
    assert here.run(here.root / "mkdocs.yml").loud == ()
    found = {"mkdocs": figures(here)}
    for host, *options in (("properdocs", "--strict"), ("zensical",)):
        shutil.rmtree(here.root / "site")
        code, said = run(here, "build", *options, host=host)
        assert code == 0, said
        assert check_links(here.root / "site") > 20
        found[host] = figures(here)
    assert [len(each) for each in found["mkdocs"].values()] == [3, 3]
    assert found["mkdocs"] == found["properdocs"] == found["zensical"]

    # Pages that are not rendered again keep their pictures.
    kept = published(here)
    (here.root / "docs/index.md").write_text(PAGES["index.md"] + "\nMore words.\n")
    shutil.rmtree(here.root / "site")
    assert run(here)[0] == 0
    assert published(here) == kept
    assert figures(here) == found["zensical"]
    assert len(here.ledger) == before + 7


def test_a_missing_picture_ends_the_build_and_is_not_bought(site: MakeSite) -> None:
    here = site("# Home\n" + fence("A crow") + '\n![An owl](gemini: "An owl")\n')
    before = len(here.ledger)
    write(here)
    code, said = run(here)
    assert code == 1
    assert "'A crow' is not drawn: it is not in stock" in said
    assert "'An owl' is not drawn" in said
    assert "run gemini-images draw" in said
    assert "Traceback" not in said, "the sentences alone"
    assert len(here.ledger) == before
    assert not (here.root / "docs/assets").exists()


def test_a_mistake_ends_the_build(site: MakeSite) -> None:
    here = site("# Home\n" + fence("A crow", sise="1K") + fence("An owl"))
    write(here)
    with pytest.raises(PageError, match=r"index\.md:6: .*did you mean 'size'"):
        rendered(here)


def test_the_emulator_draws_at_once(site: MakeSite) -> None:
    here = site(FOX, base_url="emulator")
    write(here)
    assert "srcset" in rendered(here)
    assert len(list((here.root / "docs/assets/gemini").glob("*.webp"))) == 2
    assert (here.root / "docs/assets/gemini/.gitignore").read_text() == "*\n"
    assert not here.stock.exists()


def test_what_is_no_error_is_said_while_the_page_is_rendered(
    site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    here = site("A page.\n\n```gemini-image\nA fox\n```\n", base_url="emulator")
    write(here)
    assert "<img" in rendered(here)
    assert ["the alt is missing" in text for text in caplog.messages] == [True]


def test_our_rules_stay_as_they_are_once_they_are_the_authors(site: MakeSite) -> None:
    here = site(FOX, base_url="emulator")
    write(here)
    rendered(here)
    style = here.root / "docs/assets/gemini/gemini-images.css"
    head, ours = style.read_text().split("\n", 1)
    assert "figure.gemini-image" in ours
    style.write_text(f"{head}\nof an earlier version")
    rendered(here)
    assert style.read_text() == f"{head}\n{ours}"
    style.write_text("mine")
    rendered(here)
    assert style.read_text() == "mine"


def test_a_named_file_is_shown_and_never_written(site: MakeSite) -> None:
    here = site('![A fox](fox.webp "gemini: A fox in snow")\n')
    drawn(here)
    file = here.root / "docs/fox.webp"
    assert 'src="fox.webp"' in rendered(here)
    today = file.read_bytes()
    file.unlink()
    with pytest.raises(PageError, match=r"index\.md:1: fox\.webp is not today's picture"):
        rendered(here)
    assert not file.exists()
    file.write_bytes(today)
    assert "srcset" in rendered(here)


def test_a_picture_of_another_page_is_found_in_stock(site: MakeSite) -> None:
    here = site(
        {"index.md": fence("A fox", references="['#hat']"), "a.md": fence("A hat", id="hat")},
        base_url="emulator",
    )
    write(here)
    with pytest.raises(PageError, match="no picture has the id 'hat'"):
        rendered(here)
    rendered(here, "a.md")
    with pytest.raises(PageError, match="#hat, which it refers to, is on another page"):
        rendered(here)
    assert command.run(here, "draw", "--yes").code == 0
    assert "<img" in rendered(here)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"qualty": 80}, "did you mean 'quality'"),
        ({"quality": 300}, "quality must be a whole number from 1 to 100 (you wrote 300)"),
        ({"quality": "high"}, "quality must be a whole number from 1 to 100 (you wrote 'high')"),
    ],
)
def test_wrong_options_are_said(site: MakeSite, options: dict[str, object], said: str) -> None:
    here = site(FOX)
    here.options |= options
    write(here)
    with pytest.raises(PageError, match=re.escape(said)):
        rendered(here)


IDLE = """
import sys
from zensical.config import parse_config
from zensical.markdown.render import render
parse_config("mkdocs.yml")
render("# No picture of *Gemini*", "index.md", "")
print([name for name in sys.modules if "gemini_images.pipe" in name or name == "mkdocs"])
"""


def test_a_page_without_directives_pays_nothing(site: MakeSite) -> None:
    here = site("# No picture\n")
    write(here)
    done = subprocess.run(
        [sys.executable, "-c", IDLE], cwd=here.root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert not (here.root / "docs/assets").exists()


def test_the_plugin_says_that_the_extension_has_other_options(site: MakeSite) -> None:
    here = site("# No picture\n")
    file = write(here)
    assert here.run(file).warnings == []
    other = "{quality: 70, cache_dir: .gemini-cache}"
    file.write_text(file.read_text().replace("*gemini-images", other))
    (said,) = here.run(file).warnings
    assert "have different model, size, base_url, widths, quality: give both" in said


def test_a_cache_that_zensical_would_empty_is_warned_of(site: MakeSite) -> None:
    here = site("# No picture\n", cache_dir=".cache/plugin/gemini-images")
    (said,) = here.run(write(here)).warnings
    assert "is in .cache, which is Zensical's" in said


def test_zensicals_lightbox_opens_the_largest_file(site: MakeSite) -> None:
    text = FOX + fence("A house", dark="at night", id="house")
    here = site({"guide/deep.md": text}, aspect_ratio="8:1", widths=[960], base_url="emulator")
    file = write(here)
    file.write_text(file.read_text().replace("plugins:\n", "plugins:\n  - glightbox\n"))
    html = rendered(here, "guide/deep.md")
    shown = re.findall(r' src="([^"]*)"', html)
    opened = re.findall(r'<a class="glightbox" [^>]*href="([^"]*)"', html)
    assert opened == [address.replace("-960.", "-1536.") for address in shown]
    assert [address.partition("#")[2] for address in opened] == ["", "only-light", "only-dark"]
    assert "-1536.webp" in opened[0]


# The command line, which builds with MkDocs


def test_a_site_that_lists_the_extension_alone_is_drawn(site: MakeSite) -> None:
    here = site(fence("A fox", dark="at night"), cache_dir=".gemini-cache")
    file = write(here)
    config = {
        "site_name": "Test",
        "theme": {"name": "material", "palette": {"scheme": "slate"}},
        "markdown_extensions": ["pymdownx.superfences", {"gemini_images": here.options}],
    }
    file.write_text(json.dumps(config))
    done = command.run(here, "draw", "--yes")
    assert done.code == 0, done.text
    assert len(here.sidecars) == 2
    assert rendered(here).count("<img") == 2


def test_a_configuration_that_only_zensical_can_read_is_read_by_it(site: MakeSite) -> None:
    here = site(FOX)
    file = write(here)
    file.write_text(file.read_text().replace("material", "zensical"))
    done = command.run(here, "plan")
    assert done.code == 2, done.text
    assert "1 new" in done.text
