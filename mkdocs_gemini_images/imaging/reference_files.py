"""Pictures that are sent along with a prompt: found, hashed, and stripped of what is private.

A reference is a local file below the folder of `mkdocs.yml`, an address that the server fetches, or
`#id`, another directive's picture. Files are opened part by part without following links, so no
name leads out of the folder, and devices and pipes are refused. What is sent is pixels alone: a
place or a camera in a photograph's metadata stays at home.
"""

import io
import os
import posixpath
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.image_format import MAX_PIXELS, Picture
from mkdocs_gemini_images.requests.request import FilePart, PicturePart, RequestPart, UriPart

if TYPE_CHECKING:
    from mkdocs_gemini_images.gemini.request_body import Inline

MOST_BYTES = 20 * 2**20
_LFS = b"version https://git-lfs"
_HEIF = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")


def find(written: str, base: str, root: Path) -> RequestPart | Diagnostic:
    """Turn a reference as written into the part that is sent.

    `base` is the folder, relative to `root`, from which a local path starts.
    """
    if written.startswith("#"):
        id = written[1:]
        if re.fullmatch(r"[A-Za-z][\w-]{0,79}", id):
            return PicturePart(id)
        return Diagnostic("a reference '#id'", quoted(written), "name a directive's id")
    scheme = re.match(r"([A-Za-z][\w+.-]*):", written)
    if scheme:
        if re.fullmatch(r"(?i:https|gs)://[^/\s\"<>][^\s\"<>]*", written):
            return UriPart(written)
        expected = "a reference as a file's path, https:, gs: or #id"
        return Diagnostic(expected, quoted(written), "save the picture beside the page")
    path = posixpath.normpath(posixpath.join(base, written))
    data = _read(path, written, root)
    if isinstance(data, Diagnostic):
        return data
    return FilePart(path, sha256(data).hexdigest())


def load(part: FilePart, root: Path) -> "Inline":
    """Return a local reference's pixels for sending, without metadata.

    Raises `DiagnosticError`.
    """
    data = _read(part.path, part.path, root)
    if isinstance(data, Diagnostic):
        raise DiagnosticError(data)
    if sha256(data).hexdigest() != part.sha256:
        expected = f"{part.path} as it was when its page was read"
        raise DiagnosticError(Diagnostic(expected, "another file", "build again"))
    pixels = _pixels(data, part.path)
    if isinstance(pixels, Diagnostic):
        raise DiagnosticError(pixels)
    return pixels


def _read(path: str, written: str, root: Path) -> bytes | Diagnostic:
    """Read a file below `root` without following links, if it looks like a picture."""
    inside = Diagnostic(
        "a reference below the folder of mkdocs.yml", quoted(written), "copy it there"
    )
    if path.startswith(("/", "../")) or path in ("..", ".") or "\\" in path or "\0" in path:
        return inside
    try:
        descriptor = _open(path, root)
    except FileNotFoundError:
        return Diagnostic("a file", f"{quoted(written)}, which is not there", "check its path")
    except OSError as error:
        fix = "links are not followed; name the file itself"
        return Diagnostic("a file", f"{quoted(written)} ({error.strerror})", fix)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        return Diagnostic("a file", f"{quoted(written)}, which is none", "name a picture")
    with os.fdopen(descriptor, "rb") as file:
        if facts.st_size > MOST_BYTES:
            size = f"{facts.st_size / 2**20:.0f} MB"
            return Diagnostic("a reference of at most 20 MB", size, "make it smaller")
        data = file.read(MOST_BYTES + 1)
    if data.startswith(_LFS):
        return Diagnostic(
            f"a picture in {quoted(written)}", "a Git LFS pointer", "run git lfs pull"
        )
    known = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if data.startswith(known) or webp or data[4:12] in _HEIF:
        return data
    return Diagnostic("PNG, JPEG, WebP, HEIC or HEIF", quoted(written), "convert it")


def _open(path: str, root: Path) -> int:
    """Open a path part by part, following no link. Raises `OSError`."""
    if os.open not in os.supports_dir_fd:  # Windows
        real = (root / path).resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            raise OSError(0, "it leads out of the folder")
        return os.open(real, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    *folders, name = path.split("/")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    finally:
        os.close(at)


def _pixels(data: bytes, path: str) -> "Inline | Diagnostic":
    from PIL import Image, ImageOps

    from mkdocs_gemini_images.gemini.request_body import Inline
    from mkdocs_gemini_images.imaging.encoder import without_metadata

    formats = ["PNG", "JPEG", "WEBP"]
    if data[4:12] in _HEIF:
        try:
            from pillow_heif import register_heif_opener
        except ImportError:
            fix = "pip install 'mkdocs-gemini-images[heif]', or convert it"
            return Diagnostic("PNG, JPEG or WebP", f"{path}, a HEIC or HEIF", fix)
        register_heif_opener()
        formats = ["HEIF"]
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                return Diagnostic(f"at most {MAX_PIXELS:,} pixels", path, "make it smaller")
            lossy = image.format in ("JPEG", "HEIF")
            upright = ImageOps.exif_transpose(image)
            sent = without_metadata(upright)
    except Exception as error:  # damaged files make Pillow's readers fail in many ways
        return Diagnostic(f"a picture in {path}", f"damage ({error})", "save it again")
    sent.info.clear()
    out = io.BytesIO()
    if lossy and sent.mode == "RGB":
        sent.save(out, "JPEG", quality=95, subsampling=0)
        return Inline(Picture("jpeg", *sent.size), out.getvalue())
    sent.save(out, "PNG")
    return Inline(Picture("png", *sent.size), out.getvalue())
