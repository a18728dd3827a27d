"""Listeners receive the last state of each image, and none of them holds more than that."""

from itertools import islice

from mkdocs_gemini_images.preview.listeners import MAX_LISTENERS, Listener, Listeners
from mkdocs_gemini_images.preview.panel import PanelState


def received(listener: Listener, count: int) -> list[PanelState | None]:
    return list(islice(listener.states(heartbeat=0), count))


def states(version: int, *handles: str) -> dict[str, PanelState]:
    return {handle: {"handle": handle, "version": version} for handle in handles}


def test_a_listener_receives_each_state_that_changes_and_then_heartbeats() -> None:
    listeners = Listeners()
    with listeners.listening() as listener:
        listeners.send(states(1, "a", "b"))
        listeners.send(states(1, "a") | states(2, "b"))
        assert received(listener, 3) == [*states(1, "a").values(), *states(2, "b").values(), None]
        listeners.send(states(1, "a") | states(2, "b"))
        assert received(listener, 1) == [None]


def test_a_listener_that_never_reads_keeps_one_state_for_each_image() -> None:
    listeners = Listeners()
    with listeners.listening() as listener:
        for version in range(10_000):
            listeners.send(states(version, "a", f"image {version}"))
        assert received(listener, 3) == [
            *states(9_999, "a", "image 9999").values(), None,
        ]  # fmt: skip


def test_the_oldest_of_too_many_listeners_ends() -> None:
    listeners = Listeners()
    blocks = [listeners.listening() for _ in range(MAX_LISTENERS + 2)]
    opened = [block.__enter__() for block in blocks]
    assert len(listeners) == MAX_LISTENERS
    assert [received(each, 1) for each in opened[:3]] == [[], [], [None]]
    for block in blocks:
        block.__exit__(None, None, None)
    assert len(listeners) == 0


def test_closing_ends_all_listeners_also_later_ones() -> None:
    listeners = Listeners()
    with listeners.listening() as early:
        listeners.close()
        with listeners.listening() as late:
            assert received(early, 1) == received(late, 1) == []
