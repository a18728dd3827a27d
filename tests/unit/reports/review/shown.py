"""What pages show, for tests of reviews: a row and its picture from a few words."""

from typing import Any

from mkdocs_gemini_images.reports.review.sides import Shown, lean
from mkdocs_gemini_images.reports.survey import SurveyRow
from tests.unit.pictures import png, record, step

PICTURE = png()
OTHER = png(14, 8)


def shown(prompt: str = "A fox", data: bytes = PICTURE, place: str = "index.md:3",
          **more: Any) -> Shown:  # fmt: skip
    """Show a picture that is in stock, drawn for its prompt."""
    words = more.pop("author_digest", "")
    drawn = record(step(prompt, take=more.get("take", 1)), data, author_digest=words)
    fields = {"state": "in stock", "alt": "An animal", "key": drawn.key, "model": drawn.model}
    return Shown(SurveyRow(what=prompt, places=(place,), **(fields | more)), lean(drawn))


def undrawn(prompt: str = "A fox", place: str = "index.md:3", **more: Any) -> Shown:
    """Show nothing where a picture is asked for."""
    fields: dict[str, Any] = {"state": "new", "alt": "An animal", "key": f"key of {prompt}",
              "requests": 1, "price": 0.04, "model": "gemini-nano-banana-2.1"}  # fmt: skip
    return Shown(SurveyRow(what=prompt, places=(place,), **(fields | more)))
