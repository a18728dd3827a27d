"""Presses of the panel's buttons, by a page's script, against the limits of one session.

What the emulator has billed is counted, not what the preview says about it.
"""

import threading
from collections.abc import Callable, Iterable

from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.integration.test_languages_of_site import translated
from tests.preview.serving import Served, save_options, serve, wait_until

USD = 0.045
"""The table's price of a picture of these sites."""


def foxes(count: int, **options: object) -> str:
    return "".join(fence(f"A fox, number {number}", **options) for number in range(count))


def bills(here: Site, before: int) -> list[float]:
    """Return the prices that were billed since the log had `before` entries."""
    return [entry.price for entry in here.ledger.entries[before:] if entry.billed]


def is_quiet(served: Served, handles: Iterable[str]) -> bool:
    """Whether nothing is being drawn."""
    states = [served.state(handle) for handle in handles]
    return not any(each["state"] == "drawing" or each["under_way"] for each in states)


def press_all(served: Served, handles: list[str], name: str) -> list[str]:
    """Press a button of each picture once, and return the complaints when all are drawn."""
    answers = [served.press(name, handle) for handle in handles]
    wait_until(lambda: is_quiet(served, handles))
    return [answer["complaint"] for answer in answers if answer]


def together(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_script_that_presses_600_times_in_six_tabs_spends_at_most_the_budget(
    site: MakeSite,
) -> None:
    here = site({"index.md": foxes(3), "more.md": foxes(6)}, budget=0.5, max_new=100)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        handles = [*dict.fromkeys([*served.handles(), *served.handles("/more/")])]
        complaints: list[str] = []

        def tab() -> None:
            for count in range(100):
                name = "take" if count % 3 else "draw"
                answer = served.press(name, handles[count % len(handles)], 9_999.0)
                complaints.extend(answer.values())

        together(6, tab)
        wait_until(lambda: is_quiet(served, handles))
        assert "more than budget: 0.50; gemini-images draw asks first, then draws" in complaints[-1]
        assert "a restart of mkdocs serve begins a new count" in complaints[-1]
        assert "more than budget" in served.state(handles[-1])["why_not"]
    billed = bills(here, before)
    assert sum(billed) <= 0.5
    # Each is held at what it costs at most while it is drawn, and some are drawn at a time.
    assert 8 <= len(billed) <= 10
    assert len(here.sidecars) == len(billed)


def test_takes_of_one_picture_count_as_requests(site: MakeSite) -> None:
    here = site(foxes(1), max_new=4, budget=100)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        (handle,) = served.handles()
        press_all(served, [handle], "draw")
        complaints = [text for _ in range(20) for text in press_all(served, [handle], "take")]
    assert len(bills(here, before)) == 4
    assert len(complaints) == 17
    assert "1 request after 4 before is more than max_new: 4" in complaints[0]


def test_pages_of_all_languages_share_the_limits(site: MakeSite) -> None:
    pages = {"index.md": foxes(1), "index.fr.md": fence("Un renard"), "index.de.md": fence("Ein")}
    here = site(pages, config=translated(), max_new=2)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        handles = [handle for path in ("/", "/fr/", "/de/") for handle in served.handles(path)]
        assert len(press_all(served, handles, "draw")) == 1
    assert len(bills(here, before)) == 2


def test_a_rebuild_keeps_the_account_and_brings_the_new_limits(site: MakeSite) -> None:
    here = site(foxes(5), max_new=2)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        assert len(press_all(served, served.handles()[:3], "draw")) == 1
        save_options(here, served, max_new=2)
        assert len(press_all(served, served.handles()[2:3], "draw")) == 1
        save_options(here, served, max_new=4)
        assert len(press_all(served, served.handles()[2:], "draw")) == 1
        save_options(here, served, max_new=1)
        (complaint,) = press_all(served, served.handles()[4:], "draw")
        assert "1 request after 4 before is more than max_new: 1" in complaint
    assert len(bills(here, before)) == 4


def test_a_dirty_preview_holds_pages_that_it_left_alone_to_the_new_limits(site: MakeSite) -> None:
    here = site({"index.md": "A page.", "other.md": foxes(2)}, max_new=9)
    here.write()
    with serve(here, "--dirty") as served:
        handles = served.handles("/other/")
        press_all(served, handles[:1], "draw")
        del here.pages["other.md"]  # it is not written again
        save_options(here, served, max_new=1)
        (complaint,) = press_all(served, handles[1:], "draw")
        assert "max_new: 1" in complaint


def test_a_refused_picture_that_was_billed_counts_each_time(site: MakeSite) -> None:
    here = site(fence("A fox [emulate: no-image]"), max_new=3, retries=0)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        complaints = [c for _ in range(20) for c in press_all(served, served.handles(), "draw")]
    assert len(here.ledger) - before == 3
    assert len(complaints) == 17


def test_what_was_not_billed_is_given_back(site: MakeSite) -> None:
    wrong = fence("A fox [emulate: bad-key]")
    here = site(wrong + foxes(1), max_new=1, budget=0.06, retries=0)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        refused, fox = served.handles()
        for _ in range(5):
            assert press_all(served, [refused], "draw") == []
        assert press_all(served, [fox], "draw") == []
        assert len(press_all(served, [refused], "draw")) == 1
    assert len(bills(here, before)) == 1


def test_a_press_never_pays_for_a_repetition(site: MakeSite) -> None:
    """The button showed the price of one request: only the author presses it again."""
    lost = ("dropped", "deadline-504", "bad-gateway", "timeout-408")
    text = "".join(fence(f"A fox [emulate: {scenario}]") for scenario in lost)
    here = site(text, retries=3, max_new=8, budget=100)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        handles = served.handles()
        for pressed in (1, 2):
            assert press_all(served, handles, "draw") == []
            assert len(here.ledger) - before == pressed * len(lost)
        assert len(press_all(served, handles, "draw")) == len(lost)
    assert len(here.ledger) - before == 2 * len(lost)


def test_a_server_that_bills_three_times_the_price_stops_the_presses_that_wait(
    site: MakeSite,
) -> None:
    dear = "".join(fence(f"A fox {n} [emulate: bill-above-table]") for n in range(11))
    here = site(dear, budget=0.5, max_new=100)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        handles = served.handles()
        for handle in handles:
            served.press("draw", handle)
        wait_until(lambda: is_quiet(served, handles))
        assert "have reached its limits" in "".join(served.state(each)["why"] for each in handles)
    # The bills of one batch may come before the others stop.
    assert sum(bills(here, before)) <= 0.5 + 4 * (3 - 1) * USD + 0.05


def test_pictures_of_the_emulator_do_not_count(site: MakeSite) -> None:
    here = site(foxes(3), max_new=1)
    url = here.options["base_url"]
    here.write(base_url="emulator")
    before = len(here.ledger)
    with serve(here) as served:
        (handle, *_) = served.handles()
        assert served.state(handle)["free"] is True
        for _ in range(3):
            assert press_all(served, [handle], "take") == []
        save_options(here, served, base_url=url)
        assert len(press_all(served, served.handles(), "draw")) == 2
    assert len(bills(here, before)) == 1


def test_a_press_of_several_requests_is_held_as_a_whole(site: MakeSite) -> None:
    edited = fence("A fox", edits="[add a hat, add a scarf]")
    here = site(edited + foxes(2), max_new=4, budget=100)
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        first, *rest = served.handles()
        assert served.state(first)["draw"]["requests"] == 3
        assert len(press_all(served, [first, *rest], "draw")) == 1
    assert len(bills(here, before)) == 4
