"""The options of `mkdocs.yml`, with their types and defaults.

The docstring below each option is its description for users: `scripts/schema.py` makes the JSON
schema for editors from them. `reading.py` turns the validated options into `Settings`. MkDocs'
`DictOfItems`, `SubConfig` and `Choice` do not serve for the options that are mappings (`presets`,
`pictures`, `prices`, `alt_rules`): they refuse keys and values that YAML 1.1 reads as numbers or
booleans (`512`, `off`), name only the first error, and would declare the options of a directive a
second time.
"""

from collections.abc import Mapping
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from mkdocs_gemini_images.config.option_types import (
    AspectRatio,
    Boolean,
    Choice,
    GalleryMode,
    ImageSize,
    Integer,
    Items,
    Label,
    LocalizedText,
    Number,
    Refused,
    worded,
)
from mkdocs_gemini_images.config.server import Auth
from mkdocs_gemini_images.config.settings import OnDrift, OnMissing, Publish
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.models.catalogue import DEFAULT_MODEL
from mkdocs_gemini_images.models.text_models import DEFAULT_TEXT_MODEL


class GeminiImagesConfig(Config):  # type: ignore[no-untyped-call]
    """The options of the plugin, and of the Markdown extension under a host without plugins."""

    def _validate(self) -> tuple[list[tuple[str, Exception]], list[tuple[str, str]]]:
        """Validate all options, and refuse unknown ones: a limit that is misspelt limits nothing.

        MkDocs only warns about them. Each error of our own begins with the name of its option.
        """
        found, warnings = super()._validate()
        failed = [(name, self._named(name, error)) for name, error in found]
        unknown = sorted(self.keys() - self._schema_keys)
        others = [(name, text) for name, text in warnings if name not in unknown]
        return failed + [(name, _unknown_option(name)) for name in unknown], others

    def _named(self, name: str, error: Exception) -> Exception:
        if isinstance(error, ValidationError):
            error = worded(dict(self._schema)[name], self.get(name), error)
        return (
            ValidationError(f"{name}{error.place} {error}") if isinstance(error, Refused) else error
        )

    enabled = Boolean(default=True)
    """`false` shows each directive's stocked picture and never draws."""

    model = c.Type(str, default=DEFAULT_MODEL)
    """The model that draws where a directive names none."""
    aspect_ratio = AspectRatio(default="16:9")
    """Width to height, of fourteen the API knows; always sent."""
    size = ImageSize(default="1K")
    """`512`, `1K`, `2K` or `4K`; what a model can do differs."""
    temperature = c.Optional(Number(maximum=2))
    """Sent only if set; Google advises against it."""
    preset = c.Type(str, default="")
    """The preset of directives that name none."""
    presets = c.Type(dict, default={})
    """Name -> `template` (Jinja2 with `{{ prompt }}`) and directive options as defaults."""
    pictures = c.Type(dict, default={})
    """Name -> a prompt, or directive options: pictures for the theme's templates."""
    localized_edit = LocalizedText(default="")
    """The sentence for `localized: edit`, where `{language}` stands for the language's name; or
    language -> sentence."""
    request = c.Type(dict, default={})
    """Raw JSON merged into every request: safety settings, system instruction, newer fields."""

    base_url = c.Type(str, default="")
    """Google's API by default; a gateway's address; or `emulator`."""
    api_version = c.Type(str, default="")
    """`v1beta` by default, or the one that `base_url` ends with."""
    auth: c.Choice[Auth] = Choice(("auto", "api-key", "bearer"), default="auto")
    """`auto`: the API key header for Google's hosts, Bearer elsewhere."""
    api_key = c.Type((str, int), default="")
    """Only as `!ENV NAME`; without it GEMINI_API_KEY or GOOGLE_API_KEY, for Google's hosts and
    loopback only."""
    proxy = c.Type(str, default="")
    """An HTTP proxy; the environment's are not used."""
    ca_file = c.Type(str, default="")
    """Certificates to trust in place of the system's, relative to `mkdocs.yml`."""
    concurrency = Integer(4, minimum=1, maximum=1000)
    """Requests under way at once."""
    requests_per_minute = Number(0.0, maximum=100_000)
    """0 means no limit of ours."""
    timeout = Number(300.0, minimum=1, maximum=86_400)
    """Seconds for one request, all in all."""
    retries = Integer(2, maximum=100)
    """How often a failure that may pass is tried again."""

    frozen = c.Optional(Boolean())
    """Unset: frozen in CI. A frozen build draws nothing."""
    on_missing: c.Choice[OnMissing] = Choice(("warn", "fail", "info"), default="warn")
    """What a picture that cannot be had is to a build."""
    on_drift: c.Choice[OnDrift] = Choice(("keep", "draw"), default="keep")
    """Whether a picture whose defaults changed is drawn anew."""
    budget = Number(2.0)
    """USD that one build may spend; each request counts with what it costs at most."""
    max_new = c.Optional(Integer())
    """Requests that one build may send; 10 when unset."""
    prices = c.Type(dict, default={})
    """Model -> { size or item: USD }, where you know better than the table."""

    formats = Items(Choice(("avif", "webp", "jpeg")), default=["webp"])
    """Formats of the published files, in the order in which a browser is to try them."""
    widths = Items(c.Type(int, default=960), default=[480, 960, 1440])
    """Widths of the published files, in pixels; never more than the picture's own."""
    quality = Integer(80, minimum=1, maximum=100)
    """Of the published files, 1 to 100, as WebP counts; other formats follow it."""
    publish: c.Choice[Publish] = Choice(("resized", "original"), default="resized")
    """`original` publishes the bytes that the API sent, untouched, and nothing else."""
    sizes = c.Type(str, default="")
    """The `sizes` attribute; unset, it fits the theme."""
    priority = Boolean(default=False)
    """`true` fetches the first picture of each page at once, before others."""
    alt_rules = c.Type(dict, default={})
    """Rule of text alternatives -> `error`, `warn` or `off`; each is `warn` unless you say."""
    alt_model = c.Type(str, default=DEFAULT_TEXT_MODEL)
    """The text model that `gemini-images alt` asks for text alternatives."""
    label = Label(default="")
    """Words shown with every picture, such as "AI-generated"; or language -> words; or `icon`, a
    mark in the picture's corner."""
    gallery = GalleryMode(default=False)
    """`true` publishes the page "AI images on this site", `prompts` with the prompts."""

    assets_dir = c.Type(str, default="assets/gemini")
    """The public folder in the built site."""
    cache_dir = c.Type(str, default=".cache/plugin/gemini-images")
    """What can be made again, and answers in flight; relative to `mkdocs.yml`."""
    stock = c.Type(str, default="gemini-images")
    """The pictures your site owns, to be committed; relative to `mkdocs.yml`. Or a bucket that
    machines share: `s3://bucket/prefix`, `gs://`, `az://`, `file:///path`."""

    stock_url = c.Type(str, default="")
    """The public https address of a stock in a bucket: a machine without an API key reads it
    there, without the bucket's credentials."""


class InvalidOption(Diagnostic):
    """An option that MkDocs' validation refuses: `got` is its name, and `fix` MkDocs' message."""

    __slots__ = ()

    def __str__(self) -> str:
        named = self.fix.startswith(f"{self.got} ")
        return self.fix if named else f"{self.got}: {self.fix}"


def read_plugin_options(options: Mapping[str, Any]) -> GeminiImagesConfig:
    """Return options that come without the plugin, validated.

    Raises `DiagnosticError` with one `InvalidOption` for each that is refused.
    """
    config = GeminiImagesConfig()
    config.load_dict(dict(options))
    failed, _ = config.validate()
    if failed:
        raise DiagnosticError(
            *(InvalidOption("a valid option", name, str(error)) for name, error in failed)
        )
    return config


def _unknown_option(name: str) -> ValidationError:
    known = [each for each, _ in GeminiImagesConfig._schema]
    fix = did_you_mean(name, known)
    return ValidationError(str(Diagnostic("an option of gemini-images", quoted(name), fix)))
