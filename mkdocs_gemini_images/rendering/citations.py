"""Reads the web sources of an image from the API's answer, for the links below the image.

In: the `groundingMetadata` of an answer (API reference, "groundingMetadata"), which is untrusted.
Out: titles and web addresses of sources, and links that repeat the model's searches. Pure. The HTML
in the answer is not used, and addresses that are not HTTP or HTTPS are left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.rendering.rendered_image import Source

MOST = 12
"""The largest number of sources, and of searches, that are shown for one image."""


def sources(metadata: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the distinct sources of an answer, in their order."""
    found: dict[str, Source] = {}
    for source in _grounding_sources(metadata):
        found.setdefault(source.uri, source)
    return tuple(found.values())[:MOST]


def searches(metadata: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the distinct searches of the model, as links to Google Search."""
    found: dict[str, Source] = {}
    for name, kind in (("webSearchQueries", ""), ("imageSearchQueries", "&udm=2")):
        queries = metadata.get(name)
        for query in queries if isinstance(queries, list) else []:
            text = message_of(query)[:100]
            if text:
                uri = f"https://www.google.com/search?q={quote_plus(text)}{kind}"
                found.setdefault(uri, Source(text, uri))
    return tuple(found.values())[:MOST]


def _grounding_sources(metadata: Mapping[str, Any]) -> Iterator[Source]:
    chunks = metadata.get("groundingChunks")
    for chunk in chunks if isinstance(chunks, list) else []:
        for kind, address in (("web", "uri"), ("image", "sourceUri")):
            entry = chunk.get(kind) if isinstance(chunk, dict) else None
            uri = entry.get(address) if isinstance(entry, dict) else None
            if isinstance(entry, dict) and isinstance(uri, str) and _is_web_address(uri):
                title = message_of(entry.get("title")) or urlsplit(uri).netloc
                yield Source(title[:120], uri)


def _is_web_address(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    plain = uri.isprintable() and not set(uri) & set(" <>\"'`\\")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and plain and len(uri) < 2000
