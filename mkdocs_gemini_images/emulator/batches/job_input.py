"""Makes the requests of a job from what a client sent: a body, or the lines of an uploaded file.

The bytes of a `batchGenerateContent` request go in; a `Batch` comes out, or `RequestRefused` is
raised. A wrong request is an error of its own and does not stop the others; a line that is no JSON
fails the job (API reference, "Batch API").
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mkdocs_gemini_images.emulator import scenarios
from mkdocs_gemini_images.emulator.batches.batch import BatchItem
from mkdocs_gemini_images.emulator.batches.stored_files import FileStore
from mkdocs_gemini_images.emulator.protocol import rules
from mkdocs_gemini_images.emulator.protocol.errors import ApiError, RequestRefused, invalid_argument
from mkdocs_gemini_images.emulator.protocol.image_query import HIGHEST_TAKE, read_query
from mkdocs_gemini_images.emulator.protocol.protojson import Message, parse_json, read_message
from mkdocs_gemini_images.models.catalogue import Model

MAX_INLINE_BYTES = 20 * 10**6


@dataclass(frozen=True, slots=True)
class BatchInput:
    """What a client wants in one job."""

    display_name: str
    priority: str
    input_config: dict[str, Any]
    """As it is shown again: the file's name, or nothing of requests in the body."""
    items: tuple[BatchItem, ...]
    problem: ApiError | None = None


def read_input(raw: bytes, model: Model, files: FileStore, *, gateway: bool) -> BatchInput:
    """Return the requests of a job. Raises `RequestRefused` where no job can be made of them."""
    batch: Message = read_message("BatchGenerateContentRequest", parse_json(raw)).get("batch", {})
    config = batch.get("inputConfig", {})
    problem = None
    if "fileName" in config:
        file = files.get(config["fileName"])
        if file is None:
            raise RequestRefused(_file_gone(config["fileName"]))
        labelled, problem = _of_file(file.data)
        shown = {"fileName": config["fileName"]}
    else:
        if len(raw) > MAX_INLINE_BYTES:
            message = f"Request payload size exceeds the limit: {MAX_INLINE_BYTES} bytes."
            raise RequestRefused(invalid_argument(message))
        labelled, shown = list(_of_body(config)), {}
    if not labelled and problem is None:
        message = "* BatchGenerateContentRequest.batch.input_config: no requests are specified\n"
        raise RequestRefused(invalid_argument(message))
    seen: Counter[bytes] = Counter()
    items = tuple(_item(label, body, model, gateway, seen) for label, body in labelled)
    name, priority = batch.get("displayName", ""), str(batch.get("priority", "0"))
    return BatchInput(name, priority, shown, items, problem)


def _file_gone(name: str) -> ApiError:
    told = f"You do not have permission to access the File {name.removeprefix('files/')} or it may"
    return ApiError(403, "PERMISSION_DENIED", f"{told} not exist.")


def _of_body(config: Message) -> Iterator[tuple[dict[str, Any], Any]]:
    for each in config.get("requests", {}).get("requests", ()):
        label = {"metadata": each["metadata"]} if "metadata" in each else {}
        yield label, each.get("request")


def _of_file(data: bytes) -> tuple[list[tuple[dict[str, Any], Any]], ApiError | None]:
    """Return the label and the request of each line, or why the file is none of requests."""
    found = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict) or "request" not in value:
            return [], invalid_argument(f"Failed to parse line {number} of the input file.")
        label = {name: value[name] for name in ("key", "metadata") if name in value}
        found.append((label, value["request"]))
    return found, None


def _item(
    label: dict[str, Any], body: Any, model: Model, gateway: bool, seen: Counter[bytes]
) -> BatchItem:
    """Return one request; one that is there several times is drawn anew each time."""
    try:
        message = read_message("GenerateContentRequest", body)
        rules.check_request(message, model, gateway=gateway)
    except RequestRefused as refused:
        return BatchItem(label, body, None, refused.error)
    raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    seen[raw] += 1
    take = min(seen[raw], HIGHEST_TAKE)
    query = read_query(message, raw, model, take, gateway=gateway)
    try:
        scenarios.check_name(query.scenario or "ok")
    except ValueError as error:
        return BatchItem(label, body, None, invalid_argument(f"The emulator has {error}"))
    return BatchItem(label, body, query, scenario=query.scenario or "ok")


def scenario_in_name(display_name: str) -> str:
    """Return the scenario that a job's display name asks for, or empty."""
    found = re.search(r"\[emulate:\s*([^\]]*?)\s*\]", display_name)
    return found[1] if found else ""
