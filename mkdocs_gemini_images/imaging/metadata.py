"""What a published file says of where it comes from, in words that other machines read.

In comes a picture's record, and those of the pictures that its conversation began with; out comes
an XMP packet: IPTC's digital source type, a credit, the model and this tool, some seven hundred
bytes. What nobody here knows is not said: an adopted picture has no source type, and an emulated
one is not Google's. Never in it: the prompt, the author's words, a key, a date. Pure, and the same
for the same records.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mkdocs_gemini_images.store.record import Record

TOOL = "mkdocs-gemini-images"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TRAINED, _COMPOSITE = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
_NAMESPACES = {
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '<rdf:Description rdf:about=""{}/>\n'
    "</rdf:RDF></x:xmpmeta>\n"
    '<?xpacket end="r"?>'
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture comes from: IPTC's term for it, a credit, and the model, if it has one."""

    source_type: str
    credit: str
    model: str = ""


def origin(record: Record, *earlier: Record) -> Origin | None:
    """Say where a picture comes from. `earlier` are the steps before it in its conversation.

    None for an adopted one: nobody here knows.
    """
    if record.origin == "adopted":
        return None
    if record.request.get("emulated"):
        return Origin("algorithmicMedia", f"Emulated by {TOOL}")
    references = any(each.request.get("parts") for each in (record, *earlier))
    # An accepted picture's request is today's; the model that drew it is another's.
    model = record.model_version if record.origin else record.model
    kind = _COMPOSITE if references else _TRAINED
    return Origin(kind, "Made with Google AI", "".join(filter(str.isprintable, model)))


def packet(record: Record, *earlier: Record) -> bytes:
    """Write a picture's XMP. `earlier` are the steps before it in its conversation."""
    from xml.sax.saxutils import quoteattr  # drags the network's modules in: only where it is used

    said = dict(_said(origin(record, *earlier)))
    names = {name.partition(":")[0] for name in said}
    spaces = {f"xmlns:{name}": uri for name, uri in _NAMESPACES.items() if name in names}
    written = "".join(f"\n {name}={quoteattr(text)}" for name, text in (spaces | said).items())
    return _PACKET.format(written).encode()


def _said(found: Origin | None) -> Iterator[tuple[str, str]]:
    """List what is known of a picture, as XMP's own names and values."""
    if found is not None:
        yield "Iptc4xmpExt:DigitalSourceType", SOURCE_TYPES + found.source_type
        if found.model:
            yield "Iptc4xmpExt:AISystemUsed", found.model
        yield "photoshop:Credit", found.credit
    yield "xmp:CreatorTool", TOOL
