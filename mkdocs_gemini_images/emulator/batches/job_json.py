"""Writes what the API says of a job: its description, and the items of its results.

A `Batch` goes in, JSON comes out (API reference, "Batch API"). Pictures are drawn when results are
first asked for, and kept with the job.
"""

import json
from dataclasses import replace
from typing import Any

from mkdocs_gemini_images.emulator import scenarios
from mkdocs_gemini_images.emulator.batches.batch import Batch, BatchItem
from mkdocs_gemini_images.emulator.batches.stored_files import timestamp
from mkdocs_gemini_images.emulator.protocol.errors import ApiError
from mkdocs_gemini_images.emulator.response_writer import response_of

_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"
_CODES = {
    "CANCELLED": 1, "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5,
    "PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "INTERNAL": 13,
    "UNAVAILABLE": 14, "UNAUTHENTICATED": 16,
}  # fmt: skip
"""The numbers of google.rpc, which an error inside a job has in place of an HTTP status."""
_OTHER_TAKE = 2000
_OWN_ERROR = ApiError(500, "INTERNAL", "Internal error encountered.")


def describe(batch: Batch, output: dict[str, Any] | None) -> dict[str, Any]:
    """Return the operation of a job; `output` is where its answers are, or None before its end."""
    metadata = {
        "@type": _TYPE,
        "model": f"models/{batch.model.id}",
        "displayName": batch.display_name,
        "inputConfig": batch.input_config,
        "createTime": timestamp(batch.created),
        "updateTime": timestamp(batch.updated or batch.created),
        "batchStats": _stats(batch),
        "state": f"BATCH_STATE_{batch.state}",
        "priority": batch.priority,
        "name": batch.name,
    }
    operation: dict[str, Any] = {"name": batch.name, "metadata": metadata}
    if not batch.has_ended:
        return operation
    metadata["endTime"] = timestamp(batch.updated)
    operation["done"] = True
    if batch.state == "FAILED":
        operation["error"] = status(batch.problem or _OWN_ERROR, batch)
    if output is not None:
        if batch.scenario.output != "response":
            metadata["output"] = output
        if batch.scenario.output != "metadata":
            operation["response"] = {"@type": f"{_TYPE}Output", **output}
    return operation


def output_of_file(batch: Batch) -> dict[str, Any]:
    """Return where the results of a job with a file are."""
    return {"responsesFile": f"files/batch-{batch.id}"}


def output_of_list(items: list[bytes]) -> dict[str, Any]:
    """Return the results of a job without a file."""
    listed = [value for item in items if (value := _parsed(item)) is not None]
    return {"inlinedResponses": {"inlinedResponses": listed}}


def result_item(batch: Batch, position: int) -> bytes | None:
    """Return one item of a job's results, its pictures drawn; None without answer and error."""
    if position not in batch.answered:
        return None
    if position not in batch.written:
        item = batch.items[position]
        said = {**item.label, **_said(batch, item, position)}
        batch.written[position] = json.dumps(said, ensure_ascii=False).encode()
    return batch.written[position]


def failure(batch: Batch, position: int) -> ApiError | None:
    """Return the error of one request, or None where it gets an answer."""
    item = batch.items[position]
    if item.error is not None:
        return item.error
    if batch.scenario.failing(position):
        return _OWN_ERROR
    scenario = scenarios.single(item.scenario)
    if scenario.error is not None or scenario.fixed is not None:
        return scenario.error or _OWN_ERROR
    return None


def status(error: ApiError, batch: Batch) -> dict[str, Any]:
    """Return an error as google.rpc writes it inside another message."""
    text = error.message.replace("{model}", batch.model.id)
    return {"code": _CODES.get(error.code, 13), "message": text}


def _said(batch: Batch, item: BatchItem, position: int) -> dict[str, Any]:
    error = failure(batch, position)
    if error is not None or item.query is None:
        return {"error": status(error or _OWN_ERROR, batch)}
    query = item.query
    if batch.scenario.other_pictures:
        query = replace(query, take=_OTHER_TAKE + query.take)
    return {"response": response_of(query, scenarios.single(item.scenario))}


def _stats(batch: Batch) -> dict[str, str]:
    count = len(batch.items)
    failed = sum(failure(batch, at) is not None for at in batch.answered)
    stats = {"requestCount": str(count)}
    if batch.has_ended:
        if batch.answered:
            stats["successfulRequestCount"] = str(len(batch.answered) - failed)
        if failed:
            stats["failedRequestCount"] = str(failed)
    pending = count - len(batch.answered)
    return {**stats, "pendingRequestCount": str(pending)} if pending else stats


def _parsed(item: bytes) -> Any:
    try:
        return json.loads(item)
    except ValueError:
        return None
