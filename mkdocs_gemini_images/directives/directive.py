"""What an author wrote, checked: one directive as a value, or the complaints about it.

In come a fence's header and body, or an inline image's alt, title and attribute list, all text.
Out comes a `Directive` in which every option has its type, with nothing filled in from elsewhere:
site defaults and presets are somebody else's words and are applied later. One wrong option makes
the whole directive wrong, because what is not fully understood draws nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.directives.fence_body import Value, read_body, read_header
from mkdocs_gemini_images.models.catalogue import Ground
from mkdocs_gemini_images.models.dimensions import canonical_ratio

Diagnostics = tuple[Diagnostic, ...]

FILE_KINDS = {".webp": "webp", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".avif": "avif"}
"""What a named file may end in, and the format that is then written."""
MAX_EDITS = 50
"""Further turns of one conversation: each is drawn, paid for, and sent again with the next."""


@dataclass(frozen=True)
class Directive:
    """One picture as its author described it; empty means "not written"."""

    prompt: str = ""
    alt: str | None = None
    caption: str = ""
    id: str = ""
    model: str = ""
    aspect_ratio: str = ""
    size: str = ""
    temperature: float | None = None
    grounding: tuple[Ground, ...] = ()
    preset: str = ""
    references: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    dark: str = ""
    localized: bool | None = None
    take: int = 1
    classes: tuple[str, ...] = ()
    width: str = ""
    align: str = ""
    loading: str = ""
    priority: bool = False
    file: str = ""
    """The image's own path, as written, where it names a file of the docs folder."""
    source: str = ""
    """The text it was read from, to find its line with."""

    @cached_property
    def author_digest(self) -> str:
        """SHA-256 of the author's own words: what they asked to be drawn, as they wrote it.

        Presentation (alt, caption, id, class, width ...) and the site's defaults are not in it.
        """
        words: dict[str, Any] = {"prompt": folded(self.prompt)}
        for name in _WISHED:
            if (value := getattr(self, name)) not in ("", (), None):
                words[name] = value
        if self.take != 1:
            words["take"] = self.take
        return digest(words)


_WISHED = (
    "model", "aspect_ratio", "size", "temperature", "grounding", "preset", "references", "edits",
    "dark", "localized",
)  # fmt: skip


def folded(text: str) -> str:
    """Fold white space, as is done before text is sent and before it is hashed."""
    return " ".join(text.split())


def read_fence(
    header: Mapping[str, str], body: str, *, classes: tuple[str, ...] = (), id: str = ""
) -> Directive | Diagnostics:
    """Read a fence: with options in its header, the body is the prompt; else the body has both."""
    if header or classes or id:
        options = read_header(dict(header), _LISTS)
        if id:
            options.setdefault("id", id)
        if "prompt" in options:
            return (
                Diagnostic("the prompt in the fence's body", "prompt= in its header", "move it"),
            )
        prompt = read_body(body, (), ())
        if isinstance(prompt, tuple):
            return prompt
        options |= prompt
    else:
        read = read_body(body, OPTIONS, _LISTS)
        if isinstance(read, tuple):
            return read
        options = read
    return _check(options, classes=classes, source=body)


def read_image(
    alt: str,
    title: str,
    attributes: Mapping[str, str],
    *,
    classes: tuple[str, ...] = (),
    file: str = "",
) -> Directive | Diagnostics:
    """Read an inline image: the title is the prompt, `![](...)` is decorative.

    `file` is its path where that is an ordinary one, under which the picture is to be published.
    """
    attributes = dict(attributes)
    for own, where in (("prompt", "the title"), ("alt", "the brackets")):
        if own in attributes:
            return (Diagnostic(f"the {own} in {where}", f"{own}= in braces", "move it"),)
    options = read_header(attributes, _LISTS) | {"prompt": title, "alt": alt}
    wrong = _check_file(file, options)
    return wrong or _check(options, classes=classes, source=title, file=file)


def read_options(options: Mapping[str, Value], source: str) -> Directive | Diagnostics:
    """Read options that stand in no fence and no image, as they would be read there."""
    return _check(options, classes=(), source=source)


def _check_file(file: str, options: Mapping[str, Value]) -> Diagnostics:
    """Say what a named file cannot be: one file is one picture, of a kind that is drawn."""
    if not file:
        return ()
    found = []
    if PurePosixPath(file).suffix.lower() not in FILE_KINDS:
        kinds = ", ".join(FILE_KINDS)
        found.append(Diagnostic(f"a named file that ends in {kinds}", quoted(file), "rename it"))
    if "dark" in options:
        fix = "write gemini: in place of the path"
        found.append(Diagnostic("one picture in a named file", "dark= beside it", fix))
    return tuple(found)


def _check(
    options: Mapping[str, Value], *, classes: tuple[str, ...], source: str, file: str = ""
) -> Directive | Diagnostics:
    """Give every option its type, collecting all complaints rather than the first."""
    values: dict[str, Any] = {}
    diagnostics: list[Diagnostic] = []
    for name, written in options.items():
        option = OPTIONS.get(name)
        if option is None:
            diagnostics.append(
                Diagnostic("a known option", quoted(name), did_you_mean(name, OPTIONS))
            )
            continue
        value = option.read(written)
        if isinstance(value, Diagnostic):
            diagnostics.append(value)
        else:
            values[option.field or name] = value
    if "prompt" not in options or not folded(str(options["prompt"])):
        diagnostics.append(Diagnostic("a prompt", "none", "say what to draw"))
    if diagnostics:
        return tuple(diagnostics)
    values["classes"] = (*classes, *values.get("classes", ()))
    return Directive(**values, source=source, file=file)


