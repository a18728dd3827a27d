"""What tests of functions that raise `DiagnosticError` share."""

from collections.abc import Callable

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError


def error_of(call: Callable[..., object], *arguments: object) -> str:
    """Return the text of the `DiagnosticError` that a call with `arguments` must raise."""
    with pytest.raises(DiagnosticError) as raised:
        call(*arguments)
    return str(raised.value)
