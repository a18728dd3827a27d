"""Death or an error at every system call of one purchase of one picture, with the help of strace.

A purchase is first watched, which gives the calls and how often each is made; then it is run again
and again, each time with one thing going wrong at one call: the process is killed before it, or it
fails. Then an undisturbed build follows, and its end is held against the bill.
"""

import ctypes
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from tests.crash.forking import forked, single
from tests.crash.oracle import Seen, audit
from tests.crash.scene import Scene
from tests.crash.till import Till, serving

CALLS = (
    "open", "openat", "write", "writev", "pwrite64", "pwritev", "fsync", "fdatasync", "rename",
    "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "flock", "fcntl", "sendto",
    "sendmsg", "recvfrom", "recvmsg", "connect", "mkdir", "mkdirat", "ftruncate",
)  # fmt: skip
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC", "error=EACCES")
PROMPT = "A fox in snow"
AFTERWARDS = "A heron at noon"
_PATIENCE = 30.0
_LIBC = ctypes.CDLL(None) if os.name == "posix" else None


@dataclass(frozen=True)
class Point:
    """One thing that goes wrong: at the n-th call of this name."""

    call: str
    number: int
    fault: str

    def __str__(self) -> str:
        return f"{self.fault} at {self.call} {self.number}"


@dataclass
class Tried:
    """What all points together came to."""

    points: int
    all: int
    calls: int
    deaths: int = 0
    hit: int = 0
    """Points at which the process died or a call failed."""
    raised: Counter[str] = field(default_factory=Counter)
    """Builds that ended with an exception, by what it was."""
    extra: int = 0
    explained: int = 0
    adopted: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not self.wrong and self.hit > 0.9 * self.points

    def __str__(self) -> str:
        return (
            f"{self.calls} system calls of one purchase, {self.points} of {self.all} points "
            f"(killed before it, EIO, ENOSPC, EACCES), {self.hit} hit, {self.deaths} deaths, "
            f"{self.adopted} answers adopted, {self.extra} extra bills, {self.explained} explained,"
            f" {len(self.wrong)} wrong ends, {self.seconds:.0f} s"
        )


def unusable() -> str:
    """Say why strace cannot be used here, or nothing."""
    if not shutil.which("strace"):
        return "there is no strace"
    tried = subprocess.run(
        ["strace", "-e", "inject=fsync:error=EIO:when=1", "-e", "trace=fsync", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if tried.returncode == 0 else f"strace fails ({tried.stderr.strip()[:200]})"


def at_every_call(root: Path, *, seconds: float, seed: str) -> Tried:
    """Try all points, or as many as there is time for, evenly chosen."""
    begun = time.monotonic()
    with serving(root / "calls-roll", slowest=0) as till, single():
        number = count()

        def scene() -> Scene:
            fresh = Scene(root / "calls" / f"{next(number):04}", till.url)
            shutil.copytree(warm.cache / "variants", fresh.cache / "variants")
            return fresh

        # Encoded files can be made again: how their database is laid out is no part of a purchase.
        warm = Scene(root / "warm-calls", till.url)
        warm.build([AFTERWARDS])

        found = watched(scene(), root / "trace")
        points = [
            Point(call, n, fault)
            for call, times in sorted(found.items())
            for n in range(1, times + 1)
            for fault in FAULTS
        ]
        Random(seed).shuffle(points)
        met = Counter[str]()
        turn = {point: met.update([point.call]) or met[point.call] for point in points}
        points.sort(key=turn.__getitem__)  # each kind of call in its turn, the rare ones soon
        tried = Tried(0, len(points), found.total())
        for point in points:
            if time.monotonic() - begun > seconds:
                break
            tried.points += 1
            _try(point, scene(), till, tried, root / "trace")
    tried.seconds = time.monotonic() - begun
    return tried


def watched(scene: Scene, trace: Path) -> Counter[str]:
    """Count the calls of an undisturbed purchase."""
    assert _run(scene, trace, []) == 0
    return Counter(
        re.findall(r"^(?:\d+ +)?(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE)
    )


def _try(point: Point, scene: Scene, till: Till, tried: Tried, trace: Path) -> None:
    before = len(till.bills())
    inject = f"inject={point.call}:{point.fault}:when={point.number}"
    code = _run(scene, trace, ["-e", inject])
    text = trace.read_text(errors="replace")
    tried.hit += code == -9 or "(INJECTED)" in text
    tried.deaths += code == -9
    seen = Seen()
    seen.look(scene)
    waiting = bool(seen.answers)
    if code not in (0, -9):
        said = (scene.root / "stderr").read_text().strip().splitlines()
        words = re.sub(r"'[^']*'", "...", said[-1]) if said else f"exit code {code}"
        tried.raised[words] += 1
    try:
        ended = scene.build([PROMPT, AFTERWARDS])
    except BaseException as error:
        tried.wrong.append(f"{point}: the next build ends with {error!r}")
        return
    bills = till.bills()[before:]
    verdict = audit(scene, [PROMPT, AFTERWARDS], bills, ended, seen)
    tried.extra += verdict.extra
    tried.explained += verdict.explained
    tried.adopted += waiting
    if waiting and len(bills) != 2:
        verdict.wrong.append(f"an answer was there, and {len(bills)} bills")
    if verdict.lost:
        verdict.wrong.append("a picture is lost")
    if verdict.extra > verdict.explained:
        verdict.wrong.append("a bill without an explanation")
    tried.wrong += [f"{point}: {each}" for each in verdict.wrong]
    shutil.rmtree(scene.root)


def _run(scene: Scene, trace: Path, inject: list[str]) -> int:
    """Build in a watched process, and give its exit code."""
    gate, opener = os.pipe()

    def work() -> None:
        os.close(opener)
        _let_be_watched()
        os.dup2(os.open(scene.root / "stderr", os.O_WRONLY | os.O_CREAT), 2)
        os.read(gate, 1)
        scene.build([PROMPT], retries=0)

    child = forked(work)
    os.close(gate)
    names = ",".join(f"?{name}" for name in CALLS)
    command = ["strace", "-f", "-p", str(child), "-o", str(trace), "-e", f"trace={names}"]
    watcher = subprocess.Popen([*command, *inject], stderr=subprocess.PIPE, text=True)
    assert watcher.stderr is not None
    line = watcher.stderr.readline()
    assert "attached" in line, line
    os.write(opener, b"!")
    os.close(opener)
    code = _awaited(lambda: os.waitpid(child, os.WNOHANG), child)
    watcher.wait(_PATIENCE)
    watcher.stderr.close()
    return code


def _awaited(poll: Callable[[], tuple[int, int]], child: int) -> int:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        ended, status = poll()
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return 99


def _let_be_watched() -> None:
    """Allow this process to be watched where a system allows that to parents alone."""
    assert _LIBC is not None
    _LIBC.prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
