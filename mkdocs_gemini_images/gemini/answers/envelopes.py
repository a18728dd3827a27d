"""Find the model's turns in an answer, in whatever envelope a server sends them.

In: the JSON values of an answer. Out: an `AnswerContent`: the turns as lists of parts, and what
stands beside them. Google's shape is `candidates[].content.parts`, also inside other objects and
inside strings; OpenAI's are `choices[].message` and `data[].b64_json`. An object with a picture in
a field of a known name is one, too. What a server repeats of the request is not looked at. Field
names are read in camelCase and snake_case. No effects.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mkdocs_gemini_images.gemini.answers import framings
from mkdocs_gemini_images.gemini.endings import CONTENT

Part = Mapping[str, Any]
_MAX_STRINGS = 4
"""How many times JSON may stand inside a string of JSON."""
_OF_REQUEST = ("contents", "input", "inputs", "inputImage", "inputImages", "messages", "prompt",
               "references", "referenceImages", "request", "systemInstruction")  # fmt: skip
"""Names under which a server repeats what it was sent."""
_LISTS_OF_PICTURES = ("data", "images", "predictions", "generatedImages", "output", "outputs")
"""Names of lists of pictures in APIs that are no chat."""
_BYTES_FIELDS = ("b64Json", "bytesBase64Encoded", "imageBytes", "base64", "b64", "imageBase64")
_PICTURE_FIELDS = (*_BYTES_FIELDS, "imageUrl", "url", "inlineData", "fileData", "image")
_LOOKS_LIKE_PICTURE = re.compile(r"\s*(?:data:image/|iVBORw0KGgo|/9j/|_9j_|UklGR)", re.IGNORECASE)
"""How a picture begins, as a `data:` URL or as the base64 of a PNG, a JPEG or a WebP."""
_ADDRESS = re.compile(r"\s*(?:https?|gs)://", re.IGNORECASE)
_OWN = (*_PICTURE_FIELDS, "images")
"""Names under which a message of a chat holds a picture beside its content."""


@dataclass(slots=True)
class ModelTurn:
    """One candidate of an answer; the chunks of a stream add to it."""

    parts: list[Part] = field(default_factory=list)
    as_sent: bool = True
    """Whether `parts` are the model's own, in the shape in which a conversation repeats them."""
    finish_reason: Any = None
    finish_message: Any = None
    grounding: Part = field(default_factory=dict)


@dataclass(slots=True)
class AnswerContent:
    """What an answer says."""

    turns: dict[object, ModelTurn] = field(default_factory=dict)
    """By the candidate's number, in the order of their arrival."""
    fields: dict[str, Any] = field(default_factory=dict)
    """The last value of each field beside the candidates."""
    has_objects: bool = False

    @property
    def error(self) -> Any:
        """The error that stands in the place of an answer, or None."""
        return self.fields.get("error")


_BESIDE = ("error", "promptFeedback", "usageMetadata", "modelVersion", "responseId")


def read_content(values: Sequence[Any]) -> AnswerContent:
    """Return the content of an answer's JSON values."""
    content = AnswerContent()
    waiting: list[tuple[Any, int]] = [(value, 0) for value in reversed(values)]
    while waiting:  # in the order of the document, without recursion
        value, strings = waiting.pop()
        if isinstance(value, str) and strings < _MAX_STRINGS:
            inside = framings.within(value)
            waiting += [(each, strings + 1) for each in reversed(inside)]
        elif isinstance(value, list):
            waiting += [(each, strings) for each in reversed(value)]
        elif isinstance(value, dict):
            content.has_objects = True
            left = _take(content, value)
            waiting += [(each, strings) for each in reversed(left)]
    return content


