"""Turn the validated options into `Settings`.

The options come as MkDocs' configuration object, which is used nowhere after this module; the
environment supplies API keys and tells CI runners from other machines.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.config import server, themes
from mkdocs_gemini_images.config.directive_parts import (
    read_model_id,
    read_pictures,
    read_presets,
    read_sentences,
)
from mkdocs_gemini_images.config.label import with_label
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.option_types import is_number
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.config.settings import EncodingOptions, ImageDefaults, Settings
from mkdocs_gemini_images.config.stock_address import read_stock_url
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    kept,
    quoted,
    single_line,
    wrong_value,
)
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.core.plain_values import is_long, is_small, plain_text, shown
from mkdocs_gemini_images.directives.alt_weights import RULES, Rule, Weight, read_rules
from mkdocs_gemini_images.directives.portable_names import unportable
from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.dimensions import SIZES, canonical_size
from mkdocs_gemini_images.models.pricing.amounts import OWN_ITEMS
from mkdocs_gemini_images.models.text_models import DEFAULT_TEXT_MODEL

_MAX_PRICE = 1_000_000
"""USD."""
_ALL_ITEMS = f"write a size ({', '.join(SIZES)}) or {', '.join(OWN_ITEMS)}"

_BUCKET = re.compile(r"(s3|gs|az|file)://")
"""How the address of a bucket begins; any other `stock` is a folder."""

_MAX_REQUEST = 1_000_000
"""Items and characters of the option `request`: no longer request is sent."""

CI_VARIABLES = (
    "CI", "READTHEDOCS", "NETLIFY", "CF_PAGES", "VERCEL", "GITHUB_ACTIONS", "GITLAB_CI",
    "BITBUCKET_BUILD_NUMBER", "TF_BUILD", "JENKINS_URL", "CODEBUILD_BUILD_ID", "AWS_APP_ID",
)  # fmt: skip
"""Environment variables of machines that lose their files, and paid pictures with them."""


def read_settings(
    config: GeminiImagesConfig,
    *,
    config_file: Path,
    docs_dir: Path,
    environment: Mapping[str, str],
    theme_name: str = "",
    dark_pages: bool = True,
) -> Settings:
    """Return the settings. `dark_pages`: whether the theme can show a page in the dark.

    Raises `DiagnosticError` with all that is wrong with the options.
    """
    root = config_file.parent
    # Each function below appends to it, so that an author reads all at once.
    problems: list[Diagnostic] = []
    if config.api_key:
        _check_api_key(config, config_file, environment, problems)
    chosen = _read_server(config, root, environment, problems)
    defaults = _read_defaults(config, chosen.emulated, problems)
    defaults = defaults._replace(file=config_file.name)
    pictures = read_pictures(config.pictures, problems) if config.pictures else {}
    alt_rules: Mapping[Rule, Weight] = dict.fromkeys(RULES, "warn")
    if config.alt_rules:
        alt_rules = kept(partial(read_rules, config.alt_rules), problems) or {}
    problems += _wrong_folders(config, config_file)
    bucket = config.stock if _BUCKET.match(config.stock) else ""
    stock_url: str | None = ""
    if config.stock_url:
        stock_url = kept(partial(read_stock_url, config.stock_url, bucket), problems)
    unattended = is_ci(environment)
    settings = Settings(
        root=root,
        stock=root / ("gemini-images" if bucket else config.stock),
        bucket=bucket,
        stock_url=stock_url or "",
        cache=root / os.path.normpath(config.cache_dir),
        docs=_relative(docs_dir, root),
        server=chosen,
        defaults=defaults,
        encoding=_read_encoding(config, problems),
        limits=_read_limits(config, chosen.emulated, problems),
        enabled=config.enabled,
        # A machine that loses its files does not lose a bucket.
        frozen=unattended and not bucket if config.frozen is None else config.frozen,
        unattended=unattended,
        on_missing=config.on_missing,
        on_drift=config.on_drift,
        concurrency=config.concurrency,
        requests_per_minute=config.requests_per_minute,
        timeout=config.timeout,
        retries=config.retries,
        sizes=config.sizes or themes.sizes(theme_name),
        assets_dir=config.assets_dir,
        priority=config.priority,
        alt_rules=alt_rules,
        alt_model=config.alt_model,
        pictures=pictures,
        dark_pages=dark_pages,
    )
    if config.alt_model != DEFAULT_TEXT_MODEL:
        problems += _wrong_text_model(config.alt_model)
    if problems:
        raise DiagnosticError(*problems)
    return with_label(settings, config.label, "") if config.label else settings


def is_ci(environment: Mapping[str, str]) -> bool:
    """Return whether this machine loses its files after the build, as a CI runner does."""
    return any(environment.get(name, "").lower() not in ("", "0", "false") for name in CI_VARIABLES)


def _check_api_key(
    config: GeminiImagesConfig,
    config_file: Path,
    environment: Mapping[str, str],
    problems: list[Diagnostic],
) -> None:
    from mkdocs_gemini_images.config.api_key_origin import is_from_environment  # few sites name one

    if not is_from_environment(config.api_key, config_file, environment):
        fix = "write api_key: !ENV NAME, and replace the key: it has been seen"
        problems.append(Diagnostic.sentence("api_key is a key written into the file", fix))


def _read_server(
    config: GeminiImagesConfig,
    root: Path,
    environment: Mapping[str, str],
    problems: list[Diagnostic],
) -> server.Server:
    try:
        chosen = server.choose(
            config.base_url,
            api_version=config.api_version,
            auth=config.auth,
            api_key=plain_text(config.api_key or ""),
            proxy=config.proxy,
            environment=environment,
        )
    except DiagnosticError as error:
        problems += error.diagnostics
        return server.Server()
    if config.ca_file and not chosen.emulated:
        return chosen._replace(ca_file=str(root / config.ca_file))
    return chosen


def _read_defaults(
    config: GeminiImagesConfig, emulated: bool, problems: list[Diagnostic]
) -> ImageDefaults:
    if config.model not in MODELS:
        kept(partial(read_model_id, config.model), problems)
    presets = read_presets(config.presets, problems) if config.presets else {}
    if config.preset and presets is not None and config.preset not in presets:
        fix = did_you_mean(config.preset, presets) if presets else "add it to presets:"
        said = f"preset {quoted(config.preset)} is not defined"
        problems.append(Diagnostic.sentence(said, fix))
    return ImageDefaults(
        model=config.model,
        aspect_ratio=config.aspect_ratio,
        size=config.size,
        temperature=config.temperature,
        preset=config.preset,
        presets=presets or {},
        request=_read_request(config.request, problems) if config.request else "",
        localized_edit=(
            read_sentences(config.localized_edit, problems) if config.localized_edit else {}
        ),
        emulated=emulated,
    )


def _wrong_text_model(written: str) -> Iterator[Diagnostic]:
    """Yield why a model cannot write alts; one that draws would answer with pictures."""
    if written in MODELS:
        fix = f"write one that answers in words, such as {DEFAULT_TEXT_MODEL}"
        yield wrong_value("alt_model", "a text model", written, fix)
    elif not kept(partial(read_model_id, written), mistakes := list[Diagnostic]()):
        fix = f"write it like {DEFAULT_TEXT_MODEL}"
        yield from (wrong_value("alt_model", "the id of a model", written, fix) for _ in mistakes)


def _read_request(written: object, problems: list[Diagnostic]) -> str:
    if not is_small(written, _MAX_REQUEST):
        expected = f"request with at most {_MAX_REQUEST:,} characters"
        problems.append(
            Diagnostic(expected, "more", "shorten it; an alias counts where it is used")
        )
        return ""
    try:
        json.dumps(written, allow_nan=False)
        return canonical_json(written)
    except (TypeError, ValueError, RecursionError) as error:
        said = f"request is not JSON ({error})"
        problems.append(Diagnostic.sentence(said, "use text, numbers and lists"))
        return ""


def _read_encoding(config: GeminiImagesConfig, problems: list[Diagnostic]) -> EncodingOptions:
    if not config.formats:
        problems.append(Diagnostic.sentence("formats is empty", "write [webp]"))
    if not all(16 <= width <= 8192 for width in config.widths):
        must = f"widths must be from 16 to 8192 (you wrote {shown(config.widths)})"
        problems.append(Diagnostic.sentence(must, "write pixels, like 960"))
    return EncodingOptions(
        tuple(dict.fromkeys(config.formats)),
        tuple(sorted(set(config.widths))),
        config.quality,
        original=config.publish == "original",
    )


def _read_limits(
    config: GeminiImagesConfig, free: bool, problems: list[Diagnostic]
) -> SpendingLimits:
    return SpendingLimits(
        max_new=10 if config.max_new is None else config.max_new,
        budget=config.budget,
        prices=_read_prices(config.prices, problems) if config.prices else {},
        counted=config.max_new is not None,
        free=free,
    )


def _read_prices(
    written: Mapping[Any, Any], problems: list[Diagnostic]
) -> dict[str, dict[str, float]]:
    """Return USD by model, and by size or item. A number in place of a mapping is that of 1K."""
    prices: dict[str, dict[str, float]] = {}
    for model, by_size in written.items():
        table = by_size if isinstance(by_size, dict) else {"1K": by_size}
        for name, usd in table.items():
            text = plain_text(name)
            known = text if text in OWN_ITEMS else canonical_size(text)
            is_known = known in SIZES or known in OWN_ITEMS
            if is_known and is_number(usd) and 0 <= usd <= _MAX_PRICE:
                prices.setdefault(plain_text(model), {})[known] = float(usd + 0)
            else:
                expected = f"prices of {single_line(plain_text(model))[:60]} as {{ 1K: 0.04 }}"
                price = shown(usd) if is_long(usd) else usd
                got = quoted(json.dumps({text: price}, default=str))
                fix = f"write USD {OWN_ITEMS.get(known, 'a picture')}" if is_known else _ALL_ITEMS
                problems.append(Diagnostic(expected, got, fix))
    return prices


def _wrong_folders(config: GeminiImagesConfig, file: Path) -> Iterator[Diagnostic]:
    """Yield what is wrong with the folders for published files, pictures, and the cache."""
    root = file.parent
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", config.assets_dir) or ".." in config.assets_dir:
        yield wrong_value("assets_dir", "a folder in the site", config.assets_dir)
    elif (unheld := unportable(config.assets_dir, "assets_dir")) is not None:
        yield unheld
    stock, cache = (
        Path(os.path.normpath(root / name)) for name in (config.stock, config.cache_dir)
    )
    for option, written, folder in (
        ("stock", config.stock, stock), ("cache_dir", config.cache_dir, cache),
    ):  # fmt: skip
        if option == "stock" and _BUCKET.match(written):
            continue
        if "://" in written or root.is_relative_to(folder):
            fix = f"name one beside {file.name}"
            yield wrong_value(option, "a folder of its own", written, fix)
        elif not Path(written).is_absolute() and (unheld := unportable(written, option)):
            yield unheld
    if stock.is_relative_to(cache):
        said = f"stock {quoted(config.stock)} is in cache_dir, which may be deleted"
        yield Diagnostic.sentence(said, "name a folder that is committed")


def _relative(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
