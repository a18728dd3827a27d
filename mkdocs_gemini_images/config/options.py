"""The options of `mkdocs.yml`, read once and turned into `Settings`.

Each option has its meaning below it, as one would show it to a user. What YAML 1.1 does to `16:9`
and `512` is undone here, booleans also take 0 and 1, and a literal key in the file is refused.
Nothing of the configuration object leaves this file.
"""

import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from mkdocs_gemini_images.config import server, themes
from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.config.encoding import EncodingOptions
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.settings import OnDrift, OnMissing, Publish, Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, did_you_mean, quoted
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.directives.alt_rules import read_rules
from mkdocs_gemini_images.directives.named_images import read_pictures
from mkdocs_gemini_images.directives.options import OPTIONS
from mkdocs_gemini_images.directives.presets import read_presets
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.models.catalogue import canonical_ratio, canonical_size

CI_VARIABLES = (
    "CI", "READTHEDOCS", "NETLIFY", "CF_PAGES", "VERCEL", "GITHUB_ACTIONS", "GITLAB_CI",
    "BITBUCKET_BUILD_NUMBER", "TF_BUILD", "JENKINS_URL", "CODEBUILD_BUILD_ID", "AWS_APP_ID",
)  # fmt: skip
"""Environment variables of machines that forget what they bought."""


class Switch(c.OptionallyRequired[bool]):
    """A boolean that also takes 0 and 1, since `!ENV [CI, false]` with CI=1 gives a number."""

    def run_validation(self, value: object) -> bool:
        """Give the boolean."""
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true or false, got {value!r}: write one of them")


class Number(c.OptionallyRequired[float]):
    """A number that is not below `least`."""

    def __init__(self, default: float | None = None, *, least: float = 0.0) -> None:
        super().__init__(default=default)
        self._least = least

    def run_validation(self, value: object) -> float:
        """Give the number."""
        if isinstance(value, int | float) and not isinstance(value, bool):  # noqa: SIM102
            if self._least <= value < math.inf:
                return float(value)
        raise ValidationError(f"expected a number from {self._least:g}, got {value!r}: mend it")


class Ratio(c.OptionallyRequired[str]):
    """An aspect ratio, also after YAML 1.1 has read `16:9` as the number 969."""

    def run_validation(self, value: object) -> str:
        """Give the ratio as `width:height`."""
        ratio = canonical_ratio(value)
        if ratio in catalogue.RATIOS:
            return ratio
        fix = did_you_mean(ratio, catalogue.RATIOS)
        raise ValidationError(f"expected an aspect ratio, got {value!r}: {fix}")


class Size(c.OptionallyRequired[str]):
    """A picture's size; `512` may arrive as a number."""

    def run_validation(self, value: object) -> str:
        """Give the size as it was written, in capitals."""
        size = str(value).strip().upper()
        if canonical_size(size) in catalogue.SIZES:
            return size
        fix = did_you_mean(size, catalogue.SIZES)
        raise ValidationError(f"expected a size, got {value!r}: {fix}")


class GalleryPage(c.OptionallyRequired[bool | Literal["prompts"]]):
    """A switch that has a third position: with the prompts."""

    def run_validation(self, value: object) -> bool | Literal["prompts"]:
        """Give the boolean, or `prompts`."""
        if value == "prompts":
            return "prompts"
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true, false or prompts, got {value!r}: write one of them")


class Label(c.OptionallyRequired[str | dict[str, str]]):
    """Words, or the words of each language by its code."""

    def run_validation(self, value: object) -> str | dict[str, str]:
        """Give the words; Norwegian's `no` has arrived from YAML 1.1 as false."""
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and value:
            words = {"no" if code is False else str(code): text for code, text in value.items()}
            if all(isinstance(text, str) for text in words.values()):
                return words
        fix = "write it like { en: AI-generated, fr: Généré par IA }"
        raise ValidationError(f"expected words, or language: words, got {value!r}: {fix}")


