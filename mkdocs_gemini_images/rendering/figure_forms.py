"""Make figures of the package's template by their form: each form is rendered once, then copied.

The values that a template is rendered with go in; the element that it would write comes out, or
None where only the template can tell. The package's template asks which attributes there are and
whether there is a caption, and never what they say: figures of one form differ in their texts
alone. A site's own template may do anything with them, and is rendered for each figure. Pure.
"""

import xml.etree.ElementTree as etree
from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

NOT_IN_XML = dict.fromkeys(
    (*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
)
"""The characters that XML does not have, for `str.translate`, which leaves them out."""
_WHITE_SPACE = str.maketrans("\r\n\t", "   ")

Render = Callable[[dict[str, Any]], etree.Element]
"""Renders the template with values."""


class _Form(NamedTuple):
    """A figure with marks for texts, and where each text belongs."""

    root: etree.Element
    attributes: tuple[tuple[int, str], ...]
    """For each attribute its element, by number in the order of the tree, and its name there."""
    caption: int
    """The element whose text begins with the caption, or -1."""


class FigureForms:
    """The forms of one template's figures; `render` renders it."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._forms: dict[Hashable, _Form | None] = {}

    def element(self, values: Mapping[str, Any]) -> etree.Element | None:
        """Return the element of one figure, or None where the template is to be rendered for it."""
        if values["awaited"] or values["sources"] or values["searches"]:
            return None
        texts = list(_attributes(values))
        key = (
            tuple((number, name) for number, name, _ in texts),
            tuple(len(each.sources) for each in values["pictures"]),
            values["figure"], values["wrapped"], bool(values["caption"]), values["label"],
            values["mark"], values["place"],
        )  # fmt: skip
        try:
            form = self._forms[key]
        except KeyError:
            form = self._forms[key] = _form(values, self._render)
        if form is None:
            return None
        root = deepcopy(form.root)
        elements = list(root.iter())
        for (number, name), (_, _, text) in zip(form.attributes, texts, strict=True):
            elements[number].set(name, _as_attribute(text))
        if form.caption >= 0:
            marked = elements[form.caption]
            marked.text = (marked.text or "").replace(_CAPTION, _as_text(values["caption"]), 1)
        return root


_CAPTION = "gemini-caption"
"""Stands for the caption in a form."""


def _attributes(values: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Yield the attributes that the template writes: their element's number, name and text."""
    number = 0
    if values["wrapped"]:
        for name, text in values["outer"].items():
            yield 0, name, text
        number = 1
    for picture in values["pictures"]:
        for attributes in (*picture.sources, picture.image):
            for name, text in attributes.items():
                yield number, name, text
            number += 1


def _form(values: Mapping[str, Any], render: Render) -> _Form | None:
    """Return the form of a figure with these values; None where its texts are not found again."""
    marks: list[str] = []

    def marked(attributes: Mapping[str, str]) -> dict[str, str]:
        found = {name: f"gemini-{len(marks) + at}" for at, name in enumerate(attributes)}
        marks.extend(found.values())
        return found

    outer = marked(values["outer"]) if values["wrapped"] else {}
    pictures = []
    for each in values["pictures"]:
        sources = [marked(source) for source in each.sources]
        pictures.append(each._replace(sources=sources, image=marked(each.image)))
    caption = _CAPTION if values["caption"] else ""
    texts = {"outer": outer, "pictures": pictures, "image": pictures[0].image, "caption": caption}
    root = render({**values, **texts})
    places: dict[str, list[tuple[int, str]]] = {mark: [] for mark in marks}
    captions = []
    for number, element in enumerate(root.iter()):
        for name, text in element.items():
            if text in places:
                places[text].append((number, name))
        if element.text and _CAPTION in element.text:
            captions.append(number)
    once = [found[0] for found in places.values() if len(found) == 1]
    if len(once) != len(marks) or len(captions) != bool(caption):
        return None
    return _Form(root, tuple(once), captions[0] if captions else -1)


def _as_attribute(text: str) -> str:
    """Return a text as a reader of XML finds it in an attribute."""
    if text.isprintable():
        return text
    return text.translate(NOT_IN_XML).replace("\r\n", "\n").translate(_WHITE_SPACE)


def _as_text(text: str) -> str:
    """Return a text as a reader of XML finds it between tags, after the template has written it."""
    if text.isprintable():
        return text
    encodable = text.encode("utf-8", "replace").decode().translate(NOT_IN_XML)
    return encodable.replace("\r\n", "\n").replace("\r", "\n")
