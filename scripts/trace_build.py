"""List the package's own functions that a cold build of one page with one fence enters, in order.

    python scripts/trace_build.py [--modules | --directive] [--classes]

The site is built in this process, by the emulator, with the package beside this folder, wherever
in it the functions are. Printed are `module:qualname` in order of first entry (with `--modules`
only the modules), then three numbers: distinct functions, modules, and calls.

Counted is what a profile hook in all threads sees: functions and methods that are defined in a .py
file of the package, without its emulator. Functions that run at import count (decorators, tables
that are computed). Bodies of modules, lambdas, comprehensions and generator expressions do not,
nor what `dataclass` generates and what Jinja makes of templates. Bodies of classes count with
`--classes` alone. A call is one entry: a generator or coroutine that goes on counts again.

`--directive` prints the functions that handle the directive: those that are given its words, which
is when the prompt is in the `repr` of an argument other than `self` and `cls`, in any thread. The
last line then also counts those whose own name is public. What only hands on an element, a key or a
finished picture is left out; so is what is called before the words are known.

On 97 flat modules (revision fa3bd64): 526 functions in 65 modules with `--classes`, 423 in 63
without; 125 in 37 handle the directive, of which 71 are public.
"""

import argparse
import inspect
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from scripts.compare_builds import HIDDEN, declare

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mkdocs_gemini_images"
PROMPT = "A lighthouse at dusk"
PAGE = f"""\
# Home

```gemini-image
prompt: {PROMPT}
alt: A tower above the sea
```
"""
CONFIG = """\
site_name: One page
site_url: https://example.org/
theme: mkdocs
markdown_extensions: [pymdownx.superfences]
plugins:
  - gemini-images:
      base_url: emulator
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry into a function."""

    module: str
    name: str
    line: int
    given: bool
    """Whether it is given the directive's words."""

    @property
    def public(self) -> bool:
        """Whether its own name is public."""
        return not self.name.rpartition(".")[2].startswith("_")

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


class Recorder:
    """A profile hook that writes down entries into functions of the package."""

    def __init__(self, *, classes: bool, words: bool) -> None:
        self.entries: list[Entry] = []
        self._classes = classes
        self._words = words
        self._counted: dict[CodeType, bool] = {}

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Write an entry down."""
        if event != "call":
            return
        code = frame.f_code
        counted = self._counted.get(code)
        if counted is None:
            counted = self._counted[code] = self._counts(code)
        if counted:
            module = str(frame.f_globals.get("__name__", ""))
            given = self._words and is_given(frame)
            self.entries.append(Entry(module, code.co_qualname, code.co_firstlineno, given))

    def _counts(self, code: CodeType) -> bool:
        file = Path(code.co_filename)
        if file.suffix != ".py" or not file.is_relative_to(PACKAGE):
            return False
        if file.is_relative_to(PACKAGE / "emulator") or code.co_name.startswith("<"):
            return False
        return self._classes or bool(code.co_flags & inspect.CO_OPTIMIZED)


def is_given(frame: FrameType) -> bool:
    """Tell whether a function that is entered has an argument with the directive's words."""
    found = inspect.getargvalues(frame)
    names = [*found.args, found.varargs or "", found.keywords or ""]
    return any(
        PROMPT in shown(found.locals[name])
        for name in names
        if name in found.locals and name not in ("self", "cls")
    )


def shown(value: object) -> str:
    """Give the `repr` of what may not be complete yet."""
    try:
        return repr(value)
    except AttributeError:  # a value whose `__init__` has not run yet
        return ""


def build(folder: Path, hook: Callable[[FrameType, str, Any], None]) -> None:
    """Build the site in `folder`, cold, under a profile hook."""
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    from mkdocs.commands import build as host
    from mkdocs.config import load_config

    threading.setprofile(hook)
    sys.setprofile(hook)
    try:
        config = load_config(str(folder / "mkdocs.yml"))
        config.plugins.on_startup(command="build", dirty=False)
        host.build(config)
        config.plugins.on_shutdown()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def main() -> None:
    """Build, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--modules", action="store_true", help="print modules only")
    parser.add_argument("--directive", action="store_true", help="only what handles the directive")
    parser.add_argument("--classes", action="store_true", help="count bodies of classes, too")
    asked = parser.parse_args()
    for name in HIDDEN:
        os.environ.pop(name, None)
    recorder = Recorder(classes=asked.classes, words=asked.directive)
    with tempfile.TemporaryDirectory(prefix="trace-build-") as name:
        folder = Path(name)
        # The installed entry point may name a module that has moved since.
        declare(ROOT, folder)
        sys.path[:0] = [str(folder), str(ROOT)]
        build(folder, recorder)
    entries = [each for each in recorder.entries if each.given or not asked.directive]
    distinct = dict[tuple[str, str, int], Entry]()
    for each in entries:
        distinct.setdefault((each.module, each.name, each.line), each)
    first = list(distinct.values())
    modules = list(dict.fromkeys(each.module for each in entries))
    print(*(modules if asked.modules else first), sep="\n")
    public = f" ({sum(each.public for each in first)} public)" if asked.directive else ""
    print(f"\n{len(first)} functions{public} in {len(modules)} modules, {len(entries)} calls")


if __name__ == "__main__":
    main()
