"""What tests of the command line share with those of builds."""

from tests.builds.conftest import _environment
from tests.builds.conftest import server as _server
from tests.builds.conftest import site as _site

environment = _environment
server = _server
site = _site
