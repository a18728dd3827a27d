"""Builders that die: killed at random moments, and before every system call of a purchase.

    python -m tests.crash.harness                     the long form: 1,000 kills, all system calls
    python -m tests.crash.harness --seconds 60        as much of both as there is time for
    python -m tests.crash.harness kills --seconds 10  one of: kills, disk, calls, batches

The builders share one stock and have two caches, as a container and its host do; some are builds,
others presses in a preview. In `disk`, all of that is on one disk that fills up at random.
Builders are forked from a process that has imported everything, so that a death hits the paying
and not the interpreter's start. After all deaths comes one undisturbed build, and then the bill of
the till is held against what is in stock: see `oracle.audit`. A seed makes a run's choices again.
"""

import argparse
import mmap
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.crash import batches, calls, disk
from tests.crash.forking import forked, single
from tests.crash.oracle import Seen, Verdict, audit
from tests.crash.scene import Scene
from tests.crash.till import serving

BUILDERS = 4
CACHES = (".cache", ".cache-of-another")
"""Each builder has one of them; the stock is the same."""
KILLS = 1_000
KILLS_ON_DISK = 300
KILLS_OF_ORDERERS = 300
PRESSES = 0.25
"""The part of the builders that are presses in a preview."""
LACKING = 12
"""Pictures that are not there yet, up to which new ones are wished for."""


@dataclass
class Builder:
    """A living builder, and the byte in which it says that it is buying."""

    child: int
    place: int
    patience: float
    """Seconds for which it may buy before it dies."""
    since: float = 0.0
    """When it was first seen buying."""


@dataclass
class Killed:
    """What a run of kills came to."""

    kills: int
    buying: int
    """Those of them that hit the one who was buying."""
    deadly: int
    """Those of them that left a request under way or an answer behind."""
    failed: int
    """Builds that ended badly without being killed."""
    verdict: Verdict
    seconds: float
    put_aside: int = 0
    """Answers that found the disk full and were put into a temporary folder."""
    fills: int = 0

    @property
    def good(self) -> bool:
        return not (self.failed or self.verdict.lost or self.verdict.wrong)

    def __str__(self) -> str:
        v = self.verdict
        return (
            f"{len(CACHES)} caches of one stock, {self.kills} kills ({self.buying} of a buyer, "
            f"{self.deadly} in mid-request), {v.keys} keys, {v.bills} bills, "
            f"{v.arrived} answers found waiting, {v.lost} lost, {len(v.wrong)} wrong, "
            f"{v.extra} extra bills, {v.explained} explained by {v.records} records, "
            f"what may have been billed told for all of {v.told} keys, {self.fills} full disks, "
            f"{self.put_aside} answers put aside, "
            f"{self.failed} builds failed, {self.seconds:.0f} s"
        )


def kill_on_full_disk(root: Path, *, kills: int, seconds: float, seed: str) -> Killed:
    """Kill builders whose site, stock and caches are on one disk, which fills up at random."""
    with disk.mounted(root / "disk", Random(seed)) as full:
        return kill_at_random(root, kills=kills, seconds=seconds, seed=seed, on=full)


def kill_at_random(
    root: Path, *, kills: int, seconds: float, seed: str, on: disk.Disk | None = None
) -> Killed:
    """Let builders build and kill them, until there were so many kills or the time is over."""
    random = Random(seed)
    begun = time.monotonic()
    place_of_all = root if on is None else on.folder
    told = root / ("heard" if on is None else "heard-on-disk")
    with serving(root / ("roll" if on is None else "roll-on-disk")) as till:
        scenes = [Scene(place_of_all / "scene", till.url, name, told) for name in CACHES]
        scene = scenes[0]
        seen, prompts = Seen(), list[str]()
        buying = mmap.mmap(-1, BUILDERS)
        living: list[Builder] = []
        done = hits = deadly = failed = 0
        fails = () if on is None else (OSError,)
        while done < kills and time.monotonic() - begun < seconds:
            while len(living) < BUILDERS:
                place = min({*range(BUILDERS)} - {each.place for each in living})
                its = scenes[place % len(scenes)]
                wanted = _wishes(its, prompts, random)
                living.append(_start(its, buying, place, wanted, random, fails=fails))
            for each in list(living):
                ended, status = os.waitpid(each.child, os.WNOHANG)
                if ended:
                    failed += os.waitstatus_to_exitcode(status) != 0
                    living.remove(each)
            if on is not None:
                on.change(buying=any(buying[each.place] for each in living))
            victim = _victim(living, buying, random)
            if victim is None:
                time.sleep(0.001)
                continue
            os.kill(victim.child, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(victim.child, 0)[1])
            living.remove(victim)
            if code != -signal.SIGKILL:  # it had just ended
                failed += code != 0
                continue
            done += 1
            if buying[victim.place]:
                hits += 1
                deadly += any(scene.journals("*.intent"))
            seen.look(scene)
        for each in living:
            os.kill(each.child, signal.SIGKILL)
            os.waitpid(each.child, 0)
        if on is not None:
            on.make_room()
        seen.look(scene)
        ended_well = [each.build(prompts) for each in (*scenes, scene)][-1]
        verdict = audit(scene, prompts, till.bills(), ended_well, seen)
    fills = 0 if on is None else on.fills
    took = time.monotonic() - begun
    return Killed(done, hits, deadly, failed, verdict, took, len(seen.put_aside), fills)


