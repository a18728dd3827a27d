"""Write `schema.json`, with which editors complete and check the plugin's options.

The schema is made from the options in `config/options.py` (types, defaults and docstrings) and from
the manual's table of directive options, which presets and pictures take as well. It describes only
this plugin in `mkdocs.yml`. `make schema` writes it after an option has changed; a test compares.
"""

import ast
import inspect
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption

from mkdocs_gemini_images.config import option_types
from mkdocs_gemini_images.config import options as config
from mkdocs_gemini_images.core.package_files import STATIC
from mkdocs_gemini_images.directives.alt_weights import RULES, WEIGHTS
from mkdocs_gemini_images.directives.options.option_table import MAX_EDITS, OPTIONS
from mkdocs_gemini_images.directives.presets import NO_DEFAULTS
from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.models.pricing.amounts import OWN_ITEMS

FILE = STATIC / "schema.json"
MANUAL = Path(__file__).parents[1] / "example_site" / "docs" / "options.md"

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MODEL: Schema = {"anyOf": [{"enum": list(catalogue.MODELS)}, TEXT]}
RATIO: Schema = {"enum": [*dimensions.RATIOS, dimensions.AUTO]}
SIZES = "^(512|0[.]5[kK]|[124][kK])$"
SIZE: Schema = {
    "anyOf": [{"enum": [512, *dimensions.SIZES[1:]]}, {"type": "string", "pattern": SIZES}]
}
TEXTS: Schema = {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
PRICE: Schema = {"type": "number", "minimum": 0}

WRITTEN: dict[type, Schema] = {
    bool: {"type": "boolean"}, int: {"type": "integer"}, float: {"type": "number"},
    str: TEXT, dict: {"type": "object"}, list: {"type": "array"},
}  # fmt: skip


def _weights(rule: str) -> list[str]:
    return [each for each in WEIGHTS if (rule, each) != ("older", "error")]


OF_THEIR_OWN: dict[str, Schema] = {
    "model": MODEL,
    "presets": {"type": "object", "additionalProperties": {"$ref": "#/definitions/preset"}},
    "pictures": {
        "type": "object",
        "additionalProperties": {"anyOf": [TEXT, {"$ref": "#/definitions/picture"}]},
    },
    "alt_rules": {
        "type": "object",
        "properties": {rule: {"enum": _weights(rule)} for rule in RULES},
        "additionalProperties": False,
    },
    "prices": {
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                PRICE,
                {
                    "type": "object",
                    "propertyNames": {"anyOf": [{"pattern": SIZES}, {"enum": list(OWN_ITEMS)}]},
                    "additionalProperties": PRICE,
                },
            ]
        },
    },
    # A key written into the file is refused; only `!ENV NAME` is accepted.
    "api_key": {"$ref": "#/definitions/env"},
}
"""Options for which the type says less than is known."""

OF_A_DIRECTIVE: dict[str, Schema] = {
    "model": MODEL,
    "aspect_ratio": RATIO,
    "size": SIZE,
    "temperature": {"type": "number", "minimum": 0, "maximum": 2},
    "grounding": {"anyOf": [{"type": "array", "items": {"enum": ["web", "image"]}}, TEXT]},
    "references": TEXTS,
    "edits": {"anyOf": [{"type": "array", "items": TEXT, "maxItems": MAX_EDITS}, TEXT]},
    "class": TEXTS,
    "width": {"type": ["string", "integer"]},
    "align": {"enum": ["left", "right", "center"]},
    "loading": {"enum": ["lazy", "eager"]},
    "localized": {"enum": [True, False, "edit"]},
    "priority": WRITTEN[bool],
    "take": {"type": "integer", "minimum": 1},
}
"""Directive options that are not plain text."""

ENV: Schema = {
    "description": "After `!ENV`: a variable, or variables and a default.",
    "anyOf": [
        {"type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$"},
        {
            "type": "array",
            "minItems": 1,
            "items": [{"type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$"}],
        },
    ],
}


