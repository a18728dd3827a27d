"""A disk with FAT, as on a USB stick: no links, no case, no permissions, and each picture once."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.site import QUICK, Site, fence

MEGABYTES = 64


@pytest.fixture
def fat(tmp_path: Path) -> Iterator[Path]:
    """Mount a new disk with FAT, where this machine can make one and lets us mount it."""
    mkfs = shutil.which("mkfs.vfat", path="/usr/sbin:/sbin:/usr/bin")
    if mkfs is None:
        pytest.skip("needs mkfs.vfat (dosfstools)")
    image, folder = tmp_path / "disk.img", tmp_path / "disk"
    image.write_bytes(b"")
    with image.open("r+b") as file:
        file.truncate(MEGABYTES * 2**20)
    folder.mkdir()
    subprocess.run([mkfs, str(image)], check=True, capture_output=True)
    mount = ["mount", "-t", "vfat", "-o", "loop,utf8,shortname=mixed", str(image), str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount, and a kernel that knows vfat")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_site_on_a_disk_with_fat_buys_each_picture_once(
    fat: Path, server: tuple[str, RequestLog]
) -> None:
    url, ledger = server
    root = fat / "site"
    root.mkdir()
    page = fence("A fox in snow", id="fox") + fence("A heron")
    here = Site(root, {"index.md": page}, {"base_url": url, **QUICK}, {}, ledger)
    built, again = here.build(), here.build()
    assert (built.error, built.loud, len(built.requests)) == (None, (), 2)
    assert (again.error, again.loud, again.requests) == (None, (), ())
    assert len(here.owned) == 4
    assert list(here.journal.rglob("*.*")) == []