def _start(
    scene: Scene,
    buying: mmap.mmap,
    place: int,
    wanted: list[str],
    random: Random,
    *,
    fails: tuple[type[OSError], ...],
) -> Builder:
    """Start a builder; `fails` are the errors by which it may end."""
    buying[place] = 0
    do = scene.press if random.random() < PRESSES else scene.build

    def work() -> None:
        # Into folders of their own: two builds at once into one are no host's business.
        # Where the disk is full, a build ends with an error of its own, once it has told.
        with suppress(*fails):
            do(wanted, site=f"site-{place}", begun=lambda: buying.__setitem__(place, 1))

    child = forked(work)
    return Builder(child, place, random.expovariate(1 / 0.1))


def _wishes(scene: Scene, prompts: list[str], random: Random) -> list[str]:
    """Wish for what is lacking, for a few new pictures, and for some that are there."""
    recent = prompts[-4 * LACKING :]
    lacking = [each for each in recent if not (scene.stock / f"{scene.key_of(each)}.json").exists()]
    new = [f"Picture {len(prompts) + n}" for n in range(max(0, LACKING - len(lacking)))]
    prompts += new
    there = random.sample(prompts, min(3, len(prompts)))
    wanted = list(dict.fromkeys([*lacking, *new, *there]))
    random.shuffle(wanted)
    return wanted


def _victim(living: list[Builder], buying: mmap.mmap, random: Random) -> Builder | None:
    """Choose the process to kill now: a buyer at its time, and now and then one that waits."""
    now = time.monotonic()
    for each in living:
        if buying[each.place]:
            each.since = each.since or now
            if now - each.since > each.patience:
                return each
    if random.random() < 0.001:
        return random.choice(living)
    return None


def together(root: Path, *, processes: int = 16, keys: int = 100) -> list[str]:
    """Let many processes build one site at once; say what is wrong afterwards."""
    with serving(root / "roll", slowest=0.02) as till:
        scenes = [Scene(root / "scene", till.url, name) for name in CACHES]
        scene = scenes[0]
        prompts = [f"Picture {number}" for number in range(keys)]
        gate, opener = os.pipe()

        def work(number: int) -> None:
            os.close(opener)
            os.read(gate, 1)
            ended = scenes[number % len(scenes)].build(prompts, site=f"site-{number}")
            assert (ended.missing, ended.loud) == (0, ()), ended.loud

        children = [forked(partial(work, number)) for number in range(processes)]
        os.close(opener)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        os.close(gate)
        verdict = audit(scene, prompts, till.bills(), scene.build(prompts), Seen())
    wrong = verdict.wrong + [f"a build ended with {code}" for code in codes if code]
    print(
        f"crash: {processes} processes, {len(CACHES)} caches of one stock, {keys} keys, "
        f"{verdict.bills} bills, {len(wrong)} wrong",
        flush=True,
    )
    return wrong


def warm_up(root: Path) -> None:
    """Build once in this process, in one thread, so that its children have all they import."""
    with serving(root / "warm", slowest=0) as till, single():
        Scene(root / "warming", till.url).build(["A first picture"])


FORMS: dict[str, tuple[Callable[..., Killed | batches.Dying], int, float]] = {
    "kills": (kill_at_random, KILLS, 0.25),
    "disk": (kill_on_full_disk, KILLS_ON_DISK, 0.2),
    "batches": (batches.kill_orderers, KILLS_OF_ORDERERS, 0.15),
}
"""The forms of random kills: how many the long form has, and which part of the time."""


def _said(killed: Killed | batches.Dying, seed: str) -> bool:
    """Say what a run came to, and return whether nothing is wrong."""
    print(f"crash: {killed} (seed {seed})", flush=True)
    print(*killed.verdict.wrong[:20], sep="\n", end="\n" * bool(killed.verdict.wrong))
    return killed.good


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for, say the figures, and give 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="tests.crash.harness")
    forms = ["all", *FORMS, "calls", "together"]
    parser.add_argument("what", nargs="?", choices=forms, default="all")
    parser.add_argument("--seconds", type=float, default=0.0, help="0: the long form")
    parser.add_argument("--kills", type=int, default=0, help="0: as many as the long form has")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    options = parser.parse_args(arguments)
    good = True
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        root = Path(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(root)
        os.environ["XDG_STATE_HOME"] = str(root / "state")
        warm_up(root)
        if options.what == "together":
            wrong = together(root)
            print(*wrong[:20], sep="\n", end="\n" * bool(wrong))
            return 1 if wrong else 0
        seconds = options.seconds or float("inf")
        alone = 0.85 if options.what != "all" else 0.0
        for what, (form, kills, part) in FORMS.items():
            if options.what not in ("all", what):
                continue
            if what == "disk" and (reason := disk.unusable(root)):
                print(f"crash: a full disk was not tried: {reason}")
                continue
            most, part = options.kills or kills, alone or part
            killed = form(root, kills=most, seconds=seconds * part, seed=options.seed)
            good &= _said(killed, options.seed)
        if options.what in ("all", "calls"):
            if reason := calls.unusable():
                print(f"crash: system calls were not tried: {reason}")
                return 0 if good else 1
            tried = calls.at_every_call(root, seconds=seconds * (alone or 0.35), seed=options.seed)
            print(f"crash: {tried} (seed {options.seed})", flush=True)
            for words, times in tried.raised.most_common():
                print(f"       {times} builds ended with {words}")
            print(*tried.wrong[:20], sep="\n", end="\n" * bool(tried.wrong))
            good &= tried.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
