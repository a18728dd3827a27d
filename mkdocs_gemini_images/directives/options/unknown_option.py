"""Say what to do about a word that is no option of a directive.

In: the word, and the options that are known where it stands. Out: how to correct it. Pure.
"""

from collections.abc import Iterable

from mkdocs_gemini_images.core.diagnostics import did_you_mean, near

SITE_OPTIONS = frozenset({
    "enabled", "presets", "pictures", "request", "base_url", "api_version", "auth", "api_key",
    "proxy", "ca_file", "concurrency", "requests_per_minute", "timeout", "retries", "frozen",
    "on_missing", "on_drift", "budget", "max_new", "prices", "formats", "widths", "quality",
    "sizes", "publish", "alt_rules", "alt_model", "label", "gallery", "assets_dir",
    "cache_dir", "stock", "stock_url",
})  # fmt: skip
"""The options of `mkdocs.yml` that no directive has: they hold for the whole site."""


def correction(name: str, known: Iterable[str]) -> str:
    """Return how to correct an unknown option."""
    names = list(known)
    meant = near(name, names)
    word = name.strip().lower().replace("-", "_")
    site = word if word in SITE_OPTIONS else meant or near(word, sorted(SITE_OPTIONS))
    if site not in SITE_OPTIONS or site in names:
        return did_you_mean(name, names)
    said = f"{site} holds for the whole site: write it among the plugin's options"
    return f"{said}, or did you mean '{meant}'?" if meant else said
