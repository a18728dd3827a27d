"""One scenario: what happens to a request in place of a good answer.

`scenarios.py` and `gateway_scenarios.py` have the tables of them; `app` and `response_writer` play
them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mkdocs_gemini_images.emulator.answers import delivery
from mkdocs_gemini_images.emulator.answers.delivery import BodyStream
from mkdocs_gemini_images.emulator.answers.response_json import AnswerSpec, ResponseBody
from mkdocs_gemini_images.emulator.protocol.errors import ApiError

_GOOD_ANSWER = AnswerSpec()


@dataclass(frozen=True, slots=True)
class FixedResponse:
    """Fixed bytes in place of an answer, from a proxy between client and API or a broken API."""

    status: int
    body: bytes
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    """Whether the model made an answer, which is billed and did not arrive."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to one request; each default is that of a good answer."""

    description: str
    """One line for the manual."""
    answer: AnswerSpec = _GOOD_ANSWER
    error: ApiError | None = None
    fixed: FixedResponse | None = None
    as_png: bool = False
    """Whether the image is a PNG, whatever the model usually answers with."""
    other_ratio: bool = False
    smaller: bool = False
    """Whether the image has half the width and height that were asked for."""
    corrupt_image: Callable[[bytes], bytes] | None = None
    corrupt_body: Callable[[ResponseBody], ResponseBody] | None = None
    wrap: Callable[[bytes], bytes] | None = None
    """What becomes of the bytes of the body."""
    deliver: BodyStream = delivery.send_whole
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the answer, added to the application's latency."""

    @property
    def is_billed(self) -> bool:
        """Whether the model makes an answer, which is billed whatever arrives."""
        return self.error is None and (self.fixed is None or self.fixed.lost)
