"""The schema of requests: every message, field and enum that the emulator accepts, as a table.

A line is `field type`; `*` means repeated, `{}` a map, `any` free JSON. Words in capitals after
`=` are an enum's values, and `~` before them means that their case does not matter. Source: the
API's discovery document and the API reference, "Request JSON". Fields of Vertex AI are left out,
since the API refuses them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TABLE = """
GenerateContentRequest
  model string
  contents Content*
  systemInstruction Content
  tools Tool*
  toolConfig any
  safetySettings SafetySetting*
  generationConfig GenerationConfig
  cachedContent string
  labels string{}
  serviceTier ServiceTier
  store bool
  continuationToken string

BatchGenerateContentRequest
  model string
  batch GenerateContentBatch

GenerateContentBatch
  model string
  name string
  displayName string
  inputConfig InputConfig
  priority any

InputConfig
  fileName string
  requests InlinedRequests

InlinedRequests
  requests InlinedRequest*

InlinedRequest
  request any
  metadata any

CreateFileRequest
  file File

File
  name string
  displayName string
  mimeType string
  sizeBytes any

CountTokensRequest
  model string
  contents Content*
  generateContentRequest GenerateContentRequest

Content
  role string
  parts Part*

Part
  text string
  inlineData Blob
  fileData FileData
  functionCall any
  functionResponse any
  executableCode any
  codeExecutionResult any
  thought bool
  thoughtSignature bytes
  mediaResolution Part.MediaResolution
  videoMetadata any
  partMetadata any

Blob
  mimeType string
  data bytes

FileData
  mimeType string
  fileUri string

Part.MediaResolution
  level Part.MediaResolution.Level

SafetySetting
  category HarmCategory
  threshold SafetySetting.HarmBlockThreshold

Tool
  googleSearch Tool.GoogleSearch
  functionDeclarations any*
  googleSearchRetrieval any
  codeExecution any
  urlContext any
  computerUse any
  fileSearch any
  mcpServers any*
  googleMaps any

Tool.GoogleSearch
  searchTypes Tool.GoogleSearch.SearchTypes
  timeRangeFilter any

Tool.GoogleSearch.SearchTypes
  webSearch Tool.GoogleSearch.WebSearch
  imageSearch Tool.GoogleSearch.ImageSearch

Tool.GoogleSearch.WebSearch

Tool.GoogleSearch.ImageSearch

GenerationConfig
  candidateCount int32
  stopSequences string*
  maxOutputTokens int32
  temperature float
  topP float
  topK int32
  seed int32
  responseMimeType string
  responseSchema any
  responseJsonSchema any
  presencePenalty float
  frequencyPenalty float
  responseLogprobs bool
  logprobs int32
  enableEnhancedCivicAnswers bool
  responseModalities GenerationConfig.Modality*
  speechConfig any
  thinkingConfig ThinkingConfig
  imageConfig ImageConfig
  responseFormat ResponseFormat
  mediaResolution GenerationConfig.MediaResolution

ThinkingConfig
  includeThoughts bool
  thinkingBudget int32
  thinkingLevel ThinkingConfig.ThinkingLevel

ImageConfig
  aspectRatio string
  imageSize string

ResponseFormat
  image ImageResponseFormat

ImageResponseFormat
  aspectRatio string
  imageSize string
  mimeType string
  delivery string

ServiceTier = ~ SERVICE_TIER_UNSPECIFIED STANDARD FLEX PRIORITY

HarmCategory = HARM_CATEGORY_UNSPECIFIED HARM_CATEGORY_DEROGATORY HARM_CATEGORY_TOXICITY
  HARM_CATEGORY_VIOLENCE HARM_CATEGORY_SEXUAL HARM_CATEGORY_MEDICAL HARM_CATEGORY_DANGEROUS
  HARM_CATEGORY_HARASSMENT HARM_CATEGORY_HATE_SPEECH HARM_CATEGORY_SEXUALLY_EXPLICIT
  HARM_CATEGORY_DANGEROUS_CONTENT HARM_CATEGORY_CIVIC_INTEGRITY

SafetySetting.HarmBlockThreshold = HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE
  BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF

GenerationConfig.Modality = ~ MODALITY_UNSPECIFIED TEXT IMAGE AUDIO VIDEO

GenerationConfig.MediaResolution = MEDIA_RESOLUTION_UNSPECIFIED MEDIA_RESOLUTION_LOW
  MEDIA_RESOLUTION_MEDIUM MEDIA_RESOLUTION_HIGH

Part.MediaResolution.Level = MEDIA_RESOLUTION_UNSPECIFIED MEDIA_RESOLUTION_LOW
  MEDIA_RESOLUTION_MEDIUM MEDIA_RESOLUTION_HIGH MEDIA_RESOLUTION_ULTRA_HIGH

ThinkingConfig.ThinkingLevel = ~ THINKING_LEVEL_UNSPECIFIED MINIMAL LOW MEDIUM HIGH XHIGH
"""

PART_DATA_FIELDS = frozenset(
    {
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
        "codeExecutionResult",
    }
)  # fmt: skip
"""The oneof `data` of a part: exactly one of these fields is set."""


@dataclass(frozen=True, slots=True)
class MessageField:
    """One field of a message: its camelCase and snake_case names and its type."""

    name: str
    snake: str
    type: str
    repeated: bool = False
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class EnumValues:
    """The values of an enum; `relaxed` when their case does not matter."""

    values: frozenset[str]
    relaxed: bool


def snake_case(name: str) -> str:
    """Return the snake_case name of a camelCase field, as the proto file has it."""
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def _field(line: str) -> MessageField:
    name, kind = line.split()
    return MessageField(
        name, snake_case(name), kind.rstrip("*{}"), kind.endswith("*"), kind.endswith("{}")
    )


def _tables() -> tuple[Mapping[str, Mapping[str, MessageField]], Mapping[str, EnumValues]]:
    messages: dict[str, Mapping[str, MessageField]] = {}
    enums: dict[str, EnumValues] = {}
    for block in _TABLE.strip().split("\n\n"):
        head, *rest = block.splitlines()
        name, equals, values = head.partition(" = ")
        if equals:
            words = f"{values} {' '.join(rest)}".split()
            enums[name] = EnumValues(frozenset(words) - {"~"}, "~" in words)
        else:
            fields = [_field(line) for line in rest]
            messages[name] = {key: f for f in fields for key in (f.name, f.snake)}
    return MappingProxyType(messages), MappingProxyType(enums)


MESSAGE_FIELDS, ENUM_VALUES = _tables()
