"""Reads the paths of batch jobs and files: which door, which resource, and what is to be done."""

import re
from dataclasses import dataclass

_PATH = re.compile(
    r"(.*?)/(?:(upload|download)/)?(v1|v1beta)/(batches|files)(?:/([^/:]+))?(?::(\w+))?"
)


@dataclass(frozen=True, slots=True)
class ServicePath:
    """The parts of a path; `door`, `id` and `verb` are empty where it has none."""

    prefix: str
    door: str
    version: str
    kind: str
    id: str
    verb: str


def parse_service_path(path: str) -> ServicePath | None:
    """Return the parts of a path with any prefix; None for paths of other kinds."""
    match = _PATH.fullmatch(path)
    if match is None or re.search(r"/v1(beta)?$", match[1]):
        return None
    return ServicePath(*(part or "" for part in match.groups()))
