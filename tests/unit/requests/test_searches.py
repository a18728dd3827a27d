"""How many kinds of search a request allows, by its own options and by raw JSON of the owner."""

import pytest

from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.models.catalogue import Ground
from tests.unit.pictures import step

BOTH: dict[str, object] = {"imageSearch": {}, "webSearch": {}}
WEB: tuple[Ground, ...] = ("web",)


@pytest.mark.parametrize(
    ("grounding", "raw", "kinds"),
    [
        ((), {}, 0),
        (WEB, {"safetySettings": []}, 1),
        ((), {"tools": [{"googleSearch": {}}]}, 1),
        ((), {"tools": [{"google_search": None}]}, 1),
        ((), {"tools": [{"googleSearch": {"searchTypes": BOTH}}]}, 2),
        ((), {"tools": [{"google_search": {"search_types": BOTH}}, "x", {"codeExecution": {}}]}, 2),
        (WEB, {"tools": []}, 0),  # raw JSON replaces the list that is sent
        (WEB, {"tools": None}, 0),
        (WEB, {"systemInstruction": {"parts": [{"text": '"tools"'}]}}, 1),
        ((), {"systemInstruction": {"tools": [{"googleSearch": {}}]}}, 0),
    ],
)
def test_searches_are_counted_by_kind(
    grounding: tuple[Ground, ...], raw: dict[str, object], kinds: int
) -> None:
    request = canonical_json(raw) if raw else ""
    assert step(grounding=grounding, request=request).searches == kinds
