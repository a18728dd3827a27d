"""The options of `mkdocs.yml` as MkDocs validates them: types, and the message for each mistake."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mkdocs_gemini_images.config import options as config_module
from mkdocs_gemini_images.config.options import GeminiImagesConfig, read_plugin_options
from mkdocs_gemini_images.core.diagnostics import DiagnosticError


def loaded(options: Mapping[str, Any]) -> tuple[GeminiImagesConfig, list[str]]:
    config = GeminiImagesConfig()
    config.load_dict(dict(options))
    errors, warnings = config.validate()
    said = [f"{name}: {error}" for name, error in [*errors, *warnings]]
    return config, said


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("no", False), ("prompts", "prompts")])
def test_the_gallery_is_on_off_or_with_prompts(written: str, meant: object) -> None:
    config, said = loaded(yaml.safe_load(f"gallery: {written}"))
    assert (config.gallery, said) == (meant, [])


def test_every_option_says_what_it_means() -> None:
    text = Path(config_module.__file__).read_text(encoding="utf-8")
    for name, _ in GeminiImagesConfig._schema:
        after = re.split(rf"\n    {name}(?::| =)", text)[1]
        assert '"""' in after.partition("\n\n")[0], name


BAD: list[tuple[str, str]] = [
    ("enabled: maybe", "enabled: expected true or false, got 'maybe': write one of them"),
    ("enabled: 2", "enabled: expected true or false, got 2: write one of them"),
    ("frozen: []", "frozen: expected true or false, got []: write one of them"),
    ("aspect_ratio: 970", "aspect_ratio: expected an aspect ratio, got 970: known are "),
    ("aspect_ratio: wide", "aspect_ratio: expected an aspect ratio, got 'wide': known are "),
    ("aspect_ratio: 16:19", "aspect_ratio: expected an aspect ratio, got 979: "),
    ("size: 8K", "size: expected a size, got '8K': known are 512, 1K, 2K, 4K"),
    ("temperature: hot", "temperature: expected a number from 0, got 'hot': mend it"),
    ("temperature: true", "temperature: expected a number from 0, got True: mend it"),
    ("concurrency: 0", "concurrency: expected a number from 1, got 0: mend it"),
    ("retries: -1", "retries: expected a number from 0, got -1: mend it"),
    ("timeout: 0.5", "timeout: expected a number from 1, got 0.5: mend it"),
    ("pictures: [a]", "pictures: Expected type: <class 'dict'> but received: <class 'list'>"),
    ("budget: -1", "budget: expected a number from 0, got -1: mend it"),
    ("budget: .nan", "budget: expected a number from 0, got nan: mend it"),
    ("max_new: .inf", "max_new: expected a number from 0, got inf: mend it"),
    ("quality: 0", "quality: expected a number from 1, got 0: mend it"),
    ("auth: basic", "auth: Expected one of: ('auto', 'api-key', 'bearer')"),
    ("on_missing: maybe", "on_missing: Expected one of: ('warn', 'fail', 'info')"),
    ("on_drift: maybe", "on_drift: Expected one of: ('keep', 'draw')"),
    ("formats: [gif]", "formats: Expected one of: ('avif', 'webp', 'jpeg')"),
    ("publish: png", "publish: Expected one of: ('resized', 'original')"),
    ("gallery: prompt", "gallery: expected true, false or prompts, got 'prompt': write one"),
    ("label: {}", "label: expected words, or language: words, got {}: write it like { en: AI-"),
    ("label: {en: [x]}", "label: expected words, or language: words, got {'en': ['x']}: "),
    ("label: 3", "label: expected words, or language: words, got 3: write it like { en: AI-"),
    ("widths: wide", "widths: Expected a list of items, but a "),
    ("widths: [wide]", "widths: Expected type: <class 'int'> but received: <class 'str'>"),
    ("model: 3", "model: Expected type: <class 'str'> but received: <class 'int'>"),
    ("presets: []", "presets: Expected type: <class 'dict'> but received: <class 'list'>"),
    ("request: text", "request: Expected type: <class 'dict'> but received: <class 'str'>"),
    ("modle: x", "modle: expected an option of gemini-images, got 'modle': did you mean 'model'?"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "said"), BAD, ids=[row[0] for row in BAD])
def test_an_option_that_is_none_is_said_by_mkdocs(option: str, said: str) -> None:
    (found,) = loaded(yaml.safe_load(option))[1]
    assert found.startswith(said)


def test_options_without_the_plugin_are_validated_too() -> None:
    assert read_plugin_options({"budget": 3}).budget == 3.0
    with pytest.raises(DiagnosticError) as raised:
        read_plugin_options({"modle": "x", "model": 3})
    assert str(raised.value) == (
        "model: Expected type: <class 'str'> but received: <class 'int'>; "
        "modle: expected an option of gemini-images, got 'modle': did you mean 'model'?"
    )
