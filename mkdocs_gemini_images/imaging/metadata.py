"""Provenance metadata of published files, as XMP.

`packet` takes the record of an image, and those of the earlier steps of its conversation, and
returns some seven hundred bytes: IPTC's digital source type, a credit, the model and this tool. An
adopted image has no source type, since it is unknown, and an emulated one does not credit Google.
The packet never holds the prompt, the author's text, a key or a date. Pure.
"""

from typing import NamedTuple

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
_MARK = f'xmp:CreatorTool="{TOOL}"'.encode()


class Origin(NamedTuple):
    """The origin of an image: IPTC's term for it, a credit, and the model, if it has one."""

    source_type: str
    credit: str
    model: str = ""


def origin(record: Record, *earlier: Record) -> Origin | None:
    """Return the origin of an image, or None for an adopted one, whose origin is unknown.

    `earlier` are the records of the steps before it in its conversation.
    """
    if record.origin == "adopted":
        return None
    if record.request.get("emulated"):
        return Origin("algorithmicMedia", f"Emulated by {TOOL}")
    references = any(each.request.get("parts") for each in (record, *earlier))
    # The request of an accepted image is a newer one; `model_version` names the true model.
    model = record.model_version if record.origin else record.model
    kind = _COMPOSITE if references else _TRAINED
    return Origin(kind, "Made with Google AI", "".join(filter(str.isprintable, model)))


def is_marked(data: bytes) -> bool:
    """Return whether the bytes of a file hold a packet of ours, so that we have encoded it."""
    return _MARK in data


def packet(record: Record, *earlier: Record) -> bytes:
    """Return the XMP of an image; `earlier` as in `origin`."""
    from xml.sax.saxutils import (
        quoteattr,  # imports the network modules, which most builds do not need
    )

    properties: dict[str, str] = {}
    if (found := origin(record, *earlier)) is not None:
        properties["Iptc4xmpExt:DigitalSourceType"] = SOURCE_TYPES + found.source_type
        if found.model:
            properties["Iptc4xmpExt:AISystemUsed"] = found.model
        properties["photoshop:Credit"] = found.credit
    properties["xmp:CreatorTool"] = TOOL
    names = {name.partition(":")[0] for name in properties}
    spaces = {f"xmlns:{name}": uri for name, uri in _NAMESPACES.items() if name in names}
    written = "".join(
        f"\n {name}={quoteattr(text)}" for name, text in (spaces | properties).items()
    )
    return _PACKET.format(written).encode()