class GeminiImagesConfig(Config):  # type: ignore[no-untyped-call]
    """What a site's owner may decide."""

    def _validate(self) -> tuple[list[tuple[str, Exception]], list[tuple[str, str]]]:
        """Hold all options against what they may be; a wall that is misspelt would be none."""
        failed, warnings = super()._validate()
        unknown = sorted(self.keys() - self._schema_keys)
        others = [(name, text) for name, text in warnings if name not in unknown]
        return failed + [(name, _unknown(name)) for name in unknown], others

    enabled = Switch(default=True)
    """`false` shows each directive's stocked picture and never draws."""

    model = c.Type(str, default=catalogue.DEFAULT)
    """The model that draws where a directive names none."""
    aspect_ratio = Ratio(default="16:9")
    """Width to height, of fourteen the API knows; always sent."""
    size = Size(default="1K")
    """`512`, `1K`, `2K` or `4K`; what a model can do differs."""
    temperature = c.Optional(Number())
    """Sent only if set; Google advises against it."""
    preset = c.Type(str, default="")
    """The preset of directives that name none."""
    presets = c.Type(dict, default={})
    """Name -> `template` (Jinja2 with `{{ prompt }}`) and directive options as defaults."""
    pictures = c.Type(dict, default={})
    """Name -> a prompt, or directive options: pictures for the theme's templates."""
    request = c.Type(dict, default={})
    """Raw JSON merged into every request: safety settings, system instruction, newer fields."""

    base_url = c.Type(str, default="")
    """Google's API by default; a gateway's address; or `emulator`."""
    api_version = c.Type(str, default="")
    """`v1beta` by default, or the one that `base_url` ends with."""
    auth: c.Choice[server.Auth] = c.Choice(("auto", "api-key", "bearer"), default="auto")
    """`auto`: the API key header for Google's hosts, Bearer elsewhere."""
    api_key = c.Type((str, int), default="")
    """Only as `!ENV NAME`; without it GEMINI_API_KEY or GOOGLE_API_KEY, for Google's hosts and
    loopback only."""
    proxy = c.Type(str, default="")
    """An HTTP proxy; the environment's are not used."""
    ca_file = c.Type(str, default="")
    """Certificates to trust in place of the system's, relative to `mkdocs.yml`."""
    concurrency = Number(4, least=1)
    """Requests under way at once."""
    requests_per_minute = Number(0.0)
    """0 means no limit of ours."""
    timeout = Number(300.0, least=1)
    """Seconds for one request, all in all."""
    retries = Number(2.0)
    """How often a failure that may pass is tried again."""

    frozen = c.Optional(Switch())
    """Unset: frozen in CI. A frozen build draws nothing."""
    on_missing: c.Choice[OnMissing] = c.Choice(("warn", "fail", "info"), default="warn")
    """What a picture that cannot be had is to a build."""
    on_drift: c.Choice[OnDrift] = c.Choice(("keep", "draw"), default="keep")
    """Whether a picture whose defaults changed is drawn anew."""
    budget = Number(2.0)
    """USD that one build may spend, at the table's prices."""
    max_new = c.Optional(Number())
    """Requests that one build may send; 10 when unset."""
    prices = c.Type(dict, default={})
    """Model -> { size: USD }, where you know better than the table."""

    formats = c.ListOfItems(c.Choice(("avif", "webp", "jpeg")), default=["webp"])
    """Formats of the published files, in the order in which a browser is to try them."""
    widths = c.ListOfItems(c.Type(int), default=[480, 960, 1440])
    """Widths of the published files, in pixels; never more than the picture's own."""
    quality = Number(80.0, least=1)
    """Of the published files, 1 to 100, as WebP counts; other formats follow it."""
    publish: c.Choice[Publish] = c.Choice(("resized", "original"), default="resized")
    """`original` publishes the bytes that the API sent, untouched, and nothing else."""
    sizes = c.Type(str, default="")
    """The `sizes` attribute; unset, it fits the theme."""
    priority = Switch(default=False)
    """`true` fetches the first picture of each page at once, before others."""
    alt_rules = c.Type(dict, default={})
    """Rule of text alternatives -> `error`, `warn` or `off`; each is `warn` unless you say."""
    label = Label(default="")
    """Words shown with every picture, such as "AI-generated"; or language -> words."""
    gallery = GalleryPage(default=False)
    """`true` publishes the page "AI images on this site", `prompts` with the prompts."""

    assets_dir = c.Type(str, default="assets/gemini")
    """The public folder in the built site."""
    cache_dir = c.Type(str, default=".cache/plugin/gemini-images")
    """What can be made again, and answers in flight; relative to `mkdocs.yml`."""
    stock = c.Type(str, default="gemini-images")
    """The pictures your site owns, to be committed; relative to `mkdocs.yml`. Or a bucket that
    machines share: `s3://bucket/prefix`, `gs://`, `az://`, `file:///path`."""


