"""Hostile texts of any size for everything that reads what an author, a server or a stock gives.

A case is a name and a function: a size goes in, and a call without arguments comes out, with its
text made. What the call does is one scanner's work on that text. `measures/growth.py` times the
calls at one size and at four times that size.
"""

import io
import json
from collections.abc import Callable, Mapping

from markdown import Markdown
from PIL import Image

from benchmarks.hostile_pages import FENCE, IMAGE, PAGES
from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError, identify
from mkdocs_gemini_images.directives import alt_rules, fence_syntax, page_image
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.readers import read_fence, read_image
from mkdocs_gemini_images.gemini.answers.answer import read_answer
from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.markdown import near_misses
from mkdocs_gemini_images.markdown.recorded_fences import record_fenced_code
from mkdocs_gemini_images.rendering import head_tags
from mkdocs_gemini_images.rendering.corrections import copied_html
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.reports.notice_log import Places
from mkdocs_gemini_images.requests.dependencies import resolve_references
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart
from mkdocs_gemini_images.sources import occurrences
from mkdocs_gemini_images.sources.editing import markdown_image, take_option
from mkdocs_gemini_images.sources.editing.markdown_image import Target
from mkdocs_gemini_images.sources.line_numbers import SourceLines

Call = Callable[[], object]
Case = Callable[[int], Call]


def _tried(call: Call) -> Call:
    """Return a call whose refusal is as good as its answer."""

    def tried() -> None:
        try:
            call()
        except (DiagnosticError, ImageError, RequestFailed):
            return

    return tried


def _messages(page: str) -> Call:
    """Find the line of a message about each line of a page, as a build does."""
    sources = page.split("\n") + [f"{a}\n{b}" for a, b in zip(*[iter(page.split("\n"))] * 2)]  # noqa: B905

    def call() -> None:
        places = Places(lambda _: page, {})
        for source in sources:
            places(Notice("warning", "x", "index.md", source))

    return call


