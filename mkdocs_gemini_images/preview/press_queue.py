"""Accepts presses of the panel's buttons within the session's limits, and draws what is accepted.

In: an image of a snapshot, and the price on the button that was pressed. Out: which keys are under
way or have failed. The plan of an accepted press is held in the session's account at once, so that
presses of all tabs, languages and rebuilds share `max_new` and `budget`; when it has been drawn,
what was billed takes its place. Presses that wait are drawn a few together, repetitions included,
for at most the sum of what they hold. Where the server bills more than its table says, or
`mkdocs.yml` has lower limits, presses that still wait are refused. A press beyond the limits is put
to the author at the terminal, one at a time, in a thread of its own; without a terminal it is
refused.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import counted, single_line
from mkdocs_gemini_images.generation.draw_command import NOT_AGREED
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker
from mkdocs_gemini_images.preview import terminal_question
from mkdocs_gemini_images.preview.panel import PanelState, next_take
from mkdocs_gemini_images.preview.price_text import dollars_text, plan_price
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.preview.terminal_progress import TerminalProgress
from mkdocs_gemini_images.requests.planning import Plan
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.record import Record

WAITING = "waiting for your answer in the terminal"
_WAITING_FOR_ANOTHER = f"{WAITING}, to a question about another picture"

_PASSED = "earlier bills of this session have reached its limits"
_MOST_TOGETHER = 4
"""How many presses are drawn at once, and may all be billed above the table before others stop."""
_ROUNDING = 1e-9
"""USD by which a price may exceed the agreed price."""


class PreviewRefusal(Exception):
    """Raised for an action that the preview does not carry out, with the reason for the reader."""


@dataclass(frozen=True, slots=True)
class _DrawJob:
    """What one press draws: an image, the keys of its requests, and what is held for them."""

    snapshot: PreviewSnapshot
    resolved: ResolvedImage
    keys: frozenset[str]
    held: Amount


class PressQueue:
    """The presses of one session.

    `log` writes a line to the terminal, and `changed` is called when states may have changed.
    `lock` guards the attributes; the owner holds it while it reads them.
    """

    def __init__(
        self, log: Callable[[str], None], changed: Callable[[], None], lock: threading.RLock
    ) -> None:
        self.drawing: set[str] = set()
        """The keys of the requests under way."""
        self.failed: dict[str, str] = {}
        """Why a request failed, by key."""
        self._asked = ""
        """The handle of the image about which a question is open at the terminal, or empty."""
        self._beyond = Amount()
        """What the author has agreed to at the terminal, beyond the limits."""
        self._log = log
        self._changed = changed
        self._lock = lock
        self._jobs: queue.SimpleQueue[_DrawJob | None] = queue.SimpleQueue()
        self._closed = threading.Event()

    def press(
        self, snapshot: PreviewSnapshot, handle: str, pages: Sequence[str], price: float,
        *, another: bool
    ) -> None:  # fmt: skip
        """Begin to draw an image, or another take of it, for at most `price` USD.

        `pages` show the image. Raises `PreviewRefusal`.
        """
        with self._lock:
            image = snapshot.image(handle)
            if reason := snapshot.refusal_reason(image):
                raise PreviewRefusal(reason)
            take = next_take(snapshot, image, self.drawing) if another else 0
            if another and not take:
                raise PreviewRefusal("there is no further take of this picture")
            resolved = snapshot.to_draw(image, take)
            planned = snapshot.plan(resolved)
            if planned.cost > price + _ROUNDING:
                cost = f"about {dollars_text(planned.cost)}"
                raise PreviewRefusal(f"it would cost {cost} now; press again if you agree")
            keys = frozenset(need.key for need in planned.needs)
            if keys <= self.drawing:
                return
            held = Amount() if snapshot.free else Amount(len(keys), planned.at_most)
            job = _DrawJob(snapshot, resolved, keys, held)
            if planned.refusal:
                self._begin_question(job, handle, _question(planned, pages))
            else:
                self._accept(job)

    def with_notice(self, snapshot: PreviewSnapshot, handle: str, state: PanelState) -> PanelState:
        """Return a state with `notice`: what the session's limits mean for its buttons.

        `asking` is whether the terminal asks about this image, and `why_not` also why the limits
        forbid a press where there is no terminal.
        """
        beyond, refusal = str(state["beyond"]), ""
        asking, notice = self._asked == handle, ""
        if asking:
            notice = WAITING
        elif beyond and self._asked:
            notice = _WAITING_FOR_ANOTHER
        elif beyond and terminal_question.can_ask():
            notice = f"{beyond}; a press asks you in the terminal"
        elif beyond:
            refusal = _refusal(beyond, snapshot.tracker)
        why_not = state["why_not"] or refusal
        return state | {"notice": notice, "asking": asking, "why_not": why_not}

    def run(self) -> None:
        """Draw each press until the queue is closed; some of those that wait are drawn together."""
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            while len(jobs) < _MOST_TOGETHER and not self._jobs.empty():
                if (waiting := self._jobs.get()) is not None:
                    jobs.append(waiting)
            allowed = [job for job in jobs if not self._is_given_up(job)]
            for snapshot in dict.fromkeys(job.snapshot for job in allowed):
                self._draw_together(snapshot, [job for job in allowed if job.snapshot is snapshot])
            if self._closed.is_set():
                return

    def close(self) -> None:
        """End `run` after the requests under way, and an open question at once."""
        self._closed.set()
        self._jobs.put(None)

    def _accept(self, job: _DrawJob) -> None:
        job.snapshot.tracker.hold(job.held)
        self.drawing |= job.keys
        for key in job.keys:
            self.failed.pop(key, None)
        self._jobs.put(job)

    def _begin_question(self, job: _DrawJob, handle: str, question: str) -> None:
        """Ask at the terminal, in another thread. Raises `PreviewRefusal`."""
        if self._asked:
            raise PreviewRefusal(WAITING if self._asked == handle else _WAITING_FOR_ANOTHER)
        if not terminal_question.can_ask():
            refusal = job.snapshot.plan(job.resolved).refusal
            raise PreviewRefusal(_refusal(refusal, job.snapshot.tracker))
        self._asked = handle
        work = threading.Thread(
            target=self._ask, args=(job, question), name="preview-question", daemon=True
        )
        work.start()

    def _ask(self, job: _DrawJob, question: str) -> None:
        agreed = terminal_question.ask_at_terminal(question, self._closed.is_set)
        with self._lock:
            self._asked = ""
            if agreed:
                self._beyond += job.held
                self._accept(job)
            else:
                self.failed |= dict.fromkeys(job.keys, "you did not agree to it in the terminal")
        if not self._closed.is_set():
            self._log("agreed to" if agreed else "not drawn: not agreed to")
            self._changed()

    def _is_given_up(self, job: _DrawJob) -> bool:
        """Refuse a press that waits where the account has passed the limits in the meantime."""
        account = job.snapshot.tracker
        limits, beyond = account.applied_to(job.snapshot.limits), self._beyond
        within = limits.sent <= limits.max_new + beyond.requests
        if limits.free or (within and limits.spent <= limits.budget + beyond.usd + _ROUNDING):
            return False
        account.settle(job.held, Amount())
        with self._lock:
            self.drawing -= job.keys
            self.failed |= dict.fromkeys(job.keys, _PASSED)
        self._log(f"not drawn: {_PASSED}")
        self._changed()
        return True

    def _draw_together(self, snapshot: PreviewSnapshot, jobs: list[_DrawJob]) -> None:
        keys = frozenset[str]().union(*(job.keys for job in jobs))
        held = sum((job.held for job in jobs), Amount())
        # Counts apart from the session's account, in which the batch is held as a whole.
        batch = SpendTracker()
        progress = TerminalProgress(self._log, free=snapshot.free)
        generated = snapshot.draw(
            [job.resolved for job in jobs], held, batch, progress, self._record_stored, self._log
        )
        snapshot.tracker.settle(held, batch.total)
        refusal = generated.refusal
        if refusal == NOT_AGREED:
            refusal = "it would cost more now than its button said; press again if you agree"
        with self._lock:
            self.drawing -= keys
            for key in keys - generated.records.keys():
                if reason := generated.reasons.get(key) or refusal:
                    self.failed[key] = reason
                    if key not in progress.said:
                        self._log(f"not drawn: {reason}")
        self._changed()

    def _record_stored(self, record: Record) -> None:
        with self._lock:
            self.drawing.discard(record.key)
        self._changed()


def _question(planned: Plan, pages: Sequence[str]) -> str:
    """Return what the terminal asks about a plan that the limits forbid, on one line."""
    known = all(need.price is not None for need in planned.needs)
    price = plan_price(planned) if known else "at a price that is not known"
    requests = counted(len(planned.needs), "request")
    return single_line(
        f"gemini-images: {', '.join(pages)}: draw {planned.needs[-1].display_name} with "
        f"{planned.models}, {requests}, {price}, though {planned.refusal}? "
        "Type y and Enter to draw it, Enter alone to leave it. [y/N]"
    )


def _refusal(beyond: str, tracker: SpendTracker) -> str:
    """Return why a press beyond the limits is refused, and what the author can do."""
    anew = "; a restart of mkdocs serve begins a new count" if tracker.total.requests else ""
    return f"{beyond}; gemini-images draw asks first, then draws{anew}"
