"""The models that answer in words, by which alts are proposed: their prices.

Sources: the price lists of the API for each model. A model that is not in the table is not refused;
its price is not known. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mkdocs_gemini_images.models.catalogue import Rates

DEFAULT_TEXT_MODEL = "gemini-3.1-flash-lite"

TEXT_MODELS: Mapping[str, Rates] = MappingProxyType(
    {
        "gemini-3.1-flash-lite": Rates(0.25, 1.50, 0),
        "gemini-2.5-flash-lite": Rates(0.10, 0.40, 0),
        "gemini-2.5-flash": Rates(0.30, 2.50, 0),
    }
)
"""USD per million tokens; they draw no pictures."""

PICTURE_TOKENS = 1120
"""Tokens that a small picture counts as at most when it is sent: what models since 3.0 take where a
request does not say how closely they are to look."""
