"""Write which take of a picture its author has picked into the Markdown of a page.

In come a page's source, the text of one directive as it was read, and a number. Out comes the page
with that one option added or changed and every other byte as it was, or a complaint that says what
to write by hand. Only a directive that stands in the page literally and once is touched, never an
example of one, and each edit is proven by reading it back. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.complaint import Complaint
from mkdocs_gemini_images.directive import Directive, read_fence
from mkdocs_gemini_images.hero import SOURCE

_OPENER = re.compile(r"(?P<prefix>[> \t]*)(?P<marks>`{3,}|~{3,})[ \t]*(?P<header>[^\r]*?)[ \t]*\r?")
_LANGUAGE = re.compile(r"\.?gemini-image")
_BRACES = re.compile(r"\{(?P<inner>:?[^{}\r\n]*)\}")
_LINE = re.compile(r"(take[ \t]*:[ \t]*).*?(\r?)")
_TOKEN = re.compile(r"""(?P<name>[^\s="'{}]+)=(?:"[^"]*"|'[^']*'|[^\s"'{}]*)|[^\s{}]+""")
_AS_WRITTEN = re.compile(r"<!--.*?-->|<(pre|script|style|textarea)\b.*?</\1\s*>", re.S | re.I)
_USE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:[ ]?\[(?P<label>[^\[\]]*)\])?(?![\[(:])")


def with_take(page: str, source: str, take: int, *, braces: bool = True) -> str | Complaint:
    """Write `take` into the directive of `page` whose text is `source`, or say what to write.

    `source` is a fence's body or an inline image's prompt. `braces` says whether the site's
    Markdown reads attribute lists.
    """
    if source == SOURCE:
        got = "one of the front matter"
        return Complaint("a picture of the text", got, f"write take: {take} below {SOURCE} there")
    lines = page.split("\n")
    fences = list(_fences(lines))
    shielded = _shielded(page, lines, fences)
    places: list[_Fence | int] = [
        fence for fence in fences if fence.is_ours and _bare(fence.body) == _bare(source)
        if not any(start < fence.start < end for start, end in shielded if start != fence.start)
    ]  # fmt: skip
    places += [
        at for at in _images(page, source)
        if not any(start <= at < end for start, end in shielded) and not _in_code(page, at)
    ]  # fmt: skip
    fix = f"write take: {take} into its fence, or {{ take={take} }} right behind its image"
    if len(places) != 1:
        got = f"{len(places)} of them" if places else "none that is written here"
        return Complaint("the picture's directive in the page, literally and once", got, fix)
    place = places[0]
    if isinstance(place, int):
        new = _in_image(page, place, take, braces=braces)
    else:
        new = _in_fence(lines, place, take)
    return new or Complaint("to understand the directive", "one too unlike others", fix)


# --- fences ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fence:
    """A fence of any kind: its lines, where it begins and ends in the page, and what is in it."""

    opener: int
    closer: int
    start: int
    end: int
    prefix: str
    header: str
    lines: tuple[str, ...]
    """The body, without the indentation and quote marks that the fence has as a whole."""

    @property
    def body(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_ours(self) -> bool:
        if _LANGUAGE.fullmatch(self.header):
            return True
        found = _BRACES.fullmatch(self.header)
        return found is not None and found["inner"].split()[:1] == [".gemini-image"]

    def read(self) -> Directive | None:
        """Read it as its host would."""
        options: dict[str, str] = {}
        classes: tuple[str, ...] = ()
        if (found := _BRACES.fullmatch(self.header)) is not None:
            pairs, remainder = get_attrs_and_remainder(found["inner"])
            if remainder:
                return None
            options = {name: value for name, value in pairs if name != "."}
            classes = tuple(value for name, value in pairs if name == ".")[1:]
        id = options.pop("id", "")
        read = read_fence(options, self.body, classes=classes, id=id)
        return read if isinstance(read, Directive) else None


def _fences(lines: list[str]) -> Iterator[_Fence]:
    """Find the fences of a page, those that have an end; what is in one is no fence."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = 0
    while at < len(lines):
        found = _OPENER.fullmatch(lines[at])
        closer = None if found is None else _closer(lines, at, found["marks"])
        if found is not None and closer is not None:
            prefix = found["prefix"]
            body = tuple(_without(line, prefix) for line in lines[at + 1 : closer])
            end = starts[closer + 1]
            yield _Fence(at, closer, starts[at], end, prefix, found["header"], body)
            at = closer
        at += 1


def _closer(lines: list[str], opener: int, marks: str) -> int | None:
    for number in range(opener + 1, len(lines)):
        bare = lines[number].strip().lstrip("> \t")
        if bare.startswith(marks) and not bare.strip(marks[0]):
            return number
    return None


def _without(line: str, prefix: str) -> str:
    line = line.removesuffix("\r")
    return line[len(prefix) :] if line.startswith(prefix) else line.lstrip("> \t")


