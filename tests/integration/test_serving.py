"""Live preview: it never buys by itself, however often a page is saved."""

import json

from mkdocs.commands.build import build
from mkdocs.config import load_config

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, begin_anew, fence


def test_twenty_rebuilds_buy_nothing(site: MakeSite) -> None:
    here = site(FOX)
    file = here.write()
    before = len(here.ledger)
    begin_anew()
    config = load_config(str(file))
    config.plugins.on_startup(command="serve", dirty=False)
    for count in range(20):
        here.pages["index.md"] = fence(f"A fox, version {count}")
        here.write()
        config = load_config(str(file))  # the host keeps the plugin itself
        build(config, serve_url="http://127.0.0.1:8000/")
    assert len(here.ledger) == before
    assert not here.stock.exists()


def test_a_preview_says_on_the_placeholder_what_and_why(site: MakeSite) -> None:
    here = site(fence("A <b>fox</b> & a heron"))
    built = here.build(serving=True)
    assert built.requests == ()
    assert built.loud == ()
    (name,) = built.placeholders
    drawing = built.files[name].decode()
    assert "A &lt;b&gt;fox&lt;/b&gt; &amp; a heron" in drawing
    assert "serve does not buy" in drawing
    assert any("serve does not buy" in text for text in built.infos)


def test_a_preview_does_not_fail_for_a_missing_picture(site: MakeSite) -> None:
    assert site(FOX).build(serving=True, on_missing="fail").error is None


def test_a_preview_without_a_key_says_so(site: MakeSite) -> None:
    built = site(FOX).build(serving=True, api_key="")
    assert built.requests == ()


def test_a_preview_shows_what_is_owned(site: MakeSite) -> None:
    here = site(FOX)
    before = here.build()
    assert here.build(serving=True).pictures == before.pictures


def test_a_preview_with_the_emulator_draws_at_once(site: MakeSite) -> None:
    built = site(FOX, base_url="emulator").build(serving=True)
    assert len(built.pictures) == 2
    assert built.loud == ()


def test_a_preview_says_a_mistake_as_loud_as_a_build(site: MakeSite) -> None:
    built = site(fence("A fox", sise="2K")).build(serving=True)
    assert len(built.warnings) == 1


def test_a_preview_that_follows_a_drawing_shows_it(site: MakeSite) -> None:
    here = site(FOX)
    file = here.write()
    begin_anew()
    config = load_config(str(file))
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    assert "placeholder" in (here.root / "site" / "index.html").read_text()
    here.build()
    assert json.loads(file.read_text())
    build(config)
    assert "placeholder" not in (here.root / "site" / "index.html").read_text()
