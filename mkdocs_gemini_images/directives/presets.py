"""Presets: a template around a prompt, and default options, written by the site's owner.

In go the `presets:` of `mkdocs.yml`, and a directive that names one; out comes the directive with
the preset's options where the author wrote none, and the final text. The template is Jinja2 and
knows one name, `prompt`. Page authors write literal prompts: their text is never run as a template.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jinja2

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    quoted,
)
from mkdocs_gemini_images.core.plain_values import plain_text, shown
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.options.mapping import as_text
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.options.unknown_option import correction

_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
# Without escaping: the result is a prompt, not HTML.

_TEMPLATE_ERRORS = (
    jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""The exceptions that rendering a template raises: templates may compute."""

NO_DEFAULTS = ("prompt", "alt", "caption", "id", "preset", "take", "priority")
"""The options that belong to one picture, and have no default in a preset."""


class Preset(NamedTuple):
    """A named style: a template for the prompt, and default options."""

    name: str
    template: str
    defaults: Directive

    def words(self, prompt: str) -> str:
        """Return the prompt with the preset's text around it."""
        return _ENVIRONMENT.from_string(self.template).render(prompt=prompt)


def read_presets(written: Mapping[str, object]) -> dict[str, Preset]:
    """Return the presets of `presets:`, or raise `DiagnosticError` with the mistakes of all."""
    presets: dict[str, Preset] = {}
    diagnostics: list[Diagnostic] = []
    for name, body in ((plain_text(name), body) for name, body in written.items()):
        try:
            presets[name] = _read_preset(name, body)
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return presets


def fill(directive: Directive, preset: Preset) -> Directive:
    """Return a directive with the preset's options where the author wrote none."""
    gaps = {
        name: default
        for name, default in preset.defaults._asdict().items()
        if name not in NO_DEFAULTS and getattr(directive, name) in ("", (), None)
    }
    return directive._replace(**gaps)


def _read_preset(name: str, body: object) -> Preset:
    """Return one preset, or raise `DiagnosticError` with its first mistake."""
    where = f"preset {quoted(name)}"
    if not isinstance(body, Mapping):
        raise _wrong(f"{where} as a mapping", shown(body), "write template: ...")
    options = {plain_text(option): value for option, value in body.items()}
    template = plain_text(options.pop("template", "{{ prompt }}"))
    defaults = Directive(**_defaults(options, where))
    try:
        words = _ENVIRONMENT.from_string(template).render(prompt="a fox")
    except _TEMPLATE_ERRORS as error:
        fix = f"{error or 'it cannot be read'}; only {{{{ prompt }}}} is known"
        raise _wrong(f"a Jinja2 template in {where}", template, fix) from error
    if "a fox" not in words:
        fix = "write {{ prompt }} where the author's words belong"
        said = f"the template of {where} leaves out the author's words"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    return Preset(name, template, defaults)


def _defaults(options: Mapping[str, object], where: str) -> dict[str, Any]:
    """Return a preset's options by their fields in `Directive`, or raise `DiagnosticError`."""
    values: dict[str, Any] = {}
    known = [option for option in OPTIONS if option not in NO_DEFAULTS]
    for name, written in options.items():
        if name not in known:
            fix = correction(name, ["template", *known])
            raise _wrong(f"a known option in {where}", name, fix)
        option = OPTIONS[name]
        try:
            values[option.field or name] = option.read(as_text(name, written))
        except DiagnosticError as error:
            raise DiagnosticError(*(each.within(where) for each in error.diagnostics)) from error
    return values


def _wrong(expected: str, written: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, quoted(written), fix))
