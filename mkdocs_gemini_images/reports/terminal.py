"""Show on a terminal how drawing proceeds, and the rows of a survey as a table.

In: a plan, its outcomes one by one, and the rows of a survey. Out: a progress bar on a terminal,
lines in the log elsewhere, and a table on the standard output. The only module that imports rich,
and it does so when something is shown.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mkdocs_gemini_images.generation.progress import RequestOutcome
    from mkdocs_gemini_images.reports.costs import CostLine
    from mkdocs_gemini_images.reports.notice_log import Log
    from mkdocs_gemini_images.reports.survey import SurveyLine
    from mkdocs_gemini_images.requests.planning import Plan


class ProgressDisplay:
    """Shows the progress of one plan; `free` leaves out prices, as for the emulator."""

    def __init__(self, log: "Log", *, free: bool) -> None:
        self._log = log
        self._free = free
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._done = 0
        self._all = 0

    def begin(self, plan: "Plan") -> None:
        """Log how many requests are about to be sent, to which models, and at what price."""
        self._all = len(plan.needs)
        draws = "the emulator" if self._free else f"{plan.models}, {plan.price_text}"
        self._log.info("drawing %s with %s", plan.amount, draws)
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

            columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("drawing", total=self._all)
            self._bar.start()

    def say(self, text: str) -> None:
        """Log a line above the progress bar."""
        if self._bar is not None:
            self._bar.stop()
        self._log.info("%s", text)
        if self._bar is not None:
            self._bar.start()

    def advance(self, outcome: "RequestOutcome", spent: float) -> None:
        """Say that one request has come to its end; why, where money brought no picture."""
        self._done += 1
        if outcome.failure is not None and outcome.billed:
            name = outcome.need.display_name
            self.say(f"{self._done} of {self._all}: {name} not drawn: {outcome.reason}")
        elif self._bar is not None and self._task is not None:
            cost = "drawing" if self._free else f"drawing, ${spent:.2f} so far"
            self._bar.update(self._task, completed=self._done, description=cost)
        else:
            end = "not drawn" if outcome.record is None else "drawn"
            self._log.info("%d of %d: %s %s", self._done, self._all, outcome.need.display_name, end)

    def end(self) -> None:
        """Remove the progress bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def show_table(lines: "Sequence[SurveyLine]") -> None:
    """Print the lines of a survey as a table, in colour on a terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not lines:
        return
    colours = {"new": "green", "in batch": "cyan", "broken": "red", "drifted": "yellow"}
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    for title in ("where", "picture"):
        table.add_column(title, overflow="fold")
    table.add_column("model", overflow="fold", width=_width_of_models(lines, console.width))
    table.add_column("price", justify="right", no_wrap=True)
    for state, *cells in lines:
        table.add_row(Text(state, colours.get(state, "dim")), *(Text(cell) for cell in cells))
    console.print(table)


def show_costs(lines: "Sequence[CostLine]", by: str) -> None:
    """Print rows of costs as a table; the last one is the sum."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 80)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(by, overflow="fold")
    for title in ("pictures", "billed", "quoted"):
        table.add_column(title, justify="right", no_wrap=True)
    for line in lines[:-1]:
        table.add_row(*(Text(cell) for cell in line))
    if len(lines) > 2:
        table.add_section()
    table.add_row(*(Text(cell, "bold") for cell in lines[-1]))
    console.print(table)


def _width_of_models(lines: "Sequence[SurveyLine]", most: int) -> int:
    """Return the width of the column of models, for a table of at most `most` characters.

    A model's name is not broken in a narrow table, as long as there is room for other columns.
    """
    cells = (
        [line[3] for line in lines] if most >= 120 else " ".join(line[3] for line in lines).split()
    )
    return min(max(map(len, (*cells, "model"))), most * 2 // 5)