@dataclass(frozen=True, slots=True)
class Option:
    """How one option is read; `many` takes a list, `field` is its name in `Directive`."""

    read: Callable[[Any], Any]
    many: bool = False
    field: str = ""


def _text(written: str) -> str:
    return written.strip()


def _matching(expected: str, pattern: str, fix: str) -> Callable[[str], str | Diagnostic]:
    compiled = re.compile(pattern)

    def read(written: str) -> str | Diagnostic:
        text = written.strip()
        return text if compiled.fullmatch(text) else Diagnostic(expected, quoted(text), fix)

    return read


def _one_of(name: str, *choices: str) -> Callable[[str], str | Diagnostic]:
    def read(written: str) -> str | Diagnostic:
        text = written.strip().lower()
        if text in choices:
            return text
        expected = f"{name} as {' or '.join(choices)}"
        return Diagnostic(expected, quoted(written), did_you_mean(text, choices))

    return read


def _ratio(written: str) -> str | Diagnostic:
    text = canonical_ratio(written)
    if re.fullmatch(r"\d+:\d+", text):
        return text
    return Diagnostic("aspect_ratio as width:height", quoted(written), "write it like 16:9")


def _size(written: str) -> str:
    """Keep the author's spelling: gateways get `0.5K` where it was written."""
    return written.strip().upper()


def _temperature(written: str) -> float | Diagnostic:
    try:
        number = float(written)
    except ValueError:
        number = -1.0
    if 0 <= number <= 2:
        return number
    return Diagnostic("temperature from 0 to 2", quoted(written), "leave it out unless you need it")


def _take(written: str) -> int | Diagnostic:
    if re.fullmatch(r"[1-9]\d{0,3}", written.strip()):
        return int(written)
    return Diagnostic("take as 1, 2, 3 ...", quoted(written), "each number is another drawing")


def _switch(name: str) -> Callable[[str], bool | Diagnostic]:
    def read(written: str) -> bool | Diagnostic:
        text = written.strip().lower()
        if text in ("true", "yes", "on", "1"):
            return True
        if text in ("false", "no", "off", "0"):
            return False
        return Diagnostic(f"{name} as true or false", quoted(written), "write one of them")

    return read


def _grounding(written: str) -> tuple[Ground, ...] | Diagnostic:
    words = sorted({word for word in re.split(r"[\s,\[\]]+", written.lower()) if word})
    known: Mapping[str, Ground] = {"web": "web", "image": "image"}
    for word in words:
        if word not in known:
            fix = did_you_mean(word, known)
            return Diagnostic("grounding as web, image or both", quoted(written), fix)
    return tuple(known[word] for word in words)


def _classes(written: str) -> tuple[str, ...] | Diagnostic:
    names = tuple(name.removeprefix(".") for name in written.split())
    if all(re.fullmatch(r"-?[A-Za-z_][\w-]*", name) for name in names):
        return names
    return Diagnostic("class names", quoted(written), "use letters, digits, - and _")


def _width(written: str) -> str | Diagnostic:
    text = written.strip().lower()
    if re.fullmatch(r"\d{1,5}", text):
        return f"{text}px"
    if re.fullmatch(r"\d{1,5}(\.\d{1,3})?(px|%|em|rem|ch|vw)", text):
        return text
    return Diagnostic("width as a CSS length", quoted(written), "write it like 300px or 50%")


def _items(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded(item) for item in written)


def _edits(written: tuple[str, ...]) -> tuple[str, ...] | Diagnostic:
    if len(written) > MAX_EDITS:
        fix = "give the picture an id, and let another refer to it"
        return Diagnostic(f"at most {MAX_EDITS} edits", str(len(written)), fix)
    return _items(written)


OPTIONS: Mapping[str, Option] = {
    "prompt": Option(_text),
    "alt": Option(folded),
    "caption": Option(_text),
    "id": Option(
        _matching(
            "an id that begins with a letter",
            r"[A-Za-z][\w-]{0,79}",
            "use letters, digits, - and _",
        )
    ),
    "model": Option(
        _matching(
            "a model id", r"[A-Za-z0-9][\w.:@-]{0,127}", "write it like gemini-nano-banana-2.1"
        )
    ),
    "aspect_ratio": Option(_ratio),
    "size": Option(_size),
    "temperature": Option(_temperature),
    "grounding": Option(_grounding),
    "preset": Option(_text),
    "references": Option(_items, many=True),
    "edits": Option(_edits, many=True),
    "dark": Option(folded),
    "localized": Option(_switch("localized")),
    "take": Option(_take),
    "class": Option(_classes, field="classes"),
    "width": Option(_width),
    "align": Option(_one_of("align", "left", "right", "center")),
    "loading": Option(_one_of("loading", "lazy", "eager")),
    "priority": Option(_switch("priority")),
}
"""Every option of a directive, in the order the manual lists them."""
_LISTS = [name for name, option in OPTIONS.items() if option.many]
