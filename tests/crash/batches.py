"""Orderers of batch jobs that die at any moment: over create, poll, download and store.

Three processes of one site order what is lacking, collect what has ended, or build frozen, and are
killed at random. At the end an undisturbed one collects the rest, and the ledger of the till is
held against the stock: each picture was ordered once, and is there with the bytes that were sold.
Some are edited, and their second step is ordered when the first has come.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from mkdocs_gemini_images.generation.batch import job_outcome
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.generation.journal.names import JOBS
from tests.crash.batch_till import serving_batches
from tests.crash.forking import forked
from tests.crash.oracle import Seen, Verdict, audit
from tests.crash.scene import EDIT, Ended, Scene
from tests.crash.till import Bill

ORDERERS = 3
LACKING = 9
"""Pictures that are not there yet, up to which new ones are wished for."""
EDITED = 0.3
"""The part of the pictures that have an edit, which is ordered in a second round."""
_LISTED_WITHIN = timedelta(seconds=6)
"""The till lists each job at once; a job that was never created is given up after that."""
_SETTLING = 60.0
"""The longest time that the last process may take to collect everything."""


@dataclass(frozen=True)
class Living:
    """A living process, and the seconds that it may live."""

    child: int
    begun: float
    patience: float


@dataclass
class Dying:
    """What a run of kills over batch jobs came to."""

    kills: int
    failed: int
    """Processes that ended badly without being killed."""
    open_jobs: int
    """Kills that left a job which was not collected."""
    half_collected: int
    """Kills that left an answer in the journal."""
    jobs: int
    verdict: Verdict
    seconds: float

    @property
    def twice(self) -> int:
        """Pictures that were ordered more often than the journal explains."""
        return self.verdict.extra

    @property
    def good(self) -> bool:
        return not (self.failed or self.twice or self.verdict.lost or self.verdict.wrong)

    def __str__(self) -> str:
        v = self.verdict
        return (
            f"batch jobs, {self.kills} kills ({self.open_jobs} with a job under way, "
            f"{self.half_collected} with answers that were not stored), {v.keys} keys in "
            f"{self.jobs} jobs, {v.bills} bills, {v.lost} lost, {self.twice} ordered twice, "
            f"{len(v.wrong)} wrong, {self.failed} ended badly, {self.seconds:.0f} s"
        )


def kill_orderers(root: Path, *, kills: int, seconds: float, seed: str) -> Dying:
    """Let processes order and collect and kill them, until there were so many kills."""
    random, begun = Random(seed), time.monotonic()
    failed = done = open_jobs = half = 0
    with serving_batches(root / "till", seed) as till, _soon_given_up():
        scene = Scene(root / "scene-of-batches", till.url, roll=root / "heard-of-batches")
        prompts = ["Picture 0", "Picture 1"]
        took = _undisturbed(scene, prompts)
        seen = Seen()
        living: dict[int, Living] = {}
        while done < kills and time.monotonic() - begun < seconds:
            for place in {*range(ORDERERS)} - living.keys():
                child = _start(scene, place, _wishes(scene, prompts, random), random)
                living[place] = Living(child, time.monotonic(), random.uniform(0, 1.5 * took))
            for place, each in list(living.items()):
                ended, status = os.waitpid(each.child, os.WNOHANG)
                if ended:
                    failed += os.waitstatus_to_exitcode(status) != 0
                    del living[place]
                elif time.monotonic() - each.begun > each.patience:
                    killed = _kill(each.child)
                    del living[place]
                    done += killed
                    open_jobs += killed and any(_jobs(scene))
                    half += killed and any(scene.journals("*.answer"))
                    seen.look(scene)
            time.sleep(0.005)
        for each in living.values():
            _kill(each.child)
        seen.look(scene)
        # The first step of an edited picture is one of its own, in the end.
        prompts += [each.partition(EDIT)[0] for each in prompts if EDIT in each]
        prompts.append("The last picture")  # an order tidies up what orders have left
        ended_well = _settled(scene, prompts)
        whole = {each.rpartition(EDIT)[2]: each for each in prompts}
        bills = [Bill(whole.get(bill.prompt, bill.prompt), bill.sha256) for bill in till.bills()]
        verdict = audit(scene, prompts, bills, ended_well, seen)
        verdict.wrong += [f"left over: {path.name}" for path in _jobs(scene)]
        jobs = till.jobs()
    return Dying(done, failed, open_jobs, half, jobs, verdict, time.monotonic() - begun)


@contextmanager
def _soon_given_up() -> Iterator[None]:
    with patch.object(job_outcome, "LISTED_WITHIN", _LISTED_WITHIN):
        yield


def _start(scene: Scene, place: int, wanted: list[str], random: Random) -> int:
    """Start a process that orders, collects alone, or builds frozen."""
    chance = random.random()

    def work() -> None:
        site = f"site-{place}"
        if chance < 0.15:
            scene.build(wanted, site=site, frozen=True)
        else:
            scene.build(wanted, site=site, command=_order(agrees=chance < 0.8))

    return forked(work)


def _undisturbed(scene: Scene, prompts: list[str]) -> float:
    """Order pictures one after the other; return the seconds that the last order took."""
    took = 0.0
    for prompt in prompts:  # the first one imports what is needed
        begun = time.monotonic()
        scene.build([prompt], command=_order(agrees=True))
        took = time.monotonic() - begun
    return took


def _order(*, agrees: bool) -> DrawCommand:
    return DrawCommand(lambda plan: agrees, batch=True)


def _wishes(scene: Scene, prompts: list[str], random: Random) -> list[str]:
    recent = prompts[-4 * LACKING :]
    lacking = [each for each in recent if not (scene.stock / f"{scene.key_of(each)}.json").exists()]
    new = [
        f"Picture {number}" + f"{EDIT}Snow on picture {number}" * (random.random() < EDITED)
        for number in range(len(prompts), len(prompts) + max(0, LACKING - len(lacking)))
    ]
    prompts += new
    wanted = [*lacking, *new, *random.sample(prompts, min(3, len(prompts)))]
    random.shuffle(wanted)
    return list(dict.fromkeys(wanted))


def _kill(child: int) -> bool:
    """Kill a process, and return whether that ended it."""
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _jobs(scene: Scene) -> Iterator[Path]:
    return scene.journals(f"{JOBS}/????????.json")


def _settled(scene: Scene, prompts: list[str]) -> Ended:
    """Order and collect until nothing is under way; return the last build."""
    end = time.monotonic() + _SETTLING
    while True:
        ended = scene.build(prompts, command=_order(agrees=True))
        if time.monotonic() > end or not (ended.missing or any(_jobs(scene))):
            return scene.build(prompts, frozen=True)
        time.sleep(0.1)
