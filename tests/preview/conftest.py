"""Fixtures of the live preview's tests: a clean environment, a server on loopback, and sites."""

from tests.integration.conftest import _environment, server, site

__all__ = ["_environment", "server", "site"]