def _in_fence(lines: list[str], fence: _Fence, take: int) -> str:
    """Try the ways to write the option into a fence, and take the one that is read back."""
    old = fence.read()
    if old is None:
        return ""
    if old.take == take:
        return "\n".join(lines)
    for at, new in (_line_of_body(lines, fence, take), _header(lines, fence, take)):
        edited = [*lines[: at.start], new, *lines[at.stop :]]
        again = [each for each in _fences(edited) if each.opener == fence.opener]
        read = again[0].read() if again else None
        if read is not None and replace(read, source="") == replace(old, source="", take=take):
            return "\n".join(edited)
    return ""


def _line_of_body(lines: list[str], fence: _Fence, take: int) -> tuple[slice, str]:
    """Change the line `take: ...`, or add one behind the last that is not empty."""
    for number, line in enumerate(fence.lines, fence.opener + 1):
        if _LINE.fullmatch(line) is not None:
            at = len(lines[number].removesuffix("\r")) - len(line)
            changed = _LINE.fullmatch(lines[number][at:])
            if changed is not None:
                new = f"{lines[number][:at]}{changed[1]}{take}{changed[2]}"
                return slice(number, number + 1), new
    ending = "\r" if lines[fence.opener].endswith("\r") else ""
    after = fence.closer
    while after > fence.opener + 1 and not fence.lines[after - fence.opener - 2].strip():
        after -= 1
    return slice(after, after), f"{fence.prefix}take: {take}{ending}"


def _header(lines: list[str], fence: _Fence, take: int) -> tuple[slice, str]:
    """Put the option into the header: where the body is the prompt alone, there is no other way."""
    found = _BRACES.fullmatch(fence.header)
    inner = " .gemini-image " if found is None else found["inner"]
    new = "{" + _among(inner, f'take="{take}"') + "}"
    line = lines[fence.opener]
    at = line.index(fence.header, len(fence.prefix) + 3)
    here = slice(fence.opener, fence.opener + 1)
    return here, line[:at] + new + line[at + len(fence.header) :]


# --- images ------------------------------------------------------------------------------------


def _images(page: str, source: str) -> Iterator[int]:
    """Find where the images of a prompt end, and their braces begin."""
    words = r"\s+".join(re.escape(word) for word in source.split())
    titled = rf"""\s+(?P<quote>["'])\s*(?P<scheme>gemini:\s*)?{words}\s*(?P=quote)"""
    goal = r"(?P<goal><[^<>\n]*>|[^\s()<>]+)"
    for found in re.finditer(
        rf"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*{goal}{titled}\s*\)", page, re.I
    ):
        if _is_ours(found):
            yield found.end()
    definition = rf"^[> \t]*\[(?P<label>[^\[\]\n]+)\]:[ \t]*{goal}{titled}[ \t]*\r?$"
    labels = [
        _folded(found["label"])
        for found in re.finditer(definition, page, re.I | re.M) if _is_ours(found)
    ]  # fmt: skip
    for use in _USE.finditer(page):
        if _folded(use["label"] or use["alt"]) in labels:
            yield use.end()


def _is_ours(found: re.Match[str]) -> bool:
    return found["scheme"] is not None or found["goal"].strip("<>").lower() == "gemini:"


def _in_image(page: str, at: int, take: int, *, braces: bool) -> str:
    """Write the option into the attribute list that begins at `at`, or begin one."""
    found = _BRACES.match(page, at)
    if found is None:
        if take == 1 and page[at : at + 1] != "{":
            return page
        plain = braces and page[at : at + 1] != "{"
        return f"{page[:at]}{{ take={take} }}{page[at:]}" if plain else ""
    inner = _among(found["inner"], f"take={take}")
    before, lost = get_attrs_and_remainder(found["inner"].removeprefix(":"))
    after, remainder = get_attrs_and_remainder(inner.removeprefix(":"))
    options = dict(pair for pair in before if pair[0] != ".")
    proven = dict(pair for pair in after if pair[0] != ".") == options | {"take": str(take)}
    if not braces or lost or remainder or not proven:
        return ""
    return f"{page[: found.start()]}{{{inner}}}{page[found.end() :]}"


# --- both --------------------------------------------------------------------------------------


def _among(inner: str, option: str) -> str:
    """Write an option among others: in the place of the same, or behind the last."""
    for token in _TOKEN.finditer(inner):
        if token["name"] == "take":
            return inner[: token.start()] + option + inner[token.end() :]
    kept = inner.rstrip()
    return f"{kept} {option}{inner[len(kept) :]}"


def _shielded(page: str, lines: list[str], fences: list[_Fence]) -> list[tuple[int, int]]:
    """List what is shown or hidden as it is written: fences, comments, and raw tags."""
    found = [(fence.start, fence.end) for fence in fences]
    return found + [(each.start(), each.end()) for each in _AS_WRITTEN.finditer(page)]


def _in_code(page: str, at: int) -> bool:
    """Whether a place is in a code span, as far as its line tells."""
    return page.count("`", page.rfind("\n", 0, at) + 1, at) % 2 == 1


def _bare(text: str) -> list[str]:
    """Give the lines of a text without what a fence's surroundings put before them."""
    lines = [line.expandtabs(4).strip().lstrip("> \t") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return [*dropwhile(lambda line: not line, lines)]


def _folded(label: str) -> str:
    return " ".join(label.lower().split())
