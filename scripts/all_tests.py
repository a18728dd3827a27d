"""Run tests: those of tests/unit in one process, beside the others in several.

    python -m scripts.all_tests                            all
    python -m scripts.all_tests tests/cli -m "not posix"   folders or files, then options of pytest

Those of tests/unit are most, and short. Of several processes that share tests out, each collects
all of them and tells the first one about each that it runs, which takes longer than most of these.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
UNITS = TESTS / "unit"

PYTEST = (sys.executable, "-m", "pytest", "-q")
# Three at a time: many tests wait for a server, and two cores would be idle. Files come in their
# order, so that what is long at its end does not begin last.
SHARED_OUT = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
LEFT_OUT = (f"--ignore={UNITS}", f"--ignore={TESTS / 'crash'}")

Command = Sequence[str]


def parts(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Divide files and folders into those of tests/unit, and those that the others are in."""
    units: list[str] = []
    others: list[str] = []
    for path in paths:
        place = Path(path.partition("::")[0]).resolve()
        if place.is_relative_to(UNITS):
            units.append(path)
            continue
        others.append(path)
        if UNITS.is_relative_to(place):
            units.append(str(UNITS))
    return units, others


def run(units: Command | None, others: Command | None) -> int:
    """Run both at a time, and give 0 if all went well. What the first says follows the other's.

    A Ctrl-C reaches both, and both are waited for; the second one ends them, as SIGTERM does.
    """
    with tempfile.TemporaryFile() as said, _ended() as running:
        for name, command in (("tests/unit", units), ("the others", others)):
            if command:
                out = said if command is units and others else None
                running[name] = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603
        try:
            codes = {name: process.wait() for name, process in running.items()}
        except KeyboardInterrupt:
            codes = {name: process.wait() for name, process in running.items()}
        said.seek(0)
        lines = said.readlines()
        sys.stdout.buffer.writelines(lines if codes.get("tests/unit") else lines[-1:])
        sys.stdout.buffer.flush()
    for name, code in codes.items():
        print(f"{name}: {f'failed with exit code {code}' if code else 'passed'}", flush=True)
    return max(map(abs, codes.values()))


@contextmanager
def _ended() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        yield running
    finally:
        for process in running.values():
            process.terminate()


def main(arguments: Sequence[str]) -> int:
    """Run the tests of the files and folders, without any all, with the options that follow."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    paths = [*takewhile(lambda each: not each.startswith("-"), arguments)]
    options = arguments[len(paths) :]
    units, others = parts(paths or [str(TESTS)])
    return run(
        [*PYTEST, *units, *options] if units else None,
        [*PYTEST, *SHARED_OUT, *LEFT_OUT, *others, *options] if others else None,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
