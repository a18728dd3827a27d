"""What tests of the client share with those of builds."""

from tests.integration.conftest import _environment
from tests.integration.conftest import server as _server
from tests.integration.conftest import site as _site

environment = _environment
server = _server
site = _site
