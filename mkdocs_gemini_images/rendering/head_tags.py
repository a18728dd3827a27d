"""What is said of a page's pictures in its head, for those who show links to it and for machines.

In comes a finished page, the card that stands for it and facts about its pictures; out comes the
page with `<meta>` tags and one JSON-LD script before `</head>`. What a theme or another plugin has
said already stands. All text is escaped for where it is put. Pure.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

_END = re.compile(r"</head\s*>", re.IGNORECASE)
# A tag without an end is one to the end of the text: each part of a page is looked through once.
_META = re.compile(r"<meta\b[^>]*", re.IGNORECASE)
_NAME = re.compile(r"""\s(?:property|name)\s*=\s*["']?((?:og|twitter):[\w:]+)""", re.IGNORECASE)
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


@dataclass(frozen=True, slots=True)
class PageCard:
    """The picture that stands for a page beside a link to it."""

    url: str
    width: int
    height: int
    alt: str = ""


def with_head(html: str, card: PageCard | None, objects: Sequence[dict[str, Any]]) -> str:
    """Put a card's tags and the facts about pictures into a page's head."""
    end = _END.search(html)
    if end is None:
        return html
    head = html[: end.start()]
    names = (_NAME.search(meta) for meta in _META.findall(head))
    said = {found[1].lower() for found in names if found is not None}
    lines = _tags(card, said) if card is not None and "og:image" not in said else []
    if objects:
        lines.append(_script(objects))
    return head + "".join(f"{line}\n" for line in lines) + html[end.start() :]


def _tags(card: PageCard, said: set[str]) -> list[str]:
    properties = {
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
        if text and name not in said
    ]


def _script(objects: Sequence[dict[str, Any]]) -> str:
    """Write JSON-LD so that no text in it can end the script, or begin a comment."""
    graph = {"@context": "https://schema.org", "@graph": list(objects)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for sign, written in _ESCAPES.items():
        text = text.replace(sign, written)
    return f'<script type="application/ld+json">{text}</script>'
