"""Open the pictures a site owns: in the folder beside its configuration, or in a shared bucket.

In come settings and the environment; out comes a stock, or why there is none. Nothing is read and
nothing is sent yet. The emulator's pictures never go where machines share real ones.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.store import Store


def open_stock(settings: Settings, environment: Mapping[str, str]) -> Store | Diagnostic:
    """Open the stock that settings name."""
    if settings.bucket and not settings.server.emulated:
        from mkdocs_gemini_images.store.bucket import open_bucket

        return open_bucket(settings.bucket, settings.cache, environment)
    return FolderStore(settings.owned)
