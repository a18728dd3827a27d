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
    ("enabled: maybe", "enabled must be true or false (you wrote 'maybe')"),
    ("enabled: 2", "enabled must be true or false (you wrote 2)"),
    ("frozen: []", "frozen must be true or false (you wrote [])"),
    ("aspect_ratio: 970", "aspect_ratio must be an aspect ratio (you wrote '16:10'): did you mean"),
    ("aspect_ratio: wide", "aspect_ratio must be an aspect ratio (you wrote 'wide'): known are "),
    ("aspect_ratio: 16:19", "aspect_ratio must be an aspect ratio (you wrote '16:19'): "),
    ("aspect_ratio: '16:99'",
     "aspect_ratio must be an aspect ratio (you wrote '16:99'): did you mean '16:9'?"),
    ("on_missing: wran",
     "on_missing must be warn, fail or info (you wrote 'wran'): did you mean 'warn'?"),
    ("max_new: lots", "max_new must be a whole number, 0 or more (you wrote 'lots')"),
    ("budget: !!binary bG90cw==", "budget must be a number, 0 or more (you wrote 'lots')"),
    ("size: 8K", "size must be a size (you wrote '8K'): known are 512, 1K, 2K, 4K"),
    ("temperature: hot", "temperature must be a number from 0 to 2 (you wrote 'hot')"),
    ("temperature: true", "temperature must be a number from 0 to 2 (you wrote true)"),
    ("concurrency: 0", "concurrency must be a whole number from 1 to 1,000 (you wrote 0)"),
    ("retries: -1", "retries must be a whole number from 0 to 100 (you wrote -1)"),
    ("timeout: 0.5", "timeout must be a number from 1 to 86,400 (you wrote 0.5)"),
    ("pictures: [a]", "pictures must be a mapping (you wrote ['a'])"),
    ("budget: -1", "budget must be a number, 0 or more (you wrote -1)"),
    ("budget: .nan", "budget must be a number, 0 or more (you wrote nan)"),
    ("max_new: .inf", "max_new must be a whole number from 0 to 1,000,000,000 (you wrote inf)"),
    ("quality: 0", "quality must be a whole number from 1 to 100 (you wrote 0)"),
    ("auth: basic", "auth must be auto, api-key or bearer (you wrote 'basic')"),
    ("on_missing: maybe", "on_missing must be warn, fail or info (you wrote 'maybe')"),
    ("on_drift: maybe", "on_drift must be keep or draw (you wrote 'maybe')"),
    ("formats: [gif]", "formats[0] must be avif, webp or jpeg (you wrote 'gif')"),
    ("publish: png", "publish must be resized or original (you wrote 'png')"),
    ("gallery: prompt", "gallery must be true, false or prompts (you wrote 'prompt')"),
    ("label: {}", "label must be words, or words by language (you wrote {}): write it like "
                  "{ en: AI-"),
    ("label: {en: [x]}", "label must be words, or words by language (you wrote {'en': ['x']}): "),
    ("localized_edit: [icon]", "localized_edit must be words, or words by language (you wrote "
                               "['icon']): write it like { de: Translate the words into German }"),
    ("label: 3", "label must be words, or words by language (you wrote 3): write it like { "
                 "en: AI-"),
    ("widths: wide", "widths must be a list (you wrote 'wide')"),
    ("widths: [wide]", "widths[0] must be a whole number (you wrote 'wide')"),
    ("model: 3", "model must be text (you wrote 3)"),
    ("presets: []", "presets must be a mapping (you wrote [])"),
    ("request: text", "request must be a mapping (you wrote 'text')"),
    ("modle: x", "expected an option of gemini-images, got 'modle': did you mean 'model'?"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "said"), BAD, ids=[row[0] for row in BAD])
def test_an_option_that_is_none_is_said_by_mkdocs(option: str, said: str) -> None:
    (found,) = loaded(yaml.safe_load(option))[1]
    assert found.partition(": ")[2].startswith(said)


def test_options_without_the_plugin_are_validated_too() -> None:
    assert read_plugin_options({"budget": 3}).budget == 3.0
    with pytest.raises(DiagnosticError) as raised:
        read_plugin_options({"modle": "x", "model": 3})
    assert str(raised.value) == (
        "model must be text (you wrote 3); "
        "modle: expected an option of gemini-images, got 'modle': did you mean 'model'?"
    )
