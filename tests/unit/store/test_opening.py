"""The settings say which store is opened."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.opening import open_store
from tests.unit.errors import error_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "art", tmp_path / "cache", "docs", Server())


def test_a_site_without_a_bucket_has_a_folder(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings, {})
    assert isinstance(store, FolderStore)
    assert store.folder == tmp_path / "art"


def test_the_pictures_of_the_emulator_never_go_into_a_bucket(
    settings: Settings, tmp_path: Path
) -> None:
    emulated = settings.server._replace(emulated=True)
    store = open_store(settings._replace(bucket="s3://shared/site", server=emulated), {})
    assert isinstance(store, FolderStore)
    assert store.folder.is_relative_to(tmp_path / "cache")


def test_a_wrong_address_of_a_bucket_raises(settings: Settings) -> None:
    message = error_of(open_store, settings._replace(bucket="ftp://shared"), {})
    assert message.startswith("expected the address of a bucket, got 'ftp://…'")
