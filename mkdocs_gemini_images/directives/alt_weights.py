"""The rules for text alternatives by name, and the severity that the site's owner sets for each.

In goes `alt_rules:` as YAML left it; out comes the severity of every rule. Pure.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.core.plain_values import plain_text

Rule = Literal["missing", "prompt", "file", "caption", "redundant", "long", "older"]
Weight = Literal["error", "warn", "off"]

RULES: tuple[Rule, ...] = get_args(Rule)
WEIGHTS: tuple[Weight, ...] = get_args(Weight)


def read_rules(written: Mapping[Any, Any]) -> dict[Rule, Weight]:
    """Return the severity of every rule; `warn` where `alt_rules:` does not set one.

    Raises `DiagnosticError` with all mistakes.
    """
    rules: dict[Rule, Weight] = dict.fromkeys(RULES, "warn")
    diagnostics = []
    for name, value in written.items():
        rule = next((each for each in RULES if each == name), None)
        # YAML 1.1 reads off as false.
        weight = next((each for each in WEIGHTS if each == (value is not False and value)), None)
        weight = "off" if value is False else weight
        if rule is None:
            fix = did_you_mean(plain_text(name), RULES)
            diagnostics.append(Diagnostic("a rule in alt_rules", quoted(plain_text(name)), fix))
        elif weight is None:
            fix = did_you_mean(plain_text(value), WEIGHTS)
            expected = f"alt_rules: {rule} as {', '.join(WEIGHTS)}"
            diagnostics.append(Diagnostic(expected, quoted(plain_text(value)), fix))
        elif rule == "older" and weight == "error":
            fix = "write warn or off, since this rule looks at what has been drawn"
            diagnostics.append(Diagnostic.sentence("alt_rules: older cannot be error", fix))
        else:
            rules[rule] = weight
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return rules
