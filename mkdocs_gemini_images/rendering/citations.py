"""The sources a picture was drawn with, as a page may show them.

In comes the `groundingMetadata` of an answer (API reference, "groundingMetadata"), which is a
stranger's text; out come titles and addresses, and the searches that were made as links to them.
The server's own HTML is never used: everything is rebuilt from data, and only web addresses count.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.rendering.rendered_image import Source

MOST = 12
"""Sources and searches that are shown of one picture."""


def sources(metadata: Mapping[str, Any]) -> tuple[Source, ...]:
    """List what a picture's answer names as its sources, each once, in its order."""
    found: dict[str, Source] = {}
    for source in _chunks(metadata):
        found.setdefault(source.uri, source)
    return tuple(found.values())[:MOST]


def searches(metadata: Mapping[str, Any]) -> tuple[Source, ...]:
    """List the searches that were made, as links that make them again."""
    found: dict[str, Source] = {}
    for name, kind in (("webSearchQueries", ""), ("imageSearchQueries", "&udm=2")):
        queries = metadata.get(name)
        for query in queries if isinstance(queries, list) else []:
            words = message_of(query)[:100]
            if words:
                uri = f"https://www.google.com/search?q={quote_plus(words)}{kind}"
                found.setdefault(uri, Source(words, uri))
    return tuple(found.values())[:MOST]


def _chunks(metadata: Mapping[str, Any]) -> Iterator[Source]:
    chunks = metadata.get("groundingChunks")
    for chunk in chunks if isinstance(chunks, list) else []:
        for kind, address in (("web", "uri"), ("image", "sourceUri")):
            facts = chunk.get(kind) if isinstance(chunk, dict) else None
            uri = facts.get(address) if isinstance(facts, dict) else None
            if isinstance(facts, dict) and isinstance(uri, str) and _is_web(uri):
                title = message_of(facts.get("title")) or urlsplit(uri).netloc
                yield Source(title[:120], uri)


def _is_web(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    plain = uri.isprintable() and not set(uri) & set(" <>\"'`\\")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and plain and len(uri) < 2000
