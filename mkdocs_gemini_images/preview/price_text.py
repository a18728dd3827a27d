"""Writes a price as the buttons of the panel do: to a tenth of a cent, and never less than it is.

What an author reads at most is then at least what is held for the drawing. `price` in
`static/panel.js` writes the same. Pure.
"""

import math

from mkdocs_gemini_images.requests.planning import Plan


def plan_price(plan: Plan) -> str:
    """Return what a plan costs, as expected and at most."""
    return f"about {dollars_text(plan.cost)}, at most {dollars_text(plan.at_most)}"


def dollars_text(usd: float) -> str:
    """Return USD as text: `$0.045`, `$0.24`, and `$0.034` for 0.0336."""
    text = f"{math.ceil(usd * 1000 - 1e-6) / 1000:.3f}"
    return f"${text.removesuffix('0')}"
