"""The options of `mkdocs.yml` become settings, or diagnostics that name everything wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.config.reading import CI_VARIABLES, read_settings
from mkdocs_gemini_images.config.server import EMULATOR
from mkdocs_gemini_images.config.settings import EncodingOptions, ImageDefaults, Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from tests.unit.config.test_options import loaded


def settings(
    folder: Path, environment: Mapping[str, str] | None = None, text: str = "", **options: Any
) -> Settings:
    file = folder / "mkdocs.yml"
    file.write_text(text, encoding="utf-8")
    config, said = loaded(options)
    assert said == []
    return read_settings(
        config, config_file=file, docs_dir=folder / "docs", environment=environment or {}
    )


def diagnostics(folder: Path, **options: Any) -> list[str]:
    with pytest.raises(DiagnosticError) as raised:
        settings(folder, **options)
    return [str(each) for each in raised.value.diagnostics]


def at(found: object, path: str) -> object:
    for name in path.split("."):
        found = getattr(found, name)
    return found


def test_without_options_everything_has_its_default(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert found == Settings(
        root=tmp_path, stock=tmp_path / "gemini-images",
        cache=tmp_path / ".cache/plugin/gemini-images", docs="docs", server=found.server,
        defaults=ImageDefaults(presets={}), sizes="auto, (min-width: 60em) 48rem, 100vw",
    )  # fmt: skip
    assert found.server.url == "https://generativelanguage.googleapis.com/v1beta"
    assert found.defaults == ImageDefaults(
        model="gemini-nano-banana-2.1", aspect_ratio="16:9", size="1K", presets={}
    )
    assert found.encoding == EncodingOptions(("webp",), (480, 960, 1440), 80)
    assert (found.limits.max_new, found.limits.budget, found.limits.counted) == (10, 2.0, False)
    assert found.owned == tmp_path / "gemini-images"


GOOD: list[tuple[str, str, object]] = [
    ("enabled: false", "enabled", False),
    ("enabled: 0", "enabled", False),
    ("enabled: 1", "enabled", True),
    ("enabled: yes", "enabled", True),
    ("model: gemini-3-pro-image", "defaults.model", "gemini-3-pro-image"),
    ("aspect_ratio: 16:9", "defaults.aspect_ratio", "16:9"),
    ("aspect_ratio: 21:9", "defaults.aspect_ratio", "21:9"),
    ("aspect_ratio: '4:3'", "defaults.aspect_ratio", "4:3"),
    ("size: 2k", "defaults.size", "2K"),
    ("size: 512", "defaults.size", "512"),
    ("size: 0.5K", "defaults.size", "0.5K"),
    ("temperature: 0", "defaults.temperature", 0.0),
    ("temperature: 1.5", "defaults.temperature", 1.5),
    ("temperature: null", "defaults.temperature", None),
    ("request: {b: 1, a: [x]}", "defaults.request", '{"a":["x"],"b":1}'),
    ("request: {}", "defaults.request", ""),
    ("base_url: https://gw.example/x/", "server.url", "https://gw.example/x/v1beta"),
    ("base_url: emulator", "server", EMULATOR),
    ("base_url: emulator", "defaults.emulated", True),
    ("base_url: emulator", "limits.free", True),
    ("api_version: v1", "server.url", "https://generativelanguage.googleapis.com/v1"),
    ("auth: bearer", "server.bearer", True),
    ("auth: api-key", "server.bearer", False),
    ("proxy: http://proxy.example:1", "server.proxy", "http://proxy.example:1"),
    ("concurrency: 9", "concurrency", 9),
    ("requests_per_minute: 20", "requests_per_minute", 20.0),
    ("timeout: 90", "timeout", 90.0),
    ("retries: 0", "retries", 0),
    ("frozen: true", "frozen", True),
    ("frozen: 0", "frozen", False),
    ("on_missing: fail", "on_missing", "fail"),
    ("on_missing: info", "on_missing", "info"),
    ("on_drift: draw", "on_drift", "draw"),
    ("alt_rules: {long: off, prompt: error, file: 'off'}", "alt_rules",
     {"missing": "warn", "prompt": "error", "file": "off", "caption": "warn", "redundant": "warn",
      "long": "off", "older": "warn"}),
    ("budget: 0", "limits.budget", 0.0),
    ("max_new: 3", "limits.max_new", 3),
    ("max_new: 3", "limits.counted", True),
    ("max_new: 0", "limits.max_new", 0),
    ("prices: {x: {1K: 0.5, 512: 0.1, 2k: 1}}", "limits.prices",
     {"x": {"1K": 0.5, "512": 0.1, "2K": 1.0}}),
    ("prices: {x: {1K: 0.5, text_in: 2, search: 0}}", "limits.prices",
     {"x": {"1K": 0.5, "text_in": 2.0, "search": 0.0}}),
    ("prices: {x: 0.5}", "limits.prices", {"x": {"1K": 0.5}}),
    ("formats: [webp]", "encoding.formats", ("webp",)),
    ("formats: [avif, webp]", "encoding.formats", ("avif", "webp")),
    ("formats: [webp, webp]", "encoding.formats", ("webp",)),
    ("publish: original", "encoding.original", True),
    ("widths: [960, 480, 960]", "encoding.widths", (480, 960)),
    ("widths: []", "encoding.widths", ()),
    ("quality: 100", "encoding.quality", 100),
    ("sizes: 50vw", "sizes", "50vw"),
    ("priority: true", "priority", True),
    ("label: AI-generated", "label", "AI-generated"),
    ("alt_model: another-model", "alt_model", "another-model"),
    ("localized_edit: In {language}", "defaults.localized_edit", {"": "In {language}"}),
    ("localized_edit: {de: Auf Deutsch, pt_br: Em português}", "defaults.localized_edit",
     {"de": "Auf Deutsch", "pt-BR": "Em português"}),
    ("pictures: {fox: A fox}", "pictures", {"fox": Directive("A fox", source="pictures\nfox")}),
    ("pictures: {1: {prompt: A fox, aspect_ratio: 16:9}}", "pictures",
     {"1": Directive("A fox", aspect_ratio="16:9", source="pictures\n1")}),
    ("assets_dir: img", "assets_dir", "img"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "path", "value"), GOOD, ids=[f"{row[0]} {row[1]}" for row in GOOD]
)
def test_an_option_is_read_as_it_is_meant(
    tmp_path: Path, option: str, path: str, value: object
) -> None:
    found = at(settings(tmp_path, **yaml.safe_load(option)), path)
    assert found == value
    assert type(found) is type(value)


def test_every_option_has_a_good_row_or_a_test_of_its_own() -> None:
    rows = {row[0].split(":")[0] for row in GOOD}
    own = {"preset", "presets", "api_key", "ca_file", "cache_dir", "stock", "stock_url", "gallery"}
    assert rows | own == {name for name, _ in GeminiImagesConfig._schema}


WRONG: list[tuple[str, str]] = [
    ("base_url: http://gw.example", "base_url must be an https address (you wrote 'http://gw.example')"),
    ("base_url: emulater", "expected base_url as https://host/path, got 'emulater': did you mean"),
    ("base_url: gw.example", "expected base_url as https://host/path, got 'gw.example'"),
    ("base_url: https://[x", "expected base_url as https://host/path, got 'https://[x'"),
    ("api_version: v1/x", "expected api_version like v1beta, got 'v1/x'"),
    ("proxy: socks5://x", "expected proxy as http://host:port, got 'socks5://x'"),
    ("model: models/x", "model must be the id of a model (you wrote 'models/x')"),
    ("model: ''", "model must be the id of a model (you wrote '')"),
    ("widths: [8]", "widths must be from 16 to 8192 (you wrote [8]): write pixels, like 960"),
    ("widths: [true]", "widths must be from 16 to 8192 (you wrote [true])"),
    ("formats: []", "formats is empty: write [webp]"),
    ("preset: ink", "preset 'ink' is not defined: add it to presets:"),
    ("alt_rules: {promt: off}", "expected a rule in alt_rules, got 'promt': did you mean 'prompt'"),
    ("presets: {ink: {siz: 2K}}", "expected a known option in preset 'ink', got 'siz'"),
    ("prices: {x: {8K: 1}}", "expected prices of x as { 1K: 0.04 }, got '{\"8K\": 1}': write a "
     "size (512, 1K, 2K, 4K) or input_picture, text_in, text_out, search"),
    ("prices: {x: {search: lots}}", "expected prices of x as { 1K: 0.04 }, got "
     "'{\"search\": \"lots\"}': write USD for each search"),
    ("prices: {x: {1K: free}}", "expected prices of x as { 1K: 0.04 }, got '{\"1K\": \"free\"}'"),
    ("prices: {x: -1}", "expected prices of x as { 1K: 0.04 }, got '{\"1K\": -1}'"),
    ("request: {a: .nan}", "request is not JSON ("),
    ("request: {a: 2026-11-22}", "request is not JSON ("),
    ("assets_dir: ../x", "assets_dir must be a folder in the site (you wrote '../x')"),
    ("assets_dir: /x", "assets_dir must be a folder in the site (you wrote '/x')"),
    ("assets_dir: ''", "assets_dir must be a folder in the site (you wrote '')"),
    ("stock: ''", "stock must be a folder of its own (you wrote ''): name one beside mkdocs.yml"),
    ("stock: .", "stock must be a folder of its own (you wrote '.')"),
    ("stock: ftp://bucket/x", "stock must be a folder of its own (you wrote 'ftp://bucket/x')"),
    ("stock: .cache/plugin/gemini-images/x", "stock '.cache/plugin/gemini-images/x' is in "
                                             "cache_dir"),
    ("stock: a\\b", "stock 'a\\b' has a backslash, which other systems take for part of a name: "
                    "write / between folders, on Windows as well"),
    ("stock: a:b", "stock 'a:b' has the character ':': Windows cannot hold such a file"),
    ("stock: con/b", "stock 'con' in 'con/b' is the name of a device"),
    ("cache_dir: .cache\\b", "cache_dir '.cache\\b' has a backslash"),
    ("cache_dir: aux", "cache_dir 'aux' is the name of a device"),
    ("assets_dir: assets/com1", "assets_dir 'com1' in 'assets/com1' is the name of a device"),
    ("cache_dir: ''", "cache_dir must be a folder of its own (you wrote '')"),
    ("cache_dir: ..", "cache_dir must be a folder of its own (you wrote '..')"),
    ("cache_dir: gemini-images", "stock 'gemini-images' is in cache_dir, which may be deleted"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "said"), WRONG, ids=[row[0] for row in WRONG])
def test_what_is_wrong_is_said_in_our_words(tmp_path: Path, option: str, said: str) -> None:
    found = diagnostics(tmp_path, **yaml.safe_load(option))
    assert found[0].startswith(said), found


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    options = yaml.safe_load("{model: '', formats: [], base_url: x, widths: [1], assets_dir: /}")
    assert len(diagnostics(tmp_path, **options)) == 5


def test_folders_are_beside_the_configuration(tmp_path: Path) -> None:
    found = settings(tmp_path, stock="../art/stock", cache_dir="tmp/c", ca_file="certs/ca.pem")
    assert found.stock == tmp_path / "../art/stock"
    assert found.cache == tmp_path / "tmp/c"
    assert found.server.ca_file == str(tmp_path / "certs/ca.pem")
    assert settings(tmp_path, stock=str(tmp_path / "x")).stock == tmp_path / "x"


def test_the_emulators_pictures_are_never_in_the_stock(tmp_path: Path) -> None:
    found = settings(tmp_path, base_url="emulator")
    assert found.owned == found.cache / "emulator"


def test_presets_are_read_and_one_is_the_sites(tmp_path: Path) -> None:
    presets = yaml.safe_load("{ink: {template: '{{ prompt }}, ink', aspect_ratio: 4:3}}")
    found = settings(tmp_path, presets=presets, preset="ink")
    assert found.defaults.presets is not None
    assert found.defaults.presets["ink"].words("A fox") == "A fox, ink"
    assert found.defaults.presets["ink"].defaults.aspect_ratio == "4:3"


@pytest.mark.parametrize("name", CI_VARIABLES)
def test_a_machine_that_forgets_what_it_bought_draws_nothing(tmp_path: Path, name: str) -> None:
    assert settings(tmp_path, {name: "true"}).frozen
    assert settings(tmp_path, {name: "1"}).frozen
    assert not settings(tmp_path, {name: "false"}).frozen
    assert not settings(tmp_path, {name: ""}).frozen
    assert not settings(tmp_path, {name: "true"}, frozen=False).frozen


def test_other_machines_draw(tmp_path: Path) -> None:
    assert not settings(tmp_path, {"HOME": "/root"}).frozen
    assert settings(tmp_path, frozen=1).frozen


def test_the_key_of_the_environment_is_for_google_alone(tmp_path: Path) -> None:
    environment = {"GEMINI_API_KEY": "secret-key"}
    assert settings(tmp_path, environment).server.key
    assert not settings(tmp_path, environment, base_url="https://gw.example").server.key
    assert "secret-key" not in repr(settings(tmp_path, environment))


LONG = "sk-0123456789abcdef0123456789"
LITERAL = [
    f"api_key: {LONG}", f"api_key: '{LONG}'", f'api_key: "{LONG}" # mine', f"{{api_key: {LONG}}}",
    f'"api_key": "{LONG}", x: 1', f"api_key: >-\n  {LONG}", f"api_key: !ENV [KEY, {LONG}]",
    f"api_key: &key {LONG}",
]  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_a_key_in_the_file_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    (said,) = diagnostics(tmp_path, text=f"plugins:\n- gemini-images:\n    {text}\n", api_key=LONG)
    assert said == (
        "api_key is a key written into the file: write api_key: !ENV NAME, and replace the key: "
        "it has been seen"
    )


@pytest.mark.parametrize("text", ["api_key: test", "{api_key: test, x: 1}", "api_key: 'test'"])
def test_a_short_key_as_the_options_value_is_refused_too(tmp_path: Path, text: str) -> None:
    assert len(diagnostics(tmp_path, text=f"x:\n    {text}\n", api_key="test")) == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [("api_key: !ENV TEST_KEY", LONG), ("api_key: !ENV test", "test"),
     ("api_key: !ENV [X, TEST_KEY, none]", LONG), ("x: &k !ENV TEST_KEY\napi_key: *k", LONG),
     ("x: &m {api_key: !ENV TEST_KEY}\ny: {<<: *m}", LONG), ("api_key: !ENV NUMBER", 1234)],
)  # fmt: skip
def test_a_key_of_the_environment_is_taken(tmp_path: Path, text: str, key: str | int) -> None:
    environment = {"TEST_KEY": LONG, "test": "test", "NUMBER": "1234"}
    found = settings(tmp_path, environment, text, api_key=key, base_url="https://gw.example")
    assert found.server.headers() == {"Authorization": f"Bearer {key}"}


def test_a_bucket_is_a_stock_that_no_machine_forgets(tmp_path: Path) -> None:
    in_ci = settings(tmp_path, {"CI": "1"}, stock="s3://bucket/site")
    assert (in_ci.bucket, in_ci.frozen) == ("s3://bucket/site", False)
    assert settings(tmp_path, {"CI": "1"}, stock="pictures").frozen
