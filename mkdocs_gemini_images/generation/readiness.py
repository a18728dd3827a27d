"""Check that this machine can send requests and keep the answers, before any request is sent.

In: the server, or the folders that answers are written to. Out: a reason why not, or `OSError`.
Effects: makes the folders.
"""

import errno
import shutil
from pathlib import Path

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.generation.journal import names

BYTES_PER_PIXEL = 8
"""Bytes of disk that a pixel of a picture may need, the raw answer included."""

_ENTRY = Path(names.LONGEST).name
"""A name as the journal has them, of the length that its folder must take."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


def reserve(stocked: Path, journal: Path, pixels: int) -> None:
    """Make sure that two folders can be written to and have room for pictures of so many `pixels`.

    `stocked` is a path as a file in stock will have it, `journal` is a folder. The caller is the
    only buyer. Raises `OSError`.
    """
    room = pixels * BYTES_PER_PIXEL
    for path in (stocked, journal / _ENTRY):
        folder = path.parent
        atomic_files.make_folder(folder)
        atomic_files.sweep(folder, path.name)  # a process may have been killed at its own check
        atomic_files.check_writable(path)
        disk = shutil.disk_usage(folder)
        if disk.total and disk.free < room:  # a shared folder that does not know has a total of 0
            raise OSError(errno.ENOSPC, f"less than {room / 2**20:.0f} MB are free", str(folder))


def disk_refusal(error: OSError) -> str:
    """Return why nothing is drawn after an error of the disk, and what to do about it."""
    fix = "make room" if error.errno in _FULL else "make that place writable, or name another"
    return f"nothing is bought, because it could not be stored ({error}); {fix}"


def server_refusal(server: Server) -> str:
    """Return why this machine cannot send requests to a server, or empty."""
    if server.emulated:
        try:
            from mkdocs_gemini_images.emulator.app import create_app

            create_app()  # imports the web framework, an optional dependency
        except ImportError as error:
            return f"the emulator needs pip install 'mkdocs-gemini-images[emulator]' ({error})"
    if server.ca_file:
        import ssl

        try:
            ssl.create_default_context(cafile=server.ca_file)
        except OSError as error:
            return f"ca_file {server.ca_file} cannot be read ({error})"
    return ""
