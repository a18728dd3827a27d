"""What a picture was made from is read from sidecars, which anybody may have written."""

from dataclasses import replace
from typing import Any

import pytest

from mkdocs_gemini_images.store.reachability import orphans
from tests.unit.pictures import png, record, step

FOX = record(step("A fox"), png())


@pytest.mark.parametrize("parts", [7, "x", True, {"a": 1}, [7], [{"picture": 7}]])
def test_a_request_that_nobody_sent_keeps_no_other_picture(parts: Any) -> None:
    odd = replace(FOX, key="0" * 64, request={"parts": parts, "after": 7})
    assert orphans([odd, FOX], [odd.key], []) == [FOX]