def read_settings(
    config: GeminiImagesConfig,
    *,
    config_file: Path,
    docs_dir: Path,
    environment: Mapping[str, str],
    theme_name: str = "",
    dark_pages: bool = True,
) -> Settings | list[Diagnostic]:
    """Turn the options into settings, or say all that is wrong with them."""
    diagnostics: list[Diagnostic] = []
    root = config_file.parent
    api_key = str(config.api_key or "")
    if api_key and _stands_in(config_file, api_key):
        diagnostics.append(
            Diagnostic(
                "api_key: !ENV NAME",
                "a key written into the file",
                "move it to an environment variable, and replace it: it has been seen",
            )
        )
    chosen = server.choose(
        config.base_url,
        api_version=config.api_version,
        auth=config.auth,
        api_key=api_key,
        proxy=config.proxy,
        ca_file=str(root / config.ca_file) if config.ca_file else "",
        environment=environment,
    )
    _collect(OPTIONS["model"].read, config.model, diagnostics)
    presets = _collect(read_presets, config.presets, diagnostics)
    pictures = _collect(read_pictures, config.pictures, diagnostics) or {}
    prices, wrong_prices = _read_prices(config.prices)
    diagnostics += wrong_prices
    alt_rules = _collect(read_rules, config.alt_rules, diagnostics) or {}
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", config.assets_dir) or ".." in config.assets_dir:
        diagnostics.append(
            Diagnostic("assets_dir as a folder in the site", quoted(config.assets_dir), "mend it")
        )
    diagnostics += _wrong_folders(config, root)
    if not config.formats:
        diagnostics.append(Diagnostic("formats as a list", "none", "write [webp]"))
    if not all(16 <= width <= 8192 for width in config.widths):
        diagnostics.append(
            Diagnostic("widths from 16 to 8192", str(config.widths), "write pixels, like 960")
        )
    if config.quality > 100:
        diagnostics.append(Diagnostic("quality up to 100", f"{config.quality:g}", "lower it"))
    if config.temperature is not None and config.temperature > 2:
        diagnostics.append(
            Diagnostic("temperature up to 2", f"{config.temperature:g}", "leave it out")
        )
    if config.preset and presets is not None and config.preset not in presets:
        fix = did_you_mean(config.preset, presets) if presets else "add it to presets:"
        diagnostics.append(Diagnostic("a preset that is defined", quoted(config.preset), fix))
    try:
        json.dumps(config.request, allow_nan=False)
        request = canonical_json(config.request) if config.request else ""
    except (TypeError, ValueError) as error:
        request = ""
        diagnostics.append(Diagnostic("request as JSON", str(error), "use text, numbers and lists"))
    if isinstance(chosen, Diagnostic):
        return [*diagnostics, chosen]
    if diagnostics:
        return diagnostics
    bucket = config.stock if _is_bucket(config.stock) else ""
    # A machine that forgets its folders does not forget a bucket.
    forgetful = is_ci(environment) and not bucket
    return Settings(
        root=root,
        stock=root / ("gemini-images" if bucket else config.stock),
        bucket=bucket,
        cache=root / config.cache_dir,
        docs=_relative(docs_dir, root),
        server=chosen,
        defaults=ImageDefaults(
            model=config.model,
            aspect_ratio=config.aspect_ratio,
            size=config.size,
            temperature=config.temperature,
            preset=config.preset,
            presets=presets or {},
            request=request,
            emulated=chosen.emulated,
        ),
        encoding=EncodingOptions(
            tuple(dict.fromkeys(config.formats)),
            tuple(sorted(set(config.widths))),
            int(config.quality),
            original=config.publish == "original",
        ),
        limits=SpendingLimits(
            max_new=10 if config.max_new is None else int(config.max_new),
            budget=config.budget,
            prices=prices,
            counted=config.max_new is not None,
            free=chosen.emulated,
        ),
        enabled=config.enabled,
        frozen=forgetful if config.frozen is None else config.frozen,
        on_missing=config.on_missing,
        on_drift=config.on_drift,
        concurrency=int(config.concurrency),
        requests_per_minute=config.requests_per_minute,
        timeout=config.timeout,
        retries=int(config.retries),
        sizes=config.sizes or themes.sizes(theme_name),
        assets_dir=config.assets_dir,
        priority=config.priority,
        label=in_language(config.label, ""),
        alt_rules=alt_rules,
        pictures=pictures,
        dark_pages=dark_pages,
    )


