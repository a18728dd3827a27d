"""What surrounds the pictures is tested with pictures that take little time."""

from tests.integration.conftest import _quick_pictures

__all__ = ["_quick_pictures"]
