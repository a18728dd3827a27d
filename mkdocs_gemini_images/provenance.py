"""What a published file says of where it comes from, in words that other machines read.

In comes a picture's record, and those of the pictures that its conversation began with; out comes
an XMP packet: IPTC's digital source type, a credit, the model and this tool, some seven hundred
bytes. What nobody here knows is not said: an adopted picture has no source type, and an emulated
one is not Google's. Never in it: the prompt, the author's words, a key, a date. Pure, and the same
for the same records.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs_gemini_images.stock import Record

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


def packet(record: Record, *earlier: Record) -> bytes:
    """Write a picture's XMP. `earlier` are the steps before it in its conversation."""
    from xml.sax.saxutils import quoteattr  # drags the network's modules in: only where it is used

    said = dict(_said(record, [record.request, *(each.request for each in earlier)]))
    names = {name.partition(":")[0] for name in said}
    spaces = {f"xmlns:{name}": uri for name, uri in _NAMESPACES.items() if name in names}
    written = "".join(f"\n {name}={quoteattr(text)}" for name, text in (spaces | said).items())
    return _PACKET.format(written).encode()


def _said(record: Record, requests: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """List what is known of a picture, as XMP's own names and values."""
    if record.origin != "adopted":
        if record.request.get("emulated"):
            source, credit, model = "algorithmicMedia", f"Emulated by {TOOL}", ""
        else:
            references = any(request.get("parts") for request in requests)
            source = _COMPOSITE if references else _TRAINED
            credit = "Made with Google AI"
            # An accepted picture's request is today's; the model that drew it is another's.
            model = record.model_version if record.origin else record.model
        yield "Iptc4xmpExt:DigitalSourceType", SOURCE_TYPES + source
        if model:
            yield "Iptc4xmpExt:AISystemUsed", "".join(filter(str.isprintable, model))
        yield "photoshop:Credit", credit
    yield "xmp:CreatorTool", TOOL