def _take(content: AnswerContent, value: Part) -> list[Any]:
    """Add what an object of an answer says, and return its values that may hold an answer."""
    taken = set(_OF_REQUEST)
    own = fields_of(value)
    for name in _BESIDE:
        if (found := own.get(name)) not in (None, {}, [], ""):
            content.fields[name] = found
            taken.add(name)
    if "candidates" in value:
        for position, each in enumerate(listed(value["candidates"])):
            _add_candidate(content, each, position)
        taken.add("candidates")
    if "choices" in value:
        for each in listed(value["choices"]):
            _add_choice(content, each)
        taken.add("choices")
    for name in _LISTS_OF_PICTURES:
        if name not in own:
            continue
        if pictures := [each for each in _objects(own[name]) if _is_picture(each)]:
            turn = content.turns.setdefault(name, ModelTurn(as_sent=False))
            turn.parts += pictures
            taken.add(name)
    left = {
        name: inner
        for name, inner in value.items()
        if (camel_case(name) if "_" in name else name) not in taken
    }
    if picture := _own_picture(left):
        content.turns.setdefault("object", ModelTurn(as_sent=False)).parts.append(picture)
    return [inner for name, inner in left.items() if name not in picture]


def _objects(value: Any) -> list[Part]:
    """Return the objects of a list; a text that is a picture or its address counts as one."""
    return [
        {"url": each} if isinstance(each, str) else each
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, dict)
        or (isinstance(each, str) and (_LOOKS_LIKE_PICTURE.match(each) or _ADDRESS.match(each)))
    ]


def _own_picture(value: Part) -> Part:
    """Return the fields of an object that are themselves the texts of pictures."""
    names = (*_PICTURE_FIELDS, "data", "result")
    return {
        name: text
        for name, text in value.items()
        if isinstance(text, str) and _LOOKS_LIKE_PICTURE.match(text) and camel_case(name) in names
    }


def _add_candidate(content: AnswerContent, candidate: Part, position: int) -> None:
    own = fields_of(candidate)
    index, inner = own.get("index"), own.get("content")
    number = index if isinstance(index, int) else position
    turn = content.turns.setdefault(number, ModelTurn())
    said = inner.get("parts") if isinstance(inner, dict) else inner
    if said is None:
        said = own.get("parts")
    turn.parts += [{"text": said}] if isinstance(said, str) else listed(said)
    turn.finish_reason = own.get("finishReason") or turn.finish_reason
    turn.finish_message = own.get("finishMessage") or turn.finish_message
    grounding = own.get("groundingMetadata")
    if isinstance(grounding, dict) and grounding:
        turn.grounding = grounding


def _add_choice(content: AnswerContent, choice: Part) -> None:
    turn = content.turns.setdefault(
        ("choice", str(get(choice, "index") or 0)), ModelTurn(as_sent=False)
    )
    turn.finish_reason = get(choice, "finishReason") or turn.finish_reason
    native = get(choice, "nativeFinishReason")  # the model's own, beside the gateway's
    if isinstance(native, str) and CONTENT.search(native.upper()):
        turn.finish_reason = native
    if error := get(choice, "error"):
        content.fields["error"] = error
    for name in ("message", "delta"):
        message = get(choice, name)
        if not isinstance(message, dict):
            continue
        said = get(message, "content")
        turn.parts += [{"text": said}] if isinstance(said, str) else listed(said)
        turn.parts += [
            part
            for field, inner in message.items()
            if isinstance(inner, list) and field != "content"
            for part in _objects(inner)
        ]
        own = {field: inner for field, inner in message.items() if camel_case(field) in _OWN}
        turn.parts += [own] if own else []
        if isinstance(refusal := get(message, "refusal"), str):
            turn.finish_message = refusal


def _is_picture(value: Part) -> bool:
    if get(value, "type") in ("image", "output_image", "image_generation_call"):
        return True
    return any(isinstance(get(value, name), str | dict) for name in _PICTURE_FIELDS)


def fields_of(value: Part) -> Part:
    """Return an object's fields by their camelCase names; a field so written comes first."""
    if not any("_" in name for name in value):
        return value
    return {camel_case(name): inner for name, inner in value.items()} | {
        name: inner for name, inner in value.items() if "_" not in name
    }


def get(value: Part, name: str) -> Any:
    """Return a field by its camelCase name, or by its snake_case one."""
    if name in value:
        return value[name]
    return value.get(re.sub(r"[A-Z]", lambda c: f"_{c[0].lower()}", name))


def camel_case(name: str) -> str:
    """Return the camelCase form of a field's name."""
    return re.sub(r"_([a-z0-9])", lambda c: c[1].upper(), name)


def listed(value: Any) -> list[Part]:
    """Return the objects of a list; an object alone is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_object(value: Any) -> Part:
    """Return an object, empty where the value is none."""
    return value if isinstance(value, dict) else {}
