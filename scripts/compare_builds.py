"""Build the manual and small sites with two revisions' code, and compare all that comes out.

    python scripts/compare_builds.py OLD NEW [--docs old|new] [--only manual|small] [--webp]

OLD and NEW are revisions, or `.` for the working tree as it is (without ignored files). Both build
the same content at the same path, one after the other, with this interpreter:

- the manual of one side (`--docs`, by default of NEW), strictly, cold and then warm; with `--webp`
  its pictures are published as WebP alone, since AVIF takes most of the time;
- three small sites from this file, with every form of directive, mistakes, and pictures that are
  missing because there is no key or the build is frozen; cold and warm, and the output of `plan`,
  `plan --json`, `plan --markdown` and `check` before and after.

Compared are all files of the built sites byte for byte (*.gz unpacked), the exit codes and output
of the builds and commands, and the emulator's stock: pictures byte for byte, sidecars field for
field, without `time`. In output, durations count as equal, and so does the order in which drawn
pictures arrive.

A strict build that ends with warnings has written its site: it is compared, its exit code printed.
Exits with 0 when nothing differs, 1 when something does, 2 when a build breaks or writes nothing.
"""

import argparse
import difflib
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
BESIDE_MANUAL = ("pyproject.toml", "CHANGELOG.md")
"""What the manual reads of the folder that it lies in."""
EXPORTED = ("mkdocs_gemini_images", "example_site", *BESIDE_MANUAL)
EMULATED = Path(".cache/plugin/gemini-images/emulator")
"""The emulator's stock, beside `mkdocs.yml`."""
HIDDEN = (
    "CI", "READTHEDOCS", "NETLIFY", "CF_PAGES", "VERCEL", "GITHUB_ACTIONS", "GITLAB_CI",
    "BITBUCKET_BUILD_NUMBER", "TF_BUILD", "JENKINS_URL", "CODEBUILD_BUILD_ID", "AWS_APP_ID",
    "GEMINI_API_KEY", "GOOGLE_API_KEY", "PYTHONDONTWRITEBYTECODE", "FORCE_COLOR",
)  # fmt: skip
"""Variables that make a machine forgetful, hold a key, or change what is written."""
BROKEN = "Traceback (most recent call last)"
COMMANDS = (("plan",), ("plan", "--json"), ("plan", "--markdown"), ("check",))

Found = dict[str, bytes]
"""What came out of a side: a name and its content."""

# The small sites

INDEX = """\
---
gemini_image:
  prompt: Hot-air balloons over hills at dawn
  alt: Balloons above hills in the first light
  aspect_ratio: 21:9
  focus: 50% 40%
---

# Forms

```gemini-image
id: harbour
prompt: A harbour at sunset: sailboats, watercolour
alt: Sailboats in still water
caption: "*Fig. 1.* More of them are [further on](more.md)."
align: right
width: 60%
```

```{ .gemini-image aspect_ratio="4:3" alt="A fox on a bench, reading" .wide }
A fox reading a newspaper on a park bench
```

Text with ![trees](gemini: "A forest in autumn, ink drawing"){ aspect_ratio=21:9 } and
![a cup of tea][tea]{ width=120px } in it.

![A fox, reading](pictures/fox.webp "gemini: A fox reading a newspaper, ink")

![](gemini: "A pattern of leaves"){ aspect_ratio=8:1 take=2 }

[tea]: gemini: "A cup of tea on a desk"
"""
MORE = """\
# More

```gemini-image
prompt: A lighthouse in the same colours, watercolour
alt: A lighthouse in the colours of the harbour
references: [#harbour, "pattern.png"]
```

1. In a list:

    ```gemini-image
    prompt: An observatory in the mountains at dusk
    alt: An observatory in a snowy night
    edits:
      - Make it night
      - Let it snow
    dark: The same under a full moon
    loading: eager
    ```

```gemini-image
prompt: A cabin beside a lake in autumn
alt: A cabin by the water
preset: postcard
localized: true
grounding: web
```

Shown as text: `![A fox](gemini: "A fox")`.
"""
WRONG = """\
# Wrong

```gemini-image
prompt: A paper boat
allt: A paper boat on a river
```

```gemini-image
prompt: A boat with a red sail on a river
alt: A boat with a red sail on a river
```

```gemini-image
A village among hills, without words for those who do not see it
```

![A robot](gemini: "A robot that is refused [emulate: image-safety]")

![A robot]( gemini: “A robot” ) and ![A robot](gemini: "A robot at work") { width=20px }
"""
LOST = """\
{% extends "main.html" %}
{% block content %}{{ gemini_image("lost", class="wide") }}{% endblock %}
"""
CONFIG = """\
site_name: Small
site_url: https://example.org/small/
theme:
  name: mkdocs
  color_mode: auto
  custom_dir: overrides
markdown_extensions: [attr_list, pymdownx.superfences]
plugins:
  - search
  - gemini-images:
      presets:
        postcard:
          template: "{{ prompt }}, as a small watercolour"
          aspect_ratio: "3:2"
      pictures:
        lost:
          prompt: A robot with a lantern in the desert at night
          alt: A robot, lost in the desert
"""
OPTIONS = {
    "emulated": """\
      base_url: emulator
      max_new: 30
      formats: [webp, jpeg]
      widths: [320, 640]
      gallery: prompts
      label: Drawn by a machine
""",
    "keyless": "      priority: true\n",
    "frozen": "      frozen: true\n",
}
"""Small site -> its options."""


