"""Read the reference images that are sent along with a prompt.

A reference is a local file below the folder of `mkdocs.yml`, an address that the server fetches, or
`#id`, the image of another directive. `find` turns its text into a part of a request, and `load`
reads a local file for sending. A path is opened folder by folder without following links, so that
none leads out of the folder; devices and pipes are refused. Only pixels are sent: metadata, such as
the place of a photograph, is removed.
"""

import errno
import io
import posixpath
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.core.image_format import (
    MAX_PIXELS,
    ImageError,
    Picture,
    TooManyParts,
    measure,
)
from mkdocs_gemini_images.directives.options.reference_items import read_reference
from mkdocs_gemini_images.directives.portable_names import backslash
from mkdocs_gemini_images.models.dimensions import Pixels
from mkdocs_gemini_images.requests.request import FilePart, PicturePart, RequestPart, UriPart

if TYPE_CHECKING:
    from mkdocs_gemini_images.gemini.request_body import Inline

MAX_REFERENCE_BYTES = 20 * 2**20
_LFS = b"version https://git-lfs"
_HEIF = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")


def find(written: str, base: str, root: Path) -> RequestPart:
    """Return the part of a request that a reference, as the author wrote it, stands for.

    `base` is the folder, relative to `root`, from which a local path starts. Raises
    `DiagnosticError`.
    """
    item = read_reference(written)
    written = item.target
    if item.mime_type and "://" not in written:
        fix = "leave it out: the type of a file is read from its bytes"
        raise _error("a type beside an address", quoted(str(item)), fix)
    if written.startswith("#"):
        id = written[1:]
        if re.fullmatch(r"[A-Za-z][\w-]{0,79}", id):
            return PicturePart(id)
        raise _error("a reference '#id'", quoted(written), "name a directive's id")
    scheme = re.match(r"([A-Za-z][\w+.-]*):", written)
    if scheme:
        if re.fullmatch(r"(?i:https|gs)://[^/\s\"<>][^\s\"<>]*", written):
            return UriPart(written, item.mime_type)
        expected = "a reference as a file's path, https:, gs: or #id"
        raise _error(expected, quoted(written), "save the picture beside the page")
    path = posixpath.normpath(posixpath.join(base, written))
    data = _read(path, written, root)
    return FilePart(path, sha256(data).hexdigest(), _size(data))


def load(part: FilePart, root: Path) -> "Inline":
    """Return the pixels of a local file for sending, without its metadata.

    Raises `DiagnosticError`, also when the file has changed since `find` saw it.
    """
    data = _read(part.path, part.path, root)
    if sha256(data).hexdigest() != part.sha256:
        raise _wrong(f"{part.path} has changed since its page was read", "build again")
    return replace(_pixels(data, part.path), name=part.path)


def _size(data: bytes) -> Pixels | None:
    """Return an image's width and height where its header says them without a decoder."""
    try:
        picture, _ = measure(data)
    except ImageError:
        return None
    return picture.width, picture.height


def _error(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


def _wrong(said: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic.sentence(said, fix))


def _read(path: str, written: str, root: Path) -> bytes:
    """Return the bytes of a file below `root` that begins as an image does."""
    if (wrong := backslash(written, "the reference")) is not None:
        raise DiagnosticError(wrong)
    if path.startswith(("/", "../")) or path in ("..", ".") or "\0" in path:
        said = f"the reference {quoted(written)} is outside of the site's folder"
        raise _wrong(said, "copy it there")
    try:
        data = regular_files.read_below(root, path, MAX_REFERENCE_BYTES)
    except FileNotFoundError as error:
        raise _wrong(f"the file {quoted(written)} is not there", "check its path") from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            said = f"the reference {quoted(written)} has {error.strerror}, 20 MB at most"
            raise _wrong(said, "make it smaller") from error
        if error.errno == errno.EINVAL:
            raise _wrong(f"{quoted(written)} is not a file", "name a picture") from error
        fix = "links are not followed; name the file itself"
        raise _wrong(f"the file {quoted(written)} is not read ({error.strerror})", fix) from error
    if not data:
        raise _wrong(f"the file {quoted(written)} is empty", "save it again")
    if data.startswith(_LFS):
        raise _wrong(f"{quoted(written)} is a Git LFS pointer", "run git lfs pull")
    known = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if data.startswith(known) or webp or data[4:12] in _HEIF:
        return data
    raise _wrong(f"{quoted(written)} is no PNG, JPEG, WebP, HEIC or HEIF", "convert it")


def _pixels(data: bytes, path: str) -> "Inline":
    """Return an image upright and without metadata: JPEG stays JPEG, others become PNG."""
    from PIL import Image, ImageOps

    from mkdocs_gemini_images.gemini.request_body import Inline
    from mkdocs_gemini_images.imaging.encoder import error_words_of, without_metadata

    try:
        measure(data)
    except TooManyParts as error:
        raise _wrong(f"{path} is not decoded ({error})", "export it again") from error
    except ImageError:
        pass  # a HEIC, or damage of which the decoder says what it is
    formats = ["PNG", "JPEG", "WEBP"]
    if data[4:12] in _HEIF:
        try:
            from pillow_heif import register_heif_opener
        except ImportError as error:
            fix = "pip install 'mkdocs-gemini-images[heif]', or convert it"
            raise _wrong(f"{path} is a HEIC or HEIF file, which needs pillow-heif", fix) from error
        register_heif_opener()
        formats = ["HEIF"]
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _wrong(f"{path} has more than {MAX_PIXELS:,} pixels", "make it smaller")
            # Phones write a second frame, such as a map of depth, behind a JPEG: the first is sent.
            lossy = image.format in ("JPEG", "MPO", "HEIF")
            upright = ImageOps.exif_transpose(image)
            sent = without_metadata(upright)
    except DiagnosticError:
        raise
    except Exception as error:  # damaged files make Pillow's readers fail in many ways
        said = f"the picture in {path} is damaged ({error_words_of(error)})"
        raise _wrong(said, "save it again") from error
    sent.info.clear()
    out = io.BytesIO()
    if lossy and sent.mode == "RGB":
        sent.save(out, "JPEG", quality=95, subsampling=0)
        return Inline(Picture("jpeg", *sent.size), out.getvalue())
    sent.save(out, "PNG")
    return Inline(Picture("png", *sent.size), out.getvalue())
