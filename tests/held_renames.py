"""A disk on which another program holds each new file for a moment, as on Windows.

Every way to give a file a name fails with Windows' error as often as told, and then works.
"""

import errno
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.files import held_files


def denied(path: object, winerror: int = 5) -> PermissionError:
    """Return the error that Windows raises for a file that another program holds."""
    error = PermissionError(errno.EACCES, "Access is denied", str(path))
    error.winerror = winerror  # type: ignore[attr-defined]  # typed on Windows alone
    return error


class HeldRenames:
    """Lets the first `times` renames to each file fail whose name `chosen` picks."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        chosen: Callable[[str], bool] = lambda name: True,
        *,
        times: float = 1,
        winerror: int = 5,
    ) -> None:
        self.refused = Counter[str]()
        """How often each file was refused its name, by that name."""
        self._chosen, self._times, self._winerror = chosen, times, winerror
        patch.setattr(held_files, "_WAITS", (0.0,) * 8)
        for name in ("replace", "link"):
            patch.setattr(os, name, self._refusing(getattr(os, name)))

    def _refusing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def rename(source: Any, target: Any, **more: Any) -> Any:
            name = Path(target).name
            if self._chosen(name) and self.refused[str(target)] < self._times:
                self.refused[str(target)] += 1
                raise denied(target, self._winerror)
            return call(source, target, **more)

        return rename

    @property
    def names(self) -> set[str]:
        return {Path(path).name for path in self.refused}