def write_small(folder: Path, options: str) -> None:
    """Write a small site."""
    texts = {
        "mkdocs.yml": CONFIG + options,
        "docs/index.md": INDEX,
        "docs/more.md": MORE,
        "docs/wrong.md": WRONG,
        "overrides/404.html": LOST,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    Image.linear_gradient("L").save(folder / "docs" / "pattern.png")


# One side


class Failed(Exception):
    """A build or command broke, or came to nothing."""


def export(revision: str, folder: Path) -> None:
    """Write the code and the manual of a revision into a folder."""
    if revision == ".":
        listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", *EXPORTED)
        for name in filter(None, listed.decode().split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, folder / name)
    else:
        archive = io.BytesIO(git("archive", revision, *EXPORTED))
        with tarfile.open(fileobj=archive) as tar:
            tar.extractall(folder, filter="data")
    declare(folder, folder)


def git(*arguments: str) -> bytes:
    """Ask git about this repository. Raises `Failed`."""
    ran = subprocess.run(  # noqa: S603
        ["git", "-C", str(ROOT), *arguments],  # noqa: S607
        capture_output=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise Failed(ran.stderr.decode().strip())
    return ran.stdout


def declare(project: Path, folder: Path) -> None:
    """Write into a folder, for `sys.path`, what an installer would: a project's entry points."""
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = str(told["name"])
    info = folder / f"{name.replace('-', '_')}-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n")
    groups = told.get("entry-points", {}) | {"console_scripts": told.get("scripts", {})}
    lines = []
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{point} = {target}" for point, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Side:
    """One revision's builds, at `work`, and what came out of them."""

    def __init__(self, label: str, work: Path) -> None:
        self.found: Found = {}
        self._label = label
        self._work = work

    def manual(self, content: Path) -> None:
        """Build the manual, cold and warm."""
        shutil.copytree(content, self._work, dirs_exist_ok=True)
        for state in ("cold", "warm"):
            self._build("manual", state, "--strict")
        self._keep_stock("manual")

    def small(self) -> None:
        """Build the small sites, and ask the commands about each before and after."""
        for name, options in OPTIONS.items():
            write_small(self._work / name, options)
            self._ask(name, "before")
            for state in ("cold", "warm"):
                self._build(name, state)
            self._ask(name, "after")
        self._keep_stock("emulated")

    def _build(self, name: str, state: str, *more: str) -> None:
        begun = time.monotonic()
        site = self._work / name
        code, out, log = self._run(name, "mkdocs", "build", *more, "-f", str(site / "mkdocs.yml"))
        if BROKEN in log or not (site / "site" / "index.html").is_file():
            raise Failed(f"{self._label}: the {state} build of {name} failed:\n{out}{log}")
        self.found[f"{name}/{state}/log"] = f"exit code {code}\n{out}{log}".encode()
        for path in sorted((site / "site").rglob("*")):
            if path.is_file():
                self._keep(f"{name}/{state}/{path.relative_to(site)}", path.read_bytes())
        took = time.monotonic() - begun
        print(f"{self._label}: {name}, {state}: exit code {code}, {took:.1f} s", flush=True)

    def _ask(self, name: str, state: str) -> None:
        for command in COMMANDS:
            code, out, log = self._run(name, "mkdocs_gemini_images", *command)
            if BROKEN in log:
                raise Failed(f"{self._label}: {' '.join(command)} broke in {name}:\n{log}")
            told = f"exit code {code}\n--- stdout\n{out}--- stderr\n{log}"
            self.found[f"{name}/{state}/{' '.join(command)}"] = told.encode()

    def _keep_stock(self, name: str) -> None:
        stock = self._work / name / EMULATED
        paths = [path for path in sorted(stock.rglob("*")) if path.is_file()]
        if not paths:
            raise Failed(f"{self._label}: no picture in {name}/{EMULATED}")
        for path in paths:
            data = path.read_bytes()
            if path.suffix == ".json":
                fields = json.loads(data)
                fields.pop("time", None)
                text = json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False)
                data = text.encode("utf-8", "backslashreplace")
            self.found[f"{name}/stock/{path.relative_to(stock)}"] = data

    def _keep(self, name: str, data: bytes) -> None:
        self.found[name] = gzip.decompress(data) if name.endswith(".gz") else data

    def _run(self, name: str, module: str, *arguments: str) -> tuple[int, str, str]:
        hidden = {key: value for key, value in os.environ.items() if key not in HIDDEN}
        environment = hidden | {
            "PYTHONPATH": str(self._work / "code"),
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": "1700000000",
            "NO_MKDOCS_2_WARNING": "1",
            "NO_COLOR": "1",
            "TZ": "UTC",
        }
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", module, *arguments],
            cwd=self._work / name, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        out, log = (settled(each.decode("utf-8", "replace")) for each in (ran.stdout, ran.stderr))
        return ran.returncode, out, log


