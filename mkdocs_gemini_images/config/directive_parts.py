"""Read the options of `mkdocs.yml` that hold parts of directives, as directives are read.

What reads directives is loaded only where an option holds any: most sites have none of these, and
a build with nothing to draw is to begin soon. Mistakes are added to a list, so that an owner reads
all at once.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, kept
from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.text_models import DEFAULT_TEXT_MODEL

if TYPE_CHECKING:
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.directives.presets import Preset


def read_pictures(
    written: Mapping[Any, Any], problems: list[Diagnostic]
) -> "Mapping[str, Directive]":
    """Return the directives of `pictures:`; none where one is wrong."""
    from mkdocs_gemini_images.directives import named_images

    return kept(partial(named_images.read_pictures, written), problems) or {}


def read_presets(
    written: Mapping[Any, Any], problems: list[Diagnostic]
) -> "Mapping[str, Preset] | None":
    """Return the presets of `presets:`, or None where one is wrong."""
    from mkdocs_gemini_images.directives import presets

    return kept(partial(presets.read_presets, written), problems)


def read_sentences(
    written: str | Mapping[str, str], problems: list[Diagnostic]
) -> Mapping[str, str]:
    """Return the sentences of `localized_edit:` by language; none where one is wrong."""
    from mkdocs_gemini_images.directives import languages

    return kept(partial(languages.read_sentences, written), problems) or {}


def read_model_id(written: str) -> str:
    """Return the id of a model. Raises `DiagnosticError` for what cannot be one."""
    if written in MODELS or written == DEFAULT_TEXT_MODEL:
        return written
    from mkdocs_gemini_images.directives.options.option_table import OPTIONS

    id: str = OPTIONS["model"].read(written)
    return id
