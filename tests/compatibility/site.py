"""The common site, which every neighbour moves into, and its build by the host's own command.

In go a neighbour and its place in the list of plugins; out comes the built site, or what the host
said when it refused. Each build is a process with a folder of its own, nothing is kept between two.
"""

import os
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal

import yaml

from tests.compatibility.neighbours import FOX, HERON, SECRET, Neighbour
from tests.unit.pictures import png

Place = Literal[
    "alone", "before", "after", "properdocs", "zensical-alone", "zensical-before", "zensical-after"
]
"""Where the neighbour stands: without us, before us in the list, after us (under another host)."""

EXAMPLE = "paperclip"
"""A word of the directive that is only shown, and comes out as without us."""

OPTIONS = {
    "base_url": "emulator", "model": "gemini-3.1-flash-image", "size": "512", "widths": [480],
    "cache_dir": ".gemini-cache",
}  # fmt: skip

BASE = "/some/where/"
CONFIG: dict[str, Any] = {
    "site_name": "Matrix",
    "site_url": f"https://matrix.example{BASE}",
    "strict": True,
    "theme": {"name": "material", "font": False, "palette": {"scheme": "slate"}},
    "markdown_extensions": [
        "admonition", "attr_list", "md_in_html", "tables", "pymdownx.superfences",
        {"pymdownx.snippets": {"check_paths": True}},
    ],
}  # fmt: skip

INDEX = f"""# Home

{HERON}
Some text and {FOX}{{ .left width=40 }} in it.

```gemini-image
prompt: A lighthouse at dusk, {SECRET}
alt: A lighthouse
dark: The same at night, {SECRET}
```

![A cat](images/cat.png){{ width=64 }}

![A forest](images/forest.png "gemini: A forest in fog, {SECRET}")

````markdown
```gemini-image
prompt: An example, {EXAMPLE}
```
````

```gemini-image
prompt: A town of today
alt: A town
grounding: web
```
"""

DEEP = f"""# Deep

!!! note

    ```gemini-image
    prompt: A bridge, {SECRET}
    alt: A bridge
    ```

| one          | two     |
| ------------ | ------- |
| ![A fox][f]  | ![A cat](../../images/cat.png) |

- An item:

    ```gemini-image
    prompt: A heron by a river, {SECRET}
    alt: A heron
    ```

[f]: gemini: "A fox in snow, {SECRET}"
"""

# Without us an address that begins with `gemini:` leads nowhere, and
# neither does that of a named file.
_DIRECTIVE = re.compile(r'!\[([^\]]*)\](?:\([^()]*gemini: "?[^"]*"\)|\[f\])')

# Zensical shows a named file as it lies there, and the emulator writes none.
_WITHOUT_NAME = ('images/forest.png "gemini: ', 'gemini: "')

PICTURES = {"index.html": 6, "sub/deep/page/index.html": 3}
"""How many pictures are on the common pages: each of a dark pair counts."""
FILES = 8
"""How many different ones that are, the author's own included."""


@dataclass(frozen=True)
class Built:
    """A build that ended: its folder, how it ended, and what the host said."""

    site: Path
    code: int
    said: str
    base: str = BASE
    """The path under which the site is served."""


def build(neighbour: Neighbour, place: Place, root: Path) -> Built:
    """Build the common site with a neighbour in the empty folder `root`."""
    _write(neighbour, place, root)
    if neighbour.git:
        _run("git", "init", "-q", "-b", "main", root=root)
        _run("git", "add", ".", root=root)
        _run("git", "commit", "-q", "-m", "A site", root=root)
    site = root / "site"
    if neighbour.build == "mike":
        ended = _run("mike", "deploy", "1.0", root=root)
        tree = subprocess.run(["git", "archive", "gh-pages"], cwd=root, capture_output=True)
        if tree.returncode == 0:
            with tarfile.open(fileobj=BytesIO(tree.stdout)) as archive:
                archive.extractall(site, filter="data")
        return Built(site / "1.0", *ended, f"{BASE}1.0/")
    host = place.partition("-")[0] if place.startswith(("proper", "zensical")) else "mkdocs"
    return Built(site, *_python(host, "build", "--strict", root=root))


def configuration(neighbour: Neighbour, place: Place) -> dict[str, Any]:
    """Write `mkdocs.yml` for a neighbour that stands before us, after us, or alone."""
    plugins = yaml.safe_load(dedent(neighbour.plugins))
    extensions = yaml.safe_load(neighbour.extensions)
    common = [
        each for each in CONFIG["markdown_extensions"] if _name(each) not in map(_name, extensions)
    ]
    if not place.endswith("alone"):
        if extensions or place.startswith("zensical"):
            extensions = _beside(extensions, {"gemini_images": OPTIONS}, place)
        if not place.startswith("zensical"):
            plugins = _beside(plugins, {"gemini-images": OPTIONS}, place)
    lists = {"plugins": plugins, "markdown_extensions": [*common, *extensions]}
    return {**CONFIG, **lists, **(yaml.safe_load(neighbour.config) or {})}


def _beside(theirs: list[Any], ours: dict[str, Any], place: Place) -> list[Any]:
    return [*theirs, ours] if place.endswith("before") else [ours, *theirs]


def _name(entry: str | dict[str, Any]) -> str:
    return entry if isinstance(entry, str) else next(iter(entry))


def pictures(neighbour: Neighbour) -> dict[str, int]:
    """Say how many pictures are to be found on which page."""
    common = PICTURES
    if configuration(neighbour, "alone").get("use_directory_urls") is False:
        common = {"index.html": 6, "sub/deep/page.html": 3}
    return {**common, **neighbour.pictures}


def _write(neighbour: Neighbour, place: Place, root: Path) -> None:
    files: dict[str, str | Path | bytes] = {
        "mkdocs.yml": yaml.safe_dump(configuration(neighbour, place), sort_keys=False),
        "docs/index.md": INDEX,
        "docs/sub/deep/page.md": DEEP,
        "docs/images/cat.png": png(64, 40),
        **neighbour.files,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            if place.endswith("alone"):
                content = _DIRECTIVE.sub(r"\1", content)
            elif place.startswith("zensical"):
                content = content.replace(*_WITHOUT_NAME)
            path.write_text(content, "utf-8")
        else:
            path.write_bytes(content.read_bytes() if isinstance(content, Path) else content)


def _python(*arguments: str, root: Path) -> tuple[int, str]:
    return _run(sys.executable, "-m", *arguments, root=root)


def _run(*command: str, root: Path) -> tuple[int, str]:
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@matrix.example"}
    who |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    # What starts `mkdocs` itself is to find this environment's.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **who, "PATH": path, "NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return ended.returncode, ended.stdout
