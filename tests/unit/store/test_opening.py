"""Which store the settings name: the folder beside `mkdocs.yml`, or a bucket."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.opening import open_store
from tests.unit.errors import error_of


@pytest.mark.parametrize(
    ("bucket", "server"),
    [("", Server()), ("s3://bucket/site", Server(emulated=True))],
    ids=["no bucket", "the emulator"],
)
def test_pictures_are_kept_in_a_folder_without_a_bucket_and_with_the_emulator(
    tmp_path: Path, bucket: str, server: Server
) -> None:
    settings = Settings(
        tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server, bucket=bucket
    )
    store = open_store(settings, {})
    assert isinstance(store, FolderStore)
    assert store.folder == settings.owned
    assert not store.folder.exists()


@pytest.mark.parametrize("bucket", ["ftp://bucket/site", "s3://", "s3://user@bucket/site"])
def test_a_malformed_address_of_a_bucket_is_an_error(tmp_path: Path, bucket: str) -> None:
    settings = Settings(
        tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server(), bucket=bucket
    )
    assert "bucket" in error_of(open_store, settings, {})
