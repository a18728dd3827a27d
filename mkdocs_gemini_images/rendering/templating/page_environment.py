"""The templates of pages that a command writes for the site's owner: with prices and pictures.

A page of one file names its style and script by their digests, so that its policy forbids others.
"""

import base64
from hashlib import sha256

import jinja2

from mkdocs_gemini_images.rendering.templating.template_environment import template_environment


def page_environment() -> jinja2.Environment:
    """Return an environment with the filters `usd`, `base64` and `digest`."""
    environment = template_environment()
    environment.filters |= {
        "usd": usd,
        "base64": lambda data: base64.b64encode(data).decode(),
        "digest": lambda text: base64.b64encode(sha256(text.encode()).digest()).decode(),
    }
    return environment


def usd(price: float | None) -> str:
    """Return a price with three decimals where two would round it."""
    if price is None:
        return "unknown"
    return f"${price:.2f}" if price >= 1 or round(price, 2) == round(price, 4) else f"${price:.3f}"
