"""An id is in each page once, where a page repeats a directive and where it lists several posts."""

from tests.integration.built_pages import tags
from tests.integration.conftest import MakeSite
from tests.integration.site import fence

FOX = fence("A fox", id="fox", caption="A fox")
POST = "---\ndate: 2024-01-0{0}\n---\n\n# Post {0}\n{1}\n<!-- more -->\n\nMore.\n"


def test_each_page_has_an_id_once(site: MakeSite) -> None:
    posts = {f"blog/posts/{day}.md": POST.format(day, FOX) for day in (1, 2, 3)}
    config = {"theme": {"name": "material"}, "plugins": ["blog"]}
    pages = {"index.md": FOX + "\nAnd again.\n" + FOX, "blog/index.md": "# Blog\n", **posts}
    built = site(pages, config=config).build()
    assert built.loud == ()
    shown = {uri: len(built.images(uri)) for uri in built.pages if built.images(uri)}
    assert (shown["index.html"], shown["blog/index.html"]) == (2, 3)
    for uri in shown:
        assert [found.get("id") for _, found in tags(built.pages[uri])].count("fox") == 1
