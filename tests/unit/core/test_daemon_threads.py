"""Threads do what they are given, say how it went, and give way where they are asked to."""

import os
import sys
import threading
import weakref

import pytest

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_results_and_errors_come_back() -> None:
    threads = DaemonThreads(2)
    assert [threads.submit(pow, 2, n).result() for n in range(4)] == [1, 2, 4, 8]
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 1, 0).result()
    threads.shutdown()


def test_what_a_job_held_leaves_the_memory_while_its_thread_waits() -> None:
    class Answer:
        """What a job is given."""

        def size(self) -> int:
            return 8

    threads, answer, gone = DaemonThreads(1), Answer(), threading.Event()
    weakref.finalize(answer, gone.set)
    assert threads.submit(answer.size).result() == 8
    del answer
    assert gone.wait(10)
    threads.shutdown()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_threads_that_give_way_are_nicer_than_all_others() -> None:
    before = niceness()
    polite, others = DaemonThreads(1, lower_priority=True), DaemonThreads(1)
    assert polite.submit(niceness).result() == min(before + 10, 19)
    assert (others.submit(niceness).result(), niceness()) == (before, before)
    polite.shutdown()
    others.shutdown()


def test_where_giving_way_is_forbidden_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(_: int) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "nice", forbidden)
    threads = DaemonThreads(1, lower_priority=True)
    assert threads.submit(pow, 2, 3).result() == 8
    threads.shutdown()
