"""Write several files together, or none of them.

In: files with their bytes before and after. Out: files written whole and durably, with their modes.
A file that is not as it was when it was read is not written.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files


def write_together(files: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    """Write all files, each given with its old bytes, None for a new one, and its new ones.

    Raises `DiagnosticError` where a file has changed since it was read, and `OSError`; no file is
    changed then.
    """
    for path, (before, _) in files.items():
        if (path.read_bytes() if path.exists() else None) != before:
            said = f"{path.name} has changed since it was read"
            raise DiagnosticError(Diagnostic.sentence(said, "do it once more"))
    written: list[Path] = []
    try:
        for path, (_, after) in files.items():
            rewrite(path, after)
            written.append(path)
    except OSError:
        for path in written:
            with suppress(OSError):
                _take_back(path, files[path][0])
        raise


def rewrite(path: Path, data: bytes) -> None:
    """Write a file atomically with the mode that it has; a link stays one. Raises `OSError`."""
    real = path.resolve()
    mode = real.stat().st_mode if real.exists() else None
    atomic_files.write(real, data)
    if mode is not None:
        real.chmod(mode)


def _take_back(path: Path, before: bytes | None) -> None:
    if before is None:
        atomic_files.remove(path)
    else:
        rewrite(path, before)
