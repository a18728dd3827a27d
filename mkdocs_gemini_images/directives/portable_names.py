"""Say why a name of a file cannot be kept on every system; Windows is the strictest.

In: a path as an author writes it. Out: what is wrong with it. Pure. The rules are those of
"Naming Files, Paths, and Namespaces" in Microsoft's documentation of Windows.
"""

import re

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?",
    re.IGNORECASE | re.DOTALL,
)
"""The names of devices, with any suffix."""


def unportable(path: str, what: str) -> Diagnostic | None:
    """Return what is wrong with a path whose parts lie between slashes, or None.

    `what` says what the path is, for the message, such as `the named file`.
    """
    if (wrong := backslash(path, what)) is not None:
        return wrong
    for part in path.split("/"):
        if part in ("", ".", ".."):
            continue
        if reason := _reason(part):
            of = "" if part == path else f" in {quoted(path)}"
            said = f"{what} {quoted(part)}{of} {reason}"
            return Diagnostic.sentence(said, "Windows cannot hold such a file; choose another name")
    return None


def backslash(path: str, what: str) -> Diagnostic | None:
    """Return what is wrong with a path whose parts lie between backslashes, or None."""
    if "\\" not in path:
        return None
    said = f"{what} {quoted(path)} has a backslash, which other systems take for part of a name"
    return Diagnostic.sentence(said, "write / between folders, on Windows as well")


def _reason(name: str) -> str:
    """Return why Windows cannot hold a name, or empty."""
    if (found := _FORBIDDEN.search(name)) is not None:
        return f"has the character {found[0]!r}"
    if name[-1] in ". ":
        return "ends with a dot" if name[-1] == "." else "ends with a space"
    if _DEVICE.fullmatch(name):
        return "is the name of a device"
    return ""