_Read = TypeVar("_Read")


def _collect(
    read: Callable[[Any], _Read], written: object, diagnostics: list[Diagnostic]
) -> _Read | None:
    """Return what `read` returns, or None where it raises: its diagnostics are then collected."""
    try:
        return read(written)
    except DiagnosticError as error:
        diagnostics += error.diagnostics
        return None


def in_language(label: str | Mapping[str, str], language: str) -> str:
    """Choose a label's words for a page: its language's, or else the first there are.

    A reader who cannot read them still sees that there is something to know.
    """
    if isinstance(label, str):
        return label
    wanted = language.replace("_", "-").lower()
    by_code = {code.replace("_", "-").lower(): text for code, text in label.items()}
    first = next(iter(label.values()))
    return by_code.get(wanted, by_code.get(wanted.partition("-")[0], first))


def _unknown(name: str) -> ValidationError:
    known = [each for each, _ in GeminiImagesConfig._schema]
    told = Diagnostic("an option of gemini-images", quoted(name), did_you_mean(name, known))
    return ValidationError(str(told))


def read_options(options: Mapping[str, Any]) -> GeminiImagesConfig | list[str]:
    """Check options that come without the plugin, or say all that is wrong with them."""
    config = GeminiImagesConfig()
    config.load_dict(dict(options))
    failed, _ = config.validate()
    return [f"{name}: {error}" for name, error in failed] or config


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether this machine is one that forgets what it bought, such as a CI runner."""
    return any(environment.get(name, "").lower() not in ("", "0", "false") for name in CI_VARIABLES)


def _stands_in(file: Path, key: str) -> bool:
    """Whether a key stands literally in the configuration file, where others can read it.

    A long one anywhere: an environment's key has no business there. A short one, which may be a
    word like any other, only as the option's value.
    """
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    if len(key) >= _LONG and key in text:
        return True
    literal = rf"""api_key["']?\s*:\s*["']?{re.escape(key)}["']?\s*([,}}#].*)?$"""
    return re.search(literal, text, re.MULTILINE) is not None


_LONG = 16
"""Characters; the shortest keys in use have twice as many."""


def _wrong_folders(config: GeminiImagesConfig, root: Path) -> Iterator[Diagnostic]:
    """Say why a folder cannot be used: the site's own, or one that forgets what it is to keep."""
    stock, cache = (
        Path(os.path.normpath(root / name)) for name in (config.stock, config.cache_dir)
    )
    for option, written, folder in (
        ("stock", config.stock, stock), ("cache_dir", config.cache_dir, cache),
    ):  # fmt: skip
        if option == "stock" and _is_bucket(written):
            continue
        if "://" in written or root.is_relative_to(folder):
            fix = "name one of its own beside mkdocs.yml"
            yield Diagnostic(f"{option} as a folder", quoted(written), fix)
    if stock.is_relative_to(cache):
        fix = "what is in the cache may be deleted, and is not committed"
        yield Diagnostic("stock outside cache_dir", quoted(config.stock), fix)


def _is_bucket(stock: str) -> bool:
    return re.match(r"(s3|gs|az|file)://", stock) is not None


def _read_prices(
    written: Mapping[Any, Any],
) -> tuple[dict[str, dict[str, float]], list[Diagnostic]]:
    prices: dict[str, dict[str, float]] = {}
    diagnostics = []
    for model, by_size in written.items():
        table = by_size if isinstance(by_size, dict) else {"1K": by_size}
        for size, usd in table.items():
            known = canonical_size(str(size))
            number = isinstance(usd, int | float) and not isinstance(usd, bool) and usd >= 0
            if known in catalogue.SIZES and number:
                prices.setdefault(str(model), {})[known] = float(usd)
            else:
                got = quoted(json.dumps({str(size): usd}, default=str))
                diagnostics.append(
                    Diagnostic(f"prices of {model} as {{ 1K: 0.04 }}", got, "write USD a picture")
                )
    return prices, diagnostics


def _relative(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
