"""Adds `<meta>` tags and JSON-LD about a page's images to its head.

In: the HTML of a page, its preview card, and JSON-LD objects, which say of an image what the
files' metadata says; the prompt, the request's key and the price are never in them. Out: the page
with tags before `</head>`. A tag that the theme or another plugin has written stays and is not
added again. All text is escaped for its context. Pure.
"""

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from mkdocs_gemini_images.imaging.metadata import Origin

_END = re.compile(r"</head\s*>", re.IGNORECASE)
# Matches up to the end of the text where `>` is missing, so that no text is scanned twice.
_META = re.compile(r"<meta\b[^>]*", re.IGNORECASE)
_NAME = re.compile(r"""\s(?:property|name)\s*=\s*["']?((?:og|twitter):[\w:]+)""", re.IGNORECASE)
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class PageSummary(NamedTuple):
    """What other sites write beside a link to a page; `kind` is a type of Open Graph."""

    url: str
    title: str
    description: str
    kind: str


class PageCard(NamedTuple):
    """The image that other sites show with a link to a page, and what they write beside it."""

    url: str
    width: int
    height: int
    alt: str
    page: PageSummary


def image_object(
    url: str, alt: str, origin: Origin | None, *, of_page: bool = False
) -> dict[str, Any]:
    """Return schema.org's `ImageObject` of an image, by the address of its largest file.

    `of_page` says that the image stands for its page as a whole.
    """
    described: dict[str, Any] = {"@type": "ImageObject", "contentUrl": url}
    if alt:
        described["caption"] = alt
    if origin is not None:
        kind = origin.source_type
        term = f"https://schema.org/{kind[0].upper()}{kind[1:]}DigitalSource"
        described |= {"creditText": origin.credit, "digitalSourceType": term}
    if of_page:
        described["representativeOfPage"] = True
    return described


def with_head(html: str, card: PageCard | None, objects: Sequence[dict[str, Any]]) -> str:
    """Return a page with a card's tags and JSON-LD objects in its head."""
    end = _END.search(html)
    if end is None:
        return html
    head = html[: end.start()]
    names = (_NAME.search(meta) for meta in _META.findall(head))
    present = {name[1].lower() for name in names if name is not None}
    lines = _tags(card, present) if card is not None and "og:image" not in present else []
    if objects:
        lines.append(_script(objects))
    return head + "".join(f"{line}\n" for line in lines) + html[end.start() :]


def _tags(card: PageCard, present: set[str]) -> list[str]:
    properties = {
        "og:type": card.page.kind,
        "og:title": card.page.title,
        "og:description": card.page.description,
        "og:url": card.page.url,
        "og:image": card.url,
        "og:image:type": "image/jpeg",
        "og:image:width": str(card.width),
        "og:image:height": str(card.height),
        "og:image:alt": card.alt,
    }
    names = {
        "twitter:card": "summary_large_image",
        "twitter:image": card.url,
        "twitter:image:alt": card.alt,
    }
    return [
        f'<meta {kind}="{name}" content="{escape(text)}">'
        for kind, tags in (("property", properties), ("name", names))
        for name, text in tags.items()
        if text and name not in present
    ]


def _script(objects: Sequence[dict[str, Any]]) -> str:
    """Return a JSON-LD script whose texts can neither end the script nor begin a comment."""
    graph = {"@context": "https://schema.org", "@graph": list(objects)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _ESCAPES.items():
        text = text.replace(character, escaped)
    return f'<script type="application/ld+json">{text}</script>'
