"""What a measure is given: a folder to work in, how large to be, and processes that are watched.

In comes how much of the full size is wanted, out come jobs' own accounts. Every job is a process of
its own with the same clean environment: no key but the benchmark's, no CI, no warnings of other
projects. Runs that are compared take turns, so that what the machine does besides hits both.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.inside import OURS
from benchmarks.sites import Site, as_plain

HERE = Path(__file__).parent
Account = dict[str, Any]
_HIDDEN = ("CI", "READTHEDOCS", "NETLIFY", "CF_PAGES", "GOOGLE_API_KEY", "PYTHONDONTWRITEBYTECODE")


@dataclass
class Bench:
    """One run of the benchmark."""

    share: float = 1.0
    """How large sites are and how long servers take, of the full size."""
    work: Path = HERE / ".work"
    kept: dict[str, Any] = field(default_factory=dict)
    """What one measure has found out and another needs as well."""

    @property
    def full(self) -> bool:
        """Whether figures are held against goals: at a small size they are only looked at."""
        return self.share >= 1

    def of(self, number: int, least: int = 2) -> int:
        """Scale a number of pages or pictures."""
        return max(least, round(number * self.share))

    def rounds(self, number: int) -> int:
        """Say how many turns each competitor has."""
        return number if self.full else 1

    @property
    def second(self) -> float:
        """Say how long a model takes to draw."""
        return 1.0 if self.full else 0.1

    def folder(self, name: str) -> Path:
        """Give a folder that is empty."""
        shutil.rmtree(self.work / name, ignore_errors=True)
        (self.work / name).mkdir(parents=True)
        return self.work / name

    def job(self, do: str, config: Path, **more: Any) -> Account:
        """Have a job done in a process of its own. Raises `CalledProcessError`."""
        job = json.dumps({"do": do, "config": str(config), **more})
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.child", job],
            capture_output=True, text=True, cwd=HERE.parent, env=environment(), check=False,
        )  # fmt: skip
        if ran.returncode:
            raise RuntimeError(f"{do} of {config}: {ran.stderr[-2000:]}")
        account: Account = json.loads(ran.stdout.splitlines()[-1])
        return account

    def build(self, site: Site, **more: Any) -> Account:
        """Build a site; once more where that breaks, as some peers do now and then."""
        try:
            return self.job("build", site.config, **more)
        except RuntimeError:
            return self.job("build", site.config, **more)

    def stock(self, site: Site, pictures: list[Path]) -> None:
        """Put a picture into stock for each directive of a site."""
        self.job("stock", site.config, pictures=[str(path) for path in pictures])

    def plain(self, site: Site) -> Site:
        """Give a built site once more, with its pictures as plain `<img>`."""
        return as_plain(site, site.root / "site", site.root.with_name(f"{site.root.name}-plain"))


def environment() -> dict[str, str]:
    """Give the environment that every job has."""
    kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
    return {**kept, "NO_MKDOCS_2_WARNING": "1", "GEMINI_API_KEY": "benchmark"}


def turns(calls: Mapping[str, Callable[[], Account]], rounds: int) -> dict[str, list[Account]]:
    """Give each competitor its turn, again and again."""
    found: dict[str, list[Account]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(call())
    return found


def median(accounts: list[Account], of: Callable[[Account], float]) -> float:
    """Give the median of something in accounts."""
    return statistics.median(map(of, accounts))


def ratio(
    some: list[Account], others: list[Account],
    of: Callable[[Account], float], to: Callable[[Account], float],
) -> float:  # fmt: skip
    """Give the median of the ratios of each turn."""
    return statistics.median(of(a) / to(b) for a, b in zip(some, others, strict=True))


def inside(name: str = OURS) -> Callable[[Account], float]:
    """Give the seconds spent in a plugin."""
    return lambda account: float(account["inside"].get(name, 0.0))


def inside_cpu(name: str = OURS) -> Callable[[Account], float]:
    """Give the processor seconds of the main thread spent in a plugin."""
    return lambda account: float(account["inside_cpu"].get(name, 0.0))


def seconds(account: Account) -> float:
    """Give the seconds of a whole build, without the start of Python."""
    return float(account["build"])


def cpu(account: Account) -> float:
    """Give the processor seconds of a whole process and its threads."""
    return float(account["cpu"])