def schema() -> Schema:
    """Return the schema of the current options."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mkdocs-gemini-images in mkdocs.yml",
        "type": "object",
        "properties": {
            "plugins": {
                "type": ["array", "object"],
                # `items` is for a list of plugins, `properties` for a mapping.
                "items": {"properties": {"gemini-images": {"$ref": "#/definitions/options"}}},
                "properties": {"gemini-images": {"$ref": "#/definitions/options"}},
            }
        },
        "definitions": {
            "options": _options(),
            "preset": _preset(),
            "picture": _picture(),
            "env": ENV,
        },
    }


def text() -> str:
    """Return the text of the schema file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _options() -> Schema:
    said = _docstrings()
    properties = {}
    for name, option in config.GeminiImagesConfig._schema:
        kind = OF_THEIR_OWN.get(name) or _kind(option)
        properties[name] = {"description": said[name], **_or_env(kind)}
        if option.default not in (None, "", {}, []):
            properties[name]["default"] = option.default
    return {
        "description": "Pictures described in Markdown, drawn once with Gemini.",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
    }


def _or_env(kind: Schema) -> Schema:
    """Allow `!ENV` in place of a value; editors see the name or list after the tag."""
    env = {"$ref": "#/definitions/env"}
    return {"anyOf": [kind] if kind == env else [*kind.get("anyOf", [kind]), env]}


def _kind(option: Any) -> Schema:
    """Return the schema of the values that an option accepts, from its type."""
    match option:
        case c.Optional():
            return {"anyOf": [_kind(option.option), {"type": "null"}]}
        case c.ListOfItems():
            return {"type": "array", "items": _kind(option.option_type)}
        case c.Choice():
            return {"enum": list(option.choices)}
        case c.Type():
            kinds = option._type if isinstance(option._type, tuple) else (option._type,)
            found = [WRITTEN[kind] for kind in kinds]
            return found[0] if len(found) == 1 else {"anyOf": found}
        case option_types.Boolean():
            return {"anyOf": [WRITTEN[bool], {"enum": [0, 1]}]}
        case option_types.Number():
            return {"type": "number", "minimum": option.minimum, "maximum": option.maximum}
        case option_types.Integer():
            return {"type": "integer", "minimum": option.minimum, "maximum": option.maximum}
        case option_types.AspectRatio():
            return RATIO
        case option_types.ImageSize():
            return SIZE
        case option_types.GalleryMode():
            return {"anyOf": [WRITTEN[bool], {"enum": ["prompts", 0, 1]}]}
        case option_types.LocalizedText():
            return {"anyOf": [TEXT, {"type": "object", "additionalProperties": TEXT}]}
        case BaseConfigOption():
            raise TypeError(f"expected a known kind, got {type(option).__name__}: add it here")
    raise TypeError(f"expected an option, got {option!r}")


def _preset() -> Schema:
    template = {"type": "string", "description": "Jinja2 with {{ prompt }}.", "pattern": "prompt"}
    options = {name: kind for name, kind in _directive().items() if name not in NO_DEFAULTS}
    return {
        "type": "object",
        "properties": {"template": template, **options},
        "additionalProperties": False,
    }


def _picture() -> Schema:
    return {
        "type": "object",
        "properties": _directive(),
        "required": ["prompt"],
        "additionalProperties": False,
    }


def _directive() -> Schema:
    """Return the schema of each directive option, described as in the manual."""
    return {
        name: {"description": said, **OF_A_DIRECTIVE.get(name, TEXT)}
        for name, said in _of_a_directive().items()
        if name in OPTIONS
    }


def _docstrings() -> dict[str, str]:
    """Return the docstring below each option in the code."""
    (body,) = (
        node.body
        for node in ast.parse(inspect.getsource(config)).body
        if isinstance(node, ast.ClassDef) and node.name == "GeminiImagesConfig"
    )
    found = {}
    for above, below in pairwise(body):
        match above, below:
            case (
                ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                found[name] = " ".join(said.split())
    return found


def _of_a_directive() -> dict[str, str]:
    """Return the descriptions in the manual's table of directive options, without links."""
    table = MANUAL.read_text(encoding="utf-8").split("\n## Of a directive\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", table, re.MULTILINE)
    return {name: re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", said) for name, said in rows}


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
