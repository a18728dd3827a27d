"""What sites in a browser share with all builds: a clean environment, and a server on loopback."""

from tests.integration.conftest import _environment, _quick_pictures, server, site

__all__ = ["_environment", "_quick_pictures", "server", "site"]
