"""What sites under other hosts share with all builds: a clean environment, and a server."""

from tests.integration.conftest import _environment, _quick_pictures, server, site

__all__ = ["_environment", "_quick_pictures", "server", "site"]
