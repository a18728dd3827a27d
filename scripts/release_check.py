"""Check what would be published: `make release-check`.

Builds the sdist, and the wheel from what is unpacked of it, into `dist/`. Both are held against
PyPI's rules. The sdist is unpacked into an empty folder, where its unit tests run; the wheel alone
goes into an empty environment and builds a page. `--short` leaves most tests out; `--tag vVERSION`
is for the release itself, and refuses what may wait until then.
"""

import argparse
import email.parser
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
PLACEHOLDER = "OWNER"
"""Stands in `pyproject.toml` for the name of the account that publishes the project."""

PAGE = '# One page\n\n![A lighthouse](gemini: "A lighthouse at dusk")\n'
CONFIGURATION = "site_name: One page\nplugins: [{gemini-images: {base_url: emulator}}]\n"


class NotReadyError(Exception):
    """Raised for what must not be published as it is."""


def check_versions(version: str, changelog: str, tag: str) -> None:
    """Raise `NotReadyError` where the changelog's newest version, or a tag, is another."""
    newest = re.search(r"^## (\S+)( \(unreleased\))?$", changelog, re.MULTILINE)
    if newest is None or newest[1] != version:
        written = newest[1] if newest else "none"
        raise NotReadyError(f"CHANGELOG.md begins with {written}, and the package is {version}")
    if tag and tag != f"v{version}":
        raise NotReadyError(f"the tag is {tag}, and the package is {version}: name it v{version}")
    if tag and newest[2]:
        raise NotReadyError(f"CHANGELOG.md says that {version} is unreleased: write its date")


def metadata(wheel: Path) -> str:
    """Return the metadata of a wheel, with the README as PyPI shows it."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        return archive.read(name).decode()


def relative_links(text: str) -> list[str]:
    """Return the addresses in a wheel's README that lead nowhere on PyPI."""
    readme = email.parser.Parser().parsestr(text).get_payload()
    prose = re.sub(r"^(`{3,}).*?^\1$|`[^`\n]*`", "", str(readme), flags=re.M | re.S)
    found = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"", prose)
    return [each for pair in found for each in pair if each and not re.match("https://|#", each)]


def run(*command: str | Path, folder: Path = ROOT) -> None:
    """Run a program. Raises `NotReadyError` where it fails."""
    shown = " ".join(map(str, command))
    print(f"$ {shown}", flush=True)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    words = [str(each) for each in command]
    done = subprocess.run(words, cwd=folder, env=environment, check=False)  # noqa: S603 (ours)
    if done.returncode:
        raise NotReadyError(f"this failed: {shown}")


def build() -> tuple[Path, Path]:
    """Return a new sdist, and the wheel that `build` makes from it, unpacked in another folder."""
    for old in DIST.glob("mkdocs_gemini_images-*"):
        old.unlink()
    run(sys.executable, "-m", "build", "--outdir", DIST, ROOT)
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel)
    return sdist, wheel


def check_sdist(sdist: Path, folder: Path, tests: Sequence[str]) -> None:
    """Run tests of an unpacked sdist."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, folder=top)


def try_wheel(wheel: Path, folder: Path) -> None:
    """Install a wheel alone and build a page with it."""
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", f"{wheel}[emulator]", folder=folder)
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text(PAGE, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(CONFIGURATION, encoding="utf-8")
    run(programs / "mkdocs", "build", "--strict", folder=folder)
    run(programs / "gemini-images", "--version", folder=folder)
    files = len(list((folder / "site/assets/gemini").glob("*.webp")))
    if files != 3 or "srcset=" not in (folder / "site/index.html").read_text(encoding="utf-8"):
        raise NotReadyError("the wheel alone does not build a page with a picture")


def check(*, short: bool, tag: str) -> None:
    """Check everything. Raises `NotReadyError`."""
    from mkdocs_gemini_images import __version__

    check_versions(__version__, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag)
    sdist, wheel = build()
    text = metadata(wheel)
    if links := relative_links(text):
        raise NotReadyError(f"the README has links that lead nowhere on PyPI: {', '.join(links)}")
    if tag and PLACEHOLDER in text:
        raise NotReadyError(f"write your name in place of {PLACEHOLDER} in pyproject.toml")
    tests = ["tests/unit/models"] if short else ["tests/unit"]
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        for part in ("sdist", "page"):
            Path(name, part).mkdir()
        check_sdist(sdist, Path(name, "sdist"), tests)
        try_wheel(wheel, Path(name, "page"))
    print(f"{sdist.name} and {wheel.name} are ready in dist/")
    if PLACEHOLDER in text:
        print(f"to fill in before publishing: {PLACEHOLDER} in pyproject.toml, with your name")


def main() -> None:
    """Check what would be published, and exit with 1 where it must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--tag", default="")
    given = parser.parse_args()
    try:
        check(short=given.short, tag=given.tag)
    except NotReadyError as error:
        sys.exit(f"not ready: {error}")


if __name__ == "__main__":
    main()
