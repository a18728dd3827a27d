"""Checks a well-formed request against what its model supports.

A parsed request, the model's row of facts and whether a gateway is emulated go in; the first
violation is raised as `RequestRefused` with 400 INVALID_ARGUMENT. Messages are those of the API
reference, "Google shape"; where it does not know one, the message here imitates its style.
"""

from collections.abc import Callable, Iterator

from mkdocs_gemini_images.emulator.protocol import signatures
from mkdocs_gemini_images.emulator.protocol.errors import RequestRefused, invalid_argument
from mkdocs_gemini_images.emulator.protocol.protojson import Message
from mkdocs_gemini_images.models.catalogue import Model
from mkdocs_gemini_images.models.dimensions import RATIOS, canonical_size

RequestRule = Callable[[Message, Model, bool], Iterator[str]]

_IMAGES = ("png", "jpeg", "webp", "heic", "heif", "avif")
_THINKING = {
    "gemini-nano-banana-2.1": {"MINIMAL", "MEDIUM", "HIGH"},
    "gemini-3.1-flash": {"MINIMAL", "HIGH"},
    "gemini-2.5-flash-image": set[str](),
}
_CATEGORIES = tuple(
    f"HARM_CATEGORY_{name}"
    for name in ("HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT", "HARASSMENT",
                 "CIVIC_INTEGRITY")
)  # fmt: skip
_MIMETYPES = "`text/plain`, `application/json`, `application/xml`, `application/yaml`"
_BESIDE_DATA = {"thought", "thoughtSignature", "mediaResolution", "videoMetadata", "partMetadata"}
_NUMBERS = {"ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5", "EIGHT": "8",
            "NINE": "9", "SIXTEEN": "16", "TWENTY_ONE": "21"}  # fmt: skip
_RATIO_NAMES = {
    f"ASPECT_RATIO_{a}_BY_{b}": f"{x}:{y}"
    for a, x in _NUMBERS.items() for b, y in _NUMBERS.items() if f"{x}:{y}" in RATIOS
}  # fmt: skip
_SIZE_NAMES = {"IMAGE_SIZE_FIVE_TWELVE": "512", "IMAGE_SIZE_ONE_K": "1K",
               "IMAGE_SIZE_TWO_K": "2K", "IMAGE_SIZE_FOUR_K": "4K"}  # fmt: skip


def check_request(request: Message, model: Model, *, gateway: bool) -> None:
    """Raise `RequestRefused` with the first violation of a rule."""
    for rule in _RULES:
        for message in rule(request, model, gateway):
            raise RequestRefused(invalid_argument(message))


def requested_shape(request: Message, *, gateway: bool) -> tuple[str, str]:
    """Return the ratio and size of imageConfig or responseFormat; empty when not given."""
    config = request.get("generationConfig", {})
    newer = config.get("responseFormat", {}).get("image", {})
    image = {**newer, **config.get("imageConfig", {})}
    ratio, size = image.get("aspectRatio", ""), image.get("imageSize", "")
    size = canonical_size(size) if gateway and size == "0.5K" else size
    return _RATIO_NAMES.get(ratio, ratio), _SIZE_NAMES.get(size, size)


def sniff_mime_type(data: bytes) -> str:
    """Return an image's MIME type by its first bytes; empty when it is unknown."""
    if data[4:8] == b"ftyp":
        brand = data[8:12].decode("latin-1")
        return {"avif": "image/avif", "avis": "image/avif", "heic": "image/heic"}.get(
            brand, "image/heif"
        )
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    heads = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
    return next((kind for head, kind in heads.items() if data.startswith(head)), "")