def settled(output: str) -> str:
    """Take durations and the order of arrival out of what a build or command says."""
    output = re.sub(r"\b\d+(?:\.\d+)?( ?(?:s|ms|seconds)\b)", r"N\1", output)
    lines, arrived = list[str](), list[str]()
    for line in output.splitlines(keepends=True):
        told, count = re.subn(r"\b\d+ of (\d+): (?=.* drawn$)", r"N of \1: ", line)
        (arrived if count else lines).append(told)
    return "".join([*lines, *sorted(arrived)])


# Both


def different(name: str, old: bytes | None, new: bytes | None, most: int) -> list[str]:
    """Say how one thing differs, in a few lines."""
    if old is None or new is None:
        return [f"{name}: only in {'OLD' if new is None else 'NEW'}"]
    try:
        before, after = (broken(each.decode()) for each in (old, new))
    except UnicodeDecodeError:
        return [f"{name}: {len(old)} bytes in OLD, {len(new)} bytes in NEW, not text"]
    told = list(difflib.unified_diff(before, after, "OLD", "NEW", n=1, lineterm=""))[2:]
    rest = [f"… {len(told) - most} more lines"] if len(told) > most else []
    return [f"{name}:", *(f"    {line[:300]}" for line in [*told[:most], *rest])]


def broken(text: str) -> list[str]:
    """Break text into lines, also between two tags: HTML that is made smaller has one line."""
    return text.replace("><", ">\n<").splitlines(keepends=False)


def report(old: Mapping[str, bytes], new: Mapping[str, bytes], most: int) -> Iterator[str]:
    """Say what is equal, by section, and then what differs."""
    names = sorted(old.keys() | new.keys())
    differ = [name for name in names if old.get(name) != new.get(name)]
    by_section = Counter("/".join(name.split("/")[:2]) for name in names)
    wrong = Counter("/".join(name.split("/")[:2]) for name in differ)
    for section, count in by_section.items():
        yield f"{section}: {count - wrong[section]} equal, {wrong[section]} different"
    yield f"in all: {len(names) - len(differ)} equal, {len(differ)} different"
    for name in differ:
        yield from different(name, old.get(name), new.get(name), most)


def compare(asked: argparse.Namespace, folder: Path) -> int:
    """Build both sides, and print what differs. Raises `Failed`."""
    exports = {"OLD": folder / "old", "NEW": folder / "new"}
    for label, revision in (("OLD", asked.old), ("NEW", asked.new)):
        export(revision, exports[label])
    content = folder / "content"
    source = exports[asked.docs.upper()]
    shutil.copytree(source / "example_site", content / "manual")
    for name in BESIDE_MANUAL:
        shutil.copy(source / name, content)
    if asked.webp:
        config = content / "manual" / "mkdocs.yml"
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r"(formats:) \[.*\]", r"\1 [webp]", text), encoding="utf-8")
    sides: dict[str, Side] = {}
    for label, code in exports.items():
        work = folder / "work"
        work.mkdir()
        code.rename(work / "code")
        sides[label] = side = Side(label, work)
        if asked.only in (None, "small"):
            side.small()
        if asked.only in (None, "manual"):
            side.manual(content)
        shutil.rmtree(work)
    old, new = sides["OLD"].found, sides["NEW"].found
    print(*report(old, new, asked.lines), sep="\n")
    return 0 if old == new else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare two revisions in a temporary folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", metavar="OLD", help="a revision, or . for the working tree")
    parser.add_argument("new", metavar="NEW", help="a revision, or . for the working tree")
    parser.add_argument("--docs", choices=("old", "new"), default="new", help="whose manual")
    parser.add_argument("--only", choices=("manual", "small"), help="build only this")
    parser.add_argument("--webp", action="store_true", help="publish the manual without AVIF")
    parser.add_argument("--lines", type=int, default=12, metavar="N", help="of each difference")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="compare-builds-") as folder:
        try:
            return compare(asked, Path(folder).resolve())
        except Failed as failed:
            print(failed, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
