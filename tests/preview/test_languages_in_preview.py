"""The live preview of a site in several languages: a button changes all pages of a picture."""

from tests.integration.conftest import MakeSite
from tests.integration.site import fence
from tests.integration.test_languages_of_site import FOX_EN, FOX_FR, translated
from tests.preview.serving import serve


def test_a_take_is_written_into_the_pages_of_all_languages(site: MakeSite) -> None:
    pages = {"index.md": FOX_EN, "index.fr.md": FOX_FR + fence("A map"), "more.md": fence("A hare")}
    here = site(pages, config=translated(), base_url="emulator")
    here.write()
    with serve(here) as served:
        (handle,) = served.handles("/")
        assert served.handles("/fr/")[0] == handle
        assert served.state(handle)["pages"] == ["index.fr.md", "index.md"]
        assert served.pick(handle, 2)["written"] == ["index.fr.md", "index.md"]
        (hare,) = served.handles("/more/")
        assert served.handles("/de/more/") == [hare]
        assert served.state(hare)["pages"] == ["more.md"]
    for page in ("index.md", "index.fr.md"):
        assert "take: 2" in (here.root / "docs" / page).read_text()