def _contents(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    if not request.get("contents"):
        yield "* GenerateContentRequest.contents: contents is not specified\n"
    for i, content in enumerate(request["contents"]):
        here = f"* GenerateContentRequest.contents[{i}].parts"
        if content.get("role") not in (None, "", "user", "model"):
            yield "Please use a valid role: user, model."
        if not content.get("parts"):
            yield f"{here}: contents.parts must not be empty.\n"
        for j, part in enumerate(content["parts"]):
            if not part.keys() - _BESIDE_DATA:
                yield (f"{here}[{j}].data: required oneof field 'data' must have one initialized "
                       "field\n")  # fmt: skip
            yield from _part(part, f"{here}[{j}]", content.get("role") == "model", model)


def _part(part: Message, here: str, from_model: bool, model: Model) -> Iterator[str]:
    if "fileData" in part:
        uri = part["fileData"].get("fileUri", "")
        if not uri.startswith(("https://", "http://127.0.0.1", "gs://", "files/")):
            yield f"{here}.file_data.file_uri: '{uri}' is not a URI the API can read.\n"
        yield from _mime(part["fileData"].get("mimeType", "image/png"), model)
    if "inlineData" in part:
        declared = part["inlineData"].get("mimeType", "")
        if not declared:
            yield f"{here}.inline_data.mime_type: mime_type is required.\n"
        yield from _mime(declared, model)
        real = sniff_mime_type(part["inlineData"].get("data", b""))
        # A part of a model turn is sent back as the model sent it, with a wrong MIME type too.
        if declared.startswith("image/") and not from_model:
            if not real:
                yield "Unable to process input image. Please retry or report in " \
                      "https://developers.generativeai.google/guide/troubleshooting"  # fmt: skip
            elif real != declared and {real, declared} != {"image/heic", "image/heif"}:
                yield f"Unhandled generated data mime type: {real}"


def _mime(kind: str, model: Model) -> Iterator[str]:
    takes_documents = model.id == "gemini-nano-banana-2.1"
    if kind in {f"image/{k}" for k in _IMAGES}:
        return
    if not (takes_documents and (kind == "application/pdf" or kind.startswith("video/"))):
        yield f"Unsupported MIME type: {kind}"


def _references(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    parts = [p for c in request["contents"] if c.get("role") != "model" for p in c["parts"]]
    count = sum("inlineData" in p or "fileData" in p for p in parts)
    # For 2.5 Google's documentation recommends 3 images at most, the gateway's refuses more.
    most = model.references if gateway else max(model.references, 14)
    if count > most:
        yield f"Too many input images for models/{model.id}: {count}, at most {most} are supported."


def _candidates(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    if request.get("generationConfig", {}).get("candidateCount", 1) != 1:
        yield "Multiple candidates is not enabled for this model"


def _tools(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    name = f"models/{model.id}"
    others = {
        "functionDeclarations": f"Function calling is not enabled for {name}",
        "urlContext": f"Url context is not supported for {name}",
        "codeExecution": f"Code execution is not enabled for {name}",
    }
    for tool in request.get("tools", ()):
        for kind in tool:
            if kind != "googleSearch":
                yield others.get(kind, f"Tool {kind} is not supported for {name}")
        types = tool.get("googleSearch", {}).get("searchTypes", {})
        if "googleSearch" in tool and not model.grounding:
            yield f"Search Grounding is not supported for {name}"
        if "imageSearch" in types and "image" not in model.grounding:
            yield f"Image Search Grounding is not supported for {name}"


def _service(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    if request.get("serviceTier") == "FLEX" and "pro-image" in model.id:
        yield f"Service tier flex is not supported for models/{model.id}."
    if request.get("cachedContent"):
        yield f"Cached content is not supported for models/{model.id}"
    for i, setting in enumerate(request.get("safetySettings", ())):
        if setting.get("category") not in _CATEGORIES:
            usable = ", ".join(f"HarmCategory.{name}" for name in _CATEGORIES)
            yield (f"* GenerateContentRequest.safety_settings[{i}]: element predicate failed: "
                   f"$.category in ({usable})\n")  # fmt: skip


def _output(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    config = request.get("generationConfig", {})
    here = "* GenerateContentRequest.generation_config"
    modalities = set(config.get("responseModalities", ())) or {"TEXT", "IMAGE"}
    if modalities not in ({"TEXT", "IMAGE"}, {"IMAGE"}):
        names = ", ".join(sorted(modalities))
        yield (f"The requested combination of response modalities ({names}) is not supported by "
               f"the model. models/{model.id} accepts the following combination "
               "of response modalities:\n* IMAGE\n* IMAGE, TEXT\n")  # fmt: skip
    kind = config.get("responseMimeType", "text/plain")
    if kind in ("application/json", "text/x.enum"):
        yield "JSON mode is not enabled for this model"
    if kind not in ("", "text/plain"):
        yield f"{here}.response_mime_type: allowed mimetypes are {_MIMETYPES} and `text/x.enum`.\n"
    if "responseSchema" in config or "responseJsonSchema" in config:
        yield "JSON mode is not enabled for this model"
    if not 0 <= config.get("temperature", 1) <= 2:
        yield f"{here}.temperature: temperature must be in the range [0.0, 2.0].\n"
    if config.get("maxOutputTokens", 1) < 1:
        yield f"{here}.max_output_tokens: max_output_tokens must be positive.\n"
    if "mediaResolution" in config and "2.5" in model.id:
        yield f"Media resolution is not enabled for models/{model.id}"


def _thinking(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    config = request.get("generationConfig", {}).get("thinkingConfig", {})
    level = config.get("thinkingLevel", "")
    if level and "thinkingBudget" in config:
        yield "You can only set only one of thinking budget and thinking level."
    supported = next((v for k, v in _THINKING.items() if model.id.startswith(k)), {level})
    if level and level not in supported:
        yield f"Thinking level {level} is not supported for this model."


def _image(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    ratio, size = requested_shape(request, gateway=gateway)
    here = "Invalid value at 'generation_config.image_config"
    if ratio and ratio not in RATIOS:
        yield f'{here}.aspect_ratio\' (TYPE_STRING), "{ratio}"'
    if ratio and ratio not in model.ratios:
        yield f"Aspect ratio {ratio} is not supported for models/{model.id}."
    if size and size not in ("512", "1K", "2K", "4K"):
        yield f'{here}.image_size\' (TYPE_STRING), "{size}"'
    # The API has no such option for 2.5; the gateway's documentation lists 1K for it.
    if size and not model.sized and not (gateway and size == "1K"):
        yield f"Image size is not supported for models/{model.id}."
    if size and size not in model.sizes:
        yield f"Image size {size} is not supported for models/{model.id}."


def _signatures(request: Message, model: Model, gateway: bool) -> Iterator[str]:
    if model.id.startswith("gemini-3-pro-image"):
        yield from signatures.signature_problems(request["contents"])


_RULES: tuple[RequestRule, ...] = (
    _contents, _references, _candidates, _tools, _service, _output, _thinking, _image, _signatures,
)  # fmt: skip
