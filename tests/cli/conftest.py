"""The fixtures of the tests of commands; three of them come from the tests of builds."""

import pytest

from tests.cli.command import drawn
from tests.integration.conftest import MakeSite, _bare_themes, _environment, _quick_pictures
from tests.integration.conftest import server as _server
from tests.integration.conftest import site as _site
from tests.integration.site import Site, fence

bare_themes = _bare_themes
environment = _environment
quick_pictures = _quick_pictures
server = _server
site = _site


@pytest.fixture
def here(site: MakeSite) -> Site:
    """Make a site with four pictures, none of them drawn."""
    made = site(
        {
            "index.md": fence("A fox", id="fox"),
            "guide/page.md": fence("A heron", id="heron") + fence("A town"),
            "named.md": '![A map](images/map.webp "gemini: A map")\n',
        }
    )
    made.write()
    return made


@pytest.fixture
def drifted(here: Site) -> Site:
    """Make that site with all of its pictures drifted."""
    drawn(here)
    here.options["aspect_ratio"] = "1:1"
    here.write()
    return here
