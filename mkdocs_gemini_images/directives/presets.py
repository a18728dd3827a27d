"""Presets: words around a prompt, and defaults, written by the site's owner.

In come the `presets:` of `mkdocs.yml` and a directive that names one; out comes the directive with
its gaps filled, and the final words. The template is Jinja2 and knows one name, `prompt`; page
authors write literal prompts, so no stranger's template is ever run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import jinja2

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, quoted
from mkdocs_gemini_images.directives.directive import OPTIONS, Diagnostics, Directive
from mkdocs_gemini_images.directives.mapping import as_text

_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
# Not escaped: what comes out is a prompt, not HTML.

_BROKEN = (
    jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What a template may do wrong: it is an expression language of its own."""

_OWN = ("prompt", "alt", "caption", "id", "preset", "take", "priority")


@dataclass(frozen=True, slots=True)
class Preset:
    """A named way to draw: a template for the words, and directive options as defaults."""

    name: str
    template: str
    defaults: Directive

    def words(self, prompt: str) -> str:
        """Put the preset's words around `prompt`."""
        return _ENVIRONMENT.from_string(self.template).render(prompt=prompt)


def read_presets(written: Mapping[str, object]) -> tuple[dict[str, Preset], Diagnostics]:
    """Read `presets:` as YAML left it; a preset with a mistake is left out and complained about."""
    presets: dict[str, Preset] = {}
    diagnostics: list[Diagnostic] = []
    for name, body in written.items():
        read = _read(str(name), body)
        if isinstance(read, Preset):
            presets[read.name] = read
        else:
            diagnostics += read
    return presets, tuple(diagnostics)


def fill(directive: Directive, preset: Preset | None) -> Directive:
    """Fill what the author left open from the preset; what they wrote stands."""
    if preset is None:
        return directive
    gaps = {
        field.name: getattr(preset.defaults, field.name)
        for field in fields(Directive)
        if field.name not in _OWN and getattr(directive, field.name) in ("", (), None)
    }
    return replace(directive, **gaps)


def _read(name: str, body: object) -> Preset | Diagnostics:
    where = f"preset '{name}'"
    if not isinstance(body, Mapping):
        return (Diagnostic(f"{where} as a mapping", quoted(repr(body)), "write template: ..."),)
    options = {str(option): value for option, value in body.items()}
    template = options.pop("template", "{{ prompt }}")
    values: dict[str, object] = {}
    for option, written in options.items():
        known = [option for option in OPTIONS if option not in _OWN]
        if option not in known:
            fix = did_you_mean(option, ["template", *known])
            return (Diagnostic(f"a known option in {where}", quoted(option), fix),)
        value = OPTIONS[option].read(as_text(option, written))
        if isinstance(value, Diagnostic):
            return (Diagnostic(f"in {where}, {value.expected}", value.got, value.fix),)
        values[OPTIONS[option].field or option] = value
    try:
        words = _ENVIRONMENT.from_string(str(template)).render(prompt="a fox")
    except _BROKEN as error:
        fix = f"{error or 'it cannot be read'}; only {{{{ prompt }}}} is known"
        return (Diagnostic(f"a Jinja2 template in {where}", quoted(str(template)), fix),)
    if "a fox" not in words:
        fix = "write {{ prompt }} where the author's words belong"
        return (Diagnostic(f"{{{{ prompt }}}} in the template of {where}", quoted(words), fix),)
    return Preset(name, str(template), Directive(**values))  # type: ignore[arg-type]