def _line_of_copies(n: int) -> Call:
    page = "x\n" * n
    lines = SourceLines(page)
    source = "x\n" * (n // 2) + "y\n" + "x\n" * (n // 4)
    return lambda: lines.line_of(source)


def _ejected(page: str) -> Call:
    directive, target = Directive("A fox", source="A fox"), Target("fox.png")
    return _tried(lambda: markdown_image.with_image(page, directive, target, braces=True))


def _converted(page: str, extensions: tuple[str, ...] = ()) -> Call:
    """Run our steps of a conversion over a page: all that the host's own steps do not take."""
    md = Markdown(extensions=["fenced_code", "attr_list", *extensions])
    md.reset()
    return lambda: record_fenced_code(md, page.split("\n"))


def _whole_page(unit: str) -> Case:
    def case(n: int) -> Call:
        md = Markdown(extensions=["fenced_code", "attr_list", "gemini_images"])
        return lambda: md.convert(unit * n)

    return case


def _near(page: str) -> Call:
    def call() -> None:
        list(near_misses.unread_image_texts(page))
        list(near_misses.unread_fences(page))
        for line in page.split("\n"):
            fence_syntax.opening_line(line)
            fence_syntax.is_closing_line(line, "```")
        page_image.with_marker(page)

    return call


def _fence(body: str) -> Call:
    return _tried(lambda: read_fence({}, body))


def _image(**attributes: str) -> Call:
    return _tried(lambda: read_image("a", "A fox", attributes))


def _alts(alt: str, other: str) -> Call:
    directive = Directive(other, alt, caption=other)
    return lambda: list(alt_rules.breaches(directive))


def _stem(k: int) -> str:
    return f"fox-{k:012x}-960.webp"


def _corrections(n: int, *, marked: bool, old: bool = False) -> Corrections:
    def each(k: int) -> Correction:
        src = f"assets/{_stem(k)}"
        candidate = Candidate(src, 960)
        promised = RenderedImage(
            src, 960, 540, (candidate,), promise=f"{k:016x}" if marked else "",
            awaited=f"fox-{k}" if marked else "",
        )  # fmt: skip
        new = f"assets/{_stem(k + n)}" if old else f"assets/none-{k}.svg"
        return Correction(promised, RenderedImage(new, 960, 540))

    return Corrections([each(k) for k in range(n)], lambda shown: "", lambda mark, place: "")


def _elements(n: int, *, marked: bool) -> str:
    return "".join(
        f'<a href="../assets/{_stem(k)}"><img class="gemini-image"'
        + (f' data-gemini-promise="{k:016x}"' if marked else "")
        + f' src="../assets/{_stem(k)}"></a><p data-gemini-sources="fox-{k}">x</p>\n'
        for k in range(n)
    )


def _copies(kind: str, text: Callable[[int], str]) -> Case:
    def case(n: int) -> Call:
        corrections, page = _corrections(1, marked=True), text(n)
        page = f"{page} data-gemini-promise {_stem(0)}"
        return lambda: copied_html.corrected(page, kind, corrections)

    return case


def _corrected(*, marked: bool, elements: bool = True, old: bool = False) -> Case:
    def case(n: int) -> Call:
        corrections = _corrections(n, marked=marked, old=old)
        page = _elements(n, marked=marked) if elements else " ".join(_stem(k) for k in range(n))
        return lambda: corrections.concern(page) and corrections.apply(page)

    return case


def _answer(text: Callable[[int], bytes]) -> Case:
    def case(n: int) -> Call:
        raw = text(n)
        return _tried(lambda: read_answer(raw))

    return case


def _parts(*parts: Mapping[str, object]) -> bytes:
    return json.dumps({"candidates": [{"content": {"parts": list(parts)}}]}).encode()


def _request(name: str, *refers: str) -> ImageRequest:
    parts = tuple(PicturePart(each) for each in refers)
    return ImageRequest("gemini-nano-banana-2.1", name, "16:9", "1K", parts=parts)


def _references(of: Callable[[int, int], list[str]]) -> Case:
    def case(n: int) -> Call:
        named = {f"i{k}": _request(f"i{k}", *of(k, n)) for k in range(n)}
        return lambda: resolve_references(named)

    return case


def _jpeg(n: int) -> Call:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    data = file.getvalue()
    return _tried(lambda: identify(data[:2] + b"\xff" * n + data[2:]))


def _png(n: int) -> Call:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    data = file.getvalue()
    chunk = b"\0\0\0\0tEXt" + bytes.fromhex("bfac1871")
    return _tried(lambda: identify(data[:33] + chunk * n + data[33:]))


_DATA = "data:image/png;base64,AA== "
_DRAFT = {"thought": True, "inlineData": {"data": "AA"}}

CASES: dict[str, Case] = {
    **{f"messages: {name}": (lambda n, p=page: _messages(p(n))) for name, page in PAGES.items()},  # type: ignore[misc]
    **{f"find: {name}": (lambda n, p=page: _found(p(n))) for name, page in PAGES.items()},  # type: ignore[misc]
    **{f"eject: {name}": (lambda n, p=page: _ejected(p(n))) for name, page in PAGES.items()},  # type: ignore[misc]
    **{f"fences: {name}": (lambda n, p=page: _converted(p(n))) for name, page in PAGES.items()},  # type: ignore[misc]
    **{f"near misses: {name}": (lambda n, p=page: _near(p(n))) for name, page in PAGES.items()},  # type: ignore[misc]
    "messages: a body that is nowhere": _line_of_copies,
    "page: images": _whole_page(IMAGE + "\n\n"),
    "page: images in one paragraph": _whole_page(IMAGE + "\n"),
    "page: fences": _whole_page(FENCE + "\n"),
    "body: options": lambda n: _fence("prompt: x\n" * n),
    "body: one name": lambda n: _fence("a" * n + "\nprompt: x"),
    "body: lines of an item": lambda n: _fence("prompt: x\nedits:\n- x\n" + "  x\n" * n),
    "body: items": lambda n: _fence("prompt: x\nedits: [" + "'a\", " * n + "]"),
    "body: unknown options": lambda n: _fence("prompt: x\n" + _lines("p{}: x", n)),
    "options: words": lambda n: _image(**{"class": "a- " * n}),
    "options: unknown": lambda n: _image(**{f"promt{k}": "x" for k in range(n)}),
    "take: braces": lambda n: _taken("a=" * n),
    "take: quotes": lambda n: _taken("a=\"b' " * n),
    "alt: one word": lambda n: _alts("a " * n, "a b " * n),
    "alt: two words": lambda n: _alts("a " * n + "b " * n, "b " * n + "a " * n),
    "alt: combining marks": lambda n: _alts("e" + "\u0301\u0327" * n, "e" + "\u0327\u0301" * n),
    "alt: brackets": lambda n: _alts("a", "![[](" * n),
    "front matter: comments": lambda n: _marker("<!-- a -->" * n + "<!--"),
    "front matter: spaces": lambda n: _marker("\n" * n + "#"),
    "pages: marks": _corrected(marked=True),
    "pages: damaged pictures": _corrected(marked=False),
    "pages: old names": _corrected(marked=True, elements=False, old=True),
    "copies: JSON of quotes": _copies(".json", lambda n: '"' * n),
    "copies: JSON of escaped quotes": _copies(".json", lambda n: '"' + '\\"' * n),
    "copies: a JSON string": _copies(".json", lambda n: '"' + "a" * n + '"'),
    "copies: JSON of backslashes": _copies(".json", lambda n: '"' + "\\" * n),
    "copies: JSON of lines": _copies(".json", lambda n: '"\\\n' * n),
    "copies: XML without an end": _copies(".xml", lambda n: ">" + "a" * n),
    "copies: XML of marks": _copies(".xml", lambda n: ">" * n),
    "copies: HTML of tags without an end": _copies(".html", lambda n: "<img " * n),
    "copies: HTML of names": _copies(".html", lambda n: "a.b" * n),
    "copies: HTML of dots": _copies(".html", lambda n: "." * n),
    "copies: HTML of rooms": _copies(".html", lambda n: '<p data-gemini-sources="fox-0">' * n),
    "head: tags": lambda n: _head("<meta name" * n + "</head   " * n),
    "answer: quotes": _answer(lambda n: b'"' * n),
    "answer: base64 without an end": _answer(lambda n: b'"' + b"A" * n),
    "answer: base64 and no quote": _answer(lambda n: b'"' + b"A" * n + b"!" + b'"' + b"A" * n),
    "answer: data addresses": _answer(lambda n: _parts({"text": "data:image/" * n})),
    "answer: pictures in text": _answer(lambda n: _parts({"text": _DATA * n})),
    "answer: words": _answer(lambda n: _parts(*({"text": "a "} for _ in range(n)))),
    "answer: drafts": _answer(lambda n: _parts(*[_DRAFT] * n)),
    "answer: brackets": _answer(lambda n: b"[" * n),
    "answer: a number": _answer(lambda n: b'{"candidates": ' + b"9" * n + b"}"),
    "references: a chain": _references(lambda k, n: [f"i{k + 1}"] if k + 1 < n else []),
    "references: a circle": _references(lambda k, n: [f"i{(k + 1) % n}"]),
    "references: unknown": _references(lambda k, n: [f"none{k}"]),
    "references: one for all": _references(lambda k, n: ["i0"] if k else []),
    "picture: fill bytes": _jpeg,
    "picture: chunks": _png,
}  # fmt: skip
"""All cases by name: the scanner, and what it is given."""


def _lines(pattern: str, n: int) -> str:
    return "".join(f"{pattern.format(k)}\n" for k in range(n))


def _head(page: str) -> Call:
    return lambda: head_tags.with_head(page, None, [{}])


def _found(page: str) -> Call:
    def call() -> None:
        occurrences.find_all(page, "A fox")
        occurrences.find_all(page, page[: len(page) // 2])
        occurrences.directive_texts(page)

    return call


def _taken(inner: str) -> Call:
    page = f"{IMAGE}{{{inner}}}"
    return _tried(lambda: take_option.with_take(page, Directive("", source="A fox"), 2))


def _marker(page: str) -> Call:
    return _tried(lambda: (page_image.with_marker(page), page_image.read_page_image({}, page)))
