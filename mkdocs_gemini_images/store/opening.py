"""Open the store that the settings name: a folder, a shared bucket, or its public address.

Settings and the environment go in; a store comes out. Opening reads and sends nothing. The
emulator's pictures never go into a bucket, where machines share real ones.
"""

from collections.abc import Mapping

from mkdocs_gemini_images.config.cache_folder import with_trusted_cache
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import SHORT
from mkdocs_gemini_images.store.store import Store


def open_store(settings: Settings, environment: Mapping[str, str]) -> Store:
    """Return the store that `settings` name.

    Raises `DiagnosticError` when it is a bucket whose address or environment is wrong.
    """
    emulated = settings.server.emulated
    if emulated or settings.bucket:
        settings = with_trusted_cache(settings)
    if settings.reads_public:
        from mkdocs_gemini_images.store.buckets.public_storage import open_public

        return open_public(settings.stock_url, settings.cache, settings.server)
    if settings.bucket and not emulated:
        from mkdocs_gemini_images.store.buckets.bucket import open_bucket

        return open_bucket(settings.bucket, settings.cache, environment)
    if emulated:
        return FolderStore(settings.owned, digits=SHORT)
    return FolderStore(settings.stock, settings.root)
