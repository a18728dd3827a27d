"""Builders that die at any moment: a short run of the harness, each in a process of its own.

The long run is `python -m tests.crash.harness`: 1,000 kills, and every system call.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash import calls, disk

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def run(*arguments: str) -> str:
    """Run the harness, and give what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.harness", *arguments],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_killed_builders_lose_nothing_and_every_bill_is_explained() -> None:
    said = run("kills", "--seconds", "9")
    assert ", 0 lost, 0 wrong, " in said


def test_killed_builders_on_a_disk_that_fills_up_lose_nothing_and_tell_every_bill(
    tmp_path: Path,
) -> None:
    if reason := disk.unusable(tmp_path):
        pytest.skip(reason)
    assert ", 0 lost, 0 wrong, " in run("disk", "--seconds", "9")


def test_killed_orderers_of_batch_jobs_lose_nothing_and_order_nothing_twice() -> None:
    assert ", 0 lost, 0 ordered twice, 0 wrong, " in run("batches", "--seconds", "15")


@pytest.mark.skipif(bool(calls.unusable()), reason=calls.unusable())
def test_every_system_call_of_a_purchase_is_a_safe_place_to_die() -> None:
    assert ", 0 wrong ends, " in run("calls", "--seconds", "12")


def test_sixteen_processes_with_two_caches_buy_each_picture_of_their_stock_once() -> None:
    said = run("together")
    assert "16 processes, 2 caches of one stock, 100 keys, 100 bills, 0 wrong" in said
